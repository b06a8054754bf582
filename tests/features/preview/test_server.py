from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from reportgen.project.loopback import LOOPBACK, TRIES, address, listen
from small_project import DATA, REPORT, UNIT, YEAR, SmallProject, reportgen


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "p")


@pytest.fixture
def running(project):
    """Return the address of a server in a process of its own, and the process."""
    command = [sys.executable, "-m", "reportgen.cli", "preview", "--root", str(project.root)]
    with subprocess.Popen(
        [*command, "--port", "0", "--lang", "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+", line)[0], process
        finally:
            process.kill()


def test_a_save_is_told_to_an_open_page_and_ctrl_c_ends_it_all(project, running):
    url, process = running
    page = f"/{UNIT}/{YEAR}/{REPORT}"
    with urllib.request.urlopen(url + page, timeout=30) as answer:
        assert "工业投资" in answer.read().decode()
    with urllib.request.urlopen(f"{url}/_/events{page}", timeout=30) as events:
        first = events.readline()
        assert first.startswith(b"data: ")
        project.replace(f"{DATA}/facts.yaml", "4.5亿元", "4.6亿元")
        while not (line := events.readline()).startswith(b"data: "):
            assert line
        assert line != first
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert events.read() is not None
    assert process.stderr.read() == ""


def test_it_listens_on_loopback_alone(running):
    port = int(running[0].rpartition(":")[2])
    hexes = {f"{port:04X}"}
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc/net/tcp on this system")
    rows = [row.split()[1] for row in table.read_text().splitlines()[1:]]
    assert {row for row in rows if row.rpartition(":")[2] in hexes} == {f"0100007F:{port:04X}"}


def test_a_port_in_use_is_passed_over():
    with listen(0) as first:
        port = first.getsockname()[1]
        with listen(port) as second:
            assert port < second.getsockname()[1] < port + TRIES
            assert address(second) == f"http://{LOOPBACK}:{second.getsockname()[1]}/"


def test_no_free_port_is_said_in_a_line(project, monkeypatch):
    def refuse(*_):
        raise OSError(98, "in use")

    monkeypatch.setattr(socket, "create_server", refuse)
    run = reportgen("preview", "--root", project.root, "--lang", "zh")
    assert run.code == 2
    assert run.err.count("\n") == 1 and "8700" in run.err


@pytest.mark.parametrize(
    "words", [("--editor", "javascript:{path}"), ("--root", "/nowhere/at/all")]
)
def test_misuse_is_refused(project, words):
    run = reportgen("preview", "--root", project.root, *words)
    assert run.code == 2
