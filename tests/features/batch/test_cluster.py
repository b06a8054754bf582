"""The same tasks on a Dask cluster: the same bytes, and nothing lost with a worker."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import tempfile
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from threading import Thread

import dask
import pytest
from distributed import Client, LocalCluster

from reportgen.features.batch import environment as module
from reportgen.features.batch.cluster import cluster
from reportgen.findings import Diagnostics
from reportgen.flow.parallel import ParallelRun
from repository import ACCOUNTS, Repository
from small_project import REPORT, UNIT, YEAR, reportgen

pytestmark = pytest.mark.filterwarnings("ignore")  # of distributed: sockets that it closes late


def started(**options):
    settings = {"processes": True, "threads_per_worker": 1, "dashboard_address": None}
    return LocalCluster(
        **{"n_workers": 2, **settings, **options}, silence_logs=logging.CRITICAL, scheduler_port=0
    )


@pytest.fixture(scope="module")
def address():
    settings = {
        "distributed.worker.daemon": False,
        "distributed.scheduler.allowed-failures": 0,  # not four times: each takes seconds
    }
    with (
        dask.config.set(settings),
        started() as made,
    ):
        yield made.scheduler_address


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Repository.made(tmp_path / "project")


def built(project, out, *options):
    return reportgen(
        *("build", "--root", project.root, "--out", out, "--format", "html,docx"),
        *("--output-format", "json"),
        *options,
    )


def files(out):
    folder = out / str(YEAR) / UNIT / "internal"
    return {path.name: path.read_bytes() for path in folder.glob(f"{REPORT}.*")}


def test_a_cluster_builds_the_same_bytes_as_this_machine(project, address, tmp_path):
    assert built(project, tmp_path / "here").code == 0
    for name, options in (("sent", ()), ("shared", ("--shared",))):
        assert built(project, tmp_path / name, "--scheduler", address, *options).code == 0
        assert files(tmp_path / name) == files(tmp_path / "here") != {}


def test_folders_and_files_named_from_here_are_found_by_workers_that_stand_elsewhere(
    project, address, monkeypatch
):
    monkeypatch.chdir(project.root)  # the workers stand where the cluster was started
    on_cluster = ("--scheduler", address, "--output-format", "json")
    options = ("--audience", "public", "--format", "html")
    assert reportgen("build", *options, "--shared", *on_cluster).code == 0
    page = Path("build", str(YEAR), UNIT, "public", f"{REPORT}.html")
    verified = reportgen("verify", page, *on_cluster)
    assert verified.code == 0, verified.out
    (record,) = json.loads(verified.out)
    assert (record["file"], record["same"]) == (str(page), True)
    audited = reportgen("audit", page, "--against", page, *on_cluster)
    assert "A501" not in {each["code"] for each in audited.findings}, audited.out


def test_a_version_for_the_public_comes_with_its_record(project, address, tmp_path):
    options = ("--audience", "public", "--format", "html")
    assert built(project, tmp_path / "here", *options).code == 0
    assert built(project, tmp_path / "sent", "--scheduler", address, *options).code == 0

    def contents(out):
        folder = out / str(YEAR) / UNIT
        return {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert contents(tmp_path / "sent") == contents(tmp_path / "here") != {}


def test_what_is_up_to_date_here_is_not_built_there(project, address, tmp_path):
    out = tmp_path / "sent"
    words = ("build", "--root", project.root, "--out", out, "--format", "html", "--lang", "en")
    assert "department.html" in reportgen(*words, "--scheduler", address).out
    assert "up to date" in reportgen(*words, "--scheduler", address).out


def test_workers_build_what_is_committed_and_the_rest_is_told(project, address, tmp_path):
    facts = project.root / ACCOUNTS
    facts.write_text("accounts: [\n", "utf-8")
    words = ("build", "--root", project.root, "--out", tmp_path / "sent", "--format", "html")
    done = reportgen(*words, "--scheduler", address, "--lang", "en")
    assert done.code == 0
    assert "warning[G104]" in done.out
    assert ACCOUNTS in done.out


def test_check_is_as_on_this_machine(project, address):
    (project.root / ACCOUNTS).write_text("accounts: [\n", "utf-8")
    words = ("check", "--root", project.root, "--output-format", "json")
    here = reportgen(*words)
    there = reportgen(*words, "--scheduler", address, "--shared")
    assert (there.code, there.findings) == (here.code, here.findings)
    assert there.code == 1


def test_a_folder_without_commit_is_told_and_nothing_is_sent(address, tmp_path, monkeypatch):
    from small_project import SmallProject

    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    project = SmallProject.copied(tmp_path / "plain")
    done = reportgen("check", "--root", project.root, "--scheduler", address)
    assert done.code == 1
    assert "G102" in done.out


def test_nobody_at_the_address_is_told(project, monkeypatch):
    monkeypatch.setattr("reportgen.features.batch.cluster.SECONDS_TO_ANSWER", 1)
    done = reportgen("check", "--root", project.root, "--scheduler", "tcp://127.0.0.1:1")
    assert done.code == 1
    assert "J109" in done.out


@pytest.fixture
def server():
    """Return a function that answers whoever connects, in its own way; it gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answering(answer):
            def serve():
                with suppress(OSError):
                    while True:
                        connected.append(listening.accept()[0])
                        connected[-1].sendall(answer)

            Thread(target=serve, daemon=True).start()
            return f"tcp://127.0.0.1:{listening.getsockname()[1]}"

        connected = []
        yield answering
        for each in connected:
            each.close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "is no Dask scheduler"),
        (b"", "no answer within 1 s"),
    ],
)
def test_who_is_no_scheduler_at_the_address_is_told(project, server, monkeypatch, answer, told):
    monkeypatch.setattr("reportgen.features.batch.cluster.SECONDS_TO_ANSWER", 1)
    words = ("check", "--root", project.root, "--lang", "en", "--scheduler", server(answer))
    done = reportgen(*words)
    assert (done.code, done.err) == (1, "")
    assert "error[J109]" in done.out
    assert told in done.out


