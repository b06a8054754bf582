"""A real worker that has a font which this machine lacks: refused by name, whenever it comes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from real_cluster import wait_for
from reportgen.features.batch.cluster import cluster
from reportgen.findings import Diagnostics
from small_fonts import save_font
from small_project import SmallProject, reportgen

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of distributed: sockets that it closes late
    pytest.mark.skipif(shutil.which("fc-list") is None, reason="no fontconfig to have other fonts"),
]
FAMILY = "FangSong_GB2312"
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>
"""


@pytest.fixture
def other_fonts(tmp_path):
    """Return the variables of a process that has one font more."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    save_font(folder / "one.ttf", FAMILY, "仿")
    settings = folder / "fonts.conf"
    settings.write_text(CONFIGURATION.format(folder=folder), "utf-8")
    return {"FONTCONFIG_FILE": str(settings)}


def test_a_worker_with_another_font_does_nothing_and_is_named(real, other_fonts, tmp_path):
    real.add_workers(1)
    gate, log = tmp_path / "gate", Diagnostics()
    os.mkfifo(gate)
    with cluster(real.address, log) as workers:
        executor = workers.start(1)
        held = executor.submit(Path.read_text, gate)  # the worker waits for who writes
        real.add_workers(1, "--name", "odd", **other_fonts)
        second = executor.submit(abs, -1)  # comes to the worker that has nothing to do
        _, refused = workers.start.args
        wait_for(lambda: refused)
        gate.write_text("opened", "utf-8")
        assert (held.result(), second.result()) == ("opened", 1)
    (problem,) = log
    assert (problem.code, problem.severity) == ("J110", "warning")
    assert problem.params["worker"] in refused
    assert f"{FAMILY} one.ttf" in problem.params["parts"]

    project = SmallProject.copied(tmp_path / "project")
    words = ("build", "--root", project.root, "--scheduler", real.address, "--shared")
    done = reportgen(*words)
    assert done.code == 1
    assert done.out.count("error[J110] 机器 odd tcp://") == 1
    assert f"{FAMILY} one.ttf" in done.out
    assert project.output() == {}
