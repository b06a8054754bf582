"""Whatever stands in a file, the loader gives findings with places in files, never an exception."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logged import load
from reportgen.findings import Diagnostics, blocks
from reportgen.load.groups import fields_of
from reportgen.load.reading import validate, with_names
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.project.yaml_reader import read_yaml
from small_project import REPORT, SHARED, SMALL, UNIT, YEAR, SmallProject

YAML = sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*.yaml"))
OTHER = sorted(
    path.relative_to(SMALL).as_posix()
    for path in SMALL.rglob("*.*")
    if path.suffix in {".md", ".html"}
)
MARKS = "ab:1 .-\t'\"[]{},#&*!|>%@`~?<=\\/()（）：，。－％１人万元家\u3000\u00a0\ufeff{{}}𠮷"
ANYTHING = MARKS + "\n\x07\x85\u2028\ue000"

quick = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return SmallProject.copied(tmp_path_factory.mktemp("scratch") / "project")


@pytest.fixture(autouse=True)
def restored(scratch):
    """Put every file back after a test has spoilt some."""
    yield
    for source, target in ((SMALL, scratch.root), (SHARED, scratch.root / "templates" / "shared")):
        shutil.copytree(source, target, dirs_exist_ok=True)


def spoilt(project, path, data, take):
    """Return what `take` gives with `data` in the place of a file, its content put back after."""
    kept = (project.root / path).read_bytes()
    project.write(path, data)
    try:
        return take()
    finally:
        project.write(path, kept)


def loaded(project):
    return load(project.files, UNIT, YEAR, REPORT)


def places_are_real(findings, path, data):
    """Prove that places in `path`, whose content is `data`, are places of its text."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place in (place for each in findings for place in each.places):
        span = place.span
        if span.path == path:
            assert 1 <= span.line <= len(lines), each_place(place)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1, each_place(place)


def each_place(place):
    return f"{place.span} is outside the file"


def holds(project, path, data):
    """Prove that loading with `data` in `path` gives a value or errors with places in files."""
    value, findings = spoilt(project, path, data, lambda: loaded(project))
    assert (value is None) == blocks(findings)
    places_are_real(findings, path, data)


@quick
@given(path=st.sampled_from(YAML), data=st.binary(max_size=300))
def test_any_bytes_are_a_value_or_findings(scratch, path, data):
    holds(scratch, path, data)


@quick
@given(path=st.sampled_from(YAML), text=st.text(ANYTHING, max_size=60))
def test_any_text_of_yaml_marks_is_a_value_or_findings(scratch, path, text):
    holds(scratch, path, text.encode())


@st.composite
def mutated(draw):
    """Draw a file of the project with some of its lines deleted, doubled, moved or spoilt."""
    path = draw(st.sampled_from(YAML))
    lines = (SMALL / path).read_text("utf-8").split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        column = draw(st.integers(0, len(line)))
        weird = draw(st.text(ANYTHING, min_size=1, max_size=4))
        lines[at : at + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [line, line],
                    [lines[other]],
                    [line.lstrip()],
                    ["  " + line],
                    [line.replace(": ", "：")],
                    [line.replace(": ", ":")],
                    [line[:column]],
                    [line[:column] + weird + line[column:]],
                    [line[:column], line[column:]],
                ]
            )
        ) or [""]
    return path, "\n".join(lines).encode()


@settings(quick, max_examples=200)
@given(change=mutated())
def test_any_slip_in_a_good_file_is_a_value_or_findings_in_it(scratch, change):
    holds(scratch, *change)


@settings(quick, max_examples=40)
@given(change=mutated())
def test_whatever_loads_can_be_derived_and_composed(scratch, change):
    path, data = change
    outcome = spoilt(scratch, path, data, scratch.draft)
    assert outcome.failed or outcome.document is not None
    places_are_real(outcome.findings, path, data)


@settings(quick, max_examples=40)
@given(path=st.sampled_from(OTHER), text=st.text(ANYTHING, max_size=60), tail=st.booleans())
def test_any_text_of_a_template_is_a_document_or_findings(scratch, path, text, tail):
    kept = (SMALL / path).read_text("utf-8") if tail else ""
    data = (kept + text).encode()
    outcome = spoilt(scratch, path, data, scratch.draft)
    assert outcome.failed or outcome.document is not None
    places_are_real(outcome.findings, path, data)


def keys(model):
    """Return the names and labels of a schema model, and some that it does not know."""
    fields = fields_of(model)
    return [*fields, *(str(f.title) for f in fields.values()), "id", "name", "outturn", "别的", "0"]


def structures(model):
    """Return any structure of groups, lists and values under the keys of `model`."""
    leaf = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 10**6),
        st.text(MARKS, max_size=8),
        st.sampled_from(["1.5万元", "３家", "2024-06-28", "{{ year }}", "5%", "a", "甲", "1.2.3"]),
    )
    names = st.sampled_from(keys(model))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=4)
        ),
        max_leaves=12,
    )


@pytest.mark.parametrize("model", [ReportingUnit, Year, ReportFile])
@quick
@given(data=st.data())
def test_any_structure_is_a_value_or_findings_in_it(model, data):
    text = json.dumps(data.draw(structures(model)), ensure_ascii=False)
    node, findings = read_yaml("data/any.yaml", text)
    places_are_real(findings, "data/any.yaml", text.encode())
    if node is None:
        assert blocks(findings)
        return
    log = Diagnostics()
    value = validate(model, with_names(node, model, log), log)
    value, found = (None if log else value), tuple(log)
    assert (value is None) == blocks(found)
    places_are_real(found, "data/any.yaml", text.encode())
