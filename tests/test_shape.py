"""The measure of the code's shape sees what it is to see; `make lint` holds the package to it."""

from __future__ import annotations

import ast

import pytest
import shape

FUNCTIONS = {
    "def f(): pass": 1,
    "def f(x):\n    if x:\n        return 1\n    return 2": 2,
    "def f(x):\n    return 1 if x else 2": 2,
    "def f(x):\n    for y in x:\n        while y:\n            pass": 3,
    "def f(x):\n    return [y for y in x]": 2,
    "def f(x, y, z):\n    return x and y and z": 3,
    "def f(x):\n    try:\n        pass\n    except ValueError:\n        pass": 2,
    "def f(x):\n    match x:\n        case 1: pass\n        case _: pass": 3,
    "def f(x):\n    def g(y):\n        return y or x\n    return g": 2,
}


@pytest.mark.parametrize(("text", "wanted"), FUNCTIONS.items(), ids=range(len(FUNCTIONS)))
def test_each_branch_counts_once(text, wanted):
    (function,) = ast.parse(text).body
    assert shape.complexity(function) == wanted


PROBLEMS = {
    "x = [[a for a in b] for b in c]": "a comprehension within another",
    "x = [a for b in c for a in b]": "a comprehension with two `for`",
    "x = [a for a in c if a if b]": "a comprehension with two `if`",
    "def f(x):\n" + "    if x: pass\n" * 10: "f: complexity 11, at most 10",
    "x = 1\n" * 401: "401 lines, at most 400",
}


@pytest.mark.parametrize(("text", "problem"), PROBLEMS.items(), ids=PROBLEMS.values())
def test_each_kind_of_problem_is_named(tmp_path, text, problem):
    (tmp_path / "module.py").write_text(text, "utf-8")
    measured = shape.Shape()
    shape.measure([tmp_path / "module.py"], measured)
    assert [each for each in measured.problems if each.endswith(problem)]


def test_plain_code_has_no_problem(tmp_path, capsys):
    (tmp_path / "module.py").write_text("x = [a for a in range(3) if a]\n", "utf-8")
    assert shape.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("1 modules, 1 lines, 0 functions")


def test_limits_of_the_whole_package_are_named():
    measured = shape.Shape(
        modules=shape.MOST_MODULES + 1,
        lines=100,
        comprehensions=3,
        complexities=[4],
        types={"Row": ["a.py", "b.py"], "Cell": ["a.py"]},
    )
    broken = list(shape.limits(measured))
    limits = (shape.MOST_MODULES, shape.MEAN_COMPLEXITY, shape.COMPREHENSIONS_PER_100_LINES)
    assert [each.split()[-1] for each in broken[:3]] == [str(limit) for limit in limits]
    assert broken[3] == "type Row stands in a.py, b.py"


def test_the_package_holds_them():
    assert shape.main([]) == 0
