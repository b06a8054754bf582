"""What a proof is made of, written and read back: the same search, or an error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from finished import DOCUMENT, line
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import disclosed, secret

from logged import proof
from reportgen.model.document import Paragraph, Text, Value
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.policy import Ground, Mask, Policy, Release, Replacement
from reportgen.model.source import NOWHERE
from reportgen.verify.proof_record import proof_json, read_proof
from spelled_words import CODES, LATIN, NAMES

GROUND = Ground("理由", "依据", NOWHERE)
KEPT = (
    *NAMES,
    *LATIN,
    *CODES,
    "2024-06-25",
    "1234.5万元",
    "95.31%",
    "112家",
    "4519.6㎡",
    "0",
    "无",
)
TEXTS = st.sampled_from(KEPT)


def figure(key, text):
    read = secret(text)
    return Figure(key, "", "fact", read.value, read.unit, read.shape, NOWHERE)


def policy(draw):
    texts = st.lists(TEXTS, max_size=2)
    return Policy(
        masks=tuple(Mask(GROUND, "k", shown) for shown in draw(texts)),
        replacements=tuple(
            Replacement(GROUND, term, "某单位", keep=(f"{term}大学",)) for term in draw(texts)
        ),
        releases=tuple(Release(GROUND, text=text) for text in draw(texts)),
        office_phone=draw(st.sampled_from([None, False, True])),
        personal=tuple(draw(st.lists(st.just("k"), max_size=1))),
    )


@st.composite
def kept_back(draw):
    """Draw what an audience is told and not told, open figures and texts among it."""
    secrets = [secret(text, f"k{n}") for n, text in enumerate(draw(st.lists(TEXTS, max_size=5)))]
    told = draw(st.lists(TEXTS, max_size=3))
    facts = {f"t{n}": Fact(f"t{n}", "", text, NOWHERE) for n, text in enumerate(told)}
    open_figures = {"a": figure("a", "1234.5万元"), "b": replace(figure("b", "3家"), words="优")}
    ledger = Ledger(2023, figures=draw(st.sampled_from([{}, open_figures])), texts=facts)
    made = disclosed(*secrets, audience="public", policy=policy(draw))
    return replace(made, ledger=ledger)


def document(figures, texts):
    blocks = [Paragraph((Text(text), Value(text, text, "a"))) for text in figures]
    return replace(DOCUMENT, blocks=(*blocks, *(Paragraph(line(text)) for text in texts)))


def read_back(to_prove, of):
    return read_proof(json.loads(proof_json(to_prove, of)))


def searched(to_prove):
    """Return all that decides what is found, but for the open figures, which `holds` asks."""
    targets, amounts = to_prove.targets, to_prove.targets.amounts
    likely = [
        (each.secret, each.forms, each.keep, each.masked and each.masked.pattern)
        for each in targets.likely
    ]
    known = amounts.known.values, amounts.known.numbers, amounts.known.digits
    lists = targets.words, targets.codes, likely, targets.unsearched
    return lists, amounts.by_digits, amounts.numbers, known


def rest(to_prove):
    return replace(to_prove, targets=None)


@settings(max_examples=150, deadline=None)
@given(kept_back(), st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_proof_that_is_read_back_searches_for_the_same_and_allows_the_same(of, figures, texts):
    to_prove, _ = proof(document(figures, texts), of)
    again = read_back(to_prove, of)
    assert rest(again) == rest(to_prove)
    if of.secrets:
        assert searched(again) == searched(to_prove)
    for each in of.secrets:
        if each.unit is not None:
            allowed = [
                one.targets.amounts.known.holds(each.value, each.unit) for one in (again, to_prove)
            ]
            assert allowed[0] == allowed[1]


def test_same_proof_gives_the_same_bytes():
    of = disclosed(*map(secret, KEPT[:4]), audience="public")
    records = {proof_json(proof(DOCUMENT, of)[0], of) for _ in range(3)}
    assert len(records) == 1


def record():
    of = disclosed(secret("7318.7万元"), secret("王芳"), audience="public")
    return json.loads(proof_json(proof(DOCUMENT, of)[0], of))


def paths(value, at=()):
    """Yield where each value of a record stands."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths(value[key], (*at, key))


def changed(value, path, change):
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], change)
    return copy


def without(value, path):
    def cut(inner):
        return {key: each for key, each in inner.items() if key != path[-1]}

    return changed(value, path[:-1], cut)


@pytest.mark.parametrize(
    "path", [path for path in paths(record()) if path and isinstance(path[-1], str)]
)
def test_record_without_one_of_its_parts_is_refused(path):
    with pytest.raises(ValueError):  # noqa: PT011 - the one error that it raises
        read_proof(without(record(), path))


@pytest.mark.parametrize("path", list(paths(record())))
@pytest.mark.parametrize("other", [None, 7.5, {"a": 1}, ["x", 1]])
def test_record_with_something_else_in_it_is_refused_or_says_nothing_less(path, other):
    before = record()
    spoiled = changed(before, path, lambda _: other)
    try:
        again = read_proof(spoiled)
    except ValueError:
        return
    targets = again.targets
    wanted = {each.secret.text for each in (*targets.words, *targets.amounts.numbers)}
    assert wanted == {"王芳", "7318.7万元"}


@pytest.mark.parametrize("content", [None, [], "", 3, {}, {"secrets": []}])
def test_what_is_no_record_of_a_proof_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - the one error that it raises
        read_proof(content)
