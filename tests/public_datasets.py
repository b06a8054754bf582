"""Datasets of public versions for tests, and an oracle that recomputes from their CSV alone."""

from __future__ import annotations

import ast
import csv
import io
import json
import operator
from fractions import Fraction

from outcome import Outcome, draft
from reportgen.features.site.datasets import CSV, dataset_files
from reportgen.features.site.versions import PublicVersion
from reportgen.flow.job import Job
from reportgen.flow.told_figures import figures
from reportgen.project.source_files import SourceFiles

VERSION = PublicVersion(1, "2023年度自评报告", "自评报告", "某局", "2024-06-28", "0" * 64)


def drafted(root, unit, year, report) -> Outcome:
    """Return a report as far as its public document."""
    job = Job(root, root / "build", unit, year, report, "public", ("html",))
    return draft(job, SourceFiles(root))


def dataset(outcome: Outcome) -> dict[str, bytes]:
    """Return the files of the dataset of a drafted public version."""
    return dataset_files(VERSION, json.loads(figures(outcome.draft)))


def rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    """Return the rows of figures.csv as anybody reads them."""
    text = files[CSV].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


# The oracle: nothing of the package, Python's own reader of expressions

_SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = {"min": min, "max": max, "abs": abs}


def _value(node, numbers):
    match node:
        case ast.Expression(body=body):
            return _value(body, numbers)
        case ast.Name(id=name):
            return numbers[name]
        case ast.Constant(value=int() as number):
            return Fraction(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, numbers)
        case ast.BinOp(left=left, op=sign, right=right):
            return _SIGNS[type(sign)](_value(left, numbers), _value(right, numbers))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name](*(_value(each, numbers) for each in arguments))
    raise AssertionError(ast.dump(node))


def _rounded(value: Fraction, decimals: int) -> Fraction:
    """Return a value rounded half away from zero."""
    whole = int(abs(value) * 10**decimals + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def recomputed(table: list[dict[str, str]]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return what the formulas of a dataset give, and what is printed, by id."""
    numbers = {row["编号"]: Fraction(row["数值"]) * Fraction(row["换算系数"] or 1) for row in table}
    found = {}
    for row in table:
        if row["算式"]:
            value = _value(ast.parse(row["算式"], mode="eval"), numbers)
            own = _rounded(value / Fraction(row["换算系数"]), int(row["小数位数"]))
            found[row["编号"]] = own, Fraction(row["数值"])
    return found
