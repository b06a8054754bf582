"""`rows | sum` is a figure; a group without rows is no error where the pack allows it."""

from __future__ import annotations

from itertools import chain

import pytest

from reportgen.model.document import values
from small_project import DATA, HOME, NARRATIVE, PACK, spots

FORM = f"{PACK}/forms/overview.html"
TEXT = f"{NARRATIVE}/spending.md"
SUBTOTAL = """\
<tr><th scope="row" colspan="2">{{ category }}小计</th><td></td>
<td>{{ members | sum("initial") | number }}</td>
<td>{{ members | sum("outturn") | number }}</td></tr>
{% for fund in members %}
"""


def errors(outcome):
    return [f"{each.code} {each.span}" for each in outcome.findings if each.severity == "error"]


def says(small, text):
    """Put `text` into the narrative; return the draft."""
    small.write(TEXT, text)
    return small.draft()


def cells(outcome):
    """Return what the cells of the annex print, by key."""
    printed = {}
    for table in outcome.draft.internal.annexes[0].blocks:
        for row in getattr(table, "rows", ()):
            for cell in row.cells:
                for value in values(tuple(chain.from_iterable(cell.lines))):
                    printed[value.key] = value.text
    return printed


def test_subtotals_in_the_head_rows_of_groups_are_figures(small):
    small.replace(FORM, "{% for fund in members %}\n", SUBTOTAL)
    outcome = small.draft()
    assert errors(outcome) == []
    assert cells(outcome)["sum.funds.category.业务工作经费.outturn"] == "30.9"
    assert cells(outcome)["sum.funds.category.专项资金.initial"] == "100"
    figure = outcome.draft.ledger.figures["sum.funds.category.业务工作经费.outturn"]
    assert figure.formula == 'sum(funds[category == "业务工作经费"].outturn)'
    assert figure.inputs == ("funds.training.outturn", "funds.survey.outturn")
    assert (figure.title, figure.exact) == ("业务工作经费·决算数合计", "30.9")
    assert (figure.span.path, figure.span.line) == (FORM, 11)


@pytest.mark.parametrize(
    ("rows", "key", "text"),
    [
        ("funds", "sum.funds.outturn", "127.2万元"),
        ('funds | ordered("initial")', "sum.funds.outturn", "127.2万元"),
        ('funds | where(source="上级")', "sum.funds.source.上级.outturn", "108.8万元"),
        (
            'funds | where(source="上级", category="专项资金")',
            "sum.funds.source.上级.category.专项资金.outturn",
            "96.3万元",
        ),
    ],
)
def test_rows_chosen_in_any_way_have_a_sum_with_a_key(small, rows, key, text):
    outcome = says(small, f"支出{{{{ {rows} | sum('outturn') }}}}。\n")
    assert errors(outcome) == []
    assert outcome.draft.ledger.figures[key].text == text


def test_rows_that_no_condition_tells_apart_are_named(small):
    text = small.text(f"{DATA}/funds.yaml")
    small.write(f"{DATA}/funds.yaml", text + text.split("\n")[1].replace("training", "more") + "\n")
    group = "{% for name, rows in funds | groups('category') %}"
    outcome = says(small, group + "{{ rows | sum('outturn') }}，{% endfor %}\n")
    assert errors(outcome) == []
    assert outcome.draft.ledger.figures["sum.funds.more.outturn"].text == "18.4万元"
    figure = outcome.draft.ledger.figures["sum.funds.training+survey.outturn"]
    assert figure.formula == "sum(funds.training.outturn, funds.survey.outturn)"


def test_sum_may_decide_whether_another_is_asked_for(small):
    choice = "{% if funds | sum('outturn') is positive %}{{ funds | sum('initial') }}{% endif %}"
    outcome = says(small, f"年初{choice}。\n")
    assert errors(outcome) == []
    assert "sum.funds.initial" in outcome.draft.ledger.figures


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ funds | sum('name') }}", "T108"),
        ("{{ funds | sum('none') }}", "T102"),
        ("{{ funds | sum }}", "T108"),
        ("{{ funds | sum(3) }}", "T108"),
        ("{{ year | sum('a') }}", "T108"),
        ("{{ funds.training.outturn | sum('a') }}", "T108"),
    ],
)
def test_what_is_no_column_of_numbers_is_told_at_its_line(small, text, code):
    (found,) = errors(says(small, f"甲。\n\n{text}\n"))
    assert found.startswith(f"{code} {TEXT}:3:")


