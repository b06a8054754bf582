"""Everything is bounded: what passes a limit is a finding at its place, in time and in memory.

Each row is a bad input, the command that meets it, and the finding that tells of it. Where the
real limit would be slow to pass, the test lowers it.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from reportgen.model import limits
from reportgen.project.foreign_files import ForeignFileError, open_archive
from small_project import DATA, NARRATIVE, PACK, SHARED, Run, SmallProject, reportgen

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


OF_FRAMES = {"W104", "P309", "T101", "T102", "T115", "T121", "T153"}
"""What is told of a frame: of its tags at their places, else where it is filled."""


@pytest.mark.parametrize("text", TAGS)
@pytest.mark.parametrize(
    ("put", "kind", "codes"),
    [(page, "html", {"W105"}), (frame, "docx", OF_FRAMES)],
    ids=["page", "frame"],
)
def test_page_and_frame_without_end_are_errors(small, low, put, kind, codes, text):
    put(text)(small)
    run = bounded(small.run("build", "--format", kind))
    told = {spot[0] for spot in run.spots()}
    assert told
    assert told <= codes
    assert not list(small.root.glob("build/2023"))


# Word frames and other archives

DEEP = b"<a>" * 5_000 + b"</a>" * 5_000
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9)
    )
    + b"]><l>&a8;</l>"
)
"""A few hundred bytes that stand for gigabytes."""


def with_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], object]:
    return lambda files: files.__setitem__(name, content)


BLANKS = b" " * 20_000_000
FRAMES = [
    row("empty", written(FRAME, b"")),
    row("text", written(FRAME, b"frame")),
    row("cut", lambda project: project.write(FRAME, (project.root / FRAME).read_bytes()[:9_000])),
    row("without-types", framed(lambda files: files.pop("[Content_Types].xml"))),
    row("without-relations", framed(lambda files: files.pop("_rels/.rels"))),
    row("without-document", framed(lambda files: files.pop(MAIN))),
    row("without-styles", framed(lambda files: files.pop("word/styles.xml"))),
    row("with-a-lost-part", framed(lambda files: files.pop("word/footer1.xml"))),
    row("open-tag", framed(with_part(MAIN, b"<a><b>"))),
    row("other-xml", framed(with_part(MAIN, b"<a/>"))),
    row("deep", framed(with_part(MAIN, DEEP))),
    row("deep-styles", framed(with_part("word/styles.xml", DEEP))),
    row("entities", framed(with_part(MAIN, LAUGHS))),
    row("entities-in-styles", framed(with_part("word/styles.xml", LAUGHS))),
    row("entities-in-types", framed(with_part("[Content_Types].xml", LAUGHS))),
    row("wide-entities", framed(with_part(MAIN, LAUGHS.decode().encode("utf-16")))),
    row("bomb", framed(with_part("word/media/x.png", bytes(20_000_000)))),
    row("bomb-of-blanks", framed(with_part(MAIN, b"<a>" + BLANKS + b"</a>"))),
    row("digits", frame("{{ " + "1" * 5_000 + " }}")),
]


@pytest.mark.parametrize("change", FRAMES)
def test_frame_that_is_none_is_an_error(small, change):
    change(small)
    run = bounded(small.run("build", "--format", "docx"))
    told = {spot[0] for spot in run.spots()}
    assert told
    assert told <= OF_FRAMES
    assert not list(small.root.glob("build/2023"))


def archive(**sizes: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, size in sizes.items():
            made.writestr(name, bytes(size))
    return packed.getvalue()


def test_archive_is_counted_as_it_is_unpacked_and_never_believed():
    data = archive(a=900_000, b=200_000)
    assert open_archive(data, 1_100_000).namelist() == ["a", "b"]
    with pytest.raises(ForeignFileError, match="@unpacks_to_much"):
        open_archive(data, 1_099_999)
    lying = data.replace((900_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(zipfile.BadZipFile):
        open_archive(lying, 1_100_000)


@pytest.mark.parametrize(
    ("name", "most", "detail"),
    [
        ("ARCHIVE_MEMBERS", 1, "@too_many_files"),
        ("ARCHIVE_TAGS", 2, "@too_many_tags"),
        ("ARCHIVE_RATIO", 10, "@too_dense"),
    ],
)
def test_archive_of_too_many_files_or_tags_or_too_dense_is_refused(monkeypatch, name, most, detail):
    data = zipped(archive(a=1_000_000), with_part("b", b"<a><b/></a>"))
    assert len(open_archive(data, 2_000_000).namelist()) == 2
    monkeypatch.setattr(limits, name, most)
    with pytest.raises(ForeignFileError, match=detail):
        open_archive(data, 2_000_000)


@pytest.mark.parametrize("name", ["page.html.j2", "report.css", "report.typ", "chart.typ"])
def test_frame_file_that_is_empty_is_not_passed_over(small, name):
    small.write(f"templates/shared/{name}", b"")
    run = bounded(small.run("build", "--format", "html,pdf"))
    assert run.code == 1 or list(small.root.glob("build/2023/*/*/*.pdf"))


# JSON

MANIFESTS = [
    row("deep-list", "[" * 100_000),
    row("deep-group", '{"a":' * 100_000),
    row("deep-in-an-entry", '{"department": {"x": ' + "[" * 40 + "]" * 40 + "}}"),
    row("digits", '{"department": {"outputs": {"a": ' + "1" * 5_000 + "}}}"),
    row("list", "[]"),
    row("number", "1"),
    row("not-a-number", '{"department": NaN}'),
    row("bytes", b"\xff\xfe\x00"),
    row("outputs-of-a-number", '{"department": {"outputs": 5}}'),
    row(
        "formats-of-a-number", '{"department": {"outputs": {"x": "y"}, "options": {"formats": 5}}}'
    ),
    row("options-of-a-number", '{"department": {"outputs": {"x": "y"}, "options": 1}}'),
    row("engines-of-a-list", '{"department": {"outputs": {"x": "y"}, "engines": []}}'),
    row("inputs-of-a-list", '{"department": {"outputs": {"x": "y"}, "inputs": [1]}}'),
    row("half-a-character", '{"department": {"outputs": {"\\ud800": "a"}}}'),
    row("no-name", '{"department": {"outputs": {"\\u0000": "a"}, "absent": ["\\u0000"]}}'),
]
FOLDER = "build/2023/bureau/internal"


@pytest.mark.parametrize("content", MANIFESTS)
@pytest.mark.parametrize("command", ["build", "list", "verify", "verify-given"])
def test_manifest_of_any_content_breaks_nothing(small, command, content):
    (small.root / FOLDER).mkdir(parents=True)
    small.write(f"{FOLDER}/manifest.json", content)
    small.write(f"{FOLDER}/department.html", "<main>甲</main>")
    words = [command, "--root", small.root]
    if command == "build":
        words += ["--format", "html"]
    if command.startswith("verify"):
        words = ["verify", small.root / FOLDER / "department.html", "--root", small.root]
    if command == "verify-given":
        words += ["--manifest", small.root / FOLDER / "manifest.json"]
    run = bounded(reportgen(*words))
    assert run.code == (0 if command in {"build", "list"} else 1)


FIGURES = [
    row("deep-list", "[" * 100_000),
    row("digits", "1" * 5_000),
    row("text", '"x"'),
    row("row-of-a-number", "[1]"),
    row("value-of-a-million-digits", '[{"key": "a", "unit": "", "value": "1e9999999"}]'),
    row("value-by-zero", '[{"key": "a", "unit": "", "value": "1/0"}]'),
    row("no-value", "[{}]"),
]


@pytest.mark.parametrize("content", FIGURES)
def test_figures_of_any_content_are_a_finding(small, content):
    for folder in ("old", "new"):
        (small.root / folder).mkdir()
        small.write(f"{folder}/department.figures.json", content)
    run = bounded(reportgen("diff", small.root / "old", small.root / "new", "--root", small.root))
    assert "G108" in run.out + run.err


# Files that the command line names


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000_000)


KINDS = [row("pipe", pipe), row("device", device), row("hole", hole), row("folder", Path.mkdir)]


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_file_of_a_sensible_size_is_not_imported(small, make):
    make(small.root / "a.csv")
    words = ("--unit", "bureau", "--year", "2023", "--output-format", "json")
    run = bounded(reportgen("import", small.root / "a.csv", "--root", small.root, *words))
    assert run.code == 1
    assert run.spots()[0][0] in {"L101", "X104"}


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_file_of_a_sensible_size_is_not_verified(small, make):
    make(small.root / "department.html")
    run = bounded(reportgen("verify", small.root / "department.html", "--root", small.root))
    assert (run.code, "G108" in run.out) == (1, True)


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_file_of_a_sensible_size_is_no_manifest(small, make):
    make(small.root / "m.json")
    small.write("department.html", "<main>甲</main>")
    words = ("--manifest", small.root / "m.json", "--root", small.root)
    run = bounded(reportgen("verify", small.root / "department.html", *words))
    assert (run.code, "G116" in run.out) == (1, True)


@pytest.mark.parametrize("make", [pipe, device, hole])
@pytest.mark.parametrize("command", ["check", "fmt", "numbers", "explain"])
def test_what_is_no_file_of_a_sensible_size_is_no_data(small, make, command):
    make(small.root / DATA / "more.yaml")
    words = ["m0"] if command == "explain" else []
    run = bounded(reportgen(command, *words, "--root", small.root))
    assert run.code == 1
    assert f"{DATA}/more.yaml" in run.out + run.err


# Years and names


@pytest.mark.parametrize("year", ["99999999", "10000", "9999", "0", "-1", "1e3", "9" * 5_000])
@pytest.mark.parametrize(
    "words",
    [
        ("new-year", "YEAR", "--unit", "bureau"),
        ("new-year", "2024", "--unit", "bureau", "--from", "YEAR"),
        ("init", "--unit", "x", "--pack", "small", "--year", "YEAR"),
        ("check", "--year", "YEAR"),
        ("build", "--year", "YEAR"),
    ],
)
def test_year_beyond_the_calendar_is_a_usage_error(small, words, year):
    run = reportgen(*(year if word == "YEAR" else word for word in words), "--root", small.root)
    assert run.code == 2
    assert "internal error" not in run.err
    assert sorted(path.name for path in (small.root / "data").iterdir()) == ["bureau"]


LONG = "长" * 300
"""A name longer than any that a file can have."""


@pytest.mark.parametrize(
    "words",
    [
        ("init", "--unit", LONG, "--pack", "small", "--year", "2024"),
        ("init", "--unit", "x", "--pack", LONG, "--year", "2024"),
        ("init", "--unit", "x", "--pack", "small", "--year", "2024", "--report", LONG),
        ("new-pack", f"x/{LONG}"),
        ("check-pack", LONG),
        ("check", "--unit", LONG),
        ("explain", "1" * 5_000),
        ("explain", LONG * 30),
        ("rebuild", "--commit", LONG),
        ("verify", f"{LONG}.html"),
        ("diff", LONG),
        ("diff", "2" * 5_000, "2023"),
    ],
)
def test_name_of_any_length_breaks_nothing(small, words):
    assert bounded(reportgen(*words, "--root", small.root)).code == 1


# Spreadsheets

SHEET = "xl/worksheets/sheet1.xml"


def book(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return a workbook of one table after a change of its parts."""
    made = openpyxl.Workbook()
    for line in (["名称", "次数"], ["春季走访", 4]):
        made.active.append(line)
    saved = io.BytesIO()
    made.save(saved)
    return zipped(saved.getvalue(), change)


