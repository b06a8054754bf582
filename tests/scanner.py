"""Reads everything that a finished file holds, with the standard library alone.

It shares nothing with the package, so that a proof of ours that looks away is seen to.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser

_OBJECT = re.compile(rb"(?:^|\s)(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*)endstream", re.DOTALL)
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|" + _STRING.pattern, re.DOTALL)
_FONTS = re.compile(rb"/Font\s*<<(.*?)>>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def scan(data: bytes) -> str:
    """Return all texts of a file in one string, white space left out."""
    if data.startswith(b"PK"):
        texts = _package(data)
    elif data.startswith(b"%PDF"):
        texts = _pdf(data)
    else:
        texts = _markup(data.decode())
    return "".join("\n".join(texts).split())


def _package(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            yield entry.filename
            text = package.read(entry).decode("utf-8", "replace")
            yield html.unescape(text)
            yield html.unescape(re.sub(r"<[^>]*>", "", text))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for _, value in attrs if value]


def _markup(text: str) -> Iterator[str]:
    page = _Page()
    page.feed(text)
    yield from page.texts
    yield html.unescape(re.sub(r"<[^>]*>", "", text))
    yield text


def _pdf(data: bytes) -> Iterator[str]:
    objects = {int(match[1]): match[2] for match in _OBJECT.finditer(data)}
    streams = {number: _inflated(body) for number, body in objects.items() if b"stream" in body}
    fonts = {
        number: _glyphs(streams[int(found[1])])
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    for number, body in objects.items():
        head = body.partition(b"stream")[0] if number in streams else body
        yield from (_string(match[0]) for match in _STRING.finditer(head))
        yield head.decode("latin-1")
        if found := re.search(rb"/Contents\s*\[?\s*(\d+) 0 R", body):
            place = re.search(rb"/Resources\s+(\d+) 0 R", body)
            names = _FONTS.search(objects[int(place[1])] if place else body)
            listed = re.findall(rb"/(\w+) (\d+) 0 R", names[1] if names else b"")
            known = {name: fonts.get(int(font), {}) for name, font in listed}
            yield _spoken(streams[int(found[1])], known)
    for stream in streams.values():
        for encoding in ("utf-8", "utf-16-be", "utf-16-le"):
            yield stream.decode(encoding, "replace")


def _inflated(body: bytes) -> bytes:
    found = _STREAM.match(body)
    if found is None:
        return b""
    return zlib.decompressobj().decompress(found[2]) if b"/FlateDecode" in found[1] else found[2]


def _glyphs(table: bytes) -> dict[int, str]:
    """Return the texts of the glyphs, by their codes."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)>\s*<([\w\s]+)>", block):
            found[int(code, 16)] = _wide(text)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(ord(_wide(text)) + step)
    return found


def _wide(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")


def _spoken(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    """Return what the glyphs of a page say, in the order in which they are drawn."""
    glyphs: dict[int, str] = {}
    said: list[str] = []
    for match in _SHOWN.finditer(content):
        if match[1]:
            glyphs = fonts.get(match[1], {})
            continue
        codes = _bytes(match[0])
        pairs = zip(codes[::2], codes[1::2], strict=False)
        said += [glyphs.get(high << 8 | low, "") for high, low in pairs]
    return "".join(said)


def _bytes(written: bytes) -> bytes:
    if written[:1] == b"<":
        digits = b"".join(written[1:-1].split()).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2))

    def char(match: re.Match[bytes]) -> bytes:
        if match[1].isdigit():
            return bytes([int(match[1], 8) & 255])
        return b"" if match[1].endswith(b"\n") else _ESCAPED.get(match[1], match[1])

    return _ESCAPE.sub(char, written[1:-1])


def _string(written: bytes) -> str:
    data = _bytes(written)
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    return data.decode("utf-8", "replace")
