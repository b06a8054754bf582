"""The generated pages of docs/ are those that the code would write today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools/make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_in_the_repository_are_current(make_docs):
    assert make_docs.stale(ROOT) == [], "run: python tools/make_docs.py"


def test_check_names_stale_pages_and_writes_nothing(make_docs, tmp_path, capsys):
    assert make_docs.main(["--check", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: stale, run tools/make_docs.py" for path, _text in make_docs.PAGES
    ]
    assert list(tmp_path.iterdir()) == []


def test_written_pages_are_current_until_they_are_touched(make_docs, tmp_path):
    assert make_docs.main(["--root", str(tmp_path)]) == 0
    assert make_docs.main(["--check", "--root", str(tmp_path)]) == 0
    (tmp_path / make_docs.PAGES[0][0]).write_text("touched", "utf-8")
    assert make_docs.main(["--check", "--root", str(tmp_path)]) == 1
