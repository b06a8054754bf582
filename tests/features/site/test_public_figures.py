"""Figures of a record as the readers of the version know them."""

from __future__ import annotations

import pytest

from reportgen.features.site.datasets import csv_file
from reportgen.features.site.public_figures import NOT_RECOMPUTABLE, RecordError, read_figures


class Record:
    """A record of figures, a row a call; prints stand in the order in which they are given."""

    def __init__(self):
        self.rows = []
        self.order = 0

    def add(self, key, value, unit, *texts, **more):
        places = []
        for text in texts:
            self.order += 1
            places.append({"text": text, "where": "x", "spoken": "一 第1段", "order": self.order})
        row = {"key": key, "title": f"题{key}", "text": texts[0] if texts else "", "value": value}
        row |= {"unit": unit, "kind": "fact", "formula": "", "inputs": [], "places": places}
        self.rows.append(row | more)
        return self

    def derived(self, key, value, unit, text, formula, *inputs):
        more = {"kind": "derived", "formula": formula, "inputs": list(inputs)}
        return self.add(key, value, unit, text, **more)

    @property
    def figures(self):
        return read_figures(sorted(self.rows, key=lambda row: row["key"]))


def read(value, unit, *texts):
    """Return (value, unit, decimals, words) of the one figure that prints `texts`."""
    (figure,) = Record().add("a", value, unit, *texts).figures
    return figure.value, figure.unit, figure.decimals, figure.qualifier


@pytest.mark.parametrize(
    ("value", "unit", "texts", "said"),
    [
        ("7329.64", "万元", ["7329.64"], ("7329.64", "万元", 2, "")),
        ("72000", "元", ["7.2"], ("7.2", "万元", 1, "")),
        ("72000", "元", ["0.72亿元", "7.2"], None),
        ("7200", "元", ["0.72万元"], ("0.72", "万元", 2, "")),
        ("95.51372", "%", ["95.51%"], ("95.51", "%", 2, "")),
        ("94375/111", "%", ["850.2%"], ("850.2", "%", 1, "")),
        ("5296", "万元", ["5,296万元"], ("5296", "万元", 0, "")),
        ("12.5", "万元", ["12.50"], ("12.50", "万元", 2, "")),
        ("12.3456", "万元", ["12万元", "12.35", "12.3万元"], ("12.35", "万元", 2, "")),
        ("0", "万元", ["0"], ("0", "万元", 0, "")),
        ("-3.5", "%", ["3.5%"], ("-3.5", "%", 1, "")),
        ("-3.5", "%", ["-3.5%"], ("-3.5", "%", 1, "")),
        ("600", "条", ["600余条"], ("600", "条", 0, "余")),
        ("75", "种", ["约75种"], ("75", "种", 0, "约")),
        ("90", "%", ["≥90%"], ("90", "%", 0, "≥")),
        ("8", "%", ["8%左右"], ("8", "%", 0, "左右")),
        ("1300", "万只", ["1300余万只"], ("1300", "万只", 0, "余")),
        ("2000", "亩", ["2000亩"], ("2000", "亩", 0, "")),
        ("30000", "平方米", ["3"], ("3", "", 0, "")),  # only the head says that it is 公顷
        ("30000", "平方米", ["3", "3公顷"], ("3", "公顷", 0, "")),
    ],
)
def test_value_is_that_which_is_printed_with_the_digits_that_are_printed(value, unit, texts, said):
    if said is None:  # 0.72亿元 would be 7200万元: not this figure, and nothing is said of it
        said = ("7.2", "万元", 1, "")
    assert read(value, unit, *texts) == said


@pytest.mark.parametrize(
    ("key", "title", "said"),
    [
        ("chains.food.firms", "食品产业链·firms", "食品产业链（家）"),
        ("chains.food.firms", "食品产业链·企业数", "食品产业链·企业数"),
        ("rows.new.seq", "rows1·seq", "一 第1段"),
        ("posts.x.quota", "posts2·编制", "编制"),
        ("app", "App·下载量", "App·下载量"),
        ("工业投资", "工业投资", "工业投资"),
        ("n.企业", "企业·企业", "企业·企业"),
    ],
)
def test_keys_are_no_titles(key, title, said):
    (figure,) = Record().add(key, "3", "家", "3家", title=title).figures
    assert figure.title == said


