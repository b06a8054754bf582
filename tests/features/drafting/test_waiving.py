from __future__ import annotations

import pytest

from node_values import plain
from reportgen.features.drafting.waiving import Acceptance, waive
from reportgen.findings import Diagnostics, finding
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_reader import read_yaml

FOLDER = "data/u/2023/r"
BROKEN = finding("R101", subject="same", title="两处", left="3家", sign="＝", right="4家")
PRINTED = {"title": "率", "printed": "1.2%", "computed": "1.3%", "where": "一", "reading": ""}
DIFFERS = finding("R301", subject="rate", **PRINTED)


@pytest.fixture
def report(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)

    def write(text, name="report.yaml"):
        (tmp_path / FOLDER / name).write_text(text, "utf-8")
        return SourceFiles(tmp_path)

    return write


def waived(files, accepted, *findings):
    log = Diagnostics()
    change = waive(files, FOLDER, findings, accepted, log)
    return change.new if change else [each.code for each in log]


def entries(text, key="waivers"):
    root, findings = read_yaml("a.yaml", text)
    assert findings == ()
    return plain(root)[key]


@pytest.mark.parametrize(
    "text",
    [
        "pack: p\n",
        "pack: p",
        "pack: p\nwaivers:\n",
        "pack: p\nwaivers:\n  - {code: P102, subject: a, reason: 空}\n",
        "pack: p\nwaivers:\n  - code: P102\n    subject: a\n    reason: 空\ndate: 2024-01-01\n",
    ],
)
def test_a_waiver_is_written_with_its_values_and_reason(report, text):
    new = waived(report(text), Acceptance("R101", "same", "原件如此：待核"), BROKEN)
    last = entries(new)[-1]
    assert last["judged"][0].text == "3家 ＝ 4家"
    assert [last[key].text for key in ("code", "subject", "reason")] == [
        "R101",
        "same",
        "原件如此：待核",
    ]
    assert new.startswith(text.split("waivers:")[0].rstrip("\n"))


@pytest.mark.parametrize(
    "old", ["", ", judged: [2家 ＝ 4家]", ', judged: ["2家 ＝ 4家", 1家 ＝ 4家]']
)
def test_a_waiver_that_is_there_gets_the_values_of_now(report, old):
    text = f"waivers:\n  - {{code: R101, subject: same, reason: 旧的理由{old}}}  # 说明\n"
    lapsed = finding("R106", subject="same", waived="R101", of="same", now="3家 ＝ 4家")
    (row,) = entries(waived(report(text), Acceptance("R101", "same"), lapsed))
    assert [each.text for each in row["judged"]] == ["3家 ＝ 4家"]
    assert row["reason"].text == "旧的理由"


def test_a_remark_is_written_into_each_entry_of_the_figure_that_has_one(report):
    text = (
        "published:\n  - {key: rate, printed: 1.2%, remark: 旧}\n"
        "  - {key: rate, printed: 1.3%}\n  - {key: other, printed: 1}\n"
    )
    files = report(text, "published.yaml")
    rows = entries(waived(files, Acceptance("R301", "rate"), DIFFERS), "published")
    assert [row["computed"].text if "computed" in row else "" for row in rows] == ["1.3%", "", ""]
    rows = entries(waived(files, Acceptance("R301", "rate", "算错"), DIFFERS), "published")
    assert [row["remark"].text if "remark" in row else "" for row in rows] == ["算错", "算错", ""]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        (Acceptance("R101", "sam", "理由"), "Y108"),
        (Acceptance("R102", "same", "理由"), "Y108"),
        (Acceptance("R101", "same"), "Y109"),
        (Acceptance("L101", "same", "理由"), "R104"),
        (Acceptance("D101", "same", "理由"), "R104"),
    ],
)
def test_what_cannot_be_waived_is_told_and_nothing_written(report, accepted, code):
    assert waived(report("pack: p\n"), accepted, BROKEN) == [code]
