from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import CODES, Code, Finding, RelatedLocation, finding
from reportgen.findings.excerpt import clean, excerpt, width
from reportgen.findings.renderers import as_annotations, as_json, concise, full, message, summary
from reportgen.model.source import SourceSpan

CODE = Code(
    code="R999",
    name="sum-differs",
    severity="error",
    message={"zh": "应为 {want}，写作 {got}", "en": "should be {want}, is {got}"},
    help={"zh": "改正 {got}", "en": "correct {got}"},
    about={"zh": "说明。", "en": "About."},
)
SOURCE = """支出:
  基本支出: 500.00万元
  合计: 1243.50万元  # 注
\t备注: 无
  说明: |
    第一行
    第二行

    第三行
下一项: 2
"""


@pytest.fixture(autouse=True)
def _code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CODES, "R999", CODE)


def found(span: SourceSpan, *others: RelatedLocation) -> Finding:
    return finding("R999", span, *others, want="1,234.50万元", got="1,243.50万元")


def reading(text: str | None) -> Callable[[str], str | None]:
    return lambda _path: text


def rows(span: SourceSpan, text: str = SOURCE) -> list[str]:
    """Return the source part of the full face of one finding at `mark`."""
    return full([found(span)], "zh", reading(text)).splitlines()[1:-1]


def test_concise_is_one_line_that_editors_can_jump_to():
    assert concise([found(SourceSpan("a/b.yaml", 3, 7))], "zh") == (
        "a/b.yaml:3:7: error[R999] 应为 1,234.50万元，写作 1,243.50万元"
    )


def test_full_shows_context_carets_other_places_and_help():
    there = RelatedLocation(SourceSpan("data/a.yaml", 2, 9, 2, 17), "left")
    assert full([found(SourceSpan("data/a.yaml", 3, 7, 3, 16), there)], "zh", reading(SOURCE)) == (
        "data/a.yaml:3:7: error[R999] 应为 1,234.50万元，写作 1,243.50万元\n"
        "2 |   基本支出: 500.00万元\n"
        "3 |   合计: 1243.50万元  # 注\n"
        "  |         ^^^^^^^^^^^\n"
        "4 |     备注: 无\n"
        "另见 data/a.yaml:2:9 左边\n"
        "2 |   基本支出: 500.00万元\n"
        "  |             ^^^^^^^^^^\n"
        "提示: 改正 1,243.50万元"
    )


def test_full_speaks_english():
    text = full(
        [found(SourceSpan("a", 1, 1), RelatedLocation(SourceSpan("b", 1, 1), "某值"))],
        "en",
        reading(None),
    )
    assert text.splitlines() == [
        "a:1:1: error[R999] should be 1,234.50万元, is 1,243.50万元",
        "see also b:1:1 某值",
        "help: correct 1,243.50万元",
    ]


@pytest.mark.parametrize(
    ("line", "column", "end", "pad", "carets"),
    [
        ("abc", 2, 3, 1, 1),
        ("中文abc", 3, 6, 4, 3),
        ("中文abc", 1, 3, 0, 4),
        ("中ａ１％文", 2, 5, 2, 6),
        ("，（中）", 4, 5, 6, 2),
        ("“a”·—x", 6, 7, 5, 1),
        ("e\u0301文x", 4, 5, 3, 1),
        ("𠀀x", 2, 3, 2, 1),
        ("\tx", 2, 3, 4, 1),
        ("a\tx", 2, 3, 1, 4),
        ("\u200bx", 2, 3, 8, 1),
        ("ｱx", 2, 3, 1, 1),
        ("한x", 2, 3, 2, 1),
    ],
)
def test_carets_stand_exactly_under_the_marked_characters(line, column, end, pad, carets):
    shown, under = rows(SourceSpan("a", 1, column, 1, end), line)
    assert shown == "1 | " + clean(line)
    assert under == "  | " + " " * pad + "^" * carets


def test_mark_without_known_end_gets_one_caret():
    assert rows(SourceSpan("a", 1, 3), "abcdef")[-1] == "  |   ^"


