from __future__ import annotations

import pytest
from composing import (
    FACTS,
    FUNDS,
    NARRATIVE,
    PACK,
    body,
    composed,
    figure,
    here,
    ledger,
    pack,
    text,
    told,
)

from reportgen.model import limits
from reportgen.model.document import Break, Paragraph, Text, Value, plain

PHRASES = "templates/shared/phrases.md"
FORM = "templates/p/forms/f.html"
GRID = "<table>\n<caption>名</caption>\n<tbody><tr><td>{}</td></tr></tbody>\n</table>\n"


def words(narrative, known=FUNDS, **more):
    """Return the text of the one paragraph that `narrative` gives."""
    (paragraph,) = body(narrative, known, **more)
    assert isinstance(paragraph, Paragraph)
    return plain(paragraph.inlines)


def one(narrative, known=FUNDS, **more):
    """Return the one finding that `narrative` gives."""
    _, (found,) = composed(narrative, known, **more)
    return found


def test_figures_are_values_with_their_number_and_key():
    (paragraph,) = body("共{{ total }}。")
    assert paragraph.inlines == (Text("共"), Value("3241.81万元", "3241.81", "total"), Text("。"))


def test_a_figure_keeps_its_key_for_every_audience_until_the_document_is_done():
    (paragraph,) = body("{{ total }}", audience="public")
    assert paragraph.inlines == (Value("3241.81万元", "3241.81", "total"),)


def test_last_year_is_named_prior():
    assert words("{{ prior.year }}年{{ prior.total }}，{{ year }}年") == "2022年3000万元，2023年"


def test_loops_conditions_macros_and_imports_work():
    files = {
        PHRASES: "{% macro listing(rows) %}{% for row in rows %}{{ row.name }}{{ row.out }}"
        "{% if not loop.last %}、{% endif %}{% endfor %}{% endmacro %}"
    }
    narrative = (
        '{% import "shared/phrases.md" as phrases %}\n'
        '{% from "shared/phrases.md" import listing %}\n'
        "{% if total is positive and blank is blank %}{{ phrases.listing(funds) }}{% endif %}；"
        '{% set chosen = funds | where(kind="上级") %}{{ listing(chosen) }}；'
        "{% for row in funds %}{{ loop.index }}{{ row.name }}{% endfor %}；{{ funds[0].name }}、"
        "{{ funds[-1].name }}、{{ funds['bridge']['out'] }}"
    )
    assert words(narrative, files=files) == (
        "修路3万元、架桥4.5万元；架桥4.5万元；1修路2架桥；修路、架桥、4.5万元"
    )


def test_elements_of_a_list_have_numbers():
    assert words("{{ ['甲', total][0] }}{{ ['甲', total][-1] }}") == "甲3241.81万元"
    for number in (2, -3):
        found = one("{{ ['甲', total][" + str(number) + "] }}")
        assert (found.code, found.params) == ("T102", {"key": f"[{number}]", "near": "—"})


def test_text_fact_can_be_printed_again_and_within_another():
    known = ledger(
        figure("total", 1),
        text("a", "共{{ total }}", prose=True),
        text("b", "{{ a }}、{{ a }}", prose=True),
    )
    assert words("{{ a }}；{{ a }}；{{ b }}", known) == "共1万元；共1万元；共1万元、共1万元"


def test_included_text_is_part_of_the_narrative():
    files = {"templates/shared/more.md": "乙{{ total }}"}
    assert words('甲{% include "shared/more.md" %}丙', files=files) == "甲乙3241.81万元丙"


@pytest.mark.parametrize("constant", ["A & B", "<b>x</b>", "*x* **y**", "# z", "1. a", "&amp;"])
def test_constants_of_a_template_are_literal_too(constant):
    assert words("{{ '" + constant + "' }}") == constant


def test_text_of_several_lines_breaks_the_line():
    known = ledger(text("note", "一\n二"))
    (paragraph,) = body("甲{{ note }}", known)
    assert paragraph.inlines == (Text("甲一"), Break(), Text("二"))


