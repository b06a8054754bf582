from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builders import formula, says_all
from reportgen.formula.parse import FUNCTIONS, parse
from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    Expression,
    FormulaError,
    Logic,
    Name,
    Negative,
    Node,
    NumberLiteral,
    Select,
    TextLiteral,
    every_name,
    names,
    part_span,
    parts,
)
from reportgen.model import limits
from reportgen.model.source import Formula, SourceSpan

PIECES = st.sampled_from(
    "支出合计 funds.outturn row.x prior.a import 指标① 2 0.5 12.30 2万元 0x10 1e9 '2万元' \"甲\" "
    "+ - * / ( ) [ ] , . == != <= < > = ! and or not sum( count( abs( max( round( 　 \n "
    "“ （ × # \\ ;".split(" ")
)


def tree(text: str):
    return parse(formula(text)).tree


def fault(text: str) -> tuple[str, str]:
    """Return the code and the text at fault, as the mark of the finding has it."""
    with pytest.raises(FormulaError) as caught:
        parse(formula(text))
    assert says_all(caught.value)
    part = caught.value.part
    return caught.value.code, text[part.start : part.end] if part else ""


def outcome(text: str) -> Expression | FormulaError:
    try:
        return parse(formula(text))
    except FormulaError as error:
        return error


def shape(node: Node) -> str:
    """Return the structure of a formula, brackets around everything that has parts."""
    inner = [shape(part) for part in parts(node)]
    match node:
        case NumberLiteral() | TextLiteral() | Name():
            return str(leaf(node))
        case Call(function=function):
            return f"{function}({', '.join(inner)})"
        case Chain(rest=rest):
            signs = [sign for sign, _ in rest]
            return (
                f"({inner[0]}{''.join(f' {s} {i}' for s, i in zip(signs, inner[1:], strict=True))})"
            )
        case Compare(sign=word) | Logic(word=word):
            return f"({f' {word} '.join(inner)})"
        case Select(field=field):
            return f"{inner[0]}[{inner[1]}]{'.' + field if field else ''}"
        case _:
            return f"({'-' if isinstance(node, Negative) else 'not '}{inner[0]})"


def leaf(node: NumberLiteral | TextLiteral | Name) -> object:
    match node:
        case NumberLiteral(value=value):
            return value
        case TextLiteral(text=text):
            return repr(text)
        case Name(key=key):
            return key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a - b - c", "(a - b - c)"),
        ("a - (b - c)", "(a - (b - c))"),
        ("a / b / c", "(a / b / c)"),
        ("-a * b", "((-a) * b)"),
        ("+a - -b", "(a - (-b))"),
        ("支出.决算数+收入.决算数", "(支出.决算数 + 收入.决算数)"),
        ("sum(a, b.c)", "sum(a, b.c)"),
        ('sum(t[类别 == "甲" and x > 0 or not y < 1].z)', None),
        ("t[x == 1]", "t[(x == 1)]"),
        ("t[x == 1].a.b", "t[(x == 1)].a.b"),
        ("a + 1 == b * 2", "((a + 1) == (b * 2))"),
        ("'2万元' >= \"3%\"", "('2万元' >= '3%')"),
        ("  a  ", "a"),
        ("a\n+\tb", "(a + b)"),
        ("a　+　b", "(a + b)"),
    ],
)
def test_signs_bind_as_in_arithmetic(text, expected):
    expected = expected or "sum(t[(((类别 == '甲') and (x > 0)) or (not (y < 1)))].z)"
    assert shape(tree(text)) == expected


@pytest.mark.parametrize(
    "name", ["import", "class", "is", "from", "指标①", "①", "goals.1", "a.not"]
)
def test_whatever_the_loader_takes_as_a_key_can_be_named(name):
    assert tree(name) == Name(0, len(name), name)


def test_full_width_letters_are_not_changed_behind_the_authors_back():
    assert shape(tree("Ａ类 + A类")) == "(Ａ类 + A类)"


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [("0", 0, 0), ("12", 12, 0), ("0.50", Fraction(1, 2), 2), ("9" * 40, int("9" * 40), 0)],
)
def test_numbers_are_exact_and_keep_their_decimals(text, value, decimals):
    assert tree(text) == NumberLiteral(0, len(text), Fraction(value), decimals)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "F101", ""),
        ("a +", "F101", "+"),
        ("a b", "F101", "b"),
        ("支出合计 + ）", "F101", "）"),
        ("（a）", "F101", "（"),
        ("a = b", "F101", "="),
        ("a × b", "F101", "×"),
        ("a ** b", "F101", "*"),
        ("a if b else c", "F101", "if"),
        ("sum()", "F101", ")"),
        ("sum(a,)", "F101", ")"),
        ("(a", "F101", "a"),
        ("a)", "F101", ")"),
        ("t[x", "F101", "x"),
        ("t[x == 1].", "F101", "."),
        ("t[x == 1][y == 2]", "F101", "["),
        ("t[x == 1](y)", "F101", "("),
        ("not", "F101", "t"),
        ("and a", "F101", "and"),
        ("a + or", "F101", "or"),
        ("a or", "F101", "r"),
        ("'2万元", "F101", "'"),
        ("a # b", "F101", "#"),
        ("a; b", "F101", ";"),
        ("f'{a}'", "F101", "'{a}'"),
        ("lambda: a", "F101", ":"),
        ("round(支出合计)", "F102", "round"),
        ("__import__('os')", "F102", "__import__"),
        ("a.sum(b)", "F102", "a.sum"),
        ("abs(a, 收入)", "F102", "收入"),
        ("a < b < c", "F102", "<"),
        ("a + 2万元", "F107", "2万元"),
        ("a * 5%", "F107", "5%"),
        ("0x10", "F107", "0x10"),
        ("1e9", "F107", "1e9"),
        ("1_000", "F107", "1_000"),
        ("007", "F107", "007"),
        ("1.2.3", "F107", "1.2.3"),
        ("5.", "F107", "5."),
        ("１２", "F107", "１２"),
        ("9" * 41, "F107", "9" * 41),
    ],
)
def test_what_is_outside_the_language_is_told_at_its_part(text, code, part):
    assert fault(text) == (code, part)


