"""A want of memory is told from a fault, whatever a library says of it."""

from __future__ import annotations

import mmap

import pytest

from reportgen.cli import reports
from reportgen.project.foreign_files import reason
from reportgen.project.memory import ran_out_of_memory
from small_project import reportgen


def no_room(*_):
    raise OSError(12, "Cannot allocate memory")


@pytest.fixture
def short(monkeypatch):
    """Leave no room in the address space."""
    monkeypatch.setattr(mmap, "mmap", no_room)


def test_what_fails_while_there_is_room_did_not_fail_for_memory():
    assert not ran_out_of_memory(ImportError("no module of that name"))
    assert reason(ValueError("odd")) == {"detail": "odd"}


def test_what_memory_brought_about_is_known_by_its_cause():
    error = ImportError("cannot import")
    error.__context__ = MemoryError()
    assert ran_out_of_memory(error)
    error.__suppress_context__ = True  # raised `from None`: it was dealt with
    assert not ran_out_of_memory(error)
    assert reason(MemoryError()) == {"detail": "@no_memory"}


@pytest.mark.usefixtures("short")
def test_what_fails_while_there_is_no_room_failed_for_memory():
    assert reason(ImportError("failed to map segment")) == {"detail": "@no_memory"}


@pytest.mark.usefixtures("short")
def test_a_command_tells_that_there_is_no_room_and_no_fault(small, monkeypatch):
    def fails(*_):
        raise ImportError("failed to map segment")

    monkeypatch.setattr(reports, "selected_reports", fails)
    done = reportgen("list", "--root", small.root, "--lang", "en")
    assert done.code == 1
    assert "error[J108] reportgen list was not finished" in done.err
    assert "there is not enough memory" in done.err
    assert "internal error" not in done.err
