from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import facts, ground, ledger, metric, metrics, withholding
from reportgen.disclose.redact import redact
from reportgen.formula.names import covering
from reportgen.language.personal import PERSON
from reportgen.model.figures import Fact, Ledger
from reportgen.model.policy import Mask, Policy, Release, Replacement, Withhold
from reportgen.model.source import SourceSpan

HERE = SourceSpan("facts.yaml", 1, 1)

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


def policy(*lines, **more):
    kinds = {Withhold: "withhold", Mask: "masks", Release: "releases"}
    given = {n: tuple(x for x in lines if type(x) is kind) for kind, n in kinds.items()}
    return Policy(**given, **more)


def withhold(key, layer=3, **more):
    return Withhold(ground(f"不公开{key}", layer, **more), key)


def release(key, layer=3):
    return Release(ground(f"准予{key}", layer), key)


def mask(key, shown, layer=3):
    return Mask(ground(f"遮盖{key}", layer), key, shown)


def actions(disclosed):
    return {entry.subject: entry.action for entry in disclosed.entries}


def test_masked_figure_prints_other_words_wherever_it_stands():
    result = redact(LEDGER, policy(mask("secret", "若干万元")), "public")
    figure = result.ledger.figures["secret"]
    assert (figure.text, figure.number, figure.exact, figure.value) == (
        "若干万元",
        "若干万元",
        "",
        None,
    )
    assert actions(result)["secret"] == "masked"
    assert actions(result)["sum"] == "withheld"
    assert texts(result)["secret"] == "3万元"


def test_masked_text_is_literal():
    result = redact(LEDGER, policy(mask("open", "{{ a }}")), "public")
    text = result.ledger.texts["open"]
    assert (text.value, text.prose) == ("{{ a }}", False)


@pytest.mark.parametrize("key", ["sum", "funds.x.owner", "person.name"])
def test_what_is_released_by_name_is_told(key):
    result = redact(LEDGER, policy(withhold("secret"), release(key)), "public")
    of = result.ledger.figures.get(key) or result.ledger.texts[key]
    assert of == (LEDGER.figures.get(key) or LEDGER.texts[key])
    assert key not in texts(result)


def test_what_is_worked_out_from_a_released_figure_alone_is_told_too():
    chain = metrics(b="a + 0", c="b + 0", d="c + a")
    of = ledger(facts({"a": "1万元"}), *chain)
    result = redact(of, policy(withhold("a"), release("b")), "public")
    assert {k for k, f in result.ledger.figures.items() if f.value is None} == {"a", "d"}
    assert [e.subject for e in result.entries if e.action == "released"] == ["b"]


@pytest.mark.parametrize(
    ("wide", "narrow", "told"),
    [(withhold, release, True), (release, withhold, False)],
)
def test_narrower_layer_overrules_the_wider(wide, narrow, told):
    result = redact(LEDGER, policy(wide("a", 0), narrow("a", 1)), "public")
    assert (result.ledger.figures["a"].value is not None) == told


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((withhold("funds"), release("funds.x.v")), True),
        ((withhold("funds.*.v"), release("funds.x.v")), True),
        ((withhold("funds.x.v"), release("funds.*.v")), False),
        ((withhold("funds.x.v", 0), release("funds", 1)), True),
    ],
)
def test_line_that_names_a_key_most_closely_decides_within_a_layer(lines, told):
    result = redact(LEDGER, policy(*lines), "public")
    assert (result.ledger.figures["funds.x.v"].value is not None) == told


def test_row_of_which_something_is_released_is_still_a_row():
    result = redact(LEDGER, policy(withhold("funds.x"), release("funds.x.name")), "public")
    assert result.ledger.tables["funds"] == ("x", "y")
    assert result.ledger.texts["funds.x.name"].value == "甲项"


def test_line_speaks_to_its_audiences_only():
    line = withhold("a", audiences=("submit",))
    assert redact(LEDGER, policy(line), "public").ledger.figures["a"].value is not None
    assert redact(LEDGER, policy(line), "submit").ledger.figures["a"].value is None


def test_finance_bureau_gets_what_is_personal():
    assert redact(LEDGER, Policy(), "submit").ledger is LEDGER


NAMED = ledger(
    facts(
        {
            "项目联系电话": "0000-1234567",
            "电话": "10000000001",
            "智能手机": "100万台",
            "电话会议": "三次",
            "office_phone": "0000-0000001",
            "headphone": "耳机",
            "法人": "某人",
        },
        evaluators={"1": {"name": "评价人甲", "position": "科长"}},
        outlays={"1": {"name": "采购", "voucher": "记-12", "v": "1万元"}},
        funds={"1": {"name": "某项目", "联系人": "某人"}},
    )
)


