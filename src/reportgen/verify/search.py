"""Searches every part of a finished file for what was kept back, and what no public file may hold.

The parts are told by how a file begins; what nobody can read is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

from reportgen.findings import Finding, finding
from reportgen.language.personal_marks import DOUBTFUL
from reportgen.language.personal_numbers import PersonalNumber
from reportgen.model import limits
from reportgen.project.foreign_files import reason
from reportgen.verify.leaks import Leak, find_leaks
from reportgen.verify.opened import OpenedFile
from reportgen.verify.package import PICTURES, read_package, read_picture
from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.proof import Proof, personal_number, unallowed_numbers

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.ASCII)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.ASCII)
_NAMED_XML = (".xml", ".rels", ".svg", ".vml")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_AROUND, _WINDOW = 16, 64
"""Characters next to a number that tell where it stands, and among which no other is shown."""
_LONG = re.compile(r"\d(?:[^\w|]?\d){6,}", re.ASCII)
_TEXT = frozenset(range(32, 256)) | {9, 10, 12, 13}


def prove_file(name: str, file: OpenedFile, proof: Proof) -> tuple[Finding, ...]:
    """Return what is wrong with a file and its `name`; what breaks is not searched (D102)."""
    try:
        findings = tuple(prove(name, file, proof))
    except Exception as error:  # noqa: BLE001 - what cannot be searched has not been checked
        findings = (finding("D102", subject=name, file=name, part="", **reason(error)),)
    return (*_prove_name(name, proof), *findings)


def prove(name: str, file: OpenedFile, proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the file `name`: D101, D102, D104 to D106."""
    search = PartSearch(name, proof)
    try:
        for part in parts("", file):
            search.add(part)
    except UnreadableError as error:
        why = {"detail": error.detail, **error.params}
        yield finding("D102", subject=name, file=name, part=error.where, **why)
    else:
        if proof.public:
            yield from _hidden_content(name, file, proof)
    yield from search.findings()


class PartSearch:
    """What was found in the parts of one file: each secret once in a part, each number once."""

    def __init__(self, name: str, proof: Proof) -> None:
        self._name = name
        self._proof = proof
        self._leaks: dict[tuple[str, str], Leak] = {}
        self._leaked: set[str] = set()
        self._personal: dict[str, Finding] = {}

    def _add_leak(self, leak: Leak) -> None:
        """Keep a leak, or a sure one in place of one that is not."""
        place = leak.secret.key, leak.where
        known = self._leaks.setdefault(place, leak)
        if leak.sure and not known.sure:
            self._leaks[place] = leak

    def add(self, part: Part | Blob) -> None:
        """Search one part."""
        for leak in find_leaks(part, self._proof.targets):
            key = leak.secret.key
            if part.whole and key in self._leaked:
                continue  # it says again what its other parts say
            self._leaked.add(key)
            self._add_leak(leak)
        if self._proof.public and isinstance(part, Part):
            self._add_numbers(part)

    def _add_numbers(self, part: Part) -> None:
        where = f"{self._name} {part.where.strip() or '<body>'}"
        for number in unallowed_numbers(part.text, self._proof, technical=part.technical):
            if number.plain not in self._proof.known:
                told = where if number.kind in DOUBTFUL else where + _around(part, number)
                self._personal.setdefault(number.plain, personal_number(number, told))

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Return what was found of the secrets."""
        return tuple(self._leaks.values())

    @property
    def personal(self) -> tuple[Finding, ...]:
        """Return D104 or D106 for each number of a person."""
        return tuple(self._personal.values())

    def findings(self) -> Iterator[Finding]:
        """Yield D101 for each leak, D108 for what may be one, D104 or D106 for each number."""
        for leak in self.leaks:
            yield _leaked(self._name, leak)
        yield from self.personal


def _around(part: Part, number: PersonalNumber) -> str:
    """Return what stands next to a number, which no file keeps: a finding of it stops the build.

    Cells and lines are parted by bars; of the number, and others as long, it says nothing.
    """
    at = max(part.digits.find(number.text), part.text.find(number.text))
    if at < 0:
        return ""
    end = at + len(number.text)
    sides = (part.text[max(0, at - _WINDOW) : at], part.text[end : end + _WINDOW])
    before, after = (_LONG.sub("…", re.sub(r"[\x1f\n]+", "|", side)) for side in sides)
    before, after = before[-_AROUND:].lstrip(), after[:_AROUND].rstrip()
    return f" “{before}…{after}”" if before or after else ""


def _hidden_content(name: str, file: OpenedFile, proof: Proof) -> Iterator[Finding]:
    from reportgen.verify.hidden_content import hidden_content

    for what in hidden_content(file, proof.makers):
        yield finding("D105", subject=name, file=name, what=what)


def _prove_name(name: str, proof: Proof) -> Iterator[Finding]:
    """Yield D101 for each secret that the name of a file tells, D108 if it may."""
    leaks = sorted(find_leaks(Part("@name", (name,)), proof.targets), key=attrgetter("sure"))
    for leak in {leak.secret.key: leak for leak in leaks}.values():
        yield _leaked(name, leak)


def _leaked(name: str, leak: Leak) -> Finding:
    secret = leak.secret
    return finding(
        "D101" if leak.sure else "D108",
        secret.span,
        subject=secret.key,
        key=secret.key,
        title=secret.title,
        file=name,
        part=leak.where.strip() or "<body>",
        manner=leak.manner,
        unit=leak.symbol if leak.manner in ("@converted", "@rounded") else "",
    )


def parts(where: str, file: OpenedFile, depth: int = 0) -> Iterator[Part | Blob]:
    """Yield every part of a file, the files in it included.

    Raises `UnreadableError` for a part that is encrypted, damaged or of no known kind.
    """
    if depth > limits.FILES_IN_FILES:
        raise UnreadableError(where, "too deep")
    for part in _read(where, file):
        if isinstance(part, tuple):
            name, inner = part
            yield from parts(name, inner, depth + 1)
        else:
            yield part


def _read(where: str, file: OpenedFile) -> Iterable[Part | Blob | tuple[str, OpenedFile]]:
    """Return the parts of a file and the files in it; a library loads when it has a file."""
    data = file.data
    if data.startswith(b"%PDF"):
        from reportgen.verify.pdf_parts import read_pdf_parts

        return read_pdf_parts(where, file)
    if data.startswith(b"PK"):
        return read_package(where, file)
    if data.startswith(PICTURES):
        return read_picture(where, file)
    return _read_text(where, file)


def _read_text(where: str, file: OpenedFile) -> Iterable[Part | tuple[str, OpenedFile]]:
    from reportgen.verify.markup import read_html, read_xml

    if _XML.match(file.data) or (where.endswith(_NAMED_XML) and file.data):
        return read_xml(where, file)
    if _MARKUP.match(file.data):
        return read_html(where, file)
    return _read_plain(where, file)


def _read_plain(where: str, file: OpenedFile) -> Iterator[Part | tuple[str, OpenedFile]]:
    from reportgen.verify.markup import read_html

    text = _decoded(where, file.data)
    yield Part.of(where, text.splitlines())
    if "<" in text:  # a page without a tag at its head is still a page
        yield from read_html(where, OpenedFile(text.encode()))


def _decoded(where: str, data: bytes) -> str:
    """Return plain text. Raises `UnreadableError` for bytes that are no text."""
    for encoding in ("utf-16",) if data.startswith(_WIDE) else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-16" or set(data) <= _TEXT:
            return text
    raise UnreadableError(where, f"{data[:4].hex(' ')} …")