def test_wide_character_without_known_end_gets_both_columns():
    assert rows(SourceSpan("a", 1, 2), "a文c")[-1] == "  |  ^^"


def test_mark_behind_the_end_of_a_line_points_behind_its_last_character():
    assert rows(SourceSpan("a", 1, 90), "键:") == ["1 | 键:", "  |    ^"]


def test_mark_at_an_empty_line_still_has_a_caret():
    assert rows(SourceSpan("a", 2, 1), "a\n\nb") == ["1 | a", "2 |", "  | ^", "3 | b"]


def test_context_leaves_out_blank_lines():
    assert rows(SourceSpan("a", 3, 1, 3, 2), "a\n\nb\n\nc") == ["3 | b", "  | ^"]


def test_gutter_is_as_wide_as_the_longest_number_of_the_finding():
    text = "\n".join(f"第{n}行" for n in range(1, 121))
    shown = full(
        [found(SourceSpan("a", 9, 2, 9, 3), RelatedLocation(SourceSpan("a", 120, 1, 120, 2)))],
        "zh",
        reading(text),
    )
    assert [line for line in shown.splitlines() if "|" in line] == [
        "  8 | 第8行",
        "  9 | 第9行",
        "    |   ^",
        " 10 | 第10行",
        "120 | 第120行",
        "    | ^^",
    ]


def test_mark_of_two_lines_has_carets_under_both():
    assert rows(SourceSpan("a", 6, 6, 7, 7)) == [
        "6 |     第一行",
        "  |       ^^^^",
        "7 |     第二行",
        "  |     ^^^^",
    ]


def test_mark_of_many_lines_shows_the_first_and_the_last():
    text = "a\nb\nc\nd\ne\n"
    assert rows(SourceSpan("a", 1, 1, 5, 2), text) == ["1 | a", "  | ^", "  | …", "5 | e", "  | ^"]


def test_block_that_ends_where_the_next_key_begins_does_not_mark_it():
    shown = rows(SourceSpan("a", 5, 7, 10, 1))
    assert [line for line in shown if "^" not in line] == [
        "5 |   说明: |",
        "  | …",
        "9 |     第三行",
    ]


def test_end_behind_the_end_of_the_file_stops_there():
    assert rows(SourceSpan("a", 1, 1, 9, 1), "ab\ncd") == ["1 | ab", "  | ^^", "2 | cd", "  | ^^"]


def test_long_line_is_cut_to_a_window_around_the_mark():
    shown, under = rows(SourceSpan("a", 1, 501, 1, 503), "长" * 500 + "错误" + "长" * 500)
    assert width(shown) <= 84
    assert shown.startswith("1 | …长")
    assert shown.endswith("长…")
    ahead = shown.partition("错误")[0]
    assert under == "  | " + " " * (width(ahead) - 4) + "^^^^"


def test_mark_longer_than_the_window_is_cut_with_its_line():
    shown, under = rows(SourceSpan("a", 1, 1, 1, 401), "长" * 400)
    assert (shown[-1], width(shown) - 1) == ("…", width(under))


def test_lines_are_counted_as_yaml_counts_them():
    text = "a\x0cb\r\nc\rd\u2028e\x1df"
    assert rows(SourceSpan("a", 4, 2, 4, 3), text)[-2:] == ["4 | e␝f", "  |  ^"]


def test_byte_order_mark_takes_no_column():
    assert rows(SourceSpan("a", 1, 1, 1, 2), "\ufeff键: 1") == ["1 | 键: 1", "  | ^^"]


@given(
    st.text("ab中，\t\n\r\u0301\u202e ", max_size=60) | st.text(),
    st.tuples(*[st.integers(-1, 12)] * 4),
)
def test_any_mark_in_any_text_shows_at_most_three_lines_and_its_carets(text, span):
    shown = excerpt(text, SourceSpan("a", *span), context=True)
    numbered = [row for row in shown if row.number]
    assert len(numbered) <= 3
    assert bool(numbered) == any(row.carets for row in shown)
    for above, row in itertools.pairwise(shown):
        if row.carets:
            assert len(row.text) <= width(above.text) + 1


