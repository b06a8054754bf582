"""Everything is bounded: what passes a limit is a finding at its place, in time and in memory.

Each row is a bad input, the command that meets it, and the finding that tells of it. Where the
real limit would be slow to pass, the test lowers it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from reportgen.model import limits
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
    for word in ("internal error", "Traceback", "Error:", "set_int_max_str_digits"):
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


# Templates


@pytest.fixture
def low(monkeypatch):
    """Lower the limits of templates: to run up against the real ones takes seconds."""
    monkeypatch.setattr(limits, "TEMPLATE_STEPS", 20_000)
    monkeypatch.setattr(limits, "TEMPLATE_CHARACTERS", 200_000)


def nested(count: int, inside: str = "甲") -> str:
    """Return loops within loops, each over three rows."""
    return "{% for a in funds %}" * count + inside + "{% endfor %}" * count


def doubled(count: int) -> str:
    return "{% set a %}甲乙丙丁{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * count


TEMPLATES = [
    row("loops", nested(14), "T121"),
    row("loops-that-print-nothing", nested(14, ""), "T121"),
    row("loops-of-long-text", nested(11, "全年工作" * 2_000), "T121"),
    row("doubled-text", doubled(40) + "{{ a }}", "T121"),
    row(
        "doubled-list", "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a | join }}", "T107"
    ),
    row("macro-of-itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "T116"),
    row("conditions", "{% if year %}" * 300 + "{% endif %}" * 300, "T121"),
    row("conditions-of-5000", "{% if year %}" * 5_000 + "{% endif %}" * 5_000, "T121"),
    row("brackets", "{{ " + "(" * 3_000 + "year" + ")" * 3_000 + " }}", "T121"),
    row("negations", "{% if " + "not " * 3_000 + "year %}{% endif %}", "T121"),
    row("tags", "{{ year }}" * 20_001, "T121"),
    row("endless-number", "{{ 1e400 }}", "T101"),
    row("including-itself", f"{{% include '{PROSE}' %}}", "T116"),
    row("range", "{% for a in range(9999999999) %}{% endfor %}", "T102"),
    row("places", "{{ staffing.quota | places(99999999) }}", "T108"),
]


@pytest.mark.parametrize(("text", "code"), TEMPLATES)
def test_narrative_without_end_is_an_error_in_its_file(small, low, text, code):
    small.write(PROSE, text + "\n")
    found = bounded(small.run("check")).spots()
    assert (code, PROSE) in {spot[:2] for spot in found}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        row("form", FORM, lambda project: project.write(FORM, nested(14))),
        row("caption", FORM, lambda project: project.write(FORM, f"<caption>{nested(14)}")),
        row("title", OUTLINE, typed(OUTLINE, "支出情况", f"'{nested(14)}'")),
        row("annex", f"{PACK}/annex.md", written(f"{PACK}/annex.md", nested(14))),
    ],
)
def test_every_other_template_is_bounded_as_well(small, low, path, change):
    change(small)
    found = bounded(small.run("check")).spots()
    assert ("T121", path) in {spot[:2] for spot in found}


def page(end: str) -> Change:
    """Return the change that puts `end` at the end of the page template."""
    path = "templates/shared/page.html.j2"
    return lambda project: project.write(path, project.text(path) + end)


FRAME = "templates/shared/frame.docx"
MAIN = "word/document.xml"


def zipped(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return an archive after a change of its files, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    change(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def framed(change: Callable[[dict[str, bytes]], object]) -> Change:
    """Return the change that does something to the files in the Word frame."""
    return lambda project: project.write(FRAME, zipped((project.root / FRAME).read_bytes(), change))


def frame(text: str) -> Change:
    """Return the change that puts a paragraph with `text` at the end of the Word frame."""

    def change(files: dict[str, bytes]) -> None:
        paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p><w:sectPr".encode()
        files[MAIN] = files[MAIN].replace(b"<w:sectPr", paragraph, 1)

    return framed(change)


TAGS = [
    row("loops", "{% for a in [1, 1, 1] %}" * 14 + "{% endfor %}" * 14),
    row("range", "{% for a in range(99999) %}{% endfor %}"),
    row("product", "{{ 'a' * 9999999999 }}"),
    row("product-that-is-not-printed", "{% set a = 'a' * 9999999999 %}"),
    row("power", "{{ 9 ** 9 ** 9 }}"),
    row("width", "{{ '%0999999999d' % 1 }}"),
    row("width-by-a-filter", "{{ 'a' | center(999999999) }}"),
    row("width-by-a-method", "{{ 'a'.center(999999999) }}"),
    row("filler", "{{ lipsum(n=100000) }}"),
    row("doubled", doubled(40) + "{{ a }}"),
    row("macro-of-itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    row("brackets", "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}"),
    row("conditions", "{% if 1 %}" * 300 + "{% endif %}" * 300),
    row("endless-number", "{{ 1e400 }}"),
    row("tags", "{{ 1 }}" * 20_001),
]


@pytest.mark.parametrize("text", TAGS)
@pytest.mark.parametrize(
    ("put", "kind", "code"),
    [(page, "html", "W105"), (frame, "docx", "W104")],
    ids=["page", "frame"],
)
def test_page_and_frame_without_end_are_errors(small, low, put, kind, code, text):
    put(text)(small)
    run = bounded(small.run("build", "--format", kind))
    assert [spot[0] for spot in run.spots()] == [code]
    assert not list(small.root.glob("build/2023"))
