"""Every formula of the six reports' datasets gives what is printed, by their CSV alone."""

from __future__ import annotations

import json
import re

import pytest

from logged import select
from public_datasets import dataset, drafted, recomputed, rows
from real_report import ROOT
from reportgen.features.site.public_figures import NOT_RECOMPUTABLE
from reportgen.flow.told_figures import figures
from reportgen.project.source_files import SourceFiles

REPORTS = select(SourceFiles(ROOT), None, None, None)[0]


def is_printed(row):
    """Return whether a figure of the record is printed as a number."""
    return any(re.search("[0-9]", place["text"]) for place in row["places"])


def by_its_formula(row, record):
    """Return whether a printed figure is a formula, and no more, over what is printed or blank."""
    if row["kind"] == "fact" or not row["inputs"] or re.search(r"count\(|=|\[", row["formula"]):
        return False
    inputs = [record.get(key) for key in row["inputs"]]
    known = (each and (is_printed(each) or not each["value"]) for each in inputs)
    return is_printed(row) and all(known)


@pytest.mark.parametrize("chosen", REPORTS, ids=str)
def test_formulas_give_what_is_printed_and_none_is_missing(chosen):
    outcome = drafted(ROOT, chosen.unit, chosen.year, chosen.report)
    table = rows(dataset(outcome))
    for name, (given, printed) in recomputed(table).items():
        assert given == printed, name
    told = {row["名称"] for row in table if row["算式"]}
    record = {row["key"]: row for row in json.loads(figures(outcome.draft))}
    wanted = {row["title"] for row in record.values() if by_its_formula(row, record)}
    assert wanted <= told
    assert len(told) >= 12
    for row in table:
        is_worked_out = row["类别代码"] != "fact"
        assert is_worked_out == bool(row["算法"])
        assert (row["算法"] == NOT_RECOMPUTABLE) == (is_worked_out and not row["算式"])
    keys = set()
    for key in record:
        keys.update(part for part in key.split(".") if re.fullmatch("[a-z][a-z0-9_]+", part))
    assert len(keys) > 5
    for row in table:
        said = " ".join(row[name] for name in ("名称", "印出的文字", "算法", "位置"))
        assert not re.search(r"\.yaml", said)
        assert not keys & set(re.findall("[a-z][a-z0-9_]+", said)), said
