"""What a Word file says, read by pandoc: a reader that shares no code with the writer."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reportgen.verify.readback import GridCell, Readback

# The styles whose paragraphs pandoc takes from the beginning of a text, as they are printed.
_METADATA = ("title", "subtitle", "author", "date", "abstract")
_CONTAINERS = ("BlockQuote", "BulletList", "OrderedList", "DefinitionList", "Div", "Figure")

PandocNode = dict[str, Any]
"""A node of pandoc's JSON: its type at `t`, its content at `c`."""


def read_docx(data: bytes) -> Readback:
    """Return the text and the tables of a Word file, without its comments.

    Raises `ValueError` with pandoc's reason when it cannot be read.
    """
    tree = _parse(data)
    texts: list[str] = []
    for name in _METADATA:
        if name in tree["meta"]:
            texts.extend(_lines(tree["meta"][name]))
    tables: list[tuple[GridCell, ...]] = []
    for block in _blocks(tree["blocks"]):
        if block["t"] == "Table":
            tables.append(tuple(_cells(block)))
        else:
            texts.append(_text(block))
    return Readback("docx", texts=tuple(filter(None, texts)), tables=tuple(tables))


def _parse(data: bytes) -> PandocNode:
    """Return the syntax tree of pandoc, which may open no other file."""
    command = [_pandoc(), "--sandbox", "-f", "docx", "-t", "json"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip())
    tree: PandocNode = json.loads(done.stdout)
    return tree


@cache
def _pandoc() -> str:
    """Return the path of the pandoc that pypandoc_binary carries, else of the machine's.

    The package itself is not imported: it takes 65 ms to load and to ask for its path.
    """
    spec = find_spec("pypandoc")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        carried = shutil.which("pandoc", path=str(Path(folder) / "files"))
        if carried:
            return carried
    found = shutil.which("pandoc")
    if found is None:
        raise ValueError("pandoc is missing: install pypandoc_binary")
    return found


def _blocks(content: Any) -> Iterator[PandocNode]:  # noqa: ANN401
    """Yield paragraphs, headings and tables in order, out of the quotes and lists around them.

    An indented paragraph is a quote to pandoc.
    """
    if isinstance(content, list):
        for each in content:
            yield from _blocks(each)
    elif isinstance(content, dict) and content["t"] in _CONTAINERS:
        yield from _blocks(content["c"])
    elif isinstance(content, dict):
        yield content


def _lines(metadata: PandocNode) -> Iterator[str]:
    """Yield the printed lines of a title, which pandoc keeps apart from the text."""
    line: list[PandocNode] = []
    for inline in metadata["c"]:
        if inline["t"] == "LineBreak":
            yield _text(line)
            line = []
        else:
            line.append(inline)
    yield _text(line)


def _text(node: Any) -> str:  # noqa: ANN401
    """Return all text below `node` without white space."""
    return "".join("".join(_words(node)).split())


def _words(node: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the pieces of text below `node`."""
    if isinstance(node, list):
        for each in node:
            yield from _words(each)
    elif isinstance(node, dict) and "c" in node:
        if node["t"] == "Str":
            yield node["c"]
        elif node["t"] in ("Code", "Math"):
            yield node["c"][1]
        else:
            yield from _words(node["c"])


def _cells(table: PandocNode) -> Iterator[GridCell]:
    """Yield the cells of `table`, those of header rows first, with their places in the grid."""
    open_columns: dict[int, int] = {}
    for r, row in enumerate(_rows(table)):
        column = 0
        for _, _, rowspan, colspan, blocks in row:
            while open_columns.get(column, 0) > r:
                column += 1
            yield GridCell(r, column, rowspan, colspan, _text(blocks))
            for spanned in range(column, column + colspan):
                open_columns[spanned] = r + rowspan
            column += colspan


def _rows(table: PandocNode) -> Iterator[list[Any]]:
    """Yield the rows of `table` as lists of cells: head, bodies with heads of their own, foot."""
    _, _, _, (_, head), bodies, (_, foot) = table["c"]
    parts = [head, *(rows for _, _, above, below in bodies for rows in (above, below)), foot]
    for _, cells in (row for part in parts for row in part):
        yield cells
