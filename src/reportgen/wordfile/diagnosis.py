"""What is wrong with the tags of a Word form, all of it at once, each at its place.

The paragraphs come in the order in which they stand; whether an expression is right by itself is
for whoever asks to judge, since the filters and names are those of all templates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.source import SourceSpan
from reportgen.wordfile.blocks import Blocks, TagLocation
from reportgen.wordfile.notations import in_square_brackets
from reportgen.wordfile.tags import OF_CELLS, Flaw, Tag, TagText, read_tags

Judge = Callable[[str], Iterable[tuple[str, Mapping[str, Any]]]]
"""Gives the codes and parameters of what is wrong with a template of one tag."""

_CELL = re.compile(r"(.*)r(\d+)c(\d+)$")
_PARAGRAPH = re.compile(r" ?p\d+$")
_SQUARE = re.compile(r"\[@?[^\W\d][\w.]*\]")
_MOST_AHEAD = 20
"""How many paragraphs are searched for the end of a tag that goes on."""
_QUOTED = 40


class FormParagraph(Protocol):
    """A paragraph of a Word form: its text, and where it stands.

    `place` is the code of a `SourceSpan`, `line` its number in the file.
    """

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102


@dataclass(slots=True)
class _Read:
    """A paragraph as read: its location, its text, its tags."""

    location: TagLocation
    text: str
    found: TagText

    @property
    def scoped(self) -> Tag | None:
        """Return the first tag that takes the place of its row, its cell or this paragraph."""
        return next(filter(_takes_place, self.found.tags), None)

    @property
    def is_tagged(self) -> bool:
        """Return whether tags stand in it, or what was meant for some."""
        return bool(self.found.tags or self.found.flaws)


def _takes_place(tag: Tag) -> bool:
    return tag.scope in {"p", "tc", "tr"}


def diagnose(
    path: str,
    paragraphs: Iterable[FormParagraph],
    judge: Judge,
    log: Diagnostics,
    whole: Collection[str] = (),
) -> None:
    """Log what is wrong with the tags of the Word form at `path`.

    What is named in `whole` may be printed in the place of a paragraph.
    """
    read = [_read(path, paragraph) for paragraph in paragraphs]
    _join_torn(read, log)
    for flaw, location in _flaws(read):
        log.add(finding(flaw.code, location.span, **flaw.params))
    for tag, location in _tags(read):
        log.extend(_faults_of(tag, location.span, judge, whole))
    _tell_lost_texts(read, _follow(read, log), log)
    _tell_square_brackets(read, log)


def _faults_of(
    tag: Tag, span: SourceSpan, judge: Judge, whole: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with a tag: where it is to print a value, and what it says."""
    if tag.scope and tag.brace == "{{" and tag.inside not in whole:
        yield finding("T158", span, found=tag.written, instead=_value(tag))
    for code, params in judge(_alone(tag)):
        yield finding(code, span, **params)


def _read(path: str, paragraph: FormParagraph) -> _Read:
    holder = _PARAGRAPH.sub("", paragraph.place)
    cell = _CELL.match(holder)
    span = SourceSpan(path, paragraph.line, place=paragraph.place)
    location = TagLocation(span, holder, "", 0, 0)
    if cell:
        location = TagLocation(span, holder, cell[1], int(cell[2]), int(cell[3]))
    text = paragraph.text
    return _Read(location, text, read_tags(text, "tr" if cell else "p"))


def _flaws(read: Iterable[_Read]) -> Iterator[tuple[Flaw, TagLocation]]:
    for each in read:
        yield from ((flaw, each.location) for flaw in each.found.flaws)


def _tags(read: Iterable[_Read]) -> Iterator[tuple[Tag, TagLocation]]:
    for each in read:
        yield from ((tag, each.location) for tag in each.found.tags)


def _follow(read: Iterable[_Read], log: Diagnostics) -> set[tuple[str, int]]:
    """Return the rows and paragraphs that hold both tags of a pair, once all pairs are followed."""
    together: set[tuple[str, int]] = set()
    for _, story in groupby(read, key=_story):
        blocks = Blocks(log)
        blocks.run(_tags(story))
        together |= blocks.together
    return together


