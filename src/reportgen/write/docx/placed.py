"""A Word form that stands in a text: written in its own look, with what the document says in it.

What it refers to by a name, styles, lists, pictures, comes along under another (`imported`); what
only a file can have, sections, bookmarks and marks of notes, stays behind. Blocks that a policy put
in the place of others are written as all blocks are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter

from lxml import etree

from reportgen.model.document import Block, Document, Paragraph, Table
from reportgen.model.word_form import FilledForm
from reportgen.wordfile.part import WordPart
from reportgen.wordfile.tables import local
from reportgen.write.docx.filled import Printing
from reportgen.write.docx.form_changes import FormChanges
from reportgen.write.docx.frame import Frame
from reportgen.write.docx.imported import OFFICE, STYLES, ImportedLook, remove, transitional
from reportgen.write.docx.section import Page, W
from reportgen.write.docx.styles_in_tables import StylesInTables
from reportgen.write.form_layout import FormLayout
from reportgen.write.turned_pages import LaidOutBlock

_LEFT = [
    f"{{*}}{name}"
    for name in (
        "sectPr bookmarkStart bookmarkEnd footnoteReference endnoteReference footnoteRef endnoteRef"
        " lastRenderedPageBreak"
    ).split()
]
"""What belongs to a file and not to a text in it."""
_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class PlacedForms:
    """Writes the blocks of the Word forms that stand in a document into the file of a frame.

    `comments` collects those on figures, which `notes` explain.
    """

    def __init__(
        self, document: Document, frame: Frame, notes: Mapping[str, str], comments: list[str]
    ) -> None:
        self.document = document
        self.frame = frame
        self.notes = notes
        self.comments = comments
        self.look = ImportedLook(frame.parts, frame.types)
        self._blocks = _by_form(document)
        self._bodies: dict[int, etree._Element] = {}
        self._elements: dict[int, list[str]] = {}
        self._said: dict[int, tuple[int, int]] = {}

    @property
    def frame_with_looks(self) -> Frame:
        """Return the frame with all that the forms written so far need."""
        return replace(self.frame, parts=self.look.parts, types=self.look.types)

    def written(self, piece: LaidOutBlock) -> str | None:
        """Return what stands in a form from behind the block written last to this one.

        With the last block comes the rest of the form; one that is placed anew begins anew. None
        for a block that is of no form.
        """
        block = _first_block(piece)
        if not isinstance(block, Table | Paragraph) or block.in_form is None:
            return None
        place = block.in_form
        elements = self._elements_of(place.form)
        last = self._said.get(place.form, (-1, -1))
        now = (place.element, _origin(block))
        self._said[place.form] = now
        start = last[0] + 1 if now > last else 0
        end = place.element + 1
        if start < end == self._ends(place.form):
            end = len(elements)
        return "".join(elements[start:end])

    def page(self, form: int, page: Page) -> Page:
        """Return a page of the frame with the measures of the last section of a form."""
        sections = list(self._body(form).iter(f"{W}sectPr"))
        return page.like(sections[-1]) if sections else page

    def _ends(self, form: int) -> int:
        """Return the number of the element behind the last that the document has a block of."""
        last: int = max(map(attrgetter("in_form.element"), self._blocks[form]))
        return last + 1

    def _body(self, number: int) -> etree._Element:
        """Return the body of a form with the texts of the document."""
        if number not in self._bodies:
            form = self.document.placed[number]
            sheet = form.sheets[0]
            printing = Printing(form.printed, self.notes, self.comments)
            parts = {form.main: printing.written(sheet.parts[form.main])}
            blocks = tuple(self._blocks[number])
            alone = replace(self.document, title=(), blocks=blocks, annexes=())
            xml = transitional(FormChanges(alone, form).made(parts, sheet)[form.main])
            body = WordPart.of(form.main, xml).body
            assert body is not None  # the file was read as a Word file
            self._bodies[number] = body
        return self._bodies[number]

    def _elements_of(self, number: int) -> list[str]:
        """Return what stands in the body of a form, each element as it stands in the file here."""
        if number not in self._elements:
            form, body = self.document.placed[number], self._body(number)
            _Carried(self.look, form, f"f{number + 1}", body).over()
            self._elements[number] = list(map(_written, body))
        return self._elements[number]


def form_of(pieces: Sequence[LaidOutBlock]) -> int:
    """Return the number of the form placed in the document that all pieces are of, -1 for none."""
    forms = {_form(_first_block(piece)) for piece in pieces}
    return forms.pop() if len(forms) == 1 else -1


def _first_block(piece: LaidOutBlock) -> Block:
    """Return the block that a piece is laid out of, or the first."""
    return piece.tables[0] if isinstance(piece, FormLayout) else piece


def _form(block: Block) -> int:
    """Return the number of the form placed in the document that a block is of, -1 for none."""
    place = block.in_form if isinstance(block, Table | Paragraph) else None
    return -1 if place is None else place.form


def _by_form(document: Document) -> dict[int, list[Table | Paragraph]]:
    """Return the blocks of a document by the form that they are of."""
    found: dict[int, list[Table | Paragraph]] = defaultdict(list)
    annexes = chain.from_iterable(map(attrgetter("blocks"), document.annexes))
    for block in chain(document.blocks, annexes):
        if isinstance(block, Table | Paragraph):
            found[_form(block)].append(block)
    return found


def _origin(block: Table | Paragraph) -> int:
    """Return the number of the first text of a block in its form, -1 where it says nothing."""
    if isinstance(block, Paragraph):
        return block.origin
    for row in block.rows:
        for cell in row.cells:
            if cell.origins:
                return cell.origins[0]
    return -1


class _Carried:
    """Carries the body of a form over into another file."""

    def __init__(
        self, look: ImportedLook, form: FilledForm, name: str, body: etree._Element
    ) -> None:
        self.look = look
        self.form = form
        self.name = name
        self.body = body

    def over(self) -> None:
        """Change the body to what it is in the other file."""
        for element in list(self.body.iter(*_LEFT)):
            remove(element)
        for paragraph in self.body.iter(f"{W}p"):
            paragraph.attrib.pop(f"{_WORD_2010}paraId", "")
            paragraph.attrib.pop(f"{_WORD_2010}textId", "")
        self._carry_styles(self.look.styles(self.form))
        self._settle_tables()
        self._carry_lists()
        self._carry_relations()
        self.look.fonts(self.form).settle(self.body)

    def _carry_styles(self, styles: Mapping[str, str]) -> None:
        for reference in self.body.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"):
            theirs = reference.get(f"{W}val", "")
            reference.set(f"{W}val", styles.get(theirs, styles[""]))
        for paragraph in self.body.iter(f"{W}p"):
            _give_style(paragraph, "pPr", "pStyle", styles[""])
        for table in self.body.iter(f"{W}tbl") if "table" in styles else ():
            _give_style(table, "tblPr", "tblStyle", styles["table"])

    def _settle_tables(self) -> None:
        """Let what a table says of the text in it stand above the defaults of the file."""
        styles = StylesInTables(self.look.parts[STYLES])
        for paragraph in self.body.iter(f"{W}p"):
            table = next(paragraph.iterancestors(f"{W}tbl"), None)
            of_table = None if table is None else table.find(f"{W}tblPr/{W}tblStyle")
            own = paragraph.find(f"{W}pPr/{W}pStyle")
            if own is not None and of_table is not None:
                within = styles.within(own.get(f"{W}val", ""), of_table.get(f"{W}val", ""))
                own.set(f"{W}val", within)
        self.look.parts[STYLES] = styles.written()

    def _carry_lists(self) -> None:
        numbers = list(self.body.iter(f"{W}numId"))
        used = [number.get(f"{W}val", "") for number in numbers]
        lists = self.look.lists(self.form, used, self.name)
        for number in numbers:
            number.set(f"{W}val", lists.get(number.get(f"{W}val", ""), "0"))

    def _carry_relations(self) -> None:
        for element in self.body.iter(etree.Element):
            for key, value in element.attrib.items():
                if str(key).startswith(f"{{{OFFICE}}}"):
                    own = self.look.relation(self.form, str(value), self.name)
                    element.set(key, own) if own else element.attrib.pop(key)


def _give_style(element: etree._Element, properties: str, name: str, style: str) -> None:
    """Give a paragraph or a table the style that it has by default, unless it has another."""
    held = element.find(f"{W}{properties}")
    if held is None:
        held = etree.Element(f"{W}{properties}")
        element.insert(0, held)
    if held.find(f"{W}{name}") is None:
        reference = etree.Element(f"{W}{name}")
        reference.set(f"{W}val", style)
        held.insert(0, reference)


def _written(element: etree._Element) -> str:
    """Return an element of a body with the namespaces it uses; the last section is left out."""
    if local(element) == "sectPr":
        return ""
    root = element.getroottree().getroot()
    kept = [*_ignorable(element, root), *_required(element)]
    if kept:
        element.set(f"{_MC}Ignorable", " ".join(_ignorable(element, root)))
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(copy, keep_ns_prefixes=kept)
    return etree.tostring(copy, encoding="unicode")


def _ignorable(element: etree._Element, root: etree._Element) -> list[str]:
    """Return the prefixes of what programs may ignore in an element, as its part says."""
    used: set[str] = set()
    for each in element.iter(etree.Element):
        used.update(str(name).partition("}")[0][1:] for name in (each.tag, *each.attrib))
    stated = (root.get(f"{_MC}Ignorable") or "").split()
    return [prefix for prefix in stated if root.nsmap.get(prefix) in used]


def _required(element: etree._Element) -> set[str]:
    """Return the prefixes that alternatives for newer programs name."""
    found: set[str] = set()
    for choice in element.iter(f"{_MC}Choice"):
        found.update((choice.get("Requires") or "").split())
    return found
