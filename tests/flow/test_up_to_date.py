"""What has not changed is not built again, and whatever could change a file builds it."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.flow import up_to_date
from reportgen.flow.pipeline import build
from reportgen.write import fonts
from reportgen.write.writers import engines
from small_project import DATA, HOME, PACK, UNIT, SmallProject


def again(small, **options):
    return build(small.job(**options)).up_to_date


def outputs(small, audience="internal"):
    folder = small.job(audience=audience).folder
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
def test_a_second_build_says_so_and_leaves_every_file(small, audience):
    assert not again(small, audience=audience)
    before = outputs(small, audience)
    assert again(small, audience=audience)
    assert outputs(small, audience) == before


def test_it_is_built_by_force(small):
    again(small)
    result = build(small.job(), force=True)
    assert not result.up_to_date
    assert result.files


def test_a_file_that_was_only_touched_is_no_change(small):
    again(small)
    os.utime(small.root / DATA / "funds.yaml", (1, 1))
    assert again(small)


CHANGES = {
    "a fact": (f"{DATA}/facts.yaml", "# 另注\n"),
    "a fact of last year": (f"data/{UNIT}/2022/accounts.yaml", "# 另注\n"),
    "the unit": (f"data/{UNIT}/unit.yaml", "# 另注\n"),
    "the narrative": (f"{HOME}/narrative/results.md", "\n"),
    "a metric": (f"{PACK}/metrics.yaml", "# 另注\n"),
    "a form": (f"{PACK}/forms/overview.html", "<!-- -->"),
    "a shared frame": ("templates/shared/report.css", "\n"),
    "the Word frame": ("templates/shared/report.typ", "\n"),
}


@pytest.mark.parametrize(("path", "more"), CHANGES.values(), ids=CHANGES)
def test_a_changed_file_builds_it(small, path, more):
    again(small)
    small.write(path, small.text(path) + more)
    assert not again(small)


NEW_FILES = {
    "facts": (f"{DATA}/more.yaml", "# 空\n"),
    "rules of the report": (f"{HOME}/more.yaml", "# 空\n"),
    "narrative": (f"{HOME}/narrative/_note.md", "注\n"),
    "rules of the pack": (f"{PACK}/more.yaml", "{}\n"),
    "a stylesheet of the pack": (f"{PACK}/report.css", "p { color: red }\n"),
    "an earlier year": (f"data/{UNIT}/2021/accounts.yaml", "{}\n"),
}


@pytest.mark.parametrize(("path", "content"), NEW_FILES.values(), ids=NEW_FILES)
def test_a_new_file_that_could_be_read_builds_it(small, path, content):
    again(small)
    (small.root / path).parent.mkdir(parents=True, exist_ok=True)
    small.write(path, content)
    assert not again(small)


@pytest.mark.parametrize(
    "options",
    [{"formats": ("html", "docx")}, {"comments": True}, {"strict": True}, {"final": True}],
    ids=str,
)
def test_other_options_build_it(small, options):
    again(small)
    assert not again(small, **options)


def test_another_program_builds_it(small, monkeypatch):
    again(small)
    monkeypatch.setattr(up_to_date, "program", lambda: "another")
    assert not again(small)


def test_another_engine_or_font_builds_it(small):
    job = small.job()
    again(small)
    assert not up_to_date.is_up_to_date(job, {"packages": {}, "fonts": []})


def test_a_look_whether_it_is_up_to_date_reads_no_version_of_a_font(small, monkeypatch):
    again(small, formats=("pdf",))
    monkeypatch.setattr(fonts, "font_version", lambda *_: pytest.fail("read"))
    assert again(small, formats=("pdf",))


def test_a_font_of_another_hash_builds_it(small):
    again(small, formats=("pdf",))
    now = engines()
    assert up_to_date.is_up_to_date(small.job(formats=("pdf",)), now)
    now["fonts"][0]["sha256"] = "aa" * 32
    assert not up_to_date.is_up_to_date(small.job(formats=("pdf",)), now)


@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_an_output_that_is_not_as_it_was_builds_it(small, audience, damage):
    again(small, audience=audience)
    page = small.job(audience=audience).folder / "department.html"
    if damage == "lost":
        page.unlink()
    else:
        page.write_bytes(page.read_bytes() + b" ")
    assert not again(small, audience=audience)


def test_a_lost_record_of_disclosure_builds_it(small):
    again(small, audience="public")
    (small.job().record / "department.yaml").unlink()
    assert not again(small, audience="public")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"department": {"outputs": 1}}'])
def test_a_damaged_manifest_builds_it(small, content):
    again(small)
    (small.folder / "manifest.json").write_bytes(content)
    assert not again(small)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
PARTS = ("inputs", "folders", "absent", "seen", "outputs", "engines", "options", "clean", "program")


@pytest.fixture(scope="module")
def once_built(tmp_path_factory):
    """Return a project that was built once, for tests that put everything back."""
    small = SmallProject.copied(tmp_path_factory.mktemp("built") / "project")
    again(small)
    return small


@given(damage=st.dictionaries(st.sampled_from(PARTS), ANYTHING, min_size=1))
def test_no_damage_to_an_entry_breaks_a_build(once_built, damage):
    path = once_built.folder / "manifest.json"
    whole = path.read_bytes()
    entries = json.loads(whole)
    before = dict(entries["department"])
    entries["department"] |= damage
    path.write_text(json.dumps(entries), "utf-8")
    try:
        found = up_to_date.is_up_to_date(once_built.job(), engines(font_versions=False))
    finally:
        path.write_bytes(whole)
    told = {name: value for name, value in entries["department"].items() if name != "clean"}
    assert found == (told == {name: value for name, value in before.items() if name != "clean"})


@pytest.mark.parametrize("part", ["inputs", "folders", "absent"])
def test_a_list_with_a_line_less_is_not_taken_for_whole(once_built, part):
    path = once_built.folder / "manifest.json"
    whole = path.read_bytes()
    entries = json.loads(whole)
    kept = list(entries["department"][part])[1:]
    listed = entries["department"][part]
    entries["department"][part] = (
        kept if isinstance(listed, list) else {name: listed[name] for name in kept}
    )
    path.write_text(json.dumps(entries), "utf-8")
    try:
        found = up_to_date.is_up_to_date(once_built.job(), engines(font_versions=False))
    finally:
        path.write_bytes(whole)
    assert not found


def test_a_chart_knows_its_fonts_whatever_the_format(small):
    again(small)
    assert not up_to_date.is_up_to_date(small.job(), {**engines(), "fonts": []})


def test_a_failed_build_is_not_taken_for_one(small):
    again(small)
    path = f"{DATA}/facts.yaml"
    text = small.text(path)
    small.write(path, "facts: [")
    assert build(small.job()).failed
    assert build(small.job()).failed
    small.write(path, text)
    assert again(small)


def test_what_is_committed_since_is_built_from_the_commit(repository):
    page = repository.root / DATA / "facts.yaml"
    page.write_text(page.read_text("utf-8") + "# 另注\n", "utf-8")
    job = repository.job()
    build(job)
    assert build(job).up_to_date
    repository.commit("facts")
    assert not build(job).up_to_date
    manifest = json.loads((job.folder / "manifest.json").read_text("utf-8"))
    assert manifest["department"]["clean"] is True


BESIDE = {
    "another unit": ("data/other/2023/x.yaml", True),
    "notes": ("notes/x.md", True),
    "a file of the unit that no report reads": (f"data/{UNIT}/2023/x.txt", False),
    "another pack": ("templates/other/pack.yaml", False),
}


@pytest.mark.parametrize(("path", "clean"), BESIDE.values(), ids=BESIDE)
def test_only_the_unit_and_the_templates_say_whether_a_build_is_of_its_commit(
    repository, path, clean
):
    (repository.root / path).parent.mkdir(parents=True, exist_ok=True)
    repository.write(path, "x: 1\n")
    job = repository.job(formats=("html",))
    build(job)
    manifest = json.loads((job.folder / "manifest.json").read_text("utf-8"))
    assert manifest["department"]["clean"] is clean


def test_the_command_says_so_and_builds_by_force(small):
    words = ("--year", 2023, "--format", "html", "--out", small.root / "build")
    small.run("build", *words)
    from small_project import reportgen

    run = reportgen("build", "--root", small.root, *words)
    assert "已是最新" in run.out
    assert "没有发现问题" not in run.out
    forced = reportgen("build", "--root", small.root, *words, "--force")
    assert "department.html" in forced.out
