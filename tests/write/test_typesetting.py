"""Typst gets what it is handed and nothing else: no file, no package, no net."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from reportgen.write.errors import TypesettingError
from reportgen.write.typesetting import SHIPPED, picture, typeset

HEAD = '#set document(title: "x", date: none)\n#set text(lang: "zh")\n'


def drawn(source: str, **files: bytes) -> bytes:
    return picture({"main": source.encode(), **files}, (), "svg", 1)


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """Stand in a folder with a file that is none of a template's business."""
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["/secret.txt", "secret.txt", "../secret.txt", "{full}"])
@pytest.mark.parametrize("reader", ["read", "image", "csv", "bibliography", "plugin"])
def test_no_file_can_be_read(beside, path, reader):
    path = path.format(full=beside / "secret.txt")
    with pytest.raises(
        TypesettingError, match=r"^chart\.typ:2:\d+: .*(not found|escape)"
    ) as caught:
        drawn(f'\n#{reader}("{path}")')
    assert "reportgen-" not in caught.value.detail


def test_what_is_handed_over_can_be_read():
    assert b"svg" in drawn('#read("data.json") #json("/data.json").a', **{"data.json": b'{"a": 1}'})


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0": *',
        '#import "@" + "preview/cetz:0.3.0"',
        '#include "@preview/cetz:0.3.0"',
        '#eval("import \\"@preview/cetz:0.3.0\\"")',
        '#let e = std.eval\n#e("1")',
        "#dictionary(std)",
    ],
)
def test_no_package_is_asked_for(source, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(TypesettingError, match="no package"):
        drawn(source)
    with pytest.raises(TypesettingError, match="no package"):
        typeset({"main": (HEAD + source).encode()}, ())
    assert list(tmp_path.iterdir()) == []


def test_packages_that_lie_in_the_cache_of_a_user_are_no_way_around(monkeypatch, tmp_path):
    package = tmp_path / "typst/packages/preview/own/0.1.0"
    package.mkdir(parents=True)
    (package / "typst.toml").write_text(
        '[package]\nname = "own"\nversion = "0.1.0"\nentrypoint = "own.typ"\n'
    )
    (package / "own.typ").write_text("#let a = 1\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(TypesettingError):
        drawn('#import "@preview/own:0.1.0": a\n#a')


def test_the_templates_that_ship_are_known():
    shared = Path(__file__).resolve().parents[2] / "templates" / "shared"
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in shared.glob("*.typ")}
    assert hashes == SHIPPED, "write the new hash into write/typesetting.SHIPPED"


PAGE = "#set page(width: 50pt, height: 50pt)\n"
EXPLODING = {
    "memory": "#let a = (1,)\n#while true { a = a + a }\n",
    "text": '#("x" * 40000000000)\n',
    "pages": "#for n in range(100000000) { pagebreak() }\n",
}


@pytest.mark.parametrize("name", EXPLODING)
def test_a_changed_template_that_never_ends_is_stopped(name, monkeypatch):
    monkeypatch.setattr("reportgen.model.limits.TYPST_SECONDS", 8)
    with pytest.raises(TypesettingError, match=r"chart\.typ"):
        picture({"main": (PAGE + EXPLODING[name]).encode()}, (), "svg", 72)


def test_a_changed_template_gives_what_it_gives_here(monkeypatch):
    source = {"main": (PAGE + "甲").encode()}
    apart = picture(source, (), "svg", 72)
    known = frozenset({hashlib.sha256(source["main"]).hexdigest()})
    monkeypatch.setattr("reportgen.write.typesetting.SHIPPED", known)
    assert picture(source, (), "svg", 72) == apart
