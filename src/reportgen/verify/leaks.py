"""Searches finished files for what should not be in them (D8).

Every part of a file is searched as it stands, and again as a reader would see it: tags taken
out, characters put in the place of their references, spaces and separators dropped.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from reportgen.findings import Finding, finding
from reportgen.verify.expected import squeeze
from reportgen.verify.pdf import all_texts

SHORTEST, SHORTEST_ASCII = 2, 4
"""Shorter secrets occur by chance everywhere; a name has two characters, a code at least four."""
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"\D{0,2}(\d+\.\d+|\d{5,})\D*")
_TAG = re.compile(r"<[^<>]*>")


def find_leaks(
    files: Mapping[str, bytes], secrets: Mapping[str, str], told: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Return D101 for each secret (by key) found in a file (by format).

    A secret that equals one of `told`, the values that are disclosed, cannot be told from it.
    Raises `ValueError` for a file that cannot be searched.
    """
    open_ways = {way for value in told for way in _spellings(value)}
    wanted = {key: _spellings(secret) - open_ways for key, secret in secrets.items()}
    findings: list[Finding] = []
    for name, data in files.items():
        text = "\n".join(_plain(part) for part in _parts(data))
        for key, spellings in wanted.items():
            if any(_occurs(spelling, text) for spelling in spellings):
                findings.append(finding("D101", subject=key, format=name, key=key))
    return tuple(findings)


def _spellings(value: str) -> set[str]:
    """Return the ways to write `value` that are worth a search: as it is, a date, a number."""
    ways = [value]
    if match := _DATE.fullmatch(value):
        ways.append(f"{match[1]}年{int(match[2])}月{int(match[3])}日")
    elif match := _NUMBER.fullmatch(_plain(value)):
        ways.append(match[1])
    plain = map(_plain, ways)
    return {way for way in plain if len(way) >= (SHORTEST_ASCII if way.isascii() else SHORTEST)}


def _occurs(spelling: str, text: str) -> bool:
    """Return whether `text` holds `spelling`, and not as a piece of a longer number."""
    before = r"(?<![\d.])" if spelling[0].isdigit() else ""
    after = r"(?!\.?\d)" if spelling[-1].isdigit() else ""
    return re.search(before + re.escape(spelling) + after, text) is not None


def _plain(text: str) -> str:
    """Return `text` without spaces, hyphens and separators, full-width forms narrowed."""
    narrowed = squeeze(unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d{3})|(?<=\d)[-\u2010-\u2015](?=\d)", "", narrowed)


def _parts(data: bytes) -> Iterator[str]:
    """Yield every text of a file: names and parts of a zip, all that a PDF holds, or the page."""
    if data.startswith(b"%PDF"):
        texts = list(all_texts(data))
        yield from texts
        yield "".join(texts)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from _readings(archive.read(name))
    else:
        yield from _readings(data)


def _readings(data: bytes) -> Iterator[str]:
    """Yield markup as it stands, and the text in it."""
    text = data.decode("utf-8", "replace")
    yield html.unescape(text)
    yield html.unescape(_TAG.sub("", text))
