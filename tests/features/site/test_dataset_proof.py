"""A dataset has no digit that the public version does not print."""

from __future__ import annotations

import csv
import io
import json

import pytest

from reportgen.features.site.dataset_proof import is_dataset, unprinted
from site_builds import MadeUpSite

PRINTED = ("1,234.50万元", "35.7%", "17个")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Return the files of a dataset as a site publishes them, by name."""
    site = MadeUpSite(tmp_path_factory.mktemp("dataset"))
    site.build()
    assert site.codes() == []
    folder = site.out / "bureau/2023/department/v1"
    return {name: (folder / name).read_bytes() for name in ("figures.csv", "figures.json")}


@pytest.mark.parametrize("name", ["figures.csv", "figures.json"])
@pytest.mark.parametrize(
    ("value", "told"),
    [("1234.5", []), ("-35.7", []), ("17", []), ("35.714286", ["35.714286"]), ("18", ["18"])],
)
def test_number_with_more_digits_than_are_printed_is_told(dataset, name, value, told):
    assert list(unprinted(name, with_value(dataset[name], name, value), PRINTED)) == told


def with_value(data, name, value):
    """Return a dataset of its first figure alone, which has another number."""
    if name.endswith(".json"):
        content = json.loads(data)
        content["figures"] = [{**content["figures"][0], "value": value}]
        return json.dumps(content).encode()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerow({**rows[0], "数值": value})
    return ("\ufeff" + out.getvalue()).encode()


def test_dataset_is_known_by_its_name():
    assert is_dataset("bureau/2023/department/v1/figures.csv")
    assert not is_dataset("bureau/2023/department/v1/department.html")
