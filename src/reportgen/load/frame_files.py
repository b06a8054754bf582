"""The frame files of a pack: its Word frame, web page, style sheet and Typst templates.

They come from whoever wrote the pack. What a file of them would load from elsewhere is P308 at its
place, what a Word frame carries beside its pages P309; a pack with either gives no `Edition`. What
a page template makes only while it is filled is seen in the finished page (`verify`). What a Word
form carries is told by the same reading as what a frame does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from itertools import chain, islice
from typing import Any, NamedTuple

from jinja2 import meta

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model import limits
from reportgen.model.edition import TYPST_LOADS, Edition
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import FrameEnvironment
from reportgen.project.foreign_files import ForeignFileError
from reportgen.project.jinja_messages import faults
from reportgen.project.source_files import SourceFiles
from reportgen.wordfile.carried import LEFT_OUT, carried, left_out
from reportgen.wordfile.diagnosis import diagnose
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import paragraphs

_SHARED = "templates/shared"
_FRAME = "frame.docx"
_MOST = 20
"""How many of one file are told."""
_QUOTED = 60
"""How many characters of a style are quoted."""


class Reference(NamedTuple):
    """What would load something: its offset in a text, and how it is written there."""

    offset: int
    written: str


def load_edition(files: SourceFiles, folder: str, log: Diagnostics) -> Edition | None:
    """Return the frame files of the pack in `folder`: its own, or else the shared ones.

    None where one is missing, or loads or carries what it may not; the log says which.
    """
    problems = Diagnostics()
    path = _frame_path(files, folder, _FRAME)
    frame = files.data(path, problems)
    word = word_frame(frame or b"")
    if word is not None:
        tell_frame(path, word, problems)
        check_tags(path, word, problems)
    texts = [_text(files, _frame_path(files, folder, name), problems) for name in _REFERENCES]
    log.extend(problems)
    if frame is None or problems.blocked:
        return None
    page, css, typst, chart = texts
    return Edition(frame, page, css, typst, chart, common=_common_frame(files, path))


def _common_frame(files: SourceFiles, path: str) -> bytes:
    """Return the frame that all packs share, for a pack whose own at `path` may lack styles."""
    common = f"{_SHARED}/{_FRAME}"
    if path == common or not files.exists(common):
        return b""
    return files.data(common, Diagnostics()) or b""


def check_edition(files: SourceFiles, folder: str, log: Diagnostics) -> None:
    """Log what is wrong with the frame files of a pack, and what they hold in vain (P310)."""
    edition = load_edition(files, folder, log)
    frame = word_frame(edition.frame) if edition else None
    kinds = left_out(frame) if frame else ()
    if kinds:
        span = SourceSpan(_frame_path(files, folder, _FRAME))
        log.add(_left_out(span, kinds))


def _frame_path(files: SourceFiles, folder: str, name: str) -> str:
    own = f"templates/{folder}/{name}"
    return own if files.exists(own) else f"{_SHARED}/{name}"


def _text(files: SourceFiles, path: str, log: Diagnostics) -> str:
    """Return a frame file that is a text, nothing where there is none; what it loads is P308."""
    text = files.text(path, log) or ""
    references = _REFERENCES[path.rpartition("/")[2]](text)
    for offset, written in islice(references, _MOST):
        above = text[:offset]
        line, column = above.count("\n") + 1, offset - above.rfind("\n")
        span = SourceSpan(path, line, column, line, column + len(written))
        log.add(finding("P308", span, subject=written, what=written))
    return text


def typst_references(text: str) -> Iterator[Reference]:
    """Yield the words of a Typst source that load another source or a package."""
    for word in TYPST_LOADS.finditer(text):
        yield Reference(word.start(), word[0])


# Style sheets

_MAY_LOAD = re.compile(r"url|src\s*\(|image|@import|cross-fade", re.IGNORECASE)
"""What stands in a style sheet that loads something, once its escapes are read."""
_ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|(.))", re.IGNORECASE | re.DOTALL)
"""An escape of a style sheet (CSS Syntax 3, 4.3.7)."""
_LOADING_NODE = re.compile(
    r"url (?!\s*(?:#|data:image/))|at-keyword import |error bad-url"
    r"|function (?:src|(?:-webkit-)?(?:image|image-set|cross-fade)) "
    r"|function url (?!\s*[\"']\s*(?:#|data:image/)[^\"']*[\"']\s*\Z)",
    re.IGNORECASE,
)
"""A node of a style sheet that loads something (CSS Values 4, 4.5), as `_label` writes it: all but
what leads into the page itself, or to a picture that is written in it."""


def style_references(text: str, start: int = 0) -> Iterator[Reference]:
    """Yield the rules and functions of a style sheet that load something.

    `start` is the offset of the style sheet in its file.
    """
    if not _MAY_LOAD.search(_ESCAPED.sub(_unescaped, text)):
        return
    import tinycss2  # noqa: PLC0415 - hardly any style sheet needs it

    lines = [0, *(end.end() for end in re.finditer(r"\r\n|[\n\r\f]", text))]
    for node in _nodes(tinycss2.parse_component_value_list(text, skip_comments=True)):
        if _LOADING_NODE.match(_label(node)):
            offset = lines[node.source_line - 1] + node.source_column - 1
            written, *_ = re.split(r"[;{}\n]", text[offset : offset + _QUOTED])
            yield Reference(start + offset, written.rstrip())


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character that an escape stands for."""
    return chr(min(int(escape[1], 16), sys.maxunicode)) if escape[1] else escape[2]


