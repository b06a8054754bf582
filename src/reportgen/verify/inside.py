"""Numbers of persons that no public text may hold, whether a fact is known or not (D8).

Mobile numbers of the mainland, telephones with area code, identity numbers (GB 11643-1999, with
their check digit and a day that exists), numbers of bank cards (ISO/IEC 7812, with their check
digit), addresses of e-mail.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pikepdf
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

_MONEY = r"(?!\.?\d|[0-9a-z]| ?(?:元|万|亿|千元))"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(text, re.ASCII))
    for kind, text in (
        ("@mobile", rf"(?<![\w.])(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_MONEY}"),
        (
            "@landline",
            rf"(?<![\w.-])(?:\(0[1-9]\d{{1,2}}\)|0[1-9]\d{{1,2}})[ -]?[2-9]\d{{6,7}}{_MONEY}",
        ),
        ("@identity", r"(?<![\w.])[1-9]\d{5}(?:18|19|20)\d{9}[\dx](?![0-9a-z])"),
        (
            "@card",
            rf"(?<![\w.])(?:62|4\d|5\d)\d\d(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{_MONEY}",
        ),
        ("@email", r"(?<=[\w+-])@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w-])"),
    )
)
_LONG = re.compile(r"\d(?:[ ()-]{0,2}\d){8}|[\w+-]@\w", re.ASCII)
"""What every one of them holds; few texts do."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
"""The check character for each remainder (GB 11643-1999, 4.3)."""


class ForbiddenContent(NamedTuple):
    """What was found: its kind, a label of `codes.yaml`, its text, where it begins."""

    kind: str
    text: str
    at: int

    @property
    def hint(self) -> str:
        """Return how it begins: enough to find it, not enough to repeat it."""
        return self.text[:3] + "…"

    @property
    def plain(self) -> str:
        """Return it without separators, for comparison."""
        return re.sub(r"[ ()-]", "", self.text)


def personal_numbers(text: str) -> Iterator[ForbiddenContent]:
    """Yield what in an even text (`part.even`) looks like a number of a person."""
    for kind, pattern in _PATTERNS if _LONG.search(text) else ():
        for match in pattern.finditer(text):
            digits = re.sub(r"[^0-9x]", "", match[0])
            if (kind != "@identity" or is_identity(digits)) and (
                kind != "@card" or is_card(digits)
            ):
                yield ForbiddenContent(kind, match[0], match.start())


def is_identity(number: str) -> bool:
    """Return whether 18 characters are a citizen's identity number: a day, a check digit."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[-1]


def is_card(number: str) -> bool:
    """Return whether 16 to 19 digits end in their check digit (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return 16 <= len(number) <= 19 and total % 10 == 0


_HIDDEN_PARTS = re.compile(
    r"(?:^|/)(?:comments\w*|people|vbaProject|vbaData)\.\w+$|^customXml/|^docProps/(?:custom|thumbnail)"
)
_REVISIONS = re.compile(
    r"<(?:\w+:)?(ins|del|moveFrom|moveTo|delText|rPrChange|pPrChange|sectPrChange|tblPrChange"
    r"|tcPrChange|trPrChange|numberingChange|cellIns|cellDel|commentRangeStart|commentReference"
    r"|rsids|rsid|docVars|attachedTemplate|vanish)(?=[\s/>])"
)
_RSID = re.compile(r"\s(?:\w+:)?(rsid\w*)=")
_MAKERS = re.compile(
    r"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|Template|HyperlinkBase)(?:\s[^>]*)?>([^<]*)<"
)


def inside(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    """Yield, in the words of its format, what a finished file carries and a public one may not.

    `makers` are those who may be named as author.
    """
    kind = "pdf" if data.startswith(b"%PDF") else "docx" if data.startswith(b"PK") else "html"
    yield from dict.fromkeys(_LOOKS[kind](data, makers))


def _word(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if _HIDDEN_PARTS.search(name):
                yield name
            if not name.endswith(".xml"):
                continue
            text = package.read(name).decode("utf-8", "replace")
            yield from (f"{name} <{match[1]}>" for match in _REVISIONS.finditer(text))
            yield from (f"{name} {match[1]}" for match in _RSID.finditer(text))
            if "<!--" in text:
                yield f"{name} <!-- -->"
            if name.startswith("docProps/"):
                for match in _MAKERS.finditer(text):
                    if match[2].strip() not in makers:
                        yield f"{name} <{match[1]}>"


def _page(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    if not data.strip():
        return
    root = document_fromstring(data, HTMLParser(encoding="utf-8", huge_tree=True))
    for node in root.getroottree().iter():
        if isinstance(node, etree._Comment | etree._ProcessingInstruction):  # noqa: SLF001
            yield "<!-- -->"
            continue
        if node.tag in ("script", "template", "iframe", "object"):
            yield f"<{node.tag}>"
        named = (node.get("name") or "").lower() if node.tag == "meta" else ""
        if named in ("author", "generator") and node.get("content", "") not in makers:
            yield f"<meta {named}>"
        yield from (n for n in map(str, node.attrib) if n.startswith(("data-", "on")))


def _pdf(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from (f"/EmbeddedFiles {name}" for name in pdf.attachments)
        author = str(pdf.docinfo.get("/Author", ""))
        if author and author not in makers:
            yield "/Info /Author"
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary):
                continue
            if each.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm"):
                yield f"{each['/S']}"
            if "/PieceInfo" in each:
                yield "/PieceInfo"
        for page in pdf.pages:
            for note in page.get("/Annots", ()):
                if note.get("/Subtype") != "/Link":
                    yield f"/Annots {note.get('/Subtype')}"


_LOOKS: Mapping[str, Callable[[bytes, frozenset[str]], Iterator[str]]] = {
    "docx": _word,
    "html": _page,
    "pdf": _pdf,
}
