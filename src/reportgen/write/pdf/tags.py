"""The tags of a PDF that Typst has no word for: header cells with their cells, lists.

Typst tags as headers the cells of its table heads, all of them and no others, and as a list
what is set as one; what the document says instead is put into the structure tree. What is on
the pages stays as it is.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import blake2b
from itertools import accumulate, pairwise, product

from reportgen.model.document import Document, Table
from reportgen.model.grid import HeadedCell, Place, headed_cells
from reportgen.write.errors import TypesettingError

_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_ELEMENT = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/(\w+)/P ")
_GROUPS = frozenset(b"Art Div Document NonStruct Part Sect TBody TFoot THead Table".split())
"""Elements in which tables and rows stand. None of them says a text of itself."""
_CELL = re.compile(
    rb"(?P<start>\d+ 0 obj\n<</Type/StructElem/S/)T[HD](?P<parent>/P \d+ 0 R)(?:/ID\([^()]*\))?"
    rb"/A\[<</O/Table(?:/Scope/\w+)?/Headers\[[^\]]*\]"
    rb"(?P<spans>(?:/RowSpan (?P<rows>\d+))?(?:/ColSpan (?P<columns>\d+))?)(?P<rest>>>.*)",
    re.DOTALL,
)
_NAMES = re.compile(rb"/IDTree<</Names\[[^\]]*\]>>")
_SCOPES = {"row": b"Row", "col": b"Column"}


def complete_tags(data: bytes, document: Document) -> bytes:
    """Return the PDF `data` of `document` with its tables and lists tagged as they are meant.

    A header cell has a scope, every cell names the headers that it has (ISO 14289-1, 7.5), and a
    caption that is not printed is the summary of its table. The template sets a list as a quote
    of paragraphs. Raises `TypesettingError` for tags that are not as Typst writes them.
    """
    pdf = _PlainPdf(data)
    tree = _TagTree(pdf.objects)
    tables = document.tables
    elements = list(tree.below(tree.root, b"Table"))
    if len(elements) != len(tables):
        raise _unforeseen(f"{len(elements)} × Table")
    for number, (element, table) in enumerate(zip(elements, tables, strict=True), 1):
        tree.tag(element, table, f"t{number}")
    tree.set_names()
    for element in list(tree.below(tree.root, b"BlockQuote")):
        tree.make_list(element)
    return pdf.saved()


class _TagTree:
    """The structure tree among the objects of a PDF, its elements known by their numbers."""

    def __init__(self, objects: list[bytes]) -> None:
        self._objects = objects
        self._headers: dict[str, int] = {}
        roots = [n for n, text in enumerate(objects, 1) if b"/Type/StructTreeRoot" in text[:50]]
        if len(roots) != 1:
            raise _unforeseen(f"{len(roots)} × StructTreeRoot")
        self.root = roots[0]

    def below(self, number: int, *kinds: bytes) -> Iterator[int]:
        """Yield the nearest elements of `kinds` below an element, in order."""
        kids = _KIDS.search(self._objects[number - 1])
        for reference in _REFERENCE.findall(kids[1]) if kids else ():
            kid = int(reference)
            element = _ELEMENT.match(self._objects[kid - 1])
            if element is None:
                continue
            if element[1] in kinds:
                yield kid
            elif element[1] in _GROUPS:
                yield from self.below(kid, *kinds)

    def tag(self, element: int, table: Table, prefix: str) -> None:
        """Tag a table and its cells; the names of its headers begin with `prefix`."""
        if not table.show_caption:
            summary = b"/A[<</O/Table/Summary<%b>>>" % _hexadecimal(table.caption)
            self._objects[element - 1] = self._objects[element - 1].replace(b"/A[", summary, 1)
        cells = headed_cells(table)
        taken: set[Place] = set()
        for row, row_element in enumerate(self.below(element, b"TR")):
            column = 0
            for number in self.below(row_element, b"TH", b"TD"):
                while (row, column) in taken:
                    column += 1
                tagged = _CELL.fullmatch(self._objects[number - 1])
                if tagged is None or (row, column) not in cells:
                    raise _unforeseen(f"{prefix} {row + 1}, {column + 1}")
                self._tag_cell(number, tagged, cells[row, column], row, prefix)
                rows, columns = int(tagged["rows"] or 1), int(tagged["columns"] or 1)
                if rows > 1:
                    taken.update(product(range(row, row + rows), range(column, column + columns)))
                column += columns

    def _tag_cell(
        self, number: int, tagged: re.Match[bytes], cell: HeadedCell, row: int, prefix: str
    ) -> None:
        """Tag a cell, or the empty piece of it that stands in a `row` below its first."""
        heads = cell.heads if row == cell.row else ""
        kind, name, scope = b"TD", b"", b""
        if heads:
            self._headers[prefix + cell.name] = number
            kind = b"TH"
            name = b"/ID(%b)" % (prefix + cell.name).encode()
            scope = b"/Scope/%b" % _SCOPES[heads]
        headers = "".join([f"({prefix}{header})" for header in cell.headers]).encode()
        self._objects[number - 1] = b"%b%b%b%b/A[<</O/Table%b/Headers[%b]%b%b" % (
            tagged["start"],
            kind,
            tagged["parent"],
            name,
            scope,
            headers,
            tagged["spans"],
            tagged["rest"],
        )

    def set_names(self) -> None:
        """Make the headers known by their names, in order (ISO 32000-1, 7.9.6 and 14.7.2)."""
        root = _NAMES.sub(b"", self._objects[self.root - 1])
        if b"/IDTree" in root:
            raise _unforeseen("IDTree")
        names = [f"({name}){self._headers[name]} 0 R" for name in sorted(self._headers)]
        if names:
            tree = f"/IDTree<</Names[{''.join(names)}]>>/K["
            root = root.replace(b"/K[", tree.encode(), 1)
        self._objects[self.root - 1] = root

    def make_list(self, element: int) -> None:
        """Make a quote of paragraphs a list, each of them what an entry of it says.

        Their labels stay with them: to mark these apart would set them apart by a hair.
        """
        entries: list[str] = []
        for number in list(self.below(element, b"P")):
            entry = len(self._objects) + 1
            entries.append(f"{entry} 0 R")
            self._rename(number, b"P", b"LBody", entry)
            tagged = f"<</Type/StructElem/S/LI/P {element} 0 R/K[{number} 0 R]>>"
            self._objects.append(f"{entry} 0 obj\n{tagged}\nendobj\n".encode())
        kids = f"/K[{' '.join(entries)}]".encode()
        self._objects[element - 1] = _KIDS.sub(kids, self._objects[element - 1], count=1)
        self._rename(element, b"BlockQuote", b"L")

    def _rename(self, number: int, kind: bytes, other: bytes, parent: int = 0) -> None:
        """Make an element one of another kind, below another parent if one is given."""
        old = re.compile(rb"/S/%b/P (\d+) 0 R" % kind)
        above = str(parent).encode() if parent else rb"\1"
        new = rb"/S/%b/P %b 0 R" % (other, above)
        self._objects[number - 1] = old.sub(new, self._objects[number - 1], count=1)


def _hexadecimal(text: str) -> bytes:
    """Return `text` as a string of PDF (ISO 32000-1, 7.9.2.2)."""
    return ("\ufeff" + text).encode("utf-16-be").hex().upper().encode()


_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_ENTRY = 20
"""Bytes of an entry of the table of places (ISO 32000-1, 7.5.4)."""
_TRAILER = re.compile(
    rb"trailer\s*<</Size \d+(?P<names>.*)/ID\[(?P<id>\([^()]*\))\([^()]*\)\]>>"
    rb"\s*startxref\s+\d+\s+%%EOF\s*",
    re.DOTALL,
)


class _PlainPdf:
    """A PDF as Typst writes it: plain objects one after the other, their places in a table.

    To open such a file with a library and to save it takes several times as long as to change a
    few objects and to count the places anew. Its `objects` may be changed and added to; the one
    at index 0 has the number 1.

    Raises `TypesettingError` for a file that is not written as Typst does.
    """

    def __init__(self, data: bytes) -> None:
        at = data.rfind(b"xref\n0 ")
        table = _TABLE.match(data, max(at, 0))
        if table is None:
            raise _unforeseen("xref")
        end = table.end() + int(table[1]) * _ENTRY
        trailer = _TRAILER.fullmatch(data, end)
        if trailer is None:
            raise _unforeseen("trailer")
        starts = [int(data[at : at + 10]) for at in range(table.end() + _ENTRY, end, _ENTRY)]
        if starts != sorted(starts):
            raise _unforeseen("order of objects")
        self._head = data[: starts[0]]
        self._trailer = trailer
        self.objects = [data[a:b] for a, b in pairwise([*starts, at])]

    def saved(self) -> bytes:
        """Return the bytes of the file, which names its state by what is in it."""
        places = list(accumulate(map(len, self.objects), initial=len(self._head)))
        entries = b"".join([b"%010d 00000 n\r\n" % place for place in places[:-1]])
        size = len(places)
        body = b"".join(self.objects)
        state = b64encode(blake2b(body, digest_size=16).digest())
        parts = self._trailer
        trailer = b"trailer\n<</Size %d%b/ID[%b(%b)]>>\nstartxref\n%d\n%%%%EOF" % (
            size,
            parts["names"],
            parts["id"],
            state,
            places[-1],
        )
        table = b"xref\n0 %d\n0000000000 65535 f\r\n" % size
        return b"".join([self._head, body, table, entries, trailer])


def _unforeseen(what: str) -> TypesettingError:
    """Return the error for a PDF of which `what` is not as Typst writes it."""
    return TypesettingError(f"Typst writes PDF in another way than expected: {what}")