REACHING = [
    "{{ unit.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ unit.name.upper() }}",
    "{{ total.figure }}",
    "{{ total.figure.mark }}",
    "{{ unit.ledger }}",
    "{{ unit['ledger'] }}",
    "{{ funds.rows }}",
    "{{ self.__init__.__globals__ }}",
    "{{ form.__globals__ }}",
    "{{ form.__call__ }}",
    "{{ cycler }}",
    "{{ lipsum() }}",
    "{{ range(9) }}",
    "{{ dict(a=1) }}",
    "{{ namespace() }}",
    "{% for row in funds %}{{ loop.cycle }}{% endfor %}",
    "{% for row in funds %}{{ loop.__class__ }}{% endfor %}",
    '{% import "shared/phrases.md" as p %}{{ p.__name__ }}',
    '{% import "shared/phrases.md" as p %}{{ p._body_stream }}',
    '{% import "shared/phrases.md" as p %}{{ p.say.__class__ }}',
    "{% macro a() %}{% endmacro %}{{ a.name }}",
]


@pytest.mark.parametrize("narrative", REACHING)
def test_nothing_of_python_can_be_reached(narrative):
    files = {PHRASES: "{% macro say() %}x{% endmacro %}"}
    assert {code for code, _ in told(narrative, files=files)} == {"T102"}


UNPRINTABLE = [
    ("{{ unit }}", "T106"),
    ("{{ funds }}", "T106"),
    ("{{ funds.road }}", "T106"),
    ("{{ 3.5 }}", "T107"),
    ("{{ true }}", "T107"),
    ("{{ none }}", "T107"),
    ("{{ [total] }}", "T107"),
    ("{{ (total, 1) }}", "T107"),
    ("{{ {'a': total} }}", "T107"),
    ("{{ total is zero }}", "T107"),
    ("{{ self }}", "T107"),
    ("{{ form }}", "T107"),
    ("{{ total() }}", "T108"),
    ("{{ unit() }}", "T108"),
    ("{{ form() }}", "T108"),
    ("{{ form(unit) }}", "T108"),
]


@pytest.mark.parametrize(("narrative", "code"), UNPRINTABLE)
def test_only_data_and_text_can_be_printed(narrative, code):
    assert [found for found, _ in told(narrative)] == [code]


MISSING = [
    ("人数{{ total.x }}", 12, "total.x", "total"),
    ("甲{{ unit.nam }}", 10, "unit.nam", "unit.name"),
    ("甲\n乙{{ funds.road.ot }}丙", 16, "funds.road.ot", "funds.road.out"),
    ("nam {{ unit.nam }}", 13, "unit.nam", "unit.name"),
    ("{{ untt.name }}", 4, "untt", "unit"),
    ("{% if totl is blank %}{% endif %}", 7, "totl", "total"),
    ("{{ funds[7].name }}", 10, "funds.7", "funds"),
    ("{{ funds['rode'].name }}", 11, "funds.rode", "funds.road、funds.bridge"),
    ("{{ prior.totl }}", 10, "prior.totl", "prior.total"),
    ("{{ total | size }}{{ rat }}", 22, "rat", "rate"),
]


@pytest.mark.parametrize(("narrative", "column", "key", "near"), MISSING)
def test_missing_name_is_told_with_its_place_and_names_like_it(narrative, column, key, near):
    found = one(narrative)
    line = narrative.count("\n") + 1
    assert (found.code, str(found.span)) == ("T102", here(line, column))
    assert found.params == {"key": key, "near": near}
    assert found.subject == key


def test_missing_name_in_a_macro_stands_there_and_tells_who_called():
    files = {PHRASES: "{# 句式 #}\n{% macro say(row) %}\n{{ row.nam }}\n{% endmacro %}\n"}
    found = one('{% import "shared/phrases.md" as p %}\n\n{{ p.say(unit) }}', files=files)
    assert str(found.span) == here(3, 8, PHRASES)
    assert [(str(p.span), p.note) for p in found.places[1:]] == [(here(3), "used")]


def test_missing_name_in_a_form_stands_there_and_tells_who_placed_it():
    files = {FORM: GRID.format("{{ unit.nam }}")}
    found = one('甲\n\n{{ form("f") }}\n', files=files)
    assert str(found.span) == here(3, 24, FORM)
    assert [str(place.span) for place in found.places[1:]] == [here(3)]


def test_missing_macro_is_told_with_those_there_are():
    files = {PHRASES: "{% macro listing() %}{% endmacro %}{% macro change() %}{% endmacro %}"}
    found = one('{% import "shared/phrases.md" as p %}\n{{ p.listng() }}', files=files)
    assert (found.code, str(found.span)) == ("T102", here(2, 6))
    assert found.params == {"key": "listng", "near": "change、listing"}
    found = one('{% from "shared/phrases.md" import listng %}\n{{ listng() }}', files=files)
    assert (found.code, found.params["key"]) == ("T102", "listng")