def test_sum_of_unlike_units_is_told_at_its_line(small):
    small.replace(f"{DATA}/facts.yaml", "次数: 6次", "次数: 6个")
    small.replace(f"{PACK}/metrics.yaml", "sum(visits.次数)", "count(visits)")
    small.replace(f"{PACK}/relations.yaml", '"5次"', "5")
    found = errors(says(small, "{{ visits | sum('次数') }}。\n"))
    assert f"F104 {TEXT}:1:" in [each.rpartition(":")[0] + ":" for each in found]


POLICY = """\
disclosure:
  withhold:
    - {key: funds.survey.outturn, reason: 涉密, basis: 保守国家秘密法}
    - {key: sum.funds.category.业务工作经费.initial, reason: 涉密, basis: 保守国家秘密法}
    - {key: funds.*.initial, reason: 涉密, basis: 保守国家秘密法}
    - {key: funds.*.last, reason: 涉密, basis: 保守国家秘密法}
"""


def test_sum_goes_with_a_row_that_is_withheld(small):
    small.replace(FORM, "{% for fund in members %}\n", SUBTOTAL)
    small.write(TEXT, "甲。\n")
    small.write(f"{NARRATIVE}/results.md", "自评得分{{ score.total }}。\n")
    small.write(f"{HOME}/policy.yaml", POLICY)
    outcome = small.draft(audience="public")
    assert errors(outcome) == []
    hidden = outcome.draft.disclosed.hidden
    assert "sum.funds.category.业务工作经费.outturn" in hidden
    assert "sum.funds.category.专项资金.outturn" not in hidden
    assert "D117" not in [each.code for each in outcome.findings]


def test_sum_in_a_text_without_its_withheld_row_is_told(small):
    small.write(TEXT, "甲{{ funds | ordered('outturn') | sum('outturn') }}。\n")
    small.write(f"{NARRATIVE}/results.md", "自评得分{{ score.total }}。\n")
    small.write(f"{HOME}/policy.yaml", POLICY.replace("funds.survey.outturn", "funds.survey"))
    outcome = small.draft(audience="public")
    assert outcome.failed  # told, not crashed


def test_loop_that_says_what_stands_for_no_row_may_be_empty(small):
    text = (
        "{% for f in funds | where(source='外资') %}{{ f.name }}{% else %}没有外资{% endfor %}。\n"
    )
    outcome = says(small, text)
    assert errors(outcome) == []
    assert says(small, text.replace("{% else %}没有外资", "")).findings[0].code == "T119"


DECLARED = "values:\n  funds.*.source: [市级, 上级, 外资]\n"


def test_declared_value_may_have_no_row_in_templates_and_formulas(small):
    small.write(f"{PACK}/values.yaml", DECLARED)
    metric = "metrics: {外资: {title: 外资, formula: 'sum(funds[source == \"外资\"].outturn)'}}\n"
    small.write(f"{HOME}/more.yaml", metric)
    outcome = says(
        small, "{% if funds | where(source='外资') is blank %}外资{{ 外资 }}{% endif %}。\n"
    )
    assert errors(outcome) == []
    assert outcome.draft.ledger.figures["外资"].text == "0万元"


def test_value_that_is_not_declared_is_told_where_it_is_typed(small):
    small.write(f"{PACK}/values.yaml", DECLARED.replace("上级, ", ""))
    found = [each for each in small.draft().findings if each.code == "S217"]
    assert [(each.subject, each.span.path) for each in found] == [
        ("funds.survey.source", f"{DATA}/funds.yaml"),
        ("funds.chains.source", f"{DATA}/funds.yaml"),
    ]
    assert spots(found)[0][2] == 3
