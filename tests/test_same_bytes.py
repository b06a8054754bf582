from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from real_report import DATA, ROOT, built, copied, files
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Part
from reportgen.verify.pdf_parts import read_pdf_parts

PLACES = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "LC_ALL": ""},
    {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LANG": "en_US.UTF-8", "LC_ALL": "C"},
]
"""Two machines, as far as one can tell: seeds of hashes, time zones, languages."""


def run(root, environment, *options):
    """Build the report of `root` in a process of its own, and return its files."""
    command = [sys.executable, "-m", "reportgen.cli", "build", "--root", str(root), *options]
    variables = {**os.environ, **environment, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=variables, cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    build = root / "build"
    files = (path for path in sorted(build.rglob("*")) if path.is_file())
    return {path.relative_to(build): path.read_bytes() for path in files}


@pytest.mark.parametrize("options", [("--comments",), ("--audience", "public")])
def test_two_builds_in_other_folders_times_and_languages_are_the_same(tmp_path, options):
    first = run(copied(tmp_path / "one"), PLACES[0], *options)
    root = copied(tmp_path / "somewhere" / "else" / "二")
    time.sleep(2.1)  # zip archives count in two seconds
    second = run(root, PLACES[1], *options)
    assert first.keys() == second.keys()
    for name, data in first.items():
        assert data == second[name], name


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return built(copied(tmp_path_factory.mktemp("project")), comments=True)


def test_building_again_changes_nothing(outcome):
    before = files(outcome)
    built(outcome.job.root, comments=True)
    assert files(outcome) == before


def test_files_are_named_in_the_manifest_with_their_hashes(outcome):
    found = files(outcome)
    entry = json.loads(found["manifest.json"])["department"]
    digests = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in found.items()
        if name != "manifest.json"
    }
    assert entry["outputs"] == digests
    assert list(digests) == [f"department.{e}" for e in ("docx", "figures.json", "html", "pdf")]


def test_manifest_names_every_input_by_its_path_in_the_project(outcome):
    entry = json.loads(files(outcome)["manifest.json"])["department"]
    inputs = entry["inputs"]
    assert f"{DATA}/funds.yaml" in inputs
    assert "data/huaihua/2022/funds.yaml" in inputs
    assert f"{DATA}/department/narrative/results.md" in inputs
    assert "templates/huaihua/department-2023/forms/base-data.html" in inputs
    assert "templates/shared/report.typ" in inputs
    assert "templates/shared/frame.docx" in inputs
    for path, digest in inputs.items():
        data = (outcome.job.root / path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
    assert list(inputs) == sorted(inputs)


def test_manifest_names_what_shaped_the_files(outcome):
    entry = json.loads(files(outcome)["manifest.json"])["department"]
    assert entry["options"] == {"formats": ["docx", "html", "pdf"], "comments": True}
    assert {"typst", "jinja2", "docxtpl", "lxml", "zlib"} <= entry["engines"]["packages"].keys()
    fonts = entry["engines"]["fonts"]
    assert all(font["family"] and font["version"] for font in fonts)
    assert any(len(font["sha256"]) == 64 for font in fonts)


def texts(name, data):
    """Yield everything a file says, unpacked."""
    yield data.decode("utf-8", "replace")
    if name.endswith(".pdf"):
        for part in read_pdf_parts(name, OpenedFile(data)):
            yield from part.pieces if isinstance(part, Part) else ()
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.infolist():
                yield f"{part.filename} {part.date_time}"
                yield package.read(part).decode("utf-8", "replace")


def test_no_file_tells_where_or_when_it_was_made(outcome):
    places = (str(outcome.job.root), str(Path.home()), os.uname().nodename)
    made = dt.datetime.fromtimestamp(outcome.job.folder.stat().st_mtime, dt.UTC)
    now = [made.strftime(form) for form in ("%Y-%m-%d", "%Y%m%d", "(%Y, %-m, %-d")]
    for name, data in files(outcome).items():
        whole = "\n".join(texts(name, data))
        for trace in (*places, *now):
            assert len(trace) < 4 or trace not in whole, (name, trace)
