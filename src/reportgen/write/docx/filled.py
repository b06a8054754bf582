"""A report that is a Word form: the file as it came, with what the document says in its places.

What stands between the tags of the form is written byte for byte. The sheets of a form that was
filled several times are joined to one file, a section each: headers and footers that say something
else on each sheet are parts of their own, notes are numbered through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import product
from posixpath import basename

from lxml import etree

from reportgen.model.document import Document, Inline, Inlines, Value, plain
from reportgen.model.word_form import PRINTED, FilledForm
from reportgen.wordfile.cutting import cleaned
from reportgen.wordfile.package import WordFile, relations_of
from reportgen.wordfile.part import WordPart
from reportgen.wordfile.tables import attribute
from reportgen.write.docx.form_changes import PRESERVED, FormChanges, literal
from reportgen.write.docx.package import packed
from reportgen.write.docx.text import escape, run

_TEXT = re.compile(r"<w:t(?P<space> [^<>]*)?>(?P<text>[^<]*\ue000[^<]*)</w:t>")
_RUN = re.compile(r"<w:r(?: [^<>]*)?>")
_PROPERTIES = re.compile(r"\s*<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>", re.DOTALL)
_SPACE = ' xml:space="preserve"'


def write_filled(document: Document, form: FilledForm, notes: Mapping[str, str]) -> bytes:
    """Return the file of `form` with the texts of `document`; `notes` explain figures by key.

    Raises `UnwritableCharacterError` for a character that XML cannot hold.
    """
    printing = Printing(form.printed, notes, [])
    changes = FormChanges(document, form)
    sheets: list[Mapping[str, str]] = []
    for sheet in form.sheets:
        parts = {name: printing.written(xml) for name, xml in sheet.parts.items()}
        sheets.append(changes.made(parts, sheet))
    members, types = joined(form, sheets)
    paragraphs = list(map(_comment, printing.comments))
    return packed(members, types, document, main=form.main, comments=paragraphs)


def _comment(note: str) -> list[str]:
    return list(map(_comment_line, note.splitlines() or [""]))


def _comment_line(line: str) -> str:
    return f"<w:p>{run(line)}</w:p>"


@dataclass(slots=True)
class Printing:
    """Puts what was printed into the XML of parts; collects the `comments` on figures."""

    printed: Mapping[int, Inlines]
    notes: Mapping[str, str]
    comments: list[str]

    def written(self, xml: str) -> str:
        """Return the XML of a part with its values in the place of their marks."""
        xml = _TEXT.sub(partial(self._text, xml), xml)
        return PRINTED.sub(self._plain, xml)

    def _plain(self, mark: re.Match[str]) -> str:
        return escape(plain(self.printed[int(mark[1])])).replace('"', "&quot;")

    def _text(self, xml: str, match: re.Match[str]) -> str:
        """Return a text element with its values, and what parts it where it has to be parted."""
        properties = _properties_before(xml, match.start()) if self.notes else ""
        written = PRINTED.sub(partial(self._value, properties), match["text"])
        first = written.partition("<")[0]
        space = match["space"] or ""
        if not space and first.strip() != first:
            space = _SPACE
        return f"<w:t{space}>{written}</w:t>"

    def _value(self, properties: str, mark: re.Match[str]) -> str:
        return "".join(self._inline(each, properties) for each in self.printed[int(mark[1])])

    def _inline(self, inline: Inline, properties: str) -> str:
        if isinstance(inline, Value):
            return self._explained(literal(inline.text), inline.key, properties)
        return literal(plain((inline,)))

    def _explained(self, written: str, key: str, properties: str) -> str:
        """Return a figure in a run of its own within the range of a comment, if it has a note."""
        note = self.notes.get(key)
        if note is None or not written:
            return written
        number = len(self.comments)
        self.comments.append(note)
        begin = f"<w:r>{properties}{PRESERVED}"
        return (
            f'</w:t></w:r><w:commentRangeStart w:id="{number}"/>{begin}{written}</w:t></w:r>'
            f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
            f"{begin}"
        )


def _properties_before(xml: str, at: int) -> str:
    """Return the properties of the run that holds what stands at `at`."""
    start = max(xml.rfind("<w:r>", 0, at), xml.rfind("<w:r ", 0, at))
    opening = _RUN.match(xml, max(start, 0))
    properties = _PROPERTIES.match(xml, opening.end()) if opening else None
    return properties[0] if properties else ""


# Sheets joined to one file

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LOOKS = frozenset(["styles", "numbering", "settings", "fontTable"])
_ENCODING = re.compile(r"<\?xml[^>]*?encoding=[\"']([\w-]+)")
_BODY = re.compile(r"<w:body(?: [^<>]*)?>")
_NOTE = re.compile(r'(<w:(?P<kind>footnote|endnote)(?:Reference)? (?:[^<>]* )?w:id=")(\d+)')
_RELATION = re.compile(r"<Relationship (?:[^<>\"]|\"[^\"]*\")*/>")
_ID = re.compile(r'\bId="([^"]*)"')
_TARGET = re.compile(r'\bTarget="([^"]*)"')
_LIST = re.compile(r'(<w:numId (?:[^<>]* )?w:val=")([1-9]\d*)')
_APART = 10_000
"""So far apart are the numbers of notes and lists of two sheets: no form has as many."""
_LEVELS = range(9)
# A paragraph 1 pt high: the section of a sheet ends in it.
_END = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>{section}'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)


def joined(
    form: FilledForm, sheets: Sequence[Mapping[str, str]]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the members of the file with all `sheets`, and the content types of its parts.

    Each sheet is given by its parts that hold text.
    """
    members, types = dict(form.members), dict(form.types)
    types[form.main] = _DOCUMENT
    texts = dict(sheets[0])
    bodies = [texts[form.main]]
    for number, sheet in enumerate(sheets[1:], 2):
        main = _renumbered(sheet[form.main], number)
        for name in sheet.keys() - {form.main}:
            if form.kinds[name] in {"footnote", "endnote"}:
                texts[name] = _with_notes(texts[name], _renumbered(sheet[name], number))
            elif sheet[name] != sheets[0][name]:
                main = _with_own_part(form, number, name, main, members)
                own = _own_name(name, number)
                texts[own], types[own] = sheet[name], types[name]
        bodies.append(main)
    texts[form.main] = _one_body(bodies)
    if any(map(_LIST.search, bodies[1:])):
        members |= _with_lists(form, len(sheets))
    for name, xml in texts.items():
        encoding = _ENCODING.match(xml)
        members[name] = xml.encode(encoding[1] if encoding else "utf-8")
    for name in _looks(form):
        part = WordPart.read(name, members[name])
        members[name] = part.bytes(cleaned(part))
    return members, types