@pytest.mark.parametrize("text", [None, "", "only one line"])
def test_source_that_cannot_be_shown_leaves_header_and_help(text):
    shown = full([found(SourceSpan("a", 7, 1))], "zh", reading(text)).splitlines()
    assert [line.partition(":")[0] for line in shown] == ["a", "提示"]


def test_finding_without_place_names_the_program_and_reads_nothing():
    def never(_path: str) -> str | None:
        raise AssertionError

    one = finding("R999", want="1", got="2")
    assert full([one], "zh", never) == "reportgen: error[R999] 应为 1，写作 2\n提示: 改正 2"
    assert concise([one], "en") == "reportgen: error[R999] should be 1, is 2"


def test_mark_of_a_whole_file_has_no_line():
    assert concise([found(SourceSpan("a.docx", 0, 0))], "zh").startswith("a.docx: error[R999]")


def test_waived_finding_is_a_note_and_shows_the_reason():
    one = found(SourceSpan("a", 1, 1)).with_waiver("口径不同")
    assert full([one], "zh", reading(None)).splitlines() == [
        "a:1:1: note[R999] 应为 1,234.50万元，写作 1,243.50万元",
        "已豁免：口径不同",
    ]
    assert concise([one], "zh").endswith("1,243.50万元（已豁免：口径不同）")
    assert concise([one], "en").endswith("1,243.50万元 (waived: 口径不同)")


def test_missing_parameter_is_shown_by_its_name():
    one = finding("R999", SourceSpan("a", 1, 1), got="5")
    assert concise([one], "zh") == "a:1:1: error[R999] 应为 {want}，写作 5"


def test_braces_in_a_parameter_or_a_template_example_stay_as_they_are(monkeypatch):
    literal = {"zh": "写作 {{ got }}，不是 {got}", "en": "write {{ got }}, not {got}"}
    code = Code("R998", "n", "error", literal, CODE.help, CODE.about)
    monkeypatch.setitem(CODES, "R998", code)
    one = finding("R998", SourceSpan("a", 1, 1), got="{want} {0} {")
    assert concise([one], "zh") == "a:1:1: error[R998] 写作 {{ got }}，不是 {want} {0} {"