def swapped(name: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook in a part of which `new` stands for `old`."""

    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return book(change)


def merged(reference: bytes) -> bytes:
    cells = b'<mergeCells count="1"><mergeCell ref="%s"/></mergeCells>' % reference
    return swapped(SHEET, b"</sheetData>", b"</sheetData>" + cells)


def valued(number: bytes) -> bytes:
    return swapped(SHEET, b"<v>4</v>", b"<v>%s</v>" % number)


BOOKS = [
    row("far-cell", swapped(SHEET, b'r="B2"', b'r="XFD1048576"'), "X104"),
    row("merged", merged(b"A1:XFD1048576"), "X104"),
    row("entities", book(with_part(SHEET, LAUGHS)), "X104"),
    row("entities-in-texts", book(with_part("xl/sharedStrings.xml", LAUGHS)), "X104"),
    row("deep", book(with_part(SHEET, DEEP)), "X105"),
    row("bomb", book(with_part("xl/x.bin", bytes(60_000_000))), "X104"),
    row("endless", valued(b"1e999"), "X112"),
    row("no-number", valued(b"nan"), "X101"),
    row("long", valued(b"9" * 400), "X112"),
    row("large", valued(b"1e308"), "X112"),
    row("tiny", valued(b"1e-308"), "X112"),
    row("digits", valued(b"9" * 5_000), "X101"),
]


@pytest.mark.parametrize(("data", "code"), BOOKS)
def test_workbook_that_is_a_trap_is_a_finding(small, data, code):
    small.write("a.xlsx", data)
    before = small.text(FACTS)
    words = ("--unit", "bureau", "--year", "2023", "--output-format", "json")
    run = bounded(reportgen("import", small.root / "a.xlsx", "--root", small.root, *words))
    assert code in {spot[0] for spot in run.spots()}
    assert small.text(FACTS) == before


def test_hidden_columns_without_end_do_not_count(small):
    columns = b'<cols><col min="1" max="2000000000" hidden="1"/></cols><sheetData>'
    small.write("a.xlsx", swapped(SHEET, b"<sheetData>", columns))
    words = ("--unit", "bureau", "--year", "2023", "--root", small.root)
    run = bounded(reportgen("import", small.root / "a.xlsx", *words, "--output-format", "json"))
    assert {spot[0] for spot in run.spots()} == {"X106"}


# Forms and pages


@pytest.mark.parametrize(
    ("form", "code"),
    [
        row("large", "<table><caption>甲</caption>" + "<tr>" + "<td></td>" * 500 + "</tr>", "P203"),
        row("open-comments", "<table><caption>甲" + "<!--" * 50_000, "T111"),
        row("open-tags", "<table><caption>甲</caption><tr><td>" + "<a" * 50_000, "T111"),
    ],
)
def test_form_without_end_is_an_error(small, monkeypatch, form, code):
    monkeypatch.setattr(limits, "TABLE_PLACES", 400)
    small.write(FORM, form + ("</table>" if "P" in code else ""))
    assert code in {spot[0] for spot in bounded(small.run("check")).spots()}


@pytest.mark.parametrize(
    "page",
    [
        "<main><table><tr><td rowspan=99999999 colspan=99999999>甲</td></tr></table></main>",
        "<main><table>" + "<tr><td rowspan=999 colspan=999>甲</td></tr>" * 999 + "</table></main>",
        f"<main><table><tr><td rowspan={THOUSANDS} colspan=-7>甲</td></tr></table></main>",
        "<main>" + "<div>" * 20_000,
        "<main>" + "<p>甲。</p>" * 30_000 + "</main>",
    ],
    ids=["span", "spans", "digits", "deep", "sentences"],
)
def test_page_of_others_without_end_is_a_finding(repository, page):
    repository.write("department.html", page)
    words = ("--unit", "bureau", "--year", "2023", "--report", "department")
    words += ("--audience", "internal", "--root", repository.root)
    run = bounded(reportgen("verify", repository.root / "department.html", *words))
    assert run.code == 1
    assert "G108" in run.out or "G109" in run.out


# Memory and time, in a process that cannot take more


def word_file(body: bytes) -> bytes:
    """Return a Word file with that body."""
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    main = b"<w:document xmlns:w='%s'><w:body>%s</w:body></w:document>" % (space, body)
    return zipped((SHARED / "frame.docx").read_bytes(), with_part(MAIN, main))


def pdf(content: bytes, times: int) -> bytes:
    """Return a PDF of a page with `content`, deflated so many times."""
    made = pikepdf.new()
    made.add_blank_page()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    for _ in range(times):
        content = zlib.compress(content)
    filters = pikepdf.Array([pikepdf.Name.FlateDecode] * times)
    made.pages[0].Contents = pikepdf.Stream(made, content, Filter=filters)
    saved = io.BytesIO()
    made.save(saved, compress_streams=False)
    return saved.getvalue()


TABLES = b"<w:tbl><w:tr><w:tc>" * 20_000 + b"</w:tc></w:tr></w:tbl>" * 20_000
TRAPS = [
    row("paragraphs", "docx", lambda: word_file(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 700_000)),
    row("blanks", "docx", lambda: word_file(b" " * 150_000_000)),
    row("tables-in-tables", "docx", lambda: word_file(TABLES)),
    row("entities", "docx", lambda: zipped(word_file(b""), with_part(MAIN, LAUGHS))),
    row("lists-in-a-pdf", "pdf", lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000),
    row("blanks-in-a-pdf", "pdf", lambda: pdf(b" " * 300_000_000, 1)),
    row("blanks-packed-twice-in-a-pdf", "pdf", lambda: pdf(b" " * 300_000_000, 2)),
    row("letters-on-a-page", "pdf", lambda: pdf(b"BT /F 1 Tf " + b"(a) Tj " * 300_000 + b"ET", 1)),
    row("paragraphs-of-a-page", "html", lambda: b"<main>" + b"<p>a.</p>" * 300_000),
]


@pytest.mark.parametrize(("kind", "content"), TRAPS)
def test_file_of_others_takes_neither_the_memory_nor_the_time_of_the_machine(
    repository, kind, content
):
    (repository.root / f"department.{kind}").write_bytes(content())
    claim = ("--unit", "bureau", "--year", "2023", "--audience", "internal")
    file = f"department.{kind}"
    done = subprocess.run(
        [sys.executable, "-m", "reportgen.cli", "verify", file, "--report", "department", *claim],
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_DATA, (MEMORY, MEMORY)),
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "G108" in said, said
    assert "internal error" not in said and "Traceback" not in said, said


MEMORY = 1_500_000_000
"""Bytes that a process may take; a report takes some 150 million."""