def _looks(form: FilledForm) -> list[str]:
    """Return the parts that say how the text looks, which may carry traces of people as it does."""
    file = WordFile(dict(form.members))
    looks = {each.target for each in file.relations(form.main) if each.kind in _LOOKS}
    return sorted(looks & form.members.keys())


def _own_name(name: str, number: int) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{number}.{suffix}"


def _with_own_part(
    form: FilledForm, number: int, name: str, main: str, members: dict[str, bytes]
) -> str:
    """Return the body of a sheet referring to its own copy of a header or footer.

    The relations of the file in `members` get it.
    """
    of_main = relations_of(form.main)
    relations = members[of_main].decode()
    for relation in _RELATION.findall(relations):
        identity, target = _ID.search(relation), _TARGET.search(relation)
        if identity and target and basename(target[1]) == basename(name):
            own = f"{identity[1]}s{number}"
            copy = relation.replace(identity[0], f'Id="{own}"')
            copy = copy.replace(target[0], f'Target="{_own_name(target[1], number)}"')
            relations = relations.replace("</Relationships>", f"{copy}</Relationships>")
            main = main.replace(f'r:id="{identity[1]}"', f'r:id="{own}"')
    members[of_main] = relations.encode()
    if relations_of(name) in members:
        members[relations_of(_own_name(name, number))] = members[relations_of(name)]
    return main


