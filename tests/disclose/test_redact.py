from __future__ import annotations

import pytest

from builders import facts, ledger, metric, metrics, withholding
from reportgen.disclose.redact import redact
from reportgen.model.personal import PERSON
from reportgen.model.policy import Policy

FACTS = facts(
    {
        "a": "5万元",
        "b": "7万元",
        "secret": "3万元",
        "空": None,
        "person.name": "某人",
        "open": "文",
    },
    personal=("person.name", "funds.x.owner"),
    funds={
        "x": {"name": "甲项", "owner": "张某", "v": "1万元"},
        "y": {"name": "乙项", "owner": "李某", "v": "2万元"},
    },
    offices=["一科", "密科", "三科"],
)
RULES = (
    *metrics(sum="a + secret", twice="sum * 2", free="a + b", rate="free / twice"),
    metric("total", "sum(funds.v)"),
    metric("n", "count(offices)"),
    metric("unknown", "空 + secret"),
    metric("graded", "secret", grades=(("0万元", "低"),)),
)
LAST = facts({"secret": "2万元", "a": "1万元"}, year=2022, personal=("person.name",))
LEDGER = ledger(FACTS, *RULES, prior=(LAST,))


def texts(disclosed):
    return {secret.key: secret.text for secret in disclosed.secrets}


@pytest.mark.parametrize("audience", ["internal", "submit"])
def test_only_the_public_is_told_less(audience):
    result = redact(LEDGER, withholding("secret"), audience)
    assert result.ledger is LEDGER
    assert (result.audience, result.withheld, result.secrets) == (audience, {}, ())


def test_personal_fields_are_left_out_of_a_public_version():
    result = redact(LEDGER, Policy(), "public")
    assert result.withheld == {"person.name": PERSON.reason, "funds.x.owner": PERSON.reason}
    assert texts(result) == {"person.name": "某人", "funds.x.owner": "张某"}
    assert result.ledger.texts["person.name"].value is None
    assert result.ledger.texts["funds.y.owner"].value == "李某"


def test_a_withheld_figure_takes_all_that_is_worked_out_from_it_along():
    result = redact(LEDGER, withholding("secret"), "public")
    gone = {"secret", "sum", "twice", "rate", "unknown", "graded"}
    past = {f"prior.{key}" for key in ("secret", "sum", "twice", "rate", "graded")}
    by_reason = {key for key, reason in result.withheld.items() if reason == "理由secret"}
    assert by_reason == gone | past
    for key in gone:
        figure = result.ledger.figures[key]
        assert (figure.value, figure.text, figure.formula, figure.reading, figure.inputs) == (
            None,
            "",
            "",
            "",
            (),
        )
        assert (figure.title, figure.words) == ("", "")


def test_what_is_not_withheld_stays_as_it_is():
    result = redact(LEDGER, withholding("secret"), "public")
    for key in ("a", "b", "free", "total", "n", "funds.x.v"):
        assert result.ledger.figures[key] is LEDGER.figures[key]
    assert result.ledger.texts["open"] is LEDGER.texts["open"]


def test_secrets_are_what_would_have_been_printed_and_never_a_blank():
    secrets = texts(redact(LEDGER, withholding("secret", "空", "open"), "public"))
    assert secrets["secret"] == "3万元"
    assert secrets["sum"] == "8万元"
    assert secrets["graded"] == "低"
    assert secrets["open"] == "文"
    assert secrets["prior.secret"] == "2万元"
    assert not {"空", "unknown"} & set(secrets)


def test_the_original_ledger_is_untouched():
    before = dict(LEDGER.figures)
    redact(LEDGER, withholding("secret", "funds"), "public")
    assert dict(LEDGER.figures) == before


@pytest.mark.parametrize(
    ("wanted", "gone", "stays"),
    [
        ("funds", {"funds.x.v", "funds.y.name", "total"}, {"a"}),
        ("funds.x", {"funds.x.v", "funds.x.name", "total"}, {"funds.y.v"}),
        ("funds.*.v", {"funds.x.v", "funds.y.v", "total"}, {"funds.x.name"}),
        ("offices.2", {"offices.2", "n"}, {"offices.1"}),
    ],
)
def test_a_key_covers_all_below_it(wanted, gone, stays):
    result = redact(LEDGER, withholding(wanted), "public")
    assert gone <= set(result.withheld)
    assert not stays & set(result.withheld)


@pytest.mark.parametrize(
    ("wanted", "table", "rows"),
    [
        ("funds.x", "funds", ("y",)),
        ("funds.*.v", "funds", ("x", "y")),
        ("offices.2", "offices", ("1", "3")),
        ("funds", "funds", ()),
        ("secret", "funds", ("x", "y")),
    ],
)
def test_a_row_withheld_as_a_whole_is_no_row_any_more(wanted, table, rows):
    result = redact(LEDGER, withholding(wanted), "public")
    assert result.ledger.tables[table] == rows


def test_of_two_reasons_the_packs_is_kept():
    result = redact(LEDGER, withholding("person.name"), "public")
    assert result.withheld["person.name"] == "理由person.name"


def test_a_long_chain_below_a_withheld_figure_is_withheld():
    chain = metrics(**{f"m{i}": f"m{i - 1} + a" for i in range(2_000, 0, -1)})
    of = ledger(facts({"m0": "1万元", "a": "1万元"}), *chain)
    assert len(redact(of, withholding("m0"), "public").withheld) == 2_001
