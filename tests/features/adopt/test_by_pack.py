"""A document held to its pack: faults planted in a built report, in Word and PDF, are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from real_report import ROOT
from reportgen.features.adopt.by_pack import missing_attachments, pack_findings
from reportgen.findings import Diagnostics, Finding
from reportgen.findings.codes import CODES
from reportgen.load.inputs import known_pack
from reportgen.model.pack import AnnexRule
from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadParagraph, ReadTable
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document
from round_trip import REPORTS, inputs_of

HUAIHUA = next(report for report in REPORTS if str(report) == "huaihua/2023/department")
PACK = "huaihua/department-2023"
WAIVED = {"three_public_not_growing", "procurement_within_budget"}
"""What does not hold in a report itself, which its authors explain."""
Change = Callable[[Reading], Reading]


@pytest.fixture(scope="session")
def read(files_of):
    """Return a function that reads a file of a report."""
    known: dict[tuple[object, str], Reading] = {}

    def reading(report, suffix: str) -> Reading:
        if (report, suffix) not in known:
            path = files_of(report)[suffix[1:]]
            found = open_document(path, Diagnostics())
            assert found is not None
            known[report, suffix] = found
        return known[report, suffix]

    return reading


def without(text: str) -> Change:
    """Return what takes out the paragraph that holds a text."""
    return lambda reading: replace(
        reading, blocks=tuple(block for block in reading.blocks if not says(block, text))
    )


def says(block: ReadBlock, text: str) -> bool:
    return isinstance(block, ReadParagraph) and text in block.text


def moved(text: str, before: str) -> Change:
    """Return what moves the heading that holds a text before another one."""

    def change(reading: Reading) -> Reading:
        (block,) = (each for each in reading.blocks if says(each, text) and each.level)
        blocks = [each for each in reading.blocks if each is not block]
        at = next(at for at, each in enumerate(blocks) if says(each, before))
        return replace(reading, blocks=(*blocks[:at], block, *blocks[at:]))

    return change


def added(text: str) -> Change:
    """Return what adds a chapter at the end."""

    def change(reading: Reading) -> Reading:
        chapter = ReadParagraph(text, reading.blocks[0].span, 1)
        last = max(at for at, each in enumerate(reading.blocks) if says(each, "其他需要说明"))
        blocks = reading.blocks
        return replace(reading, blocks=(*blocks[: last + 2], chapter, *blocks[last + 2 :]))

    return change


def tables(change: Callable[[int, ReadTable], tuple[ReadTable, ...]]) -> Change:
    """Return what puts others in the place of each table, of which it knows the number."""

    def changed(reading: Reading) -> Reading:
        blocks: list[ReadBlock] = []
        number = 0
        for block in reading.blocks:
            if isinstance(block, ReadTable):
                blocks += change(number, block)
                number += 1
            else:
                blocks.append(block)
        return replace(reading, blocks=tuple(blocks))

    return changed


def second_left_out(number: int, table: ReadTable) -> tuple[ReadTable, ...]:
    """Leave out the second form: Word sets its list of indicators as a table of its own."""
    return () if number in {3, 4} else (table,)


def first_twice(number: int, table: ReadTable) -> tuple[ReadTable, ...]:
    return (table, table) if number == 0 else (table,)


def cells(old: str, new: str, head: str = "") -> Change:
    """Return what changes the text of the first cell behind the one that says `head`."""

    def change(_number: int, table: ReadTable) -> tuple[ReadTable, ...]:
        found: list[ReadCell] = []
        seen, done = not head, False
        for cell in table.cells:
            seen = seen or cell.text == head
            if seen and not done and cell.text == old:
                cell, done = replace(cell, text=new), True  # noqa: PLW2901
            found.append(cell)
        return (replace(table, cells=tuple(found)),)

    return tables(change)


PLANTED: list[tuple[str, Change, str, str]] = [
    ("section", without("（三）“三公”经费使用和管理情况"), "A701", "“三公”经费使用和管理情况"),
    ("chapter", without("八、下一步改进措施"), "A701", "下一步改进措施"),
    ("order", moved("七、存在的问题", "六、部门整体支出绩效情况"), "A702", "存在的问题"),
    ("more", added("十、附带说明的事项"), "A703", "附带说明的事项"),
    ("form", tables(second_left_out), "A704", "整体支出绩效自评表"),
    ("label", cells("公车运行维护", "其他"), "A705", "公车运行维护"),
    ("twice", tables(first_twice), "A609", ""),
    ("relation", cells("6", "5", "3、公务接待"), "R101", "公务接待费不超年初预算"),
    ("figure", cells("20.81", "20.18", "公车运行维护"), "R301", "20.18万元"),
]


def params_of(found: Finding) -> str:
    return " ".join(found.params.values())


@pytest.mark.parametrize(
    ("change", "code", "named"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED]
)
def test_a_planted_fault_is_told(read, change: Change, code: str, named: str) -> None:
    reading = change(read(HUAIHUA, ".docx"))
    found = [each for each in pack_findings(ROOT, PACK, reading) if each.code == code]
    assert found
    assert any(named in params_of(each) for each in found)
    assert all(each.span.path == reading.name for each in found)


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        ([], ["{{ year }}年度培训情况说明"]),
        (["附件：3.2023年度培训情况说明"], ["{{ year }}年度培训情况说明"]),
        (["3. 2023年度培训情况说明"], ["{{ year }}年度培训情况说明"]),
        (["详情写在2023年度培训情况说明里，请一并审阅。"], ["{{ year }}年度培训情况说明"]),
        (["附件3", "2023年度培训情况说明"], []),
        (["附件3：2023年度 培训情况说明"], []),
        (["附件3", "2023年度培训", "情况说明"], []),
    ],
)
def test_a_prescribed_attachment_that_is_absent_is_told(
    read, lines: list[str], titles: list[str]
) -> None:
    reading = read(HUAIHUA, ".docx")
    more = [ReadParagraph(line, reading.blocks[0].span) for line in lines]
    pack = known_pack(SourceFiles(ROOT), PACK, Diagnostics())
    assert pack is not None
    annex = AnnexRule("{{ year }}年度培训情况说明", "annex3.md", pack.annexes[0].span)
    wanted = replace(pack, annexes=(*pack.annexes, annex))
    changed = replace(reading, blocks=(*reading.blocks, *more))
    found = list(missing_attachments(changed, wanted))
    assert [each.params["title"] for each in found] == titles
    assert all(each.code == "A706" for each in found)


@pytest.mark.parametrize("code", ["A604", "A608", "A609"])
def test_what_an_audit_tells_does_not_say_that_it_was_not_taken(code: str) -> None:
    said = CODES[code]
    assert "取" not in said.message["zh"]
    assert "taken" not in said.message["en"]
    assert "adopt" in said.help["zh"]


def test_what_disagrees_by_a_relation_is_told_at_both_places(read) -> None:
    found = pack_findings(ROOT, PACK, read(HUAIHUA, ".docx"))
    assert {(each.subject, *(place.span.place for place in each.places)) for each in found} == {
        ("three_public_not_growing", "t2r2c8", "t2r2c4"),
        ("procurement_within_budget", "t2r55c8", "t2r55c6"),
    }


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_a_report_is_as_its_own_pack_prescribes(read, report, suffix: str) -> None:
    pack = inputs_of(ROOT, report).pack.folder
    found = pack_findings(ROOT, pack, read(report, suffix))
    assert {each.subject for each in found} <= WAIVED
    assert {each.code for each in found} <= {"R101"}


def test_a_document_of_another_kind_is_told_once(read) -> None:
    found = pack_findings(ROOT, "yongzhou/department-2020", replace_text(read(HUAIHUA, ".docx")))
    assert [each.code for each in found] == ["A601"]


def replace_text(reading: Reading) -> Reading:
    """Return a document of which nothing is what a report says."""
    return replace(reading, blocks=(ReadParagraph("会议纪要", reading.blocks[0].span),))


@pytest.mark.parametrize(
    ("year", "told"), [("2023", []), ("2022", [("2022", "2023")]), ("2024", [("2024", "2023")])]
)
def test_a_document_of_another_year_than_its_pack_is_told(
    read, year: str, told: list[tuple[str, str]]
) -> None:
    title, *rest = read(HUAIHUA, ".docx").blocks
    assert isinstance(title, ReadParagraph)
    other = replace(title, text=title.text.replace("2023", year))
    found = pack_findings(ROOT, PACK, replace(read(HUAIHUA, ".docx"), blocks=(other, *rest)))
    years = [(each.params["found"], each.params["year"]) for each in found if each.code == "A707"]
    assert years == told


def test_an_unknown_pack_is_told_with_those_there_are() -> None:
    log = Diagnostics()
    assert known_pack(SourceFiles(ROOT), "nowhere/none", log) is None
    (found,) = log
    assert found.code == "L127"
    assert PACK in found.params["known"]