def _story(read: _Read) -> str:
    return read.location.story


def _join_torn(read: Sequence[_Read], log: Diagnostics) -> None:
    """Log the tags that begin in one paragraph and end in another, and those that never end."""
    for number, each in enumerate(read):
        if each.found.opened:
            _tell_opened(
                each.found.opened, each.location, _end_of(read[number + 1 :][:_MOST_AHEAD]), log
            )
        if each.found.closed:
            log.add(finding(each.found.closed.code, each.location.span, **each.found.closed.params))


def _tell_opened(opened: Flaw, location: TagLocation, end: _Read | None, log: Diagnostics) -> None:
    if end is None:
        log.add(finding(opened.code, location.span, **opened.params))
        return
    end.found.closed = None
    log.add(
        finding("T150", location.span, RelatedLocation(end.location.span, "ends"), **opened.params)
    )


def _end_of(following: Iterable[_Read]) -> _Read | None:
    """Return the paragraph in which a tag ends that was left open before those that follow."""
    for each in following:
        if each.found.closed:
            return each
        if each.is_tagged or each.found.opened:
            return None
    return None


def _value(tag: Tag) -> str:
    return f"{{{{ {tag.inside} }}}}"


_ALONE = {
    "for": "{% INSIDE %}{% endfor %}",
    "if": "{% INSIDE %}{% endif %}",
    "elif": "{% if year %}{% INSIDE %}{% endif %}",
    "else": "{% if year %}{% INSIDE %}{% endif %}",
    "set": "{% INSIDE %}",
    "cellbg": "{{ INSIDE }}",
    "colspan": "{{ INSIDE }}",
}


def _alone(tag: Tag) -> str:
    """Return a template in which a tag stands alone, empty for a tag that says nothing."""
    whole = "{{ INSIDE }}" if tag.brace == "{{" else _ALONE.get(tag.word, "")
    inside = tag.inside.removeprefix(tag.word) if tag.word in OF_CELLS else tag.inside
    return whole.replace("INSIDE", inside)


def _tell_lost_texts(
    read: Sequence[_Read], together: set[tuple[str, int]], log: Diagnostics
) -> None:
    """Log what stands beside a tag that takes the place of its row, cell or paragraph.

    Rows and paragraphs that hold a pair of tags `together` are told already.
    """
    beside: dict[str, list[_Read]] = defaultdict(list)
    for each in read:
        beside[each.location.outermost].append(each)
    for each in read:
        tag = each.scoped
        if tag and each.location.unit not in together:
            _tell_lost_text(tag, each, beside[each.location.outermost], log)


def _tell_lost_text(tag: Tag, of: _Read, read: Iterable[_Read], log: Diagnostics) -> None:
    """Log the texts and tags that a tag takes the place of, itself left out."""
    texts = [of.text.replace(tag.written, "", 1).strip()]
    for each in read:
        if each is not of and each.location.taken_with(of.location, tag.scope):
            texts += [each.text.strip()]
    lost = " ".join(filter(None, texts))
    if lost:
        params: dict[str, Any] = {"found": tag.written, "lost": lost[:_QUOTED]}
        log.add(finding("T157", of.location.span, **params, what=f"@w_takes_{tag.scope}"))


def _tell_square_brackets(read: Iterable[_Read], log: Diagnostics) -> None:
    """Log what poi-tl would take for a column of a repeated row, in tables that have tags."""
    in_tables = [each for each in read if each.location.table]
    tagged = {each.location.table for each in filter(_is_tagged, in_tables)}
    for each in in_tables:
        if each.location.table in tagged:
            _tell_brackets_of(each, log)


def _is_tagged(read: _Read) -> bool:
    return read.is_tagged


def _tell_brackets_of(read: _Read, log: Diagnostics) -> None:
    for bracket in _SQUARE.findall(read.found.rest):
        foreign = in_square_brackets(bracket)
        params: dict[str, Any] = {"found": bracket, "tool": foreign.tool, **foreign.params}
        span = read.location.span
        log.add(finding("T151", span, severity="warning", instead=foreign.instead, **params))
