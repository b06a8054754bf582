from __future__ import annotations

import pytest
from lxml import etree

from reportgen.wordfile.numbering import ListLabels
from word_files import W


def xml(text: str) -> etree._Element:
    return etree.fromstring(f'<w:x xmlns:w="{W}">{text}</w:x>')


def level(number: int, written: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{written}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, more: str = "") -> str:
    look = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return f'{look}<w:num w:numId="5"><w:abstractNumId w:val="0"/>{more}</w:num>'


def numbered(at: int = 0, of: int = 5) -> str:
    place = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{of}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr></w:p>"


def labels(numbering: str, paragraphs: str, styles: str = "") -> list[str]:
    counted = ListLabels(xml(numbering), xml(styles))
    return [counted.label(each) for each in xml(paragraphs)]


THREE = lists(
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%1.%3", "<w:isLgl/>"),
)


def test_levels_count_on_until_one_above_does():
    paragraphs = "".join(map(numbered, (0, 1, 1, 0, 1, 2)))
    assert labels(THREE, paragraphs) == ["一、", "（一）", "（二）", "二、", "（一）", "2.1 "]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("decimal", "3"),
        ("decimalZero", "03"),
        ("upperLetter", "C"),
        ("lowerRoman", "iii"),
        ("chineseCounting", "三"),
        ("chineseLegalSimplified", "叁"),
        ("decimalEnclosedCircle", "③"),
        ("decimalFullWidth", "３"),  # noqa: RUF001
        ("ideographTraditional", "丙"),
        ("japaneseCounting", "三"),
        ("unheardOf", "3"),
    ],
)
def test_numbers_are_written_as_the_list_says(written, shown):
    assert labels(lists(level(0, written, "%1)", start=3)), numbered()) == [f"{shown})"]


def test_bullets_are_signs_that_fonts_have():
    assert labels(lists(level(0, "bullet", "\uf06c")), numbered()) == ["●"]
    assert labels(lists(level(0, "bullet", "\uf0f0")), numbered()) == ["•"]


def test_a_number_and_a_text_are_apart_unless_the_list_says_nothing_stands_between():
    assert labels(lists(level(0, "decimal", "%1")), numbered()) == ["1 "]
    joined = level(0, "decimal", "%1", '<w:suff w:val="nothing"/>')
    assert labels(lists(joined), numbered()) == ["1"]


def test_a_style_numbers_its_paragraphs_and_those_based_on_it():
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/>'
        "</w:style>"
    )
    styled = '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr></w:p>'
    off = '<w:p><w:pPr><w:pStyle w:val="b"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:p>'
    assert labels(THREE, styled + off + styled, styles) == ["一、", "", "二、"]


def test_lists_of_one_look_count_together_unless_one_begins_anew():
    again = '<w:num w:numId="6"><w:abstractNumId w:val="0"/>'
    begun = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    both = numbered() + numbered(of=6)
    assert labels(f"{THREE}{again}</w:num>", both) == ["一、", "二、"]
    assert labels(f"{THREE}{again}{begun}</w:num>", both) == ["一、", "一、"]


def test_what_is_in_no_list_has_no_label():
    assert labels(THREE, numbered(of=7) + "<w:p/>") == ["", ""]
