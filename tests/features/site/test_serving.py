"""A site is handed out to this machine alone: its files, and nothing beside them."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import closing

import pytest

from reportgen.features.site.serving import serve
from reportgen.project.loopback import address, listen
from site_builds import MadeUpSite


@pytest.fixture
def port(tmp_path):
    """Return the port of a small site that is being served."""
    folder = tmp_path / "site"
    (folder / "search" / "2023").mkdir(parents=True)
    (folder / "一 局").mkdir()
    (folder / "index.html").write_text("<p>首页", "utf-8")
    (folder / "一 局" / "index.html").write_text("<p>一局", "utf-8")
    (folder / "feed.xml").write_text("<feed/>", "utf-8")
    for name in ("a.docx", "a.pdf", "site.css", "figures.csv", "figures.json", "unknown"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "secret.txt").write_text("内部", "utf-8")
    (folder / "out").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "site-other").mkdir()
    (tmp_path / "site-other" / "a.txt").write_text("别处", "utf-8")
    listening = listen(0)
    threading.Thread(target=serve, args=(listening, folder), daemon=True).start()
    return listening.getsockname()[1]


def ask(port, path, host=None, method="GET"):
    """Return status, headers and body of an answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as asking:
        asking.putrequest(method, path, skip_host=True)
        asking.putheader("Host", host or f"127.0.0.1:{port}")
        asking.endheaders()
        answer = asking.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/%E4%B8%80%20%E5%B1%80/", "text/html; charset=utf-8"),
        ("/site.css?v=1", "text/css; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/figures.csv", "text/csv; charset=utf-8"),
        ("/figures.json", "application/json"),
        ("/a.pdf", "application/pdf"),
        ("/a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("/unknown", "application/octet-stream"),
    ],
)
def test_a_file_is_sent_with_its_type(port, path, type_):
    status, headers, body = ask(port, path)
    assert (status, headers["Content-Type"]) == (200, type_)
    assert int(headers["Content-Length"]) == len(body) > 0
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/search/",
        "/search/2023/",
        "/out",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsite-other/a.txt",
        "/index.html/",
        "/a%00.pdf",
        "/" + "x" * 5000,
    ],
)
def test_what_is_no_file_of_the_site_is_not_there(port, path):
    status, headers, body = ask(port, path)
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "没有这一页" in body.decode()
    assert "内部" not in body.decode()


def test_a_folder_is_asked_for_with_its_slash(port):
    status, headers, _ = ask(port, "/%E4%B8%80%20%E5%B1%80?a=b")
    assert (status, headers["Location"]) == (301, "/%E4%B8%80%20%E5%B1%80/?a=b")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.x"])
def test_a_foreign_name_of_this_machine_is_refused(port, host):
    status, _, body = ask(port, "/", host)
    assert status == 400
    assert "首页</p>" not in body.decode()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8800", "[::1]:8800", "[::1]", "127.0.0.1"]
)
def test_own_names_of_this_machine_are_answered(port, host):
    assert ask(port, "/", host)[0] == 200


def test_nothing_can_be_written(port):
    assert ask(port, "/", method="PUT")[0] == 501
    assert ask(port, "/", method="HEAD")[2] == b""


def test_the_command_makes_the_site_and_serves_it_until_ctrl_c(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    command = [sys.executable, "-m", "reportgen.cli", "site", "--root", str(tmp_path), "--serve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--lang", "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url = next(line for line in process.stdout if "http://" in line).split()[1]
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert "某局" in answer.read().decode()
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()
        assert process.stderr.read() == ""


def test_a_site_that_cannot_be_made_is_not_served(tmp_path):
    command = [sys.executable, "-m", "reportgen.cli", "site", "--root", str(tmp_path), "--serve"]
    done = subprocess.run([*command, "--port", "0"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "http://" not in done.stdout


def test_two_sites_are_served_at_two_ports(tmp_path):
    with listen(0) as first, listen(first.getsockname()[1]) as second:
        assert address(first) != address(second)
