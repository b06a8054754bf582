from __future__ import annotations

import hashlib

import pytest

from builders import facts, ledger, metric
from node_values import plain
from reportgen.features.drafting.confirming import confirm
from reportgen.findings import Diagnostics
from reportgen.load.confirmations import Statement
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_reader import read_yaml

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


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("confirmations:\n  - by: 办公室\n    evidence: 表\n    values: {备注: 旧}\n", ""),
        (
            "confirmations:\n  - by: 办公室\n    evidence: 表\n    values:\n      备注: 旧\n",
            "\n# 说明\ninferred:\n  - {key: 备注, reason: 推}\n",
        ),
    ],
)
def test_a_later_confirmation_stands_below_an_earlier_one(files, above, below):
    path = files.root / "data/u/2023/confirmations.yaml"
    path.write_text(above + below, "utf-8")
    ((name, text),) = confirmed(files, "备注")[0].items()
    assert name == "data/u/2023/confirmations.yaml"
    assert text.startswith(above) and text.endswith(below)
    root, findings = read_yaml("a.yaml", text)
    assert not findings
    assert [each["by"].text for each in plain(root)["confirmations"]] == ["办公室", "人事科"]


def test_evidence_that_is_a_file_is_recorded_by_its_hash(files):
    (files.root / "data/u/2023/evidence").mkdir()
    (files.root / "data/u/2023/evidence/a.pdf").write_bytes(b"pdf")
    (text,) = confirmed(files, "备注", file="evidence/a.pdf")[0].values()
    assert f"    sha256: {hashlib.sha256(b'pdf').hexdigest()}\n" in text
    assert confirmed(files, "备注", file="evidence/b.pdf") == ({}, ["L139"])


@pytest.mark.parametrize("name", ["staffing.quot", "rate", "空", "staf"])
def test_what_is_no_typed_fact_is_told(files, name):
    assert confirmed(files, name, "备注") == ({}, ["R502"])
