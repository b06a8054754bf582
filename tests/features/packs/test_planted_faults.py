"""check-pack builds a pack on made-up facts: faults that show in a build are found without data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from logged import logged
from reportgen.features.packs.inspection import check_pack, new_pack
from reportgen.findings import Diagnostics
from reportgen.project.source_files import SourceFiles

ROOT = Path(__file__).resolve().parents[3]
NAME = "changsha/fund-2024"
PACK = f"templates/{NAME}"
FORM, SECTION, METRICS = "forms/funds.html", "sections/funds.md", "metrics.yaml"
RELATIONS, PACK_FILE, ANNEX = "relations.yaml", "pack.yaml", "annex1.md"
RATE_CELL = '      <td class="center">{{ fund.rate }}</td>\n'
LAST_CELL = '      <td class="center">{{ use_rate }}</td>\n'
USE_RATE = 'formula: total.outturn / total.budget, unit: "%"'
RATED = """\
metrics:
  points.output: {title: 产出, formula: 'sum(ratings[level1 == "产出指标"].points)'}
  points.effect: {title: 效益, formula: 'sum(ratings[level1 == "效益指标"].points)'}
  points.total: {title: 总分, formula: sum(ratings.points)}
relations:
  output: {title: 产出60分, claim: points.output == "60分"}
  effect: {title: 效益30分, claim: points.effect == "30分"}
  total: {title: 总分100分, claim: points.total == "100分"}
"""
POLICY = "disclosure:\n  withhold: [{key: funds.*.outtrun, reason: 涉密, basis: 保守国家秘密法}]\n"
CHART = (
    "charts:\n  - {id: a, title: 图, rows: funds, series: [{key: funds.*.spent, title: 支出}]}\n"
)
COVER = "cover:\n  fields: [{label: 单位：, value: '{{ unit.nmae }}'}]\n"
FIRST_METRIC = "metrics:\n"
HOLE = """\
scoring_rules:
  a: {title: 甲, kind: bands, bands: [{range: '[9, )', score: '5'}, {range: '( , 8)', score: '0'}]}
