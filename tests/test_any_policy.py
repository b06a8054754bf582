"""Any policy over any facts: either findings, or files in which nothing withheld can be read.

The files are searched by `scanner`, which shares no code with the package.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome import prove, render
from reportgen.flow.job import Job
from reportgen.model.document import values
from reportgen.model.locations import located_texts
from reportgen.project.source_files import SourceFiles
from reportgen.write.writers import formats_to_write
from scanner import scan
from small_project import DATA, HOME, NARRATIVE, REPORT, UNIT, YEAR, SmallProject

FORMATS = ("docx", "html")
FACTS = """
  甲额: 48271.93万元
  乙额: 61538.47万元
  丙额: 29746.18万元
  户数: 738264户
  占比: 37.8264%
  单位甲: 南岭某某研究中心
  单位乙: 北江某某试验站
"""
ROWS = """
  items:
    - {id: one, name: 天枢某设备, 金额: 17392.64万元}
    - {id: two, name: 玉衡某工程, 金额: 83619.25万元}
    - {id: three, name: 开阳某平台, 金额: 52846.71万元}
"""
METRICS = """
  甲乙合计: {title: 甲乙合计, formula: 甲额 + 乙额}
  三项合计: {title: 三项合计, formula: 甲乙合计 + 丙额}
  甲占: {title: 甲额占比, formula: 甲额 / 三项合计, unit: "%", decimals: 4}
  items.total: {title: 设备合计, formula: sum(items.金额)}
"""
SAID = ("甲额", "乙额", "丙额", "户数", "占比", "单位甲", "单位乙")
PRINTED = (*SAID, "甲乙合计", "三项合计", "甲占")
ROWS_OF = ("items", "items.*.name", "items.*.金额", "items.one", "items.two.金额", "items.total")
KEYS = (*PRINTED, *ROWS_OF)
TERMS = ("南岭某某", "天枢某", "某设备", "试验站", "北江某某试验站")


@cache
def project() -> SmallProject:
    """Return a project that prints every fact in a sentence which provides for a blank."""
    made = SmallProject.copied(Path(mkdtemp()) / "project")
    facts = f"{DATA}/facts.yaml"
    made.replace(facts, "facts:\n", f"facts:{FACTS}")
    made.replace(facts, "tables:\n", f"tables:{ROWS}")
    made.replace(f"{HOME}/report.yaml", "metrics:\n", f"metrics:{METRICS}")
    said = [
        f"{{% if {key} is not blank %}}{key}：{{{{ {key} }}}}。{{% endif %}}" for key in PRINTED
    ]
    rows = "{% for each in items %}\n> {{ each.name }}：{{ each.金额 }}\n\n{% endfor %}"
    total = "{% if items.total is not blank %}合计{{ items.total }}。{% endif %}"
    results = f"{NARRATIVE}/results.md"
    made.write(results, "\n\n".join((made.text(results), *said, rows, total)))
    return made


def line(kind: str, target: str) -> str:
    more = {"mask": ", shown: 另行说明", "replace": ", shown: 有关方面"}.get(kind, "")
    name = "term" if kind == "replace" else "key"
    return f'    - {{{name}: "{target}"{more}, reason: 测试}}'


@st.composite
def policies(draw) -> str:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=5))
    kinds = {
        key: draw(st.sampled_from(["withhold", "withhold", "mask", "release"])) for key in keys
    }
    terms = draw(st.lists(st.sampled_from(TERMS), unique=True, max_size=2))
    kinds |= dict.fromkeys(terms, "replace")
    parts = []
    for kind in ("withhold", "mask", "release", "replace"):
        lines = [line(kind, target) for target, of in kinds.items() if of == kind]
        parts += [f"  {kind}:", *lines] if lines else []
    return "\n".join(["disclosure:", *parts]) + "\n" if parts else "disclosure: {}\n"


def told(document) -> dict[str, set[str]]:
    """Return what a document prints of each figure."""
    found: dict[str, set[str]] = {}
    for spot in located_texts(document):
        for value in values(spot.inlines):
            found.setdefault(value.key, set()).add(value.text)
    return found


def spelled(secret) -> str:
    """Return what a scanner can search a secret by: its digits, or its letters."""
    number = re.match(r"[\d.]+", secret.text)
    return number[0] if secret.value is not None and number else secret.text


@settings(max_examples=20)
@given(policies())
def test_files_of_any_policy_hold_nothing_that_it_keeps_back(policy):
    small = project()
    small.write(f"{DATA}/disclosure.yaml", policy)
    job = Job(small.root, small.root / "build", UNIT, YEAR, REPORT, "public", FORMATS)
    outcome = render(job, SourceFiles(small.root))
    if outcome.failed:
        assert {e.code[0] for e in outcome.findings if e.severity == "error"} == {"D"}
        return
    assert set(outcome.made) == set(formats_to_write(FORMATS, "public"))
    files = {name: scan(data) for name, data in outcome.made.items()}
    for secret in outcome.disclosed.secrets:
        word = "".join(spelled(secret).split())
        if len(word) >= 4 and secret.key.partition(".")[0] in {*PRINTED, *TERMS, "items"}:
            assert [name for name, text in files.items() if word in text] == [], secret
    internal = told(outcome.internal)
    for key, texts in told(outcome.keyed).items():
        if key not in outcome.disclosed.hidden:
            assert texts <= internal[key], key


@pytest.mark.parametrize("kind", ["withhold", "mask"])
def test_the_proof_finds_what_the_scanner_would(kind):
    small = project()
    small.write(f"{DATA}/disclosure.yaml", f"disclosure:\n  {kind}:\n{line(kind, '甲额')}\n")
    opening = f"{NARRATIVE}/opening.md"
    before = small.text(opening)
    small.write(opening, before + "另有48271.93万元。\n")
    job = Job(small.root, small.root / "build", UNIT, YEAR, REPORT, "public", FORMATS)
    outcome = prove(render(job, SourceFiles(small.root)))
    small.write(opening, before)
    assert "D101" in {each.code for each in outcome.findings}
