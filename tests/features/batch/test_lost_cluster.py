"""A real scheduler and real workers that go away, or stop answering, while reports are built."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path

import pytest

from real_cluster import ENVIRONMENT, SECONDS, wait_for
from reportgen.features.batch import cluster as module
from reportgen.features.batch.cluster import cluster
from reportgen.findings import Diagnostics
from reportgen.flow import parallel
from reportgen.flow.parallel import ParallelRun
from small_project import REPORT, UNIT, SmallProject, reportgen

pytestmark = pytest.mark.filterwarnings("ignore")  # of distributed: sockets that it closes late

HELD = "second"
HOLDING = """
from pathlib import Path
from threading import Event

import reportgen.flow.pipeline as pipeline

build = vars(pipeline).setdefault("build_when_not_held", pipeline.build)  # imported twice


def held(job, **options):
    if job.unit == "second":
        Path("begun").touch()
        Event().wait()
    return build(job, **options)


pipeline.build = held
"""
"""What a worker imports that says of one report that it has begun it, and never ends it."""


@pytest.fixture
def project(tmp_path):
    made = SmallProject.copied(tmp_path / "project")
    made.more_units(HELD)
    return made


def test_a_killed_scheduler_ends_the_command_and_the_next_run_goes_on(real, project):
    (real.folder / "holding.py").write_text(HOLDING, "utf-8")
    real.add_workers(2, "--preload", "holding.py")
    words = ("build", "--root", project.root, "--format", "html", "--lang", "zh")
    command = [sys.executable, "-m", "reportgen.cli", *map(str, words)]
    printed = project.root / "printed.txt"
    with (
        printed.open("w") as out,
        subprocess.Popen(
            [*command, "--scheduler", real.address, "--shared"],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
        ) as run,
    ):
        wait_for(lambda: f"{UNIT}/internal/{REPORT}.html" in printed.read_text("utf-8"))
        wait_for((real.folder / "begun").exists)
        real.scheduler.kill()
        assert run.wait(timeout=SECONDS) == 1
    told = printed.read_text("utf-8")
    assert "error[J109]" in told
    assert "Traceback" not in told
    heads, numbers = map(str.split, told.splitlines()[-2:])
    assert dict(zip(heads, numbers, strict=False))["还没有做"] == "1"
    assert {Path(path).parts[1] for path in project.output()} == {UNIT}
    again = reportgen(*words, "--jobs", "1")
    assert again.code == 0
    assert again.out.count("没有重新生成") == 1
    left = project.output()
    whole = reportgen(*words, "--jobs", "1", "--force")
    assert (whole.code, left) == (0, project.output())


def silenced(real):
    real.scheduler.send_signal(signal.SIGSTOP)
    yield
    real.scheduler.send_signal(signal.SIGCONT)


def without_workers(real):
    for worker in real.workers:
        worker.kill()
    yield


def test_nobody_is_waited_for_for_ever(real, monkeypatch):
    for place in (module, parallel):
        monkeypatch.setattr(place, "WATCHED_SECONDS", 0.2)
    monkeypatch.setattr(module, "PATIENCE", 1)
    real.add_workers(1)
    for happens, told in ((silenced, "@silent"), (without_workers, "@no_worker")):
        with cluster(real.address, Diagnostics()) as workers:
            run = ParallelRun(time.sleep, lambda *_: None, workers)
            with contextmanager(happens)(real), pytest.raises(CancelledError, match=told):
                list(run.results([(600,)]))
