"""Everything is bounded: what passes a limit is a finding at its place, in time and in memory.

Each row is a bad input, the command that meets it, and the finding that tells of it. Where the
real limit would be slow to pass, the test lowers it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from small_project import DATA, NARRATIVE, PACK, Run, SmallProject, reportgen

STAFFING = f"{DATA}/staffing.yaml"
FACTS = f"{DATA}/facts.yaml"
PROSE = f"{NARRATIVE}/staffing.md"
METRICS = f"{PACK}/metrics.yaml"
RELATIONS = f"{PACK}/relations.yaml"
OUTLINE = f"{PACK}/pack.yaml"
FORM = f"{PACK}/forms/overview.html"

Change = Callable[[SmallProject], object]


def row(name: str, change: Change, *rest: object):
    return pytest.param(change, *rest, id=name)


def typed(path: str, old: str, new: str) -> Change:
    """Return the change that puts `new` for `old` in a file."""
    return lambda project: project.replace(path, old, new)


def written(path: str, content: str | bytes) -> Change:
    """Return the change that makes `content` all of a file."""
    return lambda project: project.write(path, content)


def rules(*formulas: str) -> Change:
    """Return the change that adds metrics m0, m1 … with these formulas."""
    lines = [f"  m{n}: {{title: 数{n}, formula: '{text}'}}\n" for n, text in enumerate(formulas)]
    return typed(METRICS, "metrics:\n", "metrics:\n" + "".join(lines))


def bounded(run: Run) -> Run:
    """Return a run that neither broke nor showed how the program is made."""
    said = run.out + run.err
    assert run.code in {0, 1}, run
    for word in ("internal error", "Traceback", "Error:", "recursion", "set_int_max_str_digits"):
        assert word not in said, run
    return run


ONES = "1" * 309
"""More digits than a floating-point number holds."""
THOUSANDS = "1" * 5_000
"""More digits than Python turns into a number."""

DIGITS = [
    row("fact", typed(FACTS, "12家", f"{ONES}家"), "L133", FACTS, ONES),
    row("fact-of-a-text", typed(FACTS, "第一", f"第{ONES}"), "L133", FACTS, ONES),
    row("fact-of-41", typed(FACTS, "12家", "9" * 41 + "家"), "S209", FACTS, "9" * 41),
    row("decimals", typed(FACTS, "12家", f"0.{ONES}家"), "L133", FACTS, "0.1"),
    row("thousands", typed(FACTS, "12家", f"'1{',111' * 40}家'"), "L133", FACTS, "1,111"),
    row("quota", typed(STAFFING, "30人", THOUSANDS), "L133", STAFFING, THOUSANDS),
    row("key", typed(STAFFING, "quota", THOUSANDS), "L133", STAFFING, THOUSANDS),
    row("goal", typed(FACTS, "{{ 服务企业 }}", THOUSANDS), "L133", FACTS, THOUSANDS),
    row("narrative", written(PROSE, f"编制{ONES}人。\n"), "L133", PROSE, ONES),
    row("narrative-of-5000", written(PROSE, f"编制\n{THOUSANDS}人\n"), "L133", PROSE, THOUSANDS),
    row("full-width", written(PROSE, "编制" + "１" * 309 + "人。\n"), "L133", PROSE, "１"),
    row("numerals", written(PROSE, "编制" + "一" * 30_000 + "人。\n"), "L133", PROSE, "一"),
    row("chain-of-wan", written(PROSE, "编制3" + "万" * 30_000 + "人。\n"), "L133", PROSE, "3万"),
    row("template", written(PROSE, f"{{{{ {THOUSANDS} }}}}\n"), "L133", PROSE, THOUSANDS),
    row("form", written(FORM, f"<table>\n<caption>{ONES}</caption></table>"), "L133", FORM, ONES),
    row("title", typed(OUTLINE, "支出情况", ONES), "L133", OUTLINE, ONES),
    row(
        "tolerance",
        typed(RELATIONS, "severity", f"tolerance: {ONES}\n    severity"),
        "L133",
        RELATIONS,
        ONES,
    ),
    row("floor", typed(METRICS, '"90"', f'"{ONES}"'), "L133", METRICS, ONES),
    row("formula", rules("9" * 101), "L133", METRICS, "9" * 101),
    row("formula-of-41", rules("9" * 41), "F107", METRICS, "9" * 41),
    row("literal-of-41", rules('"' + "9" * 41 + '家"'), "F107", METRICS, '"' + "9" * 41),
]


@pytest.mark.parametrize(("change", "code", "path", "marked"), DIGITS)
def test_number_that_nobody_can_have_meant_is_refused_where_it_stands(
    small, change, code, path, marked
):
    change(small)
    assert small.spot(code, path, marked) in bounded(small.run("check")).spots()


def squares(count: int) -> tuple[str, ...]:
    return ("3.7", *(f"m{n} * m{n}" for n in range(count)))


def quotients(count: int) -> tuple[str, ...]:
    return ("3.7", *(f"(m{n} * m{n} + 1) / (m{n} + 7)" for n in range(count)))


NINES = " * ".join(["9" * 40] * 3)
GROWING = [
    row("squares", rules(*squares(22)), "m7 * m7"),
    row("squares-of-a-fact", rules("规模企业 * 1", *squares(22)[1:]), "m6 * m6"),
    row("quotients", rules(*quotients(22)), "m10 * m10"),
    row("one-long-product", rules(NINES), NINES),
]


@pytest.mark.parametrize(("change", "part"), GROWING)
def test_derived_number_of_endless_digits_is_an_error_at_its_formula(small, change, part):
    change(small)
    found = bounded(small.run("check")).spots()
    assert found == [small.spot("F115", METRICS, part)]


@pytest.mark.parametrize("command", ["build", "explain", "export", "numbers", "list"])
def test_derived_number_of_endless_digits_stops_every_command(small, command):
    rules(*squares(22))(small)
    words = ["m22"] if command == "explain" else []
    run = bounded(reportgen(command, *words, "--root", small.root))
    assert "F115" in run.out + run.err or command in {"explain", "list"}
    assert not list(small.root.glob("build/*"))