def _renumbered(xml: str, sheet: int) -> str:
    """Return a part of a sheet with numbers of its notes and lists that no other sheet has."""

    def own(match: re.Match[str]) -> str:
        return f"{match[1]}{int(match[match.re.groups]) + (sheet - 1) * _APART}"

    return _LIST.sub(own, _NOTE.sub(own, xml))


def _with_lists(form: FilledForm, sheets: int) -> dict[str, bytes]:
    """Return the lists of a form with those of its further sheets, which begin anew."""
    found = WordFile(dict(form.members)).relations(form.main)
    name = next((each.target for each in found if each.kind == "numbering"), "")
    if name not in form.members:
        return {}
    root = etree.fromstring(form.members[name])
    lists = list(root.iter("{*}num"))
    for sheet, list_ in product(range(sheets, 1, -1), reversed(lists)):
        lists[-1].addnext(_begun_anew(list_, sheet, root))
    return {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}


def _begun_anew(list_: etree._Element, sheet: int, root: etree._Element) -> etree._Element:
    """Return a list as a sheet has it: every level begins with its first number."""
    copy = deepcopy(list_)
    word = f"{{{etree.QName(list_).namespace}}}"
    own = int(attribute(list_, "numId")) + (sheet - 1) * _APART
    copy.set(f"{word}numId", str(own))
    shared = attribute(list_.find("{*}abstractNumId"), "val")
    stated = {attribute(each, "ilvl") for each in copy.iter("{*}lvlOverride")}
    for level in map(str, _LEVELS):
        if level not in stated:
            override = etree.SubElement(copy, f"{word}lvlOverride", {f"{word}ilvl": level})
            start = _start(root, shared, level)
            etree.SubElement(override, f"{word}startOverride", {f"{word}val": start})
    return copy


def _start(root: etree._Element, shared: str, level: str) -> str:
    """Return the first number of a level of a list."""
    for look in root.iter("{*}abstractNum"):
        for each in (
            look.iterchildren("{*}lvl") if attribute(look, "abstractNumId") == shared else ()
        ):
            if attribute(each, "ilvl") == level:
                return attribute(each.find("{*}start"), "val") or "1"
    return "1"


def _with_notes(xml: str, more: str) -> str:
    """Return notes with those of another sheet behind them; its separators are there already."""
    part = WordPart.of("", more)
    added: list[str] = []
    for note in part.root:
        if note.get(f"{part.namespace}type") is None:
            span = part.span(note)
            added.append(part.source[span.start : span.end])
    end = xml.rindex("</")
    return xml[:end] + "".join(added) + xml[end:]


def _one_body(mains: Sequence[str]) -> str:
    """Return a body with the content of all, each but the last closed by a section of its own."""
    if len(mains) == 1:
        return mains[0]
    written = [mains[0][: _body_start(mains[0])]]
    for main in mains[:-1]:
        content, section = _content(main)
        written += (content, _END.format(section=section))
    content, section = _content(mains[-1])
    return "".join((*written, content, section, "</w:body></w:document>"))


def _body_start(main: str) -> int:
    match = _BODY.search(main)
    assert match is not None  # the file was read as a Word file
    return match.end()


def _content(main: str) -> tuple[str, str]:
    """Return the content of a body, and the section that ends it."""
    start, end = _body_start(main), main.rindex("</w:body>")
    at = main.rfind("<w:sectPr", start, end)
    if at < 0 or main.find("</w:p>", at, end) >= 0:
        return main[start:end], ""
    section = main[at:end].strip()
    return main[start:at], re.sub(r"<w:type [^<>]*/>", "", section)
