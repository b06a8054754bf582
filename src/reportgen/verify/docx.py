"""What a Word file says, read by pandoc: a reader that shares no code with the writer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from reportgen.model import limits
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError
from reportgen.verify.opened import OpenedFile
from reportgen.verify.readback import Grid, GridCell, Readback, SpannedText, grid_cells, squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# The styles whose paragraphs pandoc takes from the beginning of a text, as they are printed.
_METADATA = ("title", "subtitle", "author", "date", "abstract")
_WHITE = frozenset(["Space", "SoftBreak", "LineBreak"])
_CONTAINERS = ("BlockQuote", "BulletList", "OrderedList", "DefinitionList", "Div", "Figure")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
_BODY = re.compile(rb"<w:body(?: [^>]*)?>")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

_COLLECTING = ("-H1m", "-A512k", "-O256m", "-I0", "-V0")
"""Options of pandoc's run-time system: what is new takes no more room than a processor has at hand
(its own choice is 64 MB, each page of which costs), what is old is looked through only when it is
large, nothing when it waits, and there is no clock: a quarter of its time for a report."""

PandocNode = dict[str, Any]
"""A node of pandoc's JSON: its type at `t`, its content at `c`."""


def read_docx(data: bytes) -> Readback:
    """Return the text and the tables of a Word file, as `read_word` does."""
    return read_word(OpenedFile(data))


def read_word(file: OpenedFile) -> Readback:
    """Return the text and the tables of a Word file, without its comments.

    Raises `ValueError` with pandoc's reason when it cannot be read, or `ForeignFileError`.
    """
    main = _main_part(file)
    tree = _parse(file.data)
    texts = [*_metadata_lines(tree["meta"])]
    tables: list[Grid] = []
    for item in _items(tree, main, squeeze):
        if isinstance(item, str):
            texts.append(item)
        else:
            tables.append(item)
    return Readback(
        "docx",
        texts=tuple(filter(None, texts)),
        tables=tuple(tables),
        pictures=tuple(drawing.get("descr", "") for drawing in main.iter(f"{_DRAWING}docPr")),
    )


def read_in_order(file: OpenedFile, text: Callable[[str], str]) -> tuple[str | Grid, ...]:
    """Return the texts and the tables of a Word file in their order, titles among them.

    `text` makes each text of what pandoc gives. Raises what `read_word` raises. Pandoc takes titles
    from the beginning of a text, and drops all but the last: here something stands before them.
    """
    main = _main_part(file)
    _, *items = _items(_parse(_with_first_text(file)), main, text)
    return tuple(items)


def _main_part(file: OpenedFile) -> Element:
    """Return the part with the body of a Word file.

    Nothing that unpacks beyond the limits, or is nested too deeply for lxml, goes to pandoc.
    """
    try:
        return file.member(file.package.getinfo(_MAIN)).xml
    except (*DAMAGED_ARCHIVE, KeyError) as error:
        raise ValueError(f"no docx: {error}") from error


def _with_first_text(file: OpenedFile) -> bytes:
    """Return a Word file with one more paragraph, before all others."""
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for entry in file.package.infolist():
            data = file.package.read(entry)
            if entry.filename == _MAIN:
                data = _BODY.sub(rb"\g<0><w:p><w:r><w:t>.</w:t></w:r></w:p>", data, count=1)
            package.writestr(entry.filename, data)
    return packed.getvalue()


def _items(tree: PandocNode, main: Element, text: Callable[[str], str]) -> Iterator[str | Grid]:
    """Yield the texts and the tables that pandoc found, in their order."""
    tables = _outer_tables(main)
    for block in _blocks(tree["blocks"]):
        if block["t"] == "Table":
            grid = tuple(grid_cells(_rows(block, text)))
            yield _with_heads(grid, _word_heads(next(tables)))
        else:
            yield _text(block, text)


def _outer_tables(main: Element) -> Iterator[Element]:
    """Yield the tables that stand in no other, in order."""
    for table in main.iter(f"{_WORD}tbl"):
        if next(table.iterancestors(f"{_WORD}tbl"), None) is None:
            yield table


def _word_heads(table: Element) -> tuple[int, bool]:
    """Return how many rows of a table repeat as its head, and whether its first column heads rows.

    Pandoc guesses the one and does not tell the other.
    """
    head_rows = 0
    for row in table.iterchildren(f"{_WORD}tr"):
        if row.find(f"{_WORD}trPr/{_WORD}tblHeader") is None:
            break
        head_rows += 1
    look = table.find(f"{_WORD}tblPr/{_WORD}tblLook")
    return head_rows, look is not None and look.get(f"{_WORD}firstColumn") == "1"