@pytest.mark.parametrize("texts", [[], [""], ["优"], ["—"], ["3万元"], ["较差", ""]])
def test_figure_that_prints_no_number_of_its_own_is_not_there(texts):
    assert Record().add("a", "12.5", "万元", *texts).figures == ()


def test_figure_that_is_withheld_is_not_there_whatever_is_printed_for_it():
    record = Record().add("a", "", "", "前列", title="").add("b", "", "", "约3", title="")
    assert record.figures == ()


def test_ids_count_the_figures_in_the_order_of_reading():
    record = Record().add("z", "1", "", "1").add("b", "2", "").add("h", "", "", "×", title="")
    record.add("a", "3", "", "3").add("m", "4", "", "4")
    assert [(each.id, each.title) for each in record.figures] == [
        ("F001", "题z"),
        ("F002", "题a"),
        ("F003", "题m"),
    ]


def test_factor_is_blank_where_no_decimal_says_it_and_nothing_is_worked_out_from_it():
    record = Record().add("a", "3", "亩", "3亩").add("b", "4", "亩", "4亩")
    record.derived("c", "7", "亩", "7亩", "a + b", "a", "b")
    assert [each.factor for each in record.figures] == ["", "", ""]
    assert record.figures[2].reading == NOT_RECOMPUTABLE


def formula(text, *inputs, value="12.5", printed="12.5", key="k", record=None):
    """Return the formula by ids of a figure that is worked out from a = 10, b = 2.5, blank c."""
    record = record or Record()
    record.add("a", "10", "万元", "10").add("b", "2.5", "万元", "2.5").add("c", "", "", "")
    record.derived(key, value, "万元", printed, text, *inputs)
    return record.figures[-1].formula


def test_formula_is_told_by_ids_where_all_inputs_are_printed():
    assert formula("a + b", "a", "b") == "F001 + F002"
    assert formula("a - (a - b)", "a", "b", value="2.5", printed="2.5") == "F001 - (F001 - F002)"
    assert formula("sum(a, c, b)", "a", "c", "b") == "F001 + F002"
    assert formula("sum(a, -b)", "a", "b", value="7.5", printed="7.5") == "F001 - F002"
    assert formula("sum(-b, a)", "b", "a", value="7.5", printed="7.5") == "(-F002 + F001)"
    assert formula("max(a, b)", "a", "b", value="10", printed="10") == "max(F001, F002)"
    assert formula("a / b * b", "a", "b", value="10", printed="10") == "F001 / F002 * F002"


def test_formula_is_not_told_where_an_input_is_not_printed_or_a_number_is_typed_in_it():
    assert formula("a + d", "a", "d") == ""
    assert formula('a + "2.5万元"', "a") == ""
    assert formula("a * 1.25", "a") == ""
    assert formula("count(a)", "a", value="1", printed="1") == ""
    assert formula("a - c", "a", "c") == ""
    assert formula("value = a; target = b", "a", "b") == ""
    assert formula("", value="12.5") == ""


def test_formula_is_not_told_where_the_printed_numbers_do_not_give_the_printed_result():
    assert formula("a + b", "a", "b", value="12.6", printed="12.6") == ""
    assert formula("a + b", "a", "b", value="12.5", printed="13") == "F001 + F002"
    assert formula("a + b", "a", "b", value="12.4", printed="12") == ""


def rated(text, *inputs):
    record = Record().add("a", "10", "万元", "10").add("b", "8", "万元", "8")
    record.derived("r", "25", "%", "25%", text, *inputs)
    return record.figures[-1]


