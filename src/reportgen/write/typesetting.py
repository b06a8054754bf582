"""The Typst engine: sources in memory to PDF bytes, and nothing else of the machine.

Typst cannot be stopped, and what it runs out of ends the process. So a template that somebody
changed runs in a process of its own, with an end to its time and memory; those that ship with
reportgen, which are tried on every report, run here, which saves a tenth of a build.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from reportgen.model import limits
from reportgen.model.edition import TYPST_LOADS
from reportgen.write.errors import TypesettingError

if TYPE_CHECKING:
    import typst

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a and PDF/UA-1: the exporter refuses a file that does not conform."""

_PLACE = re.compile(r"\bmain:(\d+:\d+)\n")
"""Where an error arose, in what Typst prints of it."""

SHIPPED = frozenset(
    (
        "ec3e5395b7cf2422d31ae2f2e6168fdfa879dd7064d84c0175001b621c7ea4a6",
        "0e64f23d7f896fb3d76b5a6f277d49c7c884f8663112a59e9e0c8805e7aa85f2",
    )
)
"""SHA-256 of report.typ and chart.typ in templates/shared, as they ship."""
_CHILD = "from reportgen.write.typesetting import run_child; run_child()"

PictureKind = Literal["svg", "png"]


@lru_cache(maxsize=8)
def load_fonts(directories: tuple[str, ...], *, system: bool = False) -> typst.Fonts:
    """Return the fonts in `directories` and those inside Typst; they stay loaded.

    With `system` those that Typst finds on the machine are there too.
    """
    import typst  # noqa: PLC0415 - engines are loaded when they run

    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=True,
        font_paths=list(directories),
    )


def probe(sources: Mapping[str, bytes], directories: tuple[str, ...]) -> None:
    """Raise `TypesettingError` for what Typst refuses of sources that are our own."""
    _run("report.typ", sources, directories, {"pdf_standards": STANDARDS})


def typeset(sources: Mapping[str, bytes], directories: tuple[str, ...]) -> bytes:
    """Return the PDF of `sources["main"]`, which may read the other sources by name.

    Fonts come from `directories` and from Typst itself. Raises `TypesettingError`.
    """
    return _compile("report.typ", sources, directories, pdf_standards=STANDARDS)


def picture(
    sources: Mapping[str, bytes], directories: tuple[str, ...], kind: PictureKind, pixels: int
) -> bytes:
    """Return the one page of `sources["main"]` as a picture, with `pixels` per inch if it has any.

    Raises `TypesettingError`.
    """
    return _compile("chart.typ", sources, directories, format=kind, ppi=pixels)


def _compile(
    name: str,
    sources: Mapping[str, bytes],
    directories: tuple[str, ...],
    **options: Any,  # noqa: ANN401
) -> bytes:
    """Return what Typst makes of the sources; errors speak of the main one by `name`.

    Typst reads files below its root and keeps packages, which it fetches, in other folders: here
    they are empty. Nothing stops it from asking the net for a package, so none is asked for.
    """
    word = TYPST_LOADS.search(sources["main"].decode("utf-8", "replace"))
    if word:
        raise TypesettingError(f"{name}: {word[0]}: it may load no other source and no package")
    if _is_ours(sources["main"]):
        return _run(name, sources, directories, options)
    return _run_apart(name, sources, directories, options)


def _is_ours(main: bytes) -> bool:
    """Return whether a template is one that ships with reportgen."""
    return hashlib.sha256(main).hexdigest() in SHIPPED


def _run_apart(
    name: str,
    sources: Mapping[str, bytes],
    directories: tuple[str, ...],
    options: Mapping[str, Any],
) -> bytes:
    """Return what Typst makes of the sources in a process that is stopped in time."""
    given = pickle.dumps((name, dict(sources), directories, dict(options)))
    try:
        done = subprocess.run(  # noqa: S603 - this program
            [sys.executable, "-c", _CHILD],
            input=given,
            capture_output=True,
            timeout=limits.TYPST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TypesettingError(f"{name}: > {int(limits.TYPST_SECONDS)} s") from None
    if done.returncode:
        most = f"{int(limits.TYPST_BYTES) // 10**6} MB"
        raise TypesettingError(f"{name}: Typst gave up ({done.returncode}; it may use {most})")
    made, output = pickle.loads(done.stdout)  # noqa: S301 - made by this program
    if not made:
        raise TypesettingError(output)
    return bytes(output)


def run_child() -> None:
    """Compile what stands on the standard input, as a process that Typst may end."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (int(limits.TYPST_BYTES),) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(0, "rb") as pipe:
        given = pipe.read()
    name, sources, directories, options = pickle.loads(given)  # noqa: S301
    try:
        result: tuple[bool, bytes | str] = True, _run(name, sources, directories, options)
    except TypesettingError as error:
        result = False, str(error)
    with os.fdopen(1, "wb") as made:
        made.write(pickle.dumps(result))


def _run(
    name: str,
    sources: Mapping[str, bytes],
    directories: tuple[str, ...],
    options: Mapping[str, Any],
) -> bytes:
    import typst  # noqa: PLC0415 - engines are loaded when they run

    files: Any = dict(sources)  # the stubs of typst know paths and bytes only
    fonts = load_fonts(directories)
    with TemporaryDirectory(prefix="reportgen-") as empty:
        try:
            output: bytes = typst.compile(
                files,
                root=empty,
                package_path=empty,
                package_cache_path=empty,
                font_paths=fonts,
                ignore_system_fonts=True,
                **options,
            )
        except typst.TypstError as error:
            place = _PLACE.search(error.diagnostic)
            where = f"{name}:{place[1]}: " if place else ""
            detail = "; ".join([error.message, *error.hints]).replace(empty, "")
            raise TypesettingError(where + detail) from error
    return output
