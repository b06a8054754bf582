"""The line that is shown to who waits."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest

from real_report import ROOT
from reportgen.cli import waiting

SLOW = """
import sys, time
from reportgen.cli import waiting
waiting.PATIENCE = 0.05
def results():
    for number in range(2):
        time.sleep(0.3)
        yield number
sys.argv[1:] = ["--lang", sys.argv[1]]
for each in waiting.waited_in_turn(results(), ["first", "second"]):
    print("result", each)
"""


def on_a_terminal(program, *words):
    """Return what a person sees on a terminal where `program` runs."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "60"},
    )
    os.close(its)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # Linux ends a terminal so
        pass
    finally:
        os.close(ours)
        assert process.wait(30) == 0
    return seen.decode()


def lines(seen):
    """Return what stands on each line in the end: what is written over is gone."""
    ended = []
    for line in seen.replace("\r\n", "\n").split("\n"):
        *_, last = line.split("\r")
        ended.append(last.rstrip())
    return list(filter(None, ended))


@pytest.mark.parametrize(
    ("language", "words", "rest"),
    [("zh", "正在处理 first，", "second（1/2，"), ("en", "working on first, ", "second (1/2, ")],
)
def test_says_on_a_terminal_what_is_worked_on_and_leaves_nothing_of_it(language, words, rest):
    seen = on_a_terminal(SLOW, language)
    assert words in seen
    assert rest in seen
    assert lines(seen) == ["result 0", "result 1"]


def test_a_pipe_gets_nothing_of_it():
    done = subprocess.run(
        [sys.executable, "-c", SLOW, "zh"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("result 0\nresult 1\n", "")


def watched(monkeypatch, patience):
    monkeypatch.setattr(waiting, "is_watched", lambda: True)
    monkeypatch.setattr(waiting, "PATIENCE", patience)


def test_says_nothing_of_what_is_done_at_once(monkeypatch, capsys):
    watched(monkeypatch, 5)
    with waiting.waiting("quick"):
        pass
    assert capsys.readouterr().err == ""


def test_is_one_line_however_long_the_name(monkeypatch, capsys):
    watched(monkeypatch, 0.01)
    monkeypatch.setenv("COLUMNS", "40")
    with waiting.waiting("很长的名字" * 40):
        time.sleep(0.1)
    shown = [part.rstrip() for part in capsys.readouterr().err.split("\r")]
    assert any(shown)
    assert all(waiting.width(part) < 40 for part in shown)


def test_is_gone_when_the_work_fails(monkeypatch, capsys):
    watched(monkeypatch, 0.01)

    @waiting.waiting("work")
    def fail():
        time.sleep(0.1)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert capsys.readouterr().err.endswith("\r")