def test_growth_may_name_the_whole():
    assert rated("a / b - 1", "a", "b").formula == "F001 / F002 - 1"
    assert rated('a / b - "100%"', "a", "b").formula == "F001 / F002 - 1"
    assert rated("(a - b) / b", "a", "b").reading == "（题a － 题b） ÷ 题b"


def table(*cells):
    """Return a record of a table of funds, `cells` being the outturns of its rows."""
    record = Record()
    for row, value in cells:
        texts = [value] if value else [""]
        record.add(f"funds.{row}.outturn", value, "万元" if value else "", *texts)
    return record


def test_columns_and_chosen_rows_are_told_by_their_cells():
    record = table(("x", "1"), ("y", ""), ("z", "3"))
    keys = [f"funds.{row}.outturn" for row in "xyz"]
    record.derived("all", "4", "万元", "4", "sum(funds.outturn)", *keys)
    record.derived("total.outturn", "4", "万元", "4", "sum(funds)", *keys)
    chosen = 'sum(funds[source == "上级"].outturn)'
    record.derived("some", "3", "万元", "3", chosen, "funds.z.outturn")
    record.derived("share", "75", "%", "75%", f"{chosen} / sum(funds.outturn)", *keys)
    assert [each.formula for each in record.figures[2:]] == [
        "F001 + F002",
        "F001 + F002",
        "F002",
        "",  # which rows are chosen cannot be told from all that are added up
    ]


def test_rows_that_cannot_be_told_apart_make_no_formula_though_the_numbers_agree():
    record = table(("x", "4"), ("y", "0"))
    keys = ["funds.x.outturn", "funds.y.outturn"]
    chosen = 'sum(funds[source == "上级"].outturn)'
    record.derived("share", "100", "%", "100%", f"{chosen} / sum(funds.outturn)", *keys)
    record.add("funds.x.last", "1", "万元", "1").add("funds.y.last", "0", "万元", "0")
    by_number = [*keys, "funds.x.last", "funds.y.last"]
    record.derived("grown", "4", "万元", "4", "sum(funds[last > 0].outturn)", *by_number)
    assert [each.formula for each in record.figures[2:]] == ["", "", "", ""]


def test_row_and_measure_and_year_of_a_figure_decide_what_its_names_mean():
    record = table(("x", "3")).add("funds.x.last", "2", "万元", "2")
    record.derived(
        "funds.x.growth",
        "1",
        "万元",
        "1",
        "row.outturn - row.last",
        *("funds.x.outturn", "funds.x.last"),
    )
    record.add("basic.outturn", "5", "万元", "5").add("prior.a", "7", "", "7")
    record.derived(
        "whole.outturn", "8", "万元", "8", "basic + funds.x", *("basic.outturn", "funds.x.outturn")
    )
    record.derived("prior.b", "14", "", "14", "a + a", "prior.a")
    by_title = {each.title: each.formula for each in record.figures}
    assert by_title["题funds.x.growth"] == "F001 - F002"
    assert by_title["题whole.outturn"] == "F004 + F001"
    assert by_title["题prior.b"] == "F005 + F005"


@pytest.mark.parametrize("content", [None, {}, "x", [1], [{"key": "a"}], [[]]])
def test_record_that_is_none_is_told(content):
    with pytest.raises(RecordError):
        read_figures(content)


@pytest.mark.parametrize("name", ["title", "value", "unit", "places", "key", "kind"])
@pytest.mark.parametrize("wrong", [None, 3.5, [], "\u4e00/"])
def test_row_with_another_value_is_told_or_leaves_the_others_as_they_are(name, wrong):
    record = Record().add("a", "1", "", "1").add("b", "2", "万元", "2").rows
    record[0][name] = wrong
    try:
        figures = read_figures(record)
    except RecordError:
        return
    rows = csv_file(figures).decode("utf-8-sig").splitlines()
    assert len([row for row in rows if ",2,2,万元," in row]) == 1


def test_record_of_an_older_program_is_told():
    row = Record().add("a", "1", "", "1").rows[0]
    del row["places"][0]["spoken"]
    with pytest.raises(RecordError, match="spoken"):
        read_figures([row])
