"""A finished file whose parts are opened and parsed once, for all who read it."""

from __future__ import annotations

import zipfile
from functools import cached_property
from typing import TYPE_CHECKING, cast

from reportgen.model import limits
from reportgen.project.foreign_files import open_archive

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.verify.pdf import PdfFile


class OpenedFile:
    """The bytes of a file, and what the parser of each format makes of them.

    Nothing is parsed before it is asked for, and no library loaded. What cannot be parsed
    raises the error of its parser, a `ValueError` or an error of the format.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._members: dict[int, OpenedFile] = {}

    @cached_property
    def page(self) -> Element:
        """Return the root of a web page, its comments in it. Nobody may change it."""
        from lxml import etree

        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
        root = etree.fromstring(self.data, parser)
        if root is None:
            raise ValueError("Document is empty")
        return root

    @cached_property
    def xml(self) -> Element:
        """Return the root of an XML file. Raises `lxml.etree.XMLSyntaxError`."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self.data, parser)

    @cached_property
    def pdf(self) -> PdfFile:
        """Return the PDF."""
        from reportgen.verify.pdf import PdfFile

        return PdfFile(self.data)

    @cached_property
    def package(self) -> zipfile.ZipFile:
        """Return the directory of a zip file that may be unpacked.

        Raises `ForeignFileError`, `zipfile.BadZipFile` and whatever else a damaged one raises.
        """
        return open_archive(self.data, limits.OUTPUT_UNPACKED)

    def member(self, entry: zipfile.ZipInfo) -> OpenedFile:
        """Return a file of the package, unpacked once. Raises `zipfile.BadZipFile`."""
        key = entry.header_offset
        if key not in self._members:
            self._members[key] = OpenedFile(self.package.read(entry))
        return self._members[key]


def is_element(node: Element) -> bool:
    """Return whether a node of markup is an element, no comment and no instruction."""
    return type(node.tag) is str


def attributes(element: Element) -> list[tuple[str, str]]:
    """Return the names and the values of the attributes of an element."""
    return cast("list[tuple[str, str]]", element.items())