def test_missing_name_in_a_text_fact_stands_in_the_data():
    known = ledger(text("note", "见{{ totl }}", prose=True), figure("total", 1))
    (found,) = composed("甲{{ note }}", known, files={FACTS: "a: 1\nb: 2\nnote: 见{{ totl }}\n"})[1]
    assert str(found.span) == here(3, 11, FACTS)
    assert [str(place.span) for place in found.places[1:]] == [here(1)]


def test_missing_name_in_a_title_stands_in_the_pack():
    source = {PACK: "name: n\n\ntitle:\n  - '{{ unit.nam }}'\n"}
    (found,) = composed(files=source, rules=pack("{{ unit.nam }}"))[1]
    assert str(found.span) == here(4, 14, PACK)


def test_title_may_strip_white_space_with_its_tags():
    document, _ = composed(rules=pack("{%- if total is positive -%} {{ unit.name }} {%- endif %}"))
    assert document.title == ("甲局",)


def test_missing_template_is_told_where_it_is_named():
    found = one('甲\n{% include "shared/none.md" %}')
    assert (found.code, found.params["path"]) == ("T103", "templates/shared/none.md")
    assert str(found.span) == here(2, 13)
    assert one('{{ form("none") }}').params["path"] == "templates/p/forms/none.html"


def test_missing_narrative_is_told_with_the_section_that_asks_for_it():
    document, (found,) = composed(None)
    assert document is None
    assert (found.code, found.span.path) == ("L100", NARRATIVE)
    assert [str(place.span) for place in found.places[1:]] == [here(6, 12, PACK)]


CALCULATED = ["+", "-", "*", "/", "//", "%", "**", "~", "<", "<=", ">", ">="]


@pytest.mark.parametrize("sign", CALCULATED)
def test_templates_do_not_calculate_nor_compare(sign):
    found = one("甲\n{% set x = total " + sign + " rate %}{{ total }}")
    assert (found.code, str(found.span)) == ("T104", here(2, 18))
    assert found.params["part"] == sign


@pytest.mark.parametrize(
    "narrative",
    [
        "{{ -total }}",
        "{{ +total }}",
        "{{ unit.name[0:1] }}",
        "{% if total == rate %}{% endif %}",
        "{% if 'road' in funds %}{% endif %}",
    ],
)
def test_other_ways_to_calculate_are_refused(narrative):
    assert [code for code, _ in told(narrative)] == ["T104"]


def test_figure_can_be_held_against_its_printed_text():
    known = ledger(figure("grade", 1, "", words="优"))
    assert words("{% if grade == '优' %}优秀{% else %}其他{% endif %}", known) == "优秀"
    assert words("{% if grade != '良' %}非良{% endif %}", known) == "非良"


@pytest.mark.parametrize("condition", ["total", "not blank", "total and rate", "total or 'x'"])
def test_figure_is_no_condition(condition):
    found = one("{% if " + condition + " %}甲{% endif %}")
    assert found.code == "T118"


SYNTAX = [
    ("甲\n{{ total", "T101", here(2)),
    ("甲\n乙{{ total }", "T101", here(2, 2)),
    ("{% if total is zero %}\n甲", "T101", here(2)),
    ("{% fro x in funds %}", "T101", here(1)),
    ("{% autoescape false %}{% endautoescape %}", "T101", here(1)),
    ("甲{{ unit.name | upper }}", "T115", here(1, 17)),
    ("{% if unit.name is odd %}{% endif %}", "T115", here(1, 20)),
    ("{{ total | places(1, 2) }}", "T105", here(1)),
    ("{% call form('f') %}{% endcall %}", "T108", here(1, 9)),
]


@pytest.mark.parametrize(("narrative", "code", "place"), SYNTAX)
def test_slips_of_syntax_are_placed(narrative, code, place):
    assert told(narrative) == [(code, place)]


def test_unknown_filter_is_told_with_those_there_are():
    known = one("{{ total | round }}").params["known"].split("、")
    assert {"number", "in_unit", "join", "blank"} <= set(known)
    assert all(name.isidentifier() for name in known)


LOOPING = [
    ('{% include "shared/self.md" %}', {"shared/self.md": '甲{% include "shared/self.md" %}'}),
    ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", {}),
    ('{{ form("f") }}', {"p/forms/f.html": '{{ form("f") }}'}),
    ('{% include "a.md" %}', {"a.md": '{% include "b.md" %}', "b.md": '{% include "a.md" %}'}),
]


