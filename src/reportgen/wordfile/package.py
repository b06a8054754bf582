"""A Word file: its parts by name, their types, and which of them hold text that is printed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, join, normpath
from typing import cast

from lxml import etree

from reportgen.model import limits
from reportgen.model.word_form import PartKind
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, open_archive
from reportgen.wordfile.part import STRICT, TRANSITIONAL, WordPart

_TYPES = "[Content_Types].xml"
_MAIN = re.compile(r"wordprocessingml\.(?:document|template)\.main\+xml$|\.ms-word\..*main\+xml$")
_KINDS: dict[str, PartKind] = {
    "header": "header",
    "footer": "footer",
    "footnotes": "footnote",
    "endnotes": "endnote",
}
"""What relations of the body lead to (ISO/IEC 29500-1, 11.3), and what is there."""
_UNREADABLE = (*DAMAGED_ARCHIVE, etree.XMLSyntaxError, KeyError, UnicodeError, LookupError)


@dataclass(frozen=True)
class PartRelation:
    """What a part refers to: an id, a kind such as `header`, a part's name or an address."""

    identity: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class WordFile:
    """A Word file: its members by name. Nobody may change them."""

    members: dict[str, bytes]

    @classmethod
    def read(cls, data: bytes, most: int = limits.WORD_FORM_UNPACKED) -> WordFile:
        """Return the Word file in `data`, unpacked to at most so many bytes.

        Raises `ForeignFileError` for what is no Word file or passes a limit.
        """
        try:
            archive = open_archive(data, most)
            members: dict[str, bytes] = {}
            for each in archive.infolist():
                members[each.filename] = _as_usual(_member(archive, each))
            file = cls(members)
            if file.part(file.main).body is None:
                raise ForeignFileError("@no_word_file")
        except _UNREADABLE as error:
            raise ForeignFileError("@no_word_file") from error
        return file

    @cached_property
    def types(self) -> dict[str, str]:
        """Return the content type of every part that has one, by its name."""
        root = etree.fromstring(self.members[_TYPES], _parser())
        by_suffix: dict[str, str] = {}
        for default in root.iter("{*}Default"):
            by_suffix[default.get("Extension", "").lower()] = default.get("ContentType", "")
        types: dict[str, str] = {}
        for name in self.members:
            suffix = name.rpartition(".")[2].lower()
            if suffix in by_suffix and name != _TYPES:
                types[name] = by_suffix[suffix]
        for override in root.iter("{*}Override"):
            types[override.get("PartName", "").lstrip("/")] = override.get("ContentType", "")
        return types

    @cached_property
    def main(self) -> str:
        """Return the name of the part that holds the body; KeyError where there is none."""
        for name, kind in self.types.items():
            if _MAIN.search(kind) and name in self.members:
                return name
        raise KeyError("word/document.xml")

    @cached_property
    def text_parts(self) -> dict[str, PartKind]:
        """Return the parts whose text is printed, the body first, in the order of their names."""
        parts: dict[str, PartKind] = {self.main: "main"}
        found = [each for each in self.relations(self.main) if each.target in self.members]
        for kind, meaning in _KINDS.items():
            names = sorted(each.target for each in found if each.kind == kind)
            parts.update(dict.fromkeys(names, meaning))
        return parts

    def part(self, name: str) -> WordPart:
        """Return the part `name`, read. Raises `ForeignFileError` for one that is no XML."""
        read = self._parts
        if name not in read:
            try:
                read[name] = WordPart.read(name, self.members[name])
            except (etree.XMLSyntaxError, UnicodeError, LookupError) as error:
                raise ForeignFileError("@no_word_file") from error
        return read[name]

    @cached_property
    def _parts(self) -> dict[str, WordPart]:
        return {}

    def relations(self, name: str) -> tuple[PartRelation, ...]:
        """Return what the part `name` refers to; raises `ForeignFileError` for what is no XML."""
        data = self.members.get(relations_of(name))
        try:
            return tuple(_relations(name, data)) if data else ()
        except etree.XMLSyntaxError as error:
            raise ForeignFileError("@no_word_file") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    return b"" if member.is_dir() else archive.read(member)


_USUAL = re.compile(rb"""\sxmlns:w=["'](?:%s|%s)["']""" % (TRANSITIONAL.encode(), STRICT.encode()))
_CDATA = b"<![CDATA["


def _as_usual(data: bytes) -> bytes:
    """Return a part whose Word elements are called `w:`, whatever a program has called them.

    Its texts are escaped, not quoted as CDATA. What is said is the same; all else here takes such
    a part as it stands.
    """
    if _is_usual(data):
        return data
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError:
        return data
    if etree.QName(root).namespace not in {TRANSITIONAL, STRICT}:
        return data
    renamed = etree.Element(root.tag, nsmap=cast("dict[str, str]", _usual_names(root)))
    for key, value in root.attrib.items():
        renamed.set(key, value)
    renamed.extend(list(root))
    return etree.tostring(renamed, xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_usual(data: bytes) -> bool:
    """Return whether bytes are no part of Word, or one as Word itself writes them."""
    of_word = TRANSITIONAL.encode() in data or STRICT.encode() in data
    return not of_word or (_USUAL.search(data) is not None and _CDATA not in data)


def _usual_names(root: etree._Element) -> dict[str | None, str]:
    """Return the namespaces of a part by the prefixes that they shall have."""
    namespace = etree.QName(root).namespace or TRANSITIONAL
    names: dict[str | None, str] = {"w": namespace}
    for prefix, uri in root.nsmap.items():
        if uri.endswith("/relationships"):
            names["r"] = uri
        elif uri != namespace and prefix not in {"w", "r"}:
            names[prefix] = uri
    return names


def relations_of(name: str) -> str:
    """Return the name of the part that holds the relations of the part `name`."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def _relations(name: str, data: bytes) -> Iterator[PartRelation]:
    for element in etree.fromstring(data, _parser()).iter("{*}Relationship"):
        external = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        if not external:
            target = normpath(join("/", dirname(name), target)).lstrip("/")
        kind = element.get("Type", "").rpartition("/")[2]
        yield PartRelation(element.get("Id", ""), kind, target, external)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
