from __future__ import annotations

import os

import pytest
from jinja2 import Environment

from reportgen.project import compiled
from reportgen.project.compiled import PROGRAMS, Compiled, program


def code_of(kept, name, text):
    environment = Environment(autoescape=True, bytecode_cache=kept)
    bucket = kept.get_bucket(environment, name, name, text)
    if bucket.code is None:
        bucket.code = environment.compile(text, name, name)
        kept.set_bucket(bucket)
    return bucket.code


def test_the_same_text_is_compiled_once_and_another_anew():
    kept = Compiled()
    first = code_of(kept, "a.md", "甲")
    assert code_of(kept, "a.md", "甲") is first
    assert code_of(kept, "b.md", "甲") is not first
    assert code_of(kept, "a.md", "乙") is not first
    assert code_of(kept, "a.md", "甲") is not first


def test_what_was_asked_for_last_is_kept_and_no_more_than_a_process_needs(monkeypatch):
    monkeypatch.setattr(compiled, "AT_HAND", 4)
    kept = Compiled()
    shared = code_of(kept, "shared.md", "甲")
    for number in range(20):
        code_of(kept, f"{number}.md", "乙")
        assert code_of(kept, "shared.md", "甲") is shared
    assert len(kept.kept) == 4


def kept_in(folder):
    """Return what another process would have at hand."""
    kept = Compiled()
    kept.keep_in(folder)
    return kept


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class TestFolder:
    def test_another_process_compiles_nothing_again(self, tmp_path, monkeypatch):
        code = code_of(kept_in(tmp_path), "a.md", "甲{{ 1 }}")
        monkeypatch.setattr(Environment, "compile", None)
        assert code_of(kept_in(tmp_path), "a.md", "甲{{ 1 }}") == code

    def test_another_text_at_the_same_path_is_compiled_and_takes_its_place(self, tmp_path):
        first = code_of(kept_in(tmp_path), "a.md", "甲")
        assert code_of(kept_in(tmp_path), "a.md", "乙") != first
        assert len(names(tmp_path / program())) == 1
        assert code_of(kept_in(tmp_path), "a.md", "甲") == first

    @pytest.mark.parametrize("length", [0, 4, 30, 60, 90])
    def test_a_damaged_file_is_compiled_again(self, tmp_path, length):
        code = code_of(kept_in(tmp_path), "a.md", "甲")
        (file,) = (tmp_path / program()).iterdir()
        file.write_bytes(file.read_bytes()[:length])
        assert code_of(kept_in(tmp_path), "a.md", "甲") == code
        file.write_bytes(b"\xff" * 200)
        assert code_of(kept_in(tmp_path), "a.md", "甲") == code

    def test_another_program_keeps_its_own(self, tmp_path, monkeypatch):
        code_of(kept_in(tmp_path), "a.md", "甲")
        for number in range(2 * PROGRAMS):
            monkeypatch.setattr(compiled, "program", lambda name=f"{number:032x}": name)
            code_of(kept_in(tmp_path), "a.md", "甲")
            assert compiled.program() in names(tmp_path)
        assert len(names(tmp_path)) == PROGRAMS

    def test_nothing_else_in_the_folder_is_touched(self, tmp_path, monkeypatch):
        (tmp_path / "mine").mkdir()
        for number in range(2 * PROGRAMS):
            monkeypatch.setattr(compiled, "program", lambda name=f"{number:032x}": name)
            code_of(kept_in(tmp_path), "a.md", "甲")
        assert "mine" in names(tmp_path)

    def test_no_more_is_kept_than_a_user_needs(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compiled, "MOST", 3)
        for number in range(9):
            code_of(kept_in(tmp_path), f"{number}.md", "甲")
            assert len(names(tmp_path / program())) <= 3

    def test_one_process_writes_no_more_than_a_user_needs(self, tmp_path, monkeypatch):
        monkeypatch.setattr(compiled, "MOST", 3)
        kept = kept_in(tmp_path)
        for number in range(9):
            code_of(kept, f"{number}.md", "甲")
        assert len(names(tmp_path / program())) == 3

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
    def test_where_others_may_write_nothing_is_read(self, tmp_path):
        code_of(kept_in(tmp_path), "a.md", "甲")
        folder = tmp_path / program()
        assert folder.stat().st_mode & 0o777 == 0o700
        folder.chmod(0o770)
        assert kept_in(tmp_path).folder is None

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such links")
    def test_a_link_is_not_followed(self, tmp_path):
        (tmp_path / "theirs").mkdir()
        (tmp_path / program()).symlink_to(tmp_path / "theirs")
        assert kept_in(tmp_path).folder is None

    def test_where_nothing_can_be_written_all_is_compiled(self, tmp_path):
        (tmp_path / "file").write_text("")
        kept = kept_in(tmp_path / "file")
        assert kept.folder is None
        assert code_of(kept, "a.md", "甲") is not None

    def test_a_folder_that_goes_away_is_no_fault(self, tmp_path):
        kept = kept_in(tmp_path)
        (tmp_path / program()).rmdir()
        assert code_of(kept, "a.md", "甲") is not None