def test_names_of_fields_tell_what_belongs_to_a_person():
    result = redact(NAMED, Policy(), "public")
    assert set(result.withheld) == {
        "项目联系电话",
        "电话",
        "office_phone",
        "evaluators.1.name",
        "outlays.1.voucher",
        "funds.1.联系人",
    }
    assert all(entry.basis for entry in result.entries)


def test_policy_may_name_further_fields():
    assert "法人" in redact(NAMED, policy(personal=("法人",)), "public").withheld


def test_office_phone_is_a_switch():
    assert "office_phone" not in redact(NAMED, policy(office_phone=True), "public").withheld
    assert "电话" in redact(NAMED, policy(office_phone=True), "public").withheld


def test_entry_tells_before_and_after_and_what_caused_it():
    result = redact(LEDGER, policy(withhold("secret"), mask("a", "若干")), "public")
    told = {entry.subject: entry for entry in result.entries}
    assert (told["a"].before, told["a"].after, told["a"].cause) == ("5万元", "若干", "")
    assert (told["sum"].before, told["sum"].after) == ("8万元", "")
    assert told["sum"].cause in {"a", "secret"}
    assert told["secret"].span.path == "policy.yaml"


def test_text_with_figures_in_it_is_searched_by_its_pieces():
    fact = Fact("t", "文", "全年走访企业{{ a }}，解决了{{ b }}", HERE, prose=True)
    result = redact(Ledger(2023, texts={"t": fact}), policy(withhold("t")), "public")
    assert [secret.text for secret in result.secrets] == ["全年走访企业"]


def test_id_of_a_row_is_no_secret():
    of = ledger(facts({}, funds={"office": {"id": "office", "name": "甲项"}}))
    result = redact(of, withholding("funds.office"), "public")
    assert [each.key for each in result.secrets] == ["funds.office.name"]


def test_figure_printed_as_a_word_is_searched_as_a_number_and_as_the_word():
    result = redact(LEDGER, withholding("graded"), "public")
    found = [(each.text, each.value is None) for each in result.secrets if each.key == "graded"]
    assert found == [("3万元", False), ("低", True)]


def test_terms_are_searched_with_their_initials():
    term = Replacement(ground(), "某词", "另词", initials=("MC",))
    (secret,) = redact(Ledger(2023), policy(replacements=(term,)), "public").secrets
    assert (secret.text, secret.initials) == ("某词", ("MC",))


KEYS = [*LEDGER.figures, *LEDGER.texts, "funds", "funds.x", "funds.*.v", "offices"]


@st.composite
def policies(draw):
    """Draw any lines over the keys of LEDGER, in any layers."""
    keys, layers = st.sampled_from(KEYS), st.integers(0, 3)
    each = st.one_of(
        st.builds(withhold, keys, layers),
        st.builds(release, keys, layers),
        st.builds(mask, keys, st.just("略"), layers),
    )
    return policy(*draw(st.lists(each, max_size=6)))


@given(policies())
def test_any_policy_hides_what_it_hides_and_leaves_the_rest_as_it_is(of):
    result = redact(LEDGER, of, "public")
    gone = result.hidden
    for key, figure in result.ledger.figures.items():
        if key in gone:
            assert figure.value is None and figure.words in {"", "略"}
        else:
            assert figure == LEDGER.figures[key]
    for key, text in result.ledger.texts.items():
        assert text.value in {None, "略"} if key in gone else text == LEDGER.texts[key]
    for secret in result.secrets:
        assert secret.key in gone
    released = {e.subject for e in result.entries if e.action == "released"}
    assert not released & gone


@given(policies())
def test_no_figure_that_is_told_stands_on_a_hidden_one_unless_released(of):
    result = redact(LEDGER, of, "public")
    released = [covering(line.key) for line in of.releases]
    for key, figure in result.ledger.figures.items():
        if figure.value is not None and not any(p.fullmatch(key) for p in released):
            assert not set(figure.inputs) & result.hidden


def test_what_last_year_withheld_stays_withheld_under_prior():
    last = policy(withhold("secret", 2), withhold("a", 1)).aged(1, 2)
    result = redact(LEDGER, last, "public")
    assert set(result.hidden) >= {"prior.secret", "prior.sum"}
    assert not {"secret", "prior.a"} & set(result.hidden)


def test_report_may_release_what_last_year_withheld():
    last = policy(withhold("secret", 2)).aged(1, 2)
    result = redact(LEDGER, last.over(policy(release("prior.secret"))), "public")
    assert "prior.secret" not in result.hidden