scoring: {x: {rule: a, value: use_rate}}
metrics:
"""
SIGNED = "'{{ report.date | day }}'"

FAULTS = [
    # wrong columns and names
    ("column misspelt in a form", FORM, "fund.outturn |", "fund.outtrun |", "T102"),
    ("column that no fund has", FORM, "fund.budget |", "fund.amount |", "T102"),
    ("name misspelt in a text", SECTION, "{{ use_rate }}", "{{ use_rates }}", "P307"),
    ("column of a where", FORM, "in funds %}", 'in funds | where(kind="甲") %}', "T102"),
    ("column of groups", FORM, "for fund in funds", 'for g, f in funds | groups("kind")', "T102"),
    (
        "column of a sum",
        FORM,
        "{{ total.budget | number",
        '{{ funds | sum("plan") | number',
        "T102",
    ),
    ("sum of texts", FORM, "{{ total.budget | number", '{{ funds | sum("name") | number', "T108"),
    ("name in the signature", PACK_FILE, SIGNED, "'{{ report.day }}'", "T102"),
    ("name on the cover", PACK_FILE, "annexes:\n", COVER + "annexes:\n", "T102"),
    (
        "filter that there is not",
        FORM,
        "{{ fund.budget | number",
        "{{ fund.budget | nubmer",
        "T115",
    ),
    ("number of a text", FORM, "{{ fund.name }}", "{{ fund.name | number }}", "T108"),
    ("day of a text", SECTION, "{{ year }}", "{{ unit.name | day }}", "T108"),
    ("group printed", SECTION, "{{ total.budget }}", "{{ total }}", "T106"),
    ("calculation", FORM, "total.budget | number", "total.budget - total.outturn | number", "T104"),
    ("figure as condition", SECTION, "{{ use_rate }}", "{% if use_rate %}甲{% endif %}", "T118"),
    ("derived column misspelt", FORM, "{{ fund.rate }}", "{{ fund.raet }}", "T102"),
    # cells and grids
    ("cell missing in a row", FORM, RATE_CELL, "", "P203"),
    ("cell missing in the last row", FORM, LAST_CELL, "", "P203"),
    ("cell too many", FORM, LAST_CELL, LAST_CELL * 2, "P203"),
    (
        "column too many in colgroup",
        FORM,
        '<col width="46">',
        '<col width="4"><col width="42">',
        "P203",
    ),
    ("column too few in colgroup", FORM, '<col width="46">', "", "P203"),
    (
        "rowspan beyond the table",
        FORM,
        '"row" class="center"',
        '"row" rowspan="2" class="center"',
        "P203",
    ),
    ("colspan too wide", FORM, '"row" class="center"', '"row" colspan="2" class="center"', "P203"),
    ("tag that no form has", FORM, "{{ fund.name }}", "<b>{{ fund.name }}</b>", "T111"),
    (
        "class misspelt",
        FORM,
        '<th scope="row" class="center"',
        '<th scope="row" class="centre"',
        "T111",
    ),
    ("caption missing", FORM, "  <caption>专项资金使用情况表</caption>\n", "", "T111"),
    # what the pack prescribes
    ("columns miscounted", PACK_FILE, "columns: 4", "columns: 5", "P204"),
    ("label misspelt", PACK_FILE, "labels: [项目名称,", "labels: [项目名成,", "P312"),
    ("label unused", PACK_FILE, "使用率]", "使用率, 备注]", "P312"),
    (
        "labels out of order",
        PACK_FILE,
        "[项目名称, 预算数（万元）,",
        "[预算数（万元）, 项目名称,",
        "P205",
    ),
    ("form not placed", ANNEX, '{{ form("funds") }}', "见正文。", "P206"),
    ("form misspelt", ANNEX, '{{ form("funds") }}', '{{ form("fund") }}', "L100"),
    ("section without text", SECTION, None, "{# 无 #}\n", "P202"),
    ("heading too high", SECTION, None, "# 标题\n\n甲。\n", "T114"),
    ("bullet list", SECTION, None, "- 甲\n- 乙\n", "T113"),
    ("placeholder left", SECTION, "专项资金安排", "XX资金安排", "P208"),
    ("mark doubled", SECTION, "，预算", "，，预算", "P209"),
    ("withheld key misspelt", PACK_FILE, "formats:", POLICY + "formats:", "D111"),
    ("chart of no figure", PACK_FILE, "formats:", CHART + "formats:", "T123"),
    # arithmetic
    ("unknown table in a metric", METRICS, "sum(funds)", "sum(fund)", "P307"),
    ("unknown column in a metric", METRICS, "row.outturn /", "row.spent /", "F103"),
    ("unknown column in a relation", RELATIONS, "total.outturn <=", "sum(funds.spent) <=", "F103"),
    (
        "money and people added",
        METRICS,
        USE_RATE,
        "formula: total.outturn + staffing.actual",
        "F104",
    ),
    ("money and people compared", RELATIONS, "<= total.budget", "<= staffing.quota", "F104"),
    (
        "share in money",
        METRICS,
        USE_RATE,
        "formula: total.outturn / total.budget, unit: 万元",
        "F113",
    ),
    ("money in a share", METRICS, USE_RATE, 'formula: total.outturn, unit: "%"', "F113"),
    ("texts added up", METRICS, "sum(funds), each: [budget, outturn]", "sum(funds.name)", "F109"),
    ("cycle", METRICS, USE_RATE, "formula: use_rate * 2", "F105"),
    ("tolerance in people", RELATIONS, "help:", "tolerance: 1人, help:", "F104"),
    ("points that do not add up", "weights.yaml", None, RATED, "P311"),
    (
        "bands with a hole",
        METRICS,
        FIRST_METRIC,
        HOLE,
        "F120",
    ),
    ("rule misspelt", METRICS, FIRST_METRIC, "scoring: {x: {rule: none}}\nmetrics:\n", "F122"),
]


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOT / "templates/shared", tmp_path / "templates/shared")
    new_pack(tmp_path, NAME, Diagnostics())
    return tmp_path


def found_in(root):
    return logged(check_pack, SourceFiles(root), NAME)[1]


def everything_below(root):
    return {path: path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}


@pytest.mark.parametrize(
    ("fault", "path", "old", "new", "code"), FAULTS, ids=[f[0] for f in FAULTS]
)
def test_planted_fault_is_found_in_the_pack(root, fault, path, old, new, code):
    file = root / PACK / path
    text = file.read_text("utf-8") if file.exists() else ""
    assert old is None or old in text
    file.write_text(new if old is None else text.replace(old, new), "utf-8")
    before = everything_below(root)
    found = found_in(root)
    assert code in [each.code for each in found], [(each.code, str(each.span)) for each in found]
    first = next(each for each in found if each.code == code)
    assert first.span.path.startswith("templates/")
    assert not any(str(place.span).startswith("data/") for place in first.places)
    assert everything_below(root) == before


def test_there_are_many_kinds_of_faults():
    assert len(FAULTS) >= 40
