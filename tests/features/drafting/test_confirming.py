from __future__ import annotations

import hashlib

import pytest

from builders import facts, ledger, metric
from reportgen.features.drafting.confirming import Statement, confirm
from reportgen.findings import Diagnostics
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles

REPORT = ReportId("u", 2023, "r")
LEDGER = ledger(
    facts({"staffing.quota": "95人", "staffing.actual": "92人", "备注": "按编制", "空": None}),
    metric("rate", "staffing.actual / staffing.quota", unit="%"),
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "data/u/2023/r").mkdir(parents=True)
    return SourceFiles(tmp_path)


def confirmed(files, *names, file=""):
    log = Diagnostics()
    stated = Statement("人事科", "怀编办〔2021〕5号：第3页", file)
    changes = confirm(files, REPORT, LEDGER, names, stated, log)
    return {change.path: change.new for change in changes}, [each.code for each in log]


def test_facts_are_written_with_their_values_office_and_evidence(files):
    (text,) = confirmed(files, "staffing", "备注")[0].values()
    assert text == (
        "confirmations:\n  - by: 人事科\n    evidence: '怀编办〔2021〕5号：第3页'\n    values:\n"
        "      staffing.quota: 95人\n      staffing.actual: 92人\n      备注: 按编制\n"
    ).replace("'怀编办〔2021〕5号：第3页'", text.split("evidence: ")[1].split("\n")[0])


def test_a_later_confirmation_stands_below_an_earlier_one(files):
    path = files.root / "data/u/2023/confirmations.yaml"
    path.write_text("confirmations:\n  - by: 办公室\n    evidence: 表\n    values: {备注: 旧}\n")
    ((name, text),) = confirmed(files, "备注")[0].items()
    assert name == "data/u/2023/confirmations.yaml"
    assert text.startswith(path.read_text())
    assert text.count("confirmations:") == 1


def test_evidence_that_is_a_file_is_recorded_by_its_hash(files):
    (files.root / "data/u/2023/evidence").mkdir()
    (files.root / "data/u/2023/evidence/a.pdf").write_bytes(b"pdf")
    (text,) = confirmed(files, "备注", file="evidence/a.pdf")[0].values()
    assert f"    sha256: {hashlib.sha256(b'pdf').hexdigest()}\n" in text
    assert confirmed(files, "备注", file="evidence/b.pdf") == ({}, ["L134"])


@pytest.mark.parametrize("name", ["staffing.quot", "rate", "空", "staf"])
def test_what_is_no_typed_fact_is_told(files, name):
    assert confirmed(files, name, "备注") == ({}, ["R502"])