def test_a_worker_is_no_scheduler(project, address):
    with Client(address, set_as_default=False) as client:
        worker = next(iter(client.scheduler_info()["workers"]))
    done = reportgen("check", "--root", project.root, "--lang", "en", "--scheduler", worker)
    assert done.code == 1
    assert "is no Dask scheduler" in done.out


def kill_on_seven(number):
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_a_killed_worker_costs_its_task_alone(address):
    log = Diagnostics()
    with cluster(address, log) as workers:
        run = ParallelRun(kill_on_seven, lambda number, _: f"lost {number}", workers)
        found = list(run.results((number,) for number in range(12)))
    squares = [number * number for number in range(12)]
    assert found == [*squares[:7], "lost 7", *squares[8:]]


def folder_for_temporary_files(_):
    return tempfile.gettempdir()


def test_a_worker_keeps_temporary_files_where_dask_clears_up_behind_it(address):
    with cluster(address, Diagnostics()) as workers:
        (folder,) = ParallelRun(folder_for_temporary_files, None, workers).results([(0,)])
    assert Path(folder).parent.name == "dask-scratch-space"


def test_a_worker_of_threads_or_a_daemon_is_refused_by_name():
    log = Diagnostics()
    with (
        dask.config.set({"distributed.worker.daemon": True}),
        started(n_workers=1, threads_per_worker=2) as made,
        cluster(made.scheduler_address, log) as workers,
    ):
        assert workers is None
    assert [(each.code, each.params["what"]) for each in log] == [
        ("J111", "@threads"),
        ("J111", "@daemon"),
    ]


@pytest.fixture
def other_version(monkeypatch):
    """Have this machine run another version of the program than the workers do."""

    def forget():
        module.environment.cache_clear()
        module.environment_hash.cache_clear()

    forget()
    monkeypatch.setattr(module, "__version__", "0.0.0")
    yield
    forget()


@pytest.mark.usefixtures("other_version")
def test_a_worker_with_another_program_is_refused_by_name(project, address):
    done = reportgen(
        *("check", "--root", project.root, "--scheduler", address, "--shared"),
        *("--output-format", "json"),
    )
    problems = json.loads(done.out)
    assert done.code == 1
    assert {each["code"] for each in problems} == {"J110"}
    assert all("reportgen" in each["message"] for each in problems)


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def test_a_lost_scheduler_ends_the_run(project):
    with dask.config.set({"distributed.worker.daemon": False}):
        made = started(n_workers=1)
    with made, cluster(made.scheduler_address, Diagnostics()) as workers:
        run = ParallelRun(sleep, lambda *_: None, workers)
        results = run.results((seconds,) for seconds in (0, 60, 60))
        assert next(results) == 0
        made.close()
        with pytest.raises(CancelledError):
            next(results)


def test_the_command_tells_that_the_cluster_was_lost(project, address, monkeypatch):
    def lost(*_):
        raise CancelledError

    monkeypatch.setattr(ParallelRun, "results", lost)
    words = ("check", "--root", project.root, "--scheduler", address, "--shared")
    done = reportgen(*words)
    assert done.code == 1
    assert "J109" in done.out
