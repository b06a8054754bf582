"""Each version on a site has its dataset, made once; a page says what its columns mean."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from public_datasets import recomputed, rows
from reportgen.features.site import built_datasets
from reportgen.features.site.datasets import COLUMNS
from site_builds import MadeUpSite, tree

DOCS = Path(__file__).resolve().parents[3] / "docs" / "datasets.md"
V1 = "bureau/2023/department/v1"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    made = MadeUpSite(tmp_path_factory.mktemp("published"))
    made.build(text="旧")
    made.make()
    return made


@pytest.fixture
def site(published, tmp_path):
    """Return a copy of that site, which a test may change."""
    return published.copied(tmp_path)


def files(site, version="v1"):
    folder = site.out / "bureau/2023/department" / version
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_dataset_stands_with_the_files_of_a_version_and_never_changes(site):
    before = files(site)
    table = rows(before)
    assert [row["名称"] for row in table] == ["旧之a", "旧之b", "旧之rate"]
    assert list(recomputed(table)) == ["F003"]
    site.build(text="新")
    site.make(license="https://example.org/xuke/")
    assert before.items() <= files(site).items()
    assert rows(files(site, "v2"))[0]["名称"] == "新之a"
    assert json.loads(files(site, "v2")["figures.json"])["license"] == "https://example.org/xuke/"
    page = site.page("bureau/2023/department/index.html")
    assert 'href="v2/figures.csv"' in page
    assert 'href="../../../data-dictionary.html"' in page


def test_dataset_is_the_same_from_the_same_record(site, tmp_path):
    other = MadeUpSite(tmp_path / "other")
    other.build(text="旧")
    other.make()
    assert tree(other.out) == tree(site.out)


@pytest.mark.parametrize("content", [b"", b"{}", b'[{"key": "a"}]', b"[" * 999, b"\xff"])
def test_version_whose_figures_cannot_be_read_is_not_published(site, content):
    site.build(text="新", figures=content)
    assert "U130" in site.refused()


@pytest.mark.parametrize("content", [None, b"[]"])
def test_version_with_the_figures_of_another_build_is_not_published(site, content):
    site.build(text="新")
    record = site.builds / "2023/bureau/disclosure/department.figures.json"
    if content is None:
        record.unlink()
    else:
        record.write_bytes(content)
    assert "U130" in site.refused()


def test_version_that_prints_no_figure_has_no_dataset(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build(figures=b"[]")
    site.make()
    assert not [name for name in files(site) if name.startswith("figures")]
    assert "figures.csv" not in site.page("bureau/2023/department/index.html")


def test_data_dictionary_says_what_every_column_means(site):
    page = unescape(site.page("data-dictionary.html"))
    for column in COLUMNS:
        assert f'<th scope="row">{column.head}</th><td><code>{column.name}</code>' in page
        assert column.zh in page


def example():
    """Return the example of the documentation, which the data dictionary shows too."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return code


def test_example_of_the_documentation_is_that_of_the_data_dictionary(site):
    page = site.page("data-dictionary.html")
    (shown,) = re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL)
    assert unescape(shown).strip() == example().strip()
    assert len(example().strip().splitlines()) <= 17


def test_example_finds_that_each_formula_gives_what_is_printed(site, tmp_path):
    (tmp_path / "figures.csv").write_bytes(files(site)["figures.csv"])
    (tmp_path / "example.py").write_text(example(), "utf-8")
    command = [sys.executable, "-X", "utf8", "example.py"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert told.decode().split() == ["F003", "旧之rate", "125", "一致"]
    wrong = files(site)["figures.csv"].replace(b"125,%", b"126,%")
    (tmp_path / "figures.csv").write_bytes(wrong)
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert told.decode().split()[-1] == "不一致"


def test_version_whose_dataset_nobody_lived_to_make_is_told_and_nothing_is_published(
    site, monkeypatch
):
    def starved(*_):
        raise MemoryError

    monkeypatch.setattr(built_datasets, "dataset_files", starved)
    site.build(text="新")
    assert site.refused() == ["J108"]
