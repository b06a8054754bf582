"""Every page of every report, in Word, in print and in windows: nothing that needs a hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pagecheck import making
from pagecheck.projects import ROOT, make, projects

pytestmark = pytest.mark.engine

FAULTS = Path(__file__).with_name("faults.txt")


def test_no_page_has_a_fault_but_those_that_are_known_and_none_of_these_is_gone(
    programs, tmp_path, request
):
    folder = tmp_path / "pages"
    folder.mkdir()
    made = make(ROOT, tmp_path / "build")
    assert len({each.report for each in made}) >= 6
    found = {each.line for each in making.look(made, folder)}
    lines = FAULTS.read_text("utf-8").splitlines()
    known = {line for line in lines if line and not line.startswith("#")}
    if request.config.getoption("--golden-update"):
        kept = [line for line in lines if line not in known - found]
        FAULTS.write_text("\n".join(kept) + "\n", "utf-8")
        known &= found
    new, gone = sorted(found - known), sorted(known - found)
    assert not new, "\n".join(["new faults; `make pages` tells where:", *new])
    assert not gone, "\n".join([f"take out of {FAULTS.name} (pytest --golden-update does):", *gone])


def test_examples_among_packs_and_docs_are_made_by_every_pack_of_their_name(tmp_path):
    root, place = tmp_path / "root", tmp_path / "place"
    place.mkdir()
    written = {
        "data/bureau/unit.yaml": "",
        "templates/shared/page.html": "",
        "templates/land/form/pack.yaml": "",
        "templates/land/form-word/pack.yaml": "",
        "templates/land/other/pack.yaml": "",
        "docs/examples/one/data/a/unit.yaml": "",
        "docs/examples/one/data/a/2024/form/report.yaml": "# 样例\npack: land/form\ndate: 1\n",
        "templates/land/other/example/data/b/unit.yaml": "",
        "templates/land/other/example/data/b/2024/r/report.yaml": "pack: own/pack\n",
        "templates/land/other/example/templates/own/pack/pack.yaml": "",
    }
    for name, text in written.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    found = list(projects(root, place))
    assert [each.name for each in found] == ["", "land/form: ", "land/form-word: ", "own/pack: "]
    report = found[2].root / "data/a/2024/form/report.yaml"
    assert report.read_text() == "# 样例\npack: land/form-word\ndate: 1\n"
    assert (found[2].root / "templates/shared/page.html").exists()
