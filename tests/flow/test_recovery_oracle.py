"""The real reports under random policies: what HiGHS bounds closely of their sums, we do."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from real_report import ROOT
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.readers import number_groups, report_facts
from reportgen.flow.steps import compose_version, derive_report
from reportgen.formula.lookup import is_typed
from reportgen.inference.disclosed_facts import DisclosedFacts
from reportgen.inference.linear_forms import Interval
from reportgen.inference.printed import unprinted_interval
from reportgen.inference.recovery import is_disclosed, recoverable
from reportgen.load.inputs import load
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

UNITS = ("huaihua", "yueyang", "yongzhou")
CLOSE = 1e-5
"""Of the step of a figure, what HiGHS may be off; its numbers are scaled to 万元."""


@pytest.fixture(scope="module", params=UNITS)
def known(request):
    """Return what readers know of all reports of a unit."""
    files, facts = SourceFiles(ROOT), []
    for each in every_report(files, (request.param,)):
        job = Job(ROOT, ROOT / "build", each.unit, each.year, each.report, "public")
        inputs = load(files, each.unit, each.year, each.report, Diagnostics())
        version = compose_version(derive_report(job, inputs, Diagnostics()), files, Diagnostics())
        facts.append(report_facts(version, tuple(number_groups(version))))
    return DisclosedFacts(tuple(facts))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_what_highs_finds_in_the_sums_of_a_unit_is_told(known, data):
    typed = [n for n, v in known.variables.items() if v.given and v.figure and is_typed(v.figure)]
    derived = [n for n, v in known.variables.items() if v.given and v.figure and n not in typed]
    secrets = data.draw(st.lists(st.sampled_from(typed), min_size=1, max_size=4, unique=True))
    lost = data.draw(st.lists(st.sampled_from(derived), max_size=6, unique=True))
    variables = dict(known.variables)
    for name in (*secrets, *lost):
        figure = variables[name].figure
        variables[name] = replace(variables[name], given=False, interval=unprinted_interval(figure))
    told = {each.name: each.interval for each in recoverable(variables, known.equations, secrets)}
    sums = [each for each in known.equations if each.form.is_linear]
    for name in secrets:
        width = _width(variables, sums, name)
        if width is None:
            continue
        slack = CLOSE * float(max(variables[name].step, Fraction(1)))
        if name in told:
            assert float(told[name].width) <= width + slack
        else:
            of = variables[name]
            left = Interval.around(of.value, Fraction(width + slack) / 2)
            assert not is_disclosed(of, left) or slack * 2 >= width


def _width(variables, sums, name) -> float | None:
    """Return how wide HiGHS leaves a figure, None without an end."""
    scale = 10_000.0
    numbers = {each: at for at, each in enumerate(variables)}
    rows = lil_matrix((len(sums), len(numbers)))
    for at, equation in enumerate(sums):
        for figure, factor in equation.form.terms:
            rows[at, numbers[figure]] = float(factor)
    right = [-float(equation.form.constant) / scale for equation in sums]
    bounds = [
        tuple(
            None if end is None else float(end) / scale for end in (v.interval.low, v.interval.high)
        )
        for v in variables.values()
    ]
    ends = []
    for sign in (1, -1):
        cost = [0.0] * len(numbers)
        cost[numbers[name]] = sign
        found = linprog(cost, A_eq=rows.tocsr(), b_eq=right, bounds=bounds, method="highs")
        if found.status != 0:
            return None
        ends.append(sign * found.fun * scale)
    return ends[1] - ends[0]