def test_data_cannot_colour_the_terminal_or_turn_the_line_round():
    one = finding("R999", SourceSpan("a\x1b[2J", 1, 1), want="\x1b[31m\n", got="\u202e\x9b")
    text = full([one], "zh", reading("x\x1b[1m\u202ey\x7f"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "\x1b" not in concise([one], "zh")


def test_no_escape_codes_unless_colour_is_asked_for():
    one = found(SourceSpan("a", 3, 7, 3, 16), RelatedLocation(SourceSpan("a", 1, 1)))
    plain, coloured = (
        full([one], "zh", reading(SOURCE), colour=colour) for colour in (False, True)
    )
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1;31merror[R999]\x1b[0m" in coloured


def test_findings_are_separated_by_a_blank_line():
    both = [found(SourceSpan("a", 1, 1)), found(SourceSpan("b", 1, 1))]
    assert full(both, "zh", reading(None)).count("\n\n") == 1
    assert len(concise(both, "zh").splitlines()) == 2
    assert full([], "zh", reading(None)) == concise([], "zh") == ""


def test_note_of_the_primary_place_stands_behind_its_carets():
    one = Finding("R999", "warning", (RelatedLocation(SourceSpan("a", 1, 1, 1, 3), "rule"),), {})
    assert full([one], "zh", reading("文x")).splitlines()[2] == "  | ^^^ 规则"


def test_json_holds_everything_in_a_stable_order():
    one = finding(
        "R999",
        SourceSpan("a", 3, 7, 3, 16),
        RelatedLocation(SourceSpan("b", 2, 1), "left"),
        subject="total",
        want="1",
        got="2",
    )
    (record,) = json.loads(as_json([one.with_waiver("因为")], "zh"))
    assert list(record.items()) == [
        ("code", "R999"),
        ("name", "sum-differs"),
        ("severity", "note"),
        ("message", "应为 1，写作 2"),
        ("help", "改正 2"),
        ("path", "a"),
        ("line", 3),
        ("column", 7),
        ("end_line", 3),
        ("end_column", 16),
        (
            "places",
            [
                {
                    "path": "b",
                    "line": 2,
                    "column": 1,
                    "end_line": None,
                    "end_column": None,
                    "note": "左边",
                }
            ],
        ),
        ("subject", "total"),
        ("waived", "因为"),
        ("cause", ""),
    ]


def test_json_of_no_place_is_null_and_of_no_findings_an_empty_list():
    (record,) = json.loads(as_json([finding("R999")], "en"))
    assert record["path"] is record["line"] is record["end_column"] is None
    assert json.loads(as_json([], "en")) == []


def test_json_can_be_encoded_whatever_a_file_is_called():
    text = as_json([found(SourceSpan("\udcff.yaml", 1, 1))], "zh")
    assert json.loads(text.encode("utf-8"))[0]["path"] == "\udcff.yaml"


def test_summary_counts_each_kind_once():
    here = SourceSpan("a", 1, 1)
    many = [
        found(here),
        found(here),
        finding("R999", here, severity="warning"),
        finding("R999", here, severity="note"),
        found(here).with_waiver("因为"),
    ]
    assert summary(many, "zh") == "2 个错误，1 个警告，1 个说明，1 个已豁免"
    assert summary(many, "en") == "2 errors, 1 warning, 1 note, 1 waived"
    assert summary([], "zh") == "没有发现问题"
    assert summary([], "en") == "no findings"


def test_annotations_of_a_workflow_name_place_code_and_help():
    found = finding("L110", SourceSpan("data/a,b:c.yaml", 3, 5), key="50%")
    line = as_annotations([found], "en")
    assert line.startswith("::error file=data/a%2Cb%3Ac.yaml,title=L110,line=3,col=5::")
    assert "50%25" in line
    assert "\n" not in line


def test_an_annotation_without_a_place_names_no_file():
    line = as_annotations([finding("J104", root="x")], "zh")
    assert line.startswith("::error title=J104::")
    assert as_annotations([], "zh") == ""


def test_parameter_that_is_a_label_is_said_in_the_language_of_the_reader():
    found = finding("D103", key="k", title="@t", why="@short")
    assert message(found, "zh").endswith("：太短")
    assert message(found, "en").endswith(": it is too short")
    assert "@t" in message(found, "zh")


def test_a_file_is_read_once_for_all_findings_in_it():
    reads = []

    def read(path):
        reads.append(path)
        return "a: 1\n" * 9

    findings = [finding("L110", SourceSpan("a.yaml", line, 1), key="a") for line in range(1, 9)]
    full(findings, "zh", read)
    assert reads == ["a.yaml"]


def test_place_in_a_word_file_is_named_as_one_sees_it():
    span = SourceSpan("forms/a.docx", 17, place="h1 t2r5c3 b1 p4")
    zh = full([found(span)], "zh", reading("a line"))
    en = concise([found(span)], "en")
    assert zh.startswith("forms/a.docx 页眉1，表2 第5行第3列，文本框1，第4段: error[")
    assert "|" not in zh
    assert en.startswith(
        "forms/a.docx page header 1, table 2, row 5, column 3, text box 1, paragraph 4: error["
    )
    (record,) = json.loads(as_json([found(span)], "zh"))
    assert (record["path"], record["line"], record["column"]) == ("forms/a.docx", None, None)
    assert record["place"] == "页眉1，表2 第5行第3列，文本框1，第4段"
    annotation = as_annotations([found(span)], "zh")
    assert "::页眉1，表2" in annotation
    assert "line=" not in annotation


def test_brief_form_names_the_place_or_else_what_was_made():
    assert finding("D104", SourceSpan("a.yaml", 3, 5), where="x").brief == "D104 a.yaml:3:5"
    assert finding("D104", where="x.html <body> “…”").brief == "D104 x.html <body>"
    assert finding("D105", file="x.docx", what="x").brief == "D105 x.docx"
    assert finding("D104").brief == "D104"
