"""Word files are set as Word would set them: with the rules of line ends that they bring along."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from pagecheck import making
from pagecheck.examined import Examined
from pagecheck.faults import examine
from pagecheck.paper import read

pytestmark = pytest.mark.engine

INSETS = (72.0, 72.0, 72.0, 72.0)


def word_file(path, rule):
    """Write a Word file whose cells are so wide that one ends a line within 亿元."""
    document = docx.Document()
    if rule:
        element = OxmlElement("w:noLineBreaksBefore")
        element.set(qn("w:lang"), "zh-CN")
        element.set(qn("w:val"), rule)
        document.settings.element.find(qn("w:compat")).addprevious(element)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    for width in range(140, 260, 3):
        table = document.add_table(1, 1, style="Table Grid")
        table.autofit = False
        table.columns[0].width = Pt(width)
        cell = table.cell(0, 0)
        cell.width = Pt(width)
        cell.text = "实现规模工业总产值6584.45亿元，同比增长"
        document.add_paragraph()
    document.save(path)


@pytest.mark.parametrize(("rule", "parted"), [("", True), ("，。亿元", False)])
def test_a_unit_is_parted_where_the_file_has_no_rule_against_it(programs, tmp_path, rule, parted):
    file = tmp_path / "file.docx"
    word_file(file, rule)
    making.convert([file], tmp_path)
    paper = read(file.with_suffix(".pdf").read_bytes())
    kinds = {each.kind for each in examine(Examined(paper, INSETS, INSETS))}
    assert ("unit-parted" in kinds) is parted


def test_files_of_several_rules_are_all_converted(programs, tmp_path):
    files = [tmp_path / f"{number}.docx" for number in range(3)]
    for file, rule in zip(files, ("", "，。<&", ""), strict=True):
        word_file(file, rule)
    assert [making.line_ends(file)[0] for file in files] == ["", "，。<&", ""]
    making.convert(files, tmp_path)
    assert all(file.with_suffix(".pdf").exists() for file in files)
