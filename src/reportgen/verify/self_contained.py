"""What a finished file of any audience may not do: load, run or hold anything from elsewhere.

It is read from the file alone: a page by the tree that lxml makes of it, a Word file by the
elements of its parts. Nothing here knows how a pack is checked when it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, filterfalse
from typing import TYPE_CHECKING

from reportgen.verify.opened import OpenedFile, attributes, is_element

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST = 80
"""How many characters of an address are quoted."""


def outside(file: OpenedFile) -> Iterable[str]:
    """Return what a page or a Word file loads, runs or holds from elsewhere, as it is written.

    A PDF of Typst's holds no scripts; that of a public version is searched for them.
    """
    if file.data.startswith(b"%PDF"):
        return ()
    found = _in_package(file) if file.data.startswith(b"PK") else _in_page(file)
    return (what[:_MOST] for what in dict.fromkeys(found))


# Pages

_ACTIVE = (
    "script|iframe|frame|frameset|object|embed|applet|base|portal|audio|video|source|track|link"
    "|form|input|button|template|animate|set|fencedframe"
)
_WRITTEN = re.compile(rb"<(?:%s)(?=[\s/>])" % _ACTIVE.encode(), re.IGNORECASE)
"""Their tags as they are written, should a parser read around one."""
_PICTURE = r"\s*data:image/(?:png|svg\+xml|jpeg|gif|webp)[;,]"
_RELATIVE = r"[^:]*[/?#]|[^:]*\Z"
_LOADS = re.compile(
    r"\S+ (?:on\w+|srcset|imagesrcset|poster|background|data|action|formaction|manifest|ping"
    r"|codebase|classid|archive|lowsrc|dynsrc|srcdoc|attributionsrc)="
    rf"|img src=(?!{_PICTURE})|(?!img )\S+ src="
    rf"|(?:a|area) href=(?!\s*(?:https?|mailto|tel):|{_RELATIVE})|(?!a |area )\S+ href=(?!#)"
    r"|\S+ [^\s=]+href=(?!#)|\S+ http-equiv=(?!content-security-policy\Z)",
    re.IGNORECASE,
)
"""An attribute with its element, `img src=…`, that loads or runs something: all but pictures that
are written out, links that a reader follows, and places in the page."""
_STYLE_LOADS = re.compile(
    r"@import|(?<![\w-])(?:-webkit-)?(?:src|image|image-set|cross-fade)\("
    r"|url\(\s*(?![\"']?\s*(?:#|data:image/))[^)]*",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def _in_page(file: OpenedFile) -> Iterator[str]:
    for tag in _WRITTEN.findall(file.data):
        yield tag.decode()
    for attribute in dict.fromkeys(_attributes(file.page)):
        if _LOADS.match(attribute):
            yield attribute
        elif "(" in attribute:
            yield from _in_style(attribute)
    for style in file.page.iter("style"):
        yield from _in_style("".join(map(str, style.itertext())))


def _attributes(page: Element) -> Iterator[str]:
    """Yield each attribute of a page after the name of its element: `img src=…`."""
    for element in filter(is_element, page.iter()):
        for name, value in attributes(element):
            yield f"{element.tag} {name}={value}"


def _in_style(text: str) -> Iterator[str]:
    for found in _STYLE_LOADS.finditer(_ESCAPED.sub(_unescaped, text)):
        yield found[0]


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character that an escape of a style sheet stands for (CSS Syntax 3, 4.3.7)."""
    if escape[1] is None:
        return escape[2]
    return chr(min(int(escape[1], 16), 0x10FFFF))


# Word files

_OWN_RELATION = re.compile(
    "(?:officeDocument|core-properties|styles|settings|fontTable|font|theme|numbering|footnotes"
    "|endnotes|header|footer|image|hyperlink|comments) None [^:]*\\Z"
    "|hyperlink External (?:https?|mailto):.*",
    re.IGNORECASE,
)
_OWN_TYPE = re.compile(
    r"application/xml|image/[\w.+-]+|application/x-fontdata"
    r"|application/vnd\.openxmlformats-(?:package\.(?:relationships|core-properties)"
    r"|officedocument\.(?:theme|obfuscatedFont|wordprocessingml\.(?:document\.main|styles|settings"
    r"|fontTable|numbering|footnotes|endnotes|header|footer|comments)))(?:\+xml)?"
)
"""Types of parts that a finished Word file may have."""
_HELD = tuple(
    f"{{*}}{name}"
    for name in (
        "altChunk object OLEObject control subDoc attachedTemplate mailMerge movie docVars docVar"
        " rsids rsid vanish specVanish dataBinding permStart ins del moveFrom moveTo rPrChange"
        " pPrChange sectPrChange tblPrChange tblGridChange trPrChange tcPrChange cellIns cellDel"
    ).split()
)
_OFF = frozenset(["0", "false", "off"])
"""What a property is that is not so: `<w:vanish w:val="0"/>` hides nothing."""
_SESSION = re.compile(rb"\brsid\w{0,20}(?==)")
_READING_FIELD = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|EMBED|DATABASE|RD|MACROBUTTON"
    r"|HYPERLINK|MERGEFIELD|FILLIN|ASK|AUTOTEXT|GOTOBUTTON|PRINT|HTMLACTIVEX|CONTROL)\b",
    re.IGNORECASE,
)
"""Fields that read, run or ask for something else (ISO/IEC 29500-1, 17.16.5)."""


def _in_package(file: OpenedFile) -> Iterator[str]:
    for entry in file.package.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            part = file.member(entry)
            found = (_related(part.xml), _typed(part.xml), _held(part), _reading(part.xml))
            yield from (f"{entry.filename} {what}" for what in chain.from_iterable(found))


def _related(root: Element) -> Iterator[str]:
    for relation in root.iter("{*}Relationship"):
        kind, target = str(relation.get("Type")).rpartition("/")[2], relation.get("Target")
        if not _OWN_RELATION.match(f"{kind} {relation.get('TargetMode')} {target}"):
            yield f"{kind} {target}"


def _typed(root: Element) -> Iterator[str]:
    kinds = (str(entry.get("ContentType")) for entry in root.iter("{*}Override", "{*}Default"))
    return filterfalse(_OWN_TYPE.fullmatch, kinds)


def _held(part: OpenedFile) -> Iterator[str]:
    for element in part.xml.iter(*_HELD):
        if dict(attributes(element)).get("val") not in _OFF:
            yield f"<{element.tag.rpartition('}')[2]}>"
    yield from map(bytes.decode, _SESSION.findall(part.data))


def _reading(root: Element) -> Iterator[str]:
    """Return the fields that read something else; the code of one may be cut into runs."""
    codes = ["".join(map(str, root.itertext("{*}instrText")))]
    for field in root.iter("{*}fldSimple"):
        codes += [value for _, value in attributes(field)]
    return iter(_READING_FIELD.findall("".join(codes)))