def _with_heads(grid: Grid, heads: tuple[int, bool]) -> Grid:
    """Return the cells of a table with what they head by its head rows and its first column."""
    head_rows, first_column = heads
    cells: list[GridCell] = []
    for cell in grid:
        if cell.row < head_rows:
            cells.append(cell._replace(heads="col"))
        else:
            cells.append(cell._replace(heads="row" if first_column and not cell.column else ""))
    return tuple(cells)


def texts_above_tables(file: OpenedFile) -> Iterator[str]:
    """Yield the text of what stands directly above each table of a Word file."""
    body = file.member(file.package.getinfo("word/document.xml")).xml[0]
    for table in body.findall(f"{_WORD}tbl"):
        above = table.getprevious()
        if above is not None:
            yield squeeze("".join(map(str, above.itertext(f"{_WORD}t"))))


def _parse(data: bytes) -> PandocNode:
    """Return the syntax tree of pandoc, which may open no other file.

    Pandoc reads and writes files: through a pipe it would wait whenever this process is busy.
    """
    bounds = ["+RTS", f"-M{int(limits.PANDOC_BYTES)}", *_COLLECTING, "-RTS"]
    command = [_pandoc(), "--sandbox", "-f", "docx", "-t", "json", *bounds]
    with TemporaryFile() as source, TemporaryFile() as output, TemporaryFile() as errors:
        source.write(data)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603
                command,
                stdin=source,
                stdout=output,
                stderr=errors,
                check=False,
                timeout=limits.PANDOC_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise ForeignFileError("@too_slow", limit=limits.PANDOC_SECONDS) from None
        output.seek(0)
        errors.seek(0)
        if done.returncode:
            raise ValueError(errors.read().decode(errors="replace").strip())
        tree: PandocNode = json.load(output)
    return tree


@cache
def _pandoc() -> str:
    """Return the path of the pandoc that pypandoc_binary carries, else of the machine's.

    The package itself is not imported: it takes 65 ms to load and to ask for its path.
    """
    program = shutil.which("pandoc", path=_carried_programs()) or shutil.which("pandoc")
    if program is None:
        raise ValueError("pandoc is missing: install pypandoc_binary")
    return program


def _carried_programs() -> str:
    """Return the folders of the programs that the package pypandoc carries, as a search path."""
    spec = find_spec("pypandoc")
    folders = spec.submodule_search_locations if spec is not None else None
    return os.pathsep.join(str(Path(folder) / "files") for folder in folders or ())


def _blocks(content: Any) -> Iterator[PandocNode]:  # noqa: ANN401
    """Yield paragraphs, headings and tables in order, out of the quotes and lists around them.

    An indented paragraph is a quote to pandoc.
    """
    if isinstance(content, list):
        for part in content:
            yield from _blocks(part)
    elif isinstance(content, dict) and content["t"] in _CONTAINERS:
        yield from _blocks(content["c"])
    elif isinstance(content, dict):
        yield content


def _metadata_lines(metadata: PandocNode) -> Iterator[str]:
    """Yield the printed lines of titles, which pandoc keeps apart from the text."""
    for name in _METADATA:
        if name in metadata:
            yield from _lines(metadata[name]["c"])


def _lines(inlines: list[PandocNode]) -> Iterator[str]:
    line: list[PandocNode] = []
    for inline in inlines:
        if inline["t"] == "LineBreak":
            yield _text(line, squeeze)
            line = []
        else:
            line.append(inline)
    yield _text(line, squeeze)


def _text(node: Any, text: Callable[[str], str]) -> str:  # noqa: ANN401
    """Return all text below `node`, made by `text` of what pandoc gives."""
    words: list[str] = []
    _add_words(node, words)
    return text("".join(words))


def _add_words(node: Any, words: list[str]) -> None:  # noqa: ANN401
    """Add the pieces of text below `node` to `words`."""
    if isinstance(node, list):
        for part in node:
            _add_words(part, words)
    elif isinstance(node, dict) and "c" in node:
        _add_content(node["t"], node["c"], words)
    elif isinstance(node, dict) and node["t"] in _WHITE:
        words.append(" ")


def _add_content(kind: str, content: Any, words: list[str]) -> None:  # noqa: ANN401
    if kind == "Str":
        words.append(content)
    elif kind in ("Code", "Math"):
        words.append(content[1])
    else:
        _add_words(content, words)


def _rows(table: PandocNode, text: Callable[[str], str]) -> Iterator[Iterable[SpannedText]]:
    """Yield the rows of `table`: head, bodies with heads of their own, foot."""
    _, _, _, (_, head), bodies, (_, foot) = table["c"]
    parts = [head]
    for _, _, heads_within, rows in bodies:
        parts += [heads_within, rows]
    parts.append(foot)
    for _, cells in chain.from_iterable(parts):
        yield [_spanned(cell, text) for cell in cells]


def _spanned(cell: list[Any], text: Callable[[str], str]) -> SpannedText:
    _, _, rows, columns, blocks = cell
    return SpannedText(rows, columns, _text(blocks, text))
