"""Every page of every report, in Word, in print and in windows: nothing that needs a hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pagecheck import making

pytestmark = pytest.mark.engine

FAULTS = Path(__file__).with_name("faults.txt")


def test_no_page_has_a_fault_but_those_that_are_known_and_none_of_these_is_gone(programs, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    made = making.make(making.ROOT, tmp_path / "build")
    assert len({each.report for each in made}) >= 6
    found = {each.line for each in making.look(made, folder)}
    known = {line for line in FAULTS.read_text("utf-8").splitlines() if line[:1] not in ("", "#")}
    new, gone = sorted(found - known), sorted(known - found)
    assert not new, "\n".join(["new faults; `make pages` tells where:", *new])
    assert not gone, "\n".join([f"no longer found, take out of {FAULTS.name}:", *gone])


def test_projects_among_packs_and_docs_are_looked_at_too(tmp_path):
    for place in ("data/a", "templates/a", "docs/examples/b/data/b", "docs/examples/b/templates"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "docs/examples/b/data/b/unit.yaml").touch()
    assert making.projects(tmp_path) == [tmp_path, tmp_path / "docs/examples/b"]