@pytest.mark.parametrize(("narrative", "files"), LOOPING)
def test_template_that_comes_back_to_itself_is_a_finding(narrative, files):
    files = {f"templates/{path}": source for path, source in files.items()}
    assert [code for code, _ in told(narrative, files=files)] == ["T116"]


def test_text_facts_that_refer_to_each_other_in_a_circle_are_a_finding():
    known = ledger(text("a", "{{ b }}", prose=True), text("b", "{{ a }}", prose=True, line=8))
    found = one("{{ a }}", known)
    assert (found.code, found.params["key"], found.span.line) == ("T112", "a", 3)


RUNAWAY = [
    "{% if total is zero %}" * 150 + "{% endif %}" * 150,
    "{{ " + "(" * 300 + "total" + ")" * 300 + " }}",
    "{{ " + "[" * 150 + "]" * 150 + "[0]" * 150 + " }}",
    "{% set x %}甲乙丙丁{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40 + "{{ x }}",
    "{% for a in funds %}" * 18 + "{% endfor %}" * 18,
    "{% for a in funds %}" * 40 + "{% endfor %}" * 40,
    "{% macro a() %}甲{% endmacro %}"
    + "".join(
        "{% macro " + to + "() %}{{ " + of + "() }}{{ " + of + "() }}{% endmacro %}"
        for of, to in zip(
            ["a", *(f"m{n}" for n in range(40))], [f"m{n}" for n in range(41)], strict=True
        )
    )
    + "{{ m40() }}",
]


@pytest.mark.parametrize(
    "narrative",
    RUNAWAY,
    ids=["conditions", "brackets", "lists", "doubling", "loops", "deep-loops", "macros"],
)
def test_template_that_would_never_end_is_a_finding(narrative, monkeypatch):
    monkeypatch.setattr(limits, "TEMPLATE_STEPS", 100_000)
    assert [code for code, _ in told(narrative)] == ["T121"]


@pytest.mark.parametrize(
    "narrative",
    [
        "{% for x in unit.name %}{% endfor %}",
        "{% for x in total %}{% endfor %}",
        "{% for x in unit %}{% endfor %}",
        "{% if unit %}{% endif %}",
    ],
)
def test_only_tables_and_lists_have_rows(narrative):
    assert [code for code, _ in told(narrative)] == ["T108"]


def test_table_without_rows_is_no_error():
    assert words("{% for x in empty %}甲{% else %}无{% endfor %}") == "无"
    assert words("{% if empty %}甲{% else %}无{% endif %}") == "无"
    assert words("{% if empty is blank %}无{% endif %}") == "无"


FORGED = ["\ue0000\ue001", "\ue0009\ue001", "\ue0020\ue003", "a\x0cb", "a\x07b", "a\u2028b"]


@pytest.mark.parametrize("narrative", FORGED)
def test_characters_of_ours_and_controls_are_refused_where_they_stand(narrative):
    at = next(i for i, c in enumerate(narrative) if not (c.isascii() and c.isprintable()))
    assert told(f"甲\n{narrative}") == [("L105", here(2, at + 1))]


@pytest.mark.parametrize(
    ("value", "line", "column"),
    [("\ue0000\ue001", 3, 5), ("{{ total }}\ue0000\ue001", 3, 16), ("甲\n乙\ue0000\ue001", 4, 2)],
)
def test_text_fact_cannot_forge_a_token(value, line, column):
    known = ledger(figure("total", 1), text("note", value, prose=True))
    (found,) = composed("{{ total }}{{ note }}", known)[1]
    assert (found.code, str(found.span)) == ("L105", here(line, column, FACTS))


@pytest.mark.parametrize("code", ["\\ue000", "\\x01", "\\u2028"])
def test_characters_behind_an_escape_are_refused_too(code):
    assert told("甲\n{{ '" + code + "' }}") == [("L105", here(2, 5))]


def test_warnings_about_a_file_that_was_read_are_not_lost():
    from logged import compose
    from reportgen.findings import finding
    from reportgen.model.disclosed import Disclosed
    from reportgen.model.source import SourceSpan

    def source(path, log):
        log.add(finding("L112", SourceSpan(path)))
        return "无。"

    document, findings = compose(Disclosed(FUNDS, "internal"), pack(), source, "f", "2024-06-28")
    assert document is not None
    assert [each.code for each in findings] == ["L112"]


def test_what_was_compiled_before_says_the_same_and_is_still_watched():
    texts = [plain(b.inlines) for _ in range(2) for b in composed("甲{{ total }}")[0].blocks]
    assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]
    assert told("甲 `乙`") == told("甲 `乙`") != []
