"""The validators of others run in `make validate`; what is ours about them is tried here."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
import validate

from real_report import built, copied, files

UNKNOWN = "CSS: “anchor-name”: Property “anchor-name” doesn't exist."


def said(*messages):
    return json.dumps(
        {"messages": [{"url": "file:/tmp/x/1.html", "lastLine": 7, **each} for each in messages]}
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return files(built(copied(tmp_path_factory.mktemp("project"))))


def test_errors_of_a_page_are_told_with_its_name_and_line():
    pages = [Path("a.html"), Path("b.html")]
    found = validate.vnu_faults(said({"type": "error", "message": "Stray end tag."}), pages)
    assert list(found) == ["b.html:7: Stray end tag."]


def test_what_vnu_cannot_know_and_remarks_are_no_errors():
    pages = [Path("a.html"), Path("b.html")]
    messages = ({"type": "error", "message": UNKNOWN}, {"type": "info", "message": "Remark."})
    assert list(validate.vnu_faults(said(*messages), pages)) == []
    other = UNKNOWN.replace("anchor-name", "colour")
    assert list(validate.vnu_faults(said({"type": "error", "message": other}), pages)) != []


def test_faults_are_planted_where_validators_look_for_them(report):
    page = validate.with_value_lost(report["department.html"])
    assert b"<p><data>1</data></p></main>" in page
    with zipfile.ZipFile(io.BytesIO(validate.with_id_twice(report["department.docx"]))) as word:
        ids = re.findall(rb'docPr id="(\d+)"', word.read("word/document.xml"))
        assert ids[:2] == [b"1", b"1"]
        assert b"rIdLost" in word.read("word/_rels/document.xml.rels")
    with pikepdf.open(io.BytesIO(validate.without_headers(report["department.pdf"]))) as pdf:
        kinds = {
            str(each["/S"])
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and "/S" in each
        }
        assert "/TD" in kinds
        assert "/TH" not in kinds


def test_a_validator_that_sees_no_planted_fault_is_not_believed(report, tmp_path):
    sound = (tmp_path / validate.PLANTED).with_suffix(".html")
    sound.parent.mkdir(parents=True)
    sound.write_bytes(report["department.html"])
    blind = validate.Validator("blind", ".html", lambda _files: iter(()), validate.with_value_lost)
    assert validate.validated(blind, tmp_path) == ["blind sees no fault where one is planted"]


def test_what_is_missing_ends_the_run(capsys):
    with pytest.raises(SystemExit) as end:
        validate.missing("java")
    assert end.value.code == 2
    assert "java is missing" in capsys.readouterr().err


def test_everything_that_is_made_is_shown_once_and_neither_templates_nor_notices(tmp_path):
    for name, text in {
        "build/2023/a/public/r.html": "<p>1",
        "build/overview-zh/overview.public.html": "<p>2",
        "site/a/2023/r/v1/r.html": "<p>1",
        "site/index.html": "<p>3",
        "site/a/2023/r/v2/notice.html": "<p>4",
        "templates/form.html": "<p>5",
        "site/a/2023/r/v2/notice.docx": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shown = [str(path.relative_to(tmp_path)) for path in validate.made(tmp_path, ".html")]
    assert shown == [
        "build/2023/a/public/r.html",
        "build/overview-zh/overview.public.html",
        "site/a/2023/r/v2/notice.html",
        "site/index.html",
    ]
    assert validate.made(tmp_path, ".docx") == []
