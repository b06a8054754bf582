"""The examples of codes: each does what it says it does, in both languages."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
import yaml

from logged import logged
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import CODES
from reportgen.findings.example_table import EXAMPLES
from reportgen.findings.manual import document_code
from reportgen.findings.renderers import concise
from small_project import SmallProject, reportgen

SOURCE = Path(__file__).resolve().parents[2] / "src/reportgen/findings/examples.yaml"


class Blocks(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""

    def represent_str(self, data):
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


Blocks.add_representer(str, Blocks.represent_str)


def checked(project):
    """Return what check-pack tells of the pack of the small project."""
    return logged(check_pack, project.files, "small")[1]


@cache
def told_before():
    """Return the codes that check-pack tells of the pack as it is, with their lines."""
    with tempfile.TemporaryDirectory() as folder:
        project = SmallProject.copied(Path(folder) / "before")
        return {(each.code, str(each.span)) for each in checked(project)}


def said(root, changes, code):
    """Return the finding of `code` in the small project after `changes`, as it is told.

    What check does not tell, check-pack does.
    """
    project = SmallProject.copied(root)
    for path, before, after in changes:
        if not before:
            (root / path).parent.mkdir(exist_ok=True)
            project.write(path, after + "\n")
            continue
        text = "\n" + project.text(path)
        assert text.count(f"\n{before}\n") == 1, (code, path)
        project.write(path, text.replace(f"\n{before}\n", f"\n{after}\n")[1:])
    findings = [each for each in project.draft().findings if not each.waived]
    if code not in {each.code for each in findings}:
        old = told_before()
        findings = [each for each in checked(project) if (each.code, str(each.span)) not in old]
    found = [each for each in findings if each.code == code][:1]
    return {"zh": concise(found, "zh"), "en": concise(found, "en")}


@pytest.mark.parametrize("letter", sorted({code[0] for code in EXAMPLES}))
def test_an_example_says_what_the_program_says(tmp_path, letter):
    for code, (changes, told) in EXAMPLES.items():
        if code[0] == letter:
            assert said(tmp_path / code, changes, code) == told


def test_the_file_of_examples_is_as_the_update_of_goldens_writes_it(tmp_path, request):
    before = SOURCE.read_text("utf-8")
    lines = before.splitlines(keepends=True)
    head = "".join(line for line in lines if line.startswith("#"))
    entries = yaml.load(before, Loader=yaml.CSafeLoader)
    updating = request.config.getoption("--golden-update")
    for code, entry in entries.items() if updating else ():
        changes = [(each["file"], each["from"], each["to"]) for each in entry["changes"]]
        entry.update(said(tmp_path / code, changes, code))
    text = yaml.dump(entries, Dumper=Blocks, allow_unicode=True, sort_keys=False, width=10_000)
    if updating:
        SOURCE.write_text(head + text, "utf-8")
    else:
        assert head + text == before


def test_examples_are_of_codes_that_there_are_in_their_order():
    assert [code for code in CODES if code in EXAMPLES] == list(EXAMPLES)


@pytest.mark.parametrize(("lang", "words"), [("zh", "例如："), ("en", "for example:")])
def test_explain_of_a_code_shows_the_change_and_what_is_said_of_it(lang, words):
    run = reportgen("explain", "R101", "--lang", lang)
    assert run.code == 0
    lines = run.out.rstrip("\n").split("\n")
    assert lines[lines.index(words) + 1 :] == [
        "data/bureau/2023/staffing.yaml",
        "-   actual: 27人",
        "+   actual: 37人",
        EXAMPLES["R101"][1][lang],
    ]
    assert "error[R101]" in lines[-1]


def test_a_code_without_an_example_is_told_without():
    (code,) = [each for each in CODES if each not in EXAMPLES][:1]
    assert "例如：" not in document_code(code, "zh")