@pytest.mark.parametrize("opening", ["(", "-", "sum(", "abs(-", "t[not ", "not "])
def test_what_nobody_could_review_is_refused_not_recursed_into(opening):
    depth = limits.FORMULA_CHARACTERS // len(opening) - 1
    assert fault(opening * depth + "a")[0] == "F114"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("a b", "b"),
        ("a ！ b", "！"),
        ("支出合计 +", "支出合计 +…"),
        ("十个字以上的名称都只留结尾 *", "以上的名称都只留结尾 *…"),
        ("", "…"),
    ],
)
def test_what_cannot_be_read_is_quoted(text, detail):
    found = outcome(text)
    assert isinstance(found, FormulaError)
    assert found.params == {"detail": detail}


def test_brackets_side_by_side_are_not_deep():
    many = "+".join(["(a)"] * 200)
    parse(formula(many))
    assert (
        fault(
            many + "+" + "(" * (limits.FORMULA_DEPTH + 1) + "a" + ")" * (limits.FORMULA_DEPTH + 1)
        )[0]
        == "F114"
    )


@pytest.mark.parametrize("opening", ["(", "-"])
def test_the_deepest_formula_accepted_is_as_deep_as_the_limit(opening):
    closing = ")" if opening == "(" else ""
    parse(formula(opening * limits.FORMULA_DEPTH + "a" + closing * limits.FORMULA_DEPTH))
    assert (
        fault(opening * (limits.FORMULA_DEPTH + 1) + "a" + closing * (limits.FORMULA_DEPTH + 1))[0]
        == "F114"
    )


def test_a_formula_over_the_limit_is_refused_as_a_whole():
    parse(formula("a" * limits.FORMULA_CHARACTERS))
    assert fault("a" * (limits.FORMULA_CHARACTERS + 1)) == ("F114", "")


def test_a_long_sum_is_one_flat_node():
    long = tree("+".join(["a"] * (limits.FORMULA_CHARACTERS // 2)))
    assert isinstance(long, Chain) and len(long.rest) == limits.FORMULA_CHARACTERS // 2 - 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("(支出 + b) * c", "(支出 + b) * c"),
        ("-(a)", "-(a)"),
        ("t[x == 1].a", "t[x == 1].a"),
        ("not a and b or c > d", "not a and b or c > d"),
        ("sum(a, b)", "sum(a, b)"),
    ],
)
def test_a_part_covers_its_brackets(text, whole):
    expression = parse(formula(text))
    assert expression.source(expression.tree) == whole


def test_the_span_of_a_part_counts_characters_not_bytes():
    expression = parse(Formula("支出合计 + 收入", SourceSpan("r.yaml", 7, 20)))
    assert isinstance(expression.tree, Chain)
    assert expression.span_of(expression.tree.rest[0][1]) == SourceSpan("r.yaml", 7, 27, 7, 29)
    short = parse(Formula("支 + 收", SourceSpan("r.yaml", 7, 20)))
    assert short.span_of(short.tree.rest[0][1]) == SourceSpan("r.yaml", 7, 24, 7, 25)


@pytest.mark.parametrize(
    ("text", "span"),
    [("a +\nb", SourceSpan("r.yaml", 7, 20)), ("a + b", SourceSpan("r.yaml", 7, 20, 8, 3))],
)
def test_in_a_formula_of_several_lines_the_whole_is_marked(text, span):
    of = Formula(text, span)
    assert part_span(of, tree(text).rest[0][1]) == span


def test_without_a_part_all_of_a_formula_is_marked():
    assert part_span(Formula("a + b", SourceSpan("r.yaml", 7, 20, 7, 21))) == SourceSpan(
        "r.yaml", 7, 20, 7, 25
    )


def test_names_of_a_filter_are_its_own():
    node = tree('a + sum(t[x == "甲" and -y > b].z) - max(c, not d)')
    assert [name.key for name in names(node)] == ["a", "c", "d"]
    assert [name.key for name in every_name(node)] == ["a", "t", "x", "y", "b", "c", "d"]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
@example("\x00")
@example("a\ud800")
@example("(" * limits.FORMULA_CHARACTERS)
@example("1" * 5000)
def test_any_text_is_a_formula_or_a_fault_within_it(text):
    found = outcome(text)
    if isinstance(found, Expression):
        assert found.source(found.tree).strip()
    else:
        assert found.code in {"F101", "F102", "F107", "F114"}
        assert found.part is None or 0 <= found.part.start <= found.part.end <= len(text)


@settings(deadline=None)
@given(
    st.recursive(
        st.sampled_from(["a", "支出.决算", "2", "0.5", "'2万元'"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]} {0[1]} {0[2]})".format),
            st.tuples(st.sampled_from(FUNCTIONS), inner).map("{0[0]}({0[1]})".format),
            inner.map("-{}".format),
        ),
        max_leaves=12,
    )
)
def test_what_the_grammar_builds_is_parsed_to_its_last_character(text):
    found = outcome(text)
    if isinstance(found, Expression):
        assert found.source(found.tree) == text
    else:
        assert found.code == "F114"