def _nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield the nodes of a style sheet, and those within them however deep."""
    left = list(nodes)[::-1]
    while left:
        node = left.pop()
        yield node
        within = getattr(node, "arguments", getattr(node, "content", None))
        left.extend(reversed(within or ()))


def _label(node: Any) -> str:  # noqa: ANN401 - tinycss2 has no types
    """Return the type of a node, its name, and what it holds of texts and of other things."""
    arguments = [each for each in getattr(node, "arguments", ()) if each.type != "whitespace"]
    held = "".join(f'"{each.value}"' if each.type == "string" else "…" for each in arguments)
    name = getattr(node, "lower_value", getattr(node, "lower_name", ""))
    value = node.value if node.type == "url" else getattr(node, "kind", held)
    return " ".join(filter(None, (node.type, name, value))) + " "


# Web pages

_JINJA = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z)", re.DOTALL)
_REFUSED = (
    "script|iframe|frame|frameset|object|embed|applet|base|portal|audio|video|source|track|link"
    "|form|input|button|template|animate|set|fencedframe"
)
"""Elements that load or run something, lead all links elsewhere, or make one that does."""
_ADDRESSES = (
    "srcset|imagesrcset|poster|background|data|action|formaction|manifest|ping|codebase"
    "|classid|archive|lowsrc|dynsrc|srcdoc|attributionsrc"
)
_INSIDE = r"\s*(?:#|data:image/)"
_FOLLOWED = r"\s*(?:https?:|mailto:|tel:|[^:]*(?:[/?#]|\Z))"
"""What a link may be that a reader follows: nothing that runs, such as `javascript:`."""
_DECLARED = r"\s*(?:content-security-policy|content-type|x-ua-compatible)\s*\Z"
_LOADING_TAG = re.compile(
    rf"(?:{_REFUSED}) \Z|\S+ (?:on\S*|{_ADDRESSES})=|\S+ src=(?!{_INSIDE})"
    rf"|(?:a|area) (?:xlink:)?href=(?!{_FOLLOWED})|(?!a |area )\S+ (?:xlink:)?href=(?!{_INSIDE})"
    rf"|\S+ http-equiv=(?!{_DECLARED})",
    re.IGNORECASE,
)
"""An element, or one with an attribute, that loads or runs something."""
_TAG = re.compile(
    r"<(?:(style)(?=[\s/>])|([a-z][^\s/>]*))"
    r"((?>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*))(?(1)>?(.*?)(?=</style|\Z))",
    re.IGNORECASE | re.DOTALL,
)
"""A tag, its attributes, and what a style holds. It takes time as its text is long (`html.parser`
takes the square of that)."""
_ATTRIBUTE = re.compile(
    r"""(?<=[\s"'/])([^\s"'/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?"""
)
_TEXT_ATTRIBUTES = frozenset(["alt", "title", "content", "aria-label", "class", "id"])


def page_references(text: str) -> Iterator[Reference]:
    """Yield the elements and attributes of a page template that load or run something.

    A comment of HTML is read like the rest: it would be in the page.
    """
    for tag in _TAG.finditer(_JINJA.sub(_blank, text)):
        name = (tag[1] or tag[2]).lower()
        within = style_references(tag[4], tag.start(4)) if tag[1] else ()
        for offset, written in chain(_in_tag(name, tag), within):
            yield Reference(offset, text[offset : offset + len(written)])


def _blank(tag: re.Match[str]) -> str:
    """Return as much of nothing as a tag of Jinja is long; a value is some text."""
    return re.sub(r"[^\n]", "x" if tag[0].startswith("{{") else " ", tag[0])


def _in_tag(name: str, tag: re.Match[str]) -> Iterator[Reference]:
    """Yield what a tag loads or runs: itself, or its attributes."""
    if _LOADING_TAG.match(f"{name} "):
        yield Reference(tag.start(), f"<{name}")
    for attribute in _ATTRIBUTE.finditer(tag[3]):
        key, *values = attribute.groups()
        label = f"{name} {key.lower()}={unescape(next(filter(None, values), ''))}"
        if _LOADING_TAG.match(label) or _is_style(label):
            yield Reference(tag.start(3) + attribute.start(), attribute[0])


def _is_style(label: str) -> bool:
    """Return whether an attribute loads something as a style does: `fill="url(…)"` too."""
    name, _, value = label.partition(" ")[2].partition("=")
    return name not in _TEXT_ATTRIBUTES and any(style_references(value))


_REFERENCES: Mapping[str, Callable[[str], Iterator[Reference]]] = {
    "page.html.j2": page_references,
    "report.css": style_references,
    "report.typ": typst_references,
    "chart.typ": typst_references,
}
"""The frame files that are texts: web page, style sheet, PDF template, that of charts."""


# Word frames and Word forms

_OF_PARAGRAPHS = ("title", "body", "turned")
_OF_FRAMES = (*_OF_PARAGRAPHS, "name", "subject", "organization", "date")
"""What the tags of a frame may name; the first of them take the place of paragraphs."""


def word_frame(frame: bytes) -> WordFile | None:
    """Return a Word frame, None for what is none: that is told where it is filled (W104)."""
    try:
        return WordFile.read(frame, limits.FRAME_UNPACKED)
    except ForeignFileError:
        return None


def check_tags(path: str, frame: WordFile, log: Diagnostics) -> None:
    """Log what is wrong with the tags of a Word frame, each at its place."""
    texts = [each for each in paragraphs(frame) if not each.copy]
    diagnose(path, texts, _judge, log, _OF_PARAGRAPHS)


def _judge(source: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is wrong with a template of one tag of a frame: it may name the document."""
    environment = FrameEnvironment()
    found = list(faults(environment, source))
    yield from found
    if not found:
        names = meta.find_undeclared_variables(environment.parse(source)) - {*_OF_FRAMES, "year"}
        yield from (
            ("T102", {"key": name, "near": "、".join(_OF_FRAMES)}) for name in sorted(names)
        )


def tell_frame(path: str, frame: WordFile, log: Diagnostics) -> None:
    """Log what a Word frame carries and no report may (P309)."""
    for each in islice(carried(frame), _MOST):
        log.add(each.told("P309", path))


def tell_form(path: str, form: WordFile, log: Diagnostics) -> None:
    """Log what a Word form carries: what has to stay (P322), what is left out (P323, P310)."""
    for each in islice(carried(form), _MOST):
        log.add(each.told("P323" if each.kind in LEFT_OUT else "P322", path))
    kept_back = left_out(form)
    if kept_back:
        log.add(_left_out(SourceSpan(path, 0, 0), kept_back))


def _left_out(span: SourceSpan, kinds: Iterable[str]) -> Finding:
    """Return the note on what a Word file holds in vain."""
    return finding("P310", span, what="、".join(f"@b_{kind}" for kind in kinds))
