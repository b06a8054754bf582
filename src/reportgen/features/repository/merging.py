"""Merges a data file that two drafters changed, by key and by row: whole, or told where both clash.

What changed on the other side is written into our text by the editor of YAML, so that comments and
order stay. Two versions are made: where both sides changed one thing, one holds ours and the other
theirs; where their lines differ stand the marks of git. Both are read again and held to the facts
of the three texts, so that nothing is given out that lost a change of either side.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from functools import partial
from typing import TypeVar

from reportgen.features.repository.matching import (
    Three,
    expected,
    facts_of,
    is_within,
    joined,
)
from reportgen.features.repository.sides import (
    CannotMergeError,
    MergeItem,
    MergeSide,
    comment_of_both,
    in_braces,
    moved,
    read_side,
)
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Scalar

OURS, BETWEEN, THEIRS = "<<<<<<< 本分支 ours", "=======", ">>>>>>> 并入的 theirs"
"""The lines around what both sides changed."""

_NOTHING = "{}"
"""What a file held that both sides added."""
_LEAD, _REST = 1, 2
"""Order of the changes at one place, after rows that come there: comments above, all others."""


Answer = TypeVar("Answer")


@frozen
class Clash:
    """What both sides changed: its key, and what either made of it, a dash where it is gone."""

    key: str
    ours: str
    theirs: str


@frozen
class MergedText:
    """A merged file, with marks where there are clashes."""

    text: str
    clashes: tuple[Clash, ...] = ()


def merge(base: str | None, ours: str | None, theirs: str | None) -> MergedText | None:
    """Return the merged text of a data file, lines ended in line feeds.

    None where one of the three is none that can be read, or they cannot be put together by their
    keys.
    """
    old, mine, yours = map(read_side, (_NOTHING if base == "" else base, ours, theirs))
    if old is None or mine is None or yours is None:
        return None
    merging = _Merging((old, mine, yours))
    try:
        return merging.merged()
    except (CannotMergeError, ValueError):
        return None


def _marked(ours: str, theirs: str) -> str:
    """Return the lines of both versions, those that differ between the marks of git."""
    own, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    lines: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += own[a:b]
        else:
            lines += [f"{OURS}\n", *own[a:b], f"{BETWEEN}\n", *other[c:d], f"{THEIRS}\n"]
    return "".join(lines)


@frozen
class _Change:
    """A change of our text; one that is `clashing` is made in their version alone."""

    rank: int
    clashing: bool
    make: Callable[[YamlEditor], None]


class _Merging:
    """The changes that make the merged text of ours, and what both sides changed."""

    def __init__(self, sides: tuple[MergeSide, MergeSide, MergeSide]) -> None:
        self.sides = sides
        _, self.ours, self.theirs = sides
        self.changes: list[_Change] = []
        self.clashes: list[Clash] = []

    def run(self) -> None:
        """Find all changes; raises `CannotMergeError`."""
        base, ours, theirs = self.sides
        whole = Three("", base.whole, ours.whole, theirs.whole)
        if not self._are_blocks(whole):
            raise CannotMergeError
        self._block(whole, 0)
        self._lead(Three("", base.below, ours.below, theirs.below))

    def merged(self) -> MergedText:
        """Return what the three texts make together; raises `CannotMergeError`."""
        self.run()
        versions = self.version(clashing=False), self.version(clashing=True)
        if not all(map(self.holds, versions, ("ours", "theirs"))):
            raise CannotMergeError
        return MergedText(_marked(*versions), tuple(self.clashes))

    def version(self, *, clashing: bool) -> str:
        """Return the merged text, with ours or theirs where both changed one thing."""
        editor = YamlEditor({"": self.ours.text})
        for change in sorted(self.changes, key=lambda change: change.rank):
            if clashing or not change.clashing:
                change.make(editor)
        return editor.edited("")

    def _change(
        self, make: Callable[[YamlEditor], None], rank: int = _REST, *, clashing: bool = False
    ) -> None:
        self.changes.append(_Change(rank, clashing, make))

    def _put(
        self, first: int, end: int, lines: list[str], rank: int = _REST, *, clashing: bool = False
    ) -> None:
        """Put lines in the place of ours from `first` to before `end`."""
        edit = partial(YamlEditor.put_lines, path="", first=first, count=end - first, lines=lines)
        self._change(edit, rank, clashing=clashing)

    def _clash(self, part: Three) -> None:
        ours, theirs = self.ours.said(part.mine), self.theirs.said(part.yours)
        self.clashes.append(Clash(part.key, ours, theirs))

    def _parts_of(self, of: Three) -> list[Three]:
        """Return what a group or list holds on the three sides."""
        return joined(of.key, self._asked(MergeSide.items, of), rows=of.theirs.is_list)

    def _asked(
        self, question: Callable[[MergeSide, MergeItem | None], Answer], of: Three
    ) -> tuple[Answer, Answer, Answer]:
        """Return what each side says of an item."""
        base, ours, theirs = self.sides
        return question(base, of.old), question(ours, of.mine), question(theirs, of.yours)

    # On lines of their own

    def _are_blocks(self, part: Three) -> bool:
        """Return whether two groups, or two lists, can be merged on lines; ours may be empty."""
        ours, theirs = part.ours.node, part.theirs.node
        if part.unnamed:
            return False
        if self.ours.is_empty(ours):
            return bool(part.ours.head) and self.theirs.is_block(theirs)
        return type(ours) is type(theirs) and self.ours.is_block(ours)

    def _block(self, of: Three, depth: int) -> None:
        """Merge a group or list that stands on lines."""
        parts = self._parts_of(of)
        place = _Place(self.ours, of.ours, depth)
        for part in parts:
            place.see(part.mine)
        left = False
        for part in parts:
            if part.mine is None:
                left |= self._comes(part, place)
            else:
                place.above = part.mine
                left |= self._stays(part, depth)
        if left == self.ours.is_empty(of.ours.node):
            self._tell_empty(of.ours, "" if left else f" {in_braces(of.ours.node, ())}")

    def _stays(self, part: Three, depth: int) -> bool:
        """Merge an item that we have; return whether it is left."""
        if part.yours is not None:
            self._both(part, depth)
            return True
        if part.before is None or part.ours.says is None:
            return True
        if not part.ours.head:
            raise CannotMergeError
        if not part.is_gone:
            self._clash(part)
        self._put(part.ours.lead, part.ours.end + 1, [], clashing=not part.is_gone)
        return not part.is_gone

    def _comes(self, part: Three, place: _Place) -> bool:
        """Take in an item that only they have; return whether it is there now."""
        if part.is_gone:
            return False
        if part.before is not None:
            self._clash(part)
        lines = self._lines(part.theirs, place.column)
        self._put(place.line, place.line, lines, -place.depth, clashing=part.before is not None)
        return True

    def _lines(self, item: MergeItem, column: int) -> list[str]:
        """Return the lines of theirs, as they stand in our text from a column on."""
        if item.lead == 1:  # what heads a file that both wrote stands there once
            own = set(self.ours.lines)
            head = [line for line in self.theirs.above(item) if line not in own]
            by = column - item.column
            return head + self.theirs.moved_lines(item.head, item.end + 1, by)
        if item.head:
            return self.theirs.moved_lines(item.lead, item.end + 1, column - item.column)
        dash = "" if item.name else "- "
        return [" " * (column - 1) + dash + self.theirs.pair(item)]

    def _tell_empty(self, item: MergeItem, text: str) -> None:
        """Write the brackets of a list, or braces, of which nothing is left; or take them away."""
        if item.name is None or self.ours.is_empty(item.node) > self.ours.is_one_line(item):
            raise CannotMergeError
        line, column = item.name.line, item.name.end_column + 1
        end = item.node.span.end_column if self.ours.is_empty(item.node) else column
        span = SourceSpan("", line, column, line, end)
        self._change(partial(YamlEditor.replace, span=span, text=text))

    def _both(self, part: Three, depth: int) -> None:
        """Merge an item that both sides have."""
        if not part.is_on_lines:
            self._contents(part, depth)
            self._comment(part)
        elif not self._is_plain(part):
            if not self._contents_or_clash(part, depth):
                self._comment(part)
            self._lead(part)

    def _contents_or_clash(self, part: Three, depth: int) -> bool:
        """Merge the value of an item, or let it clash; return whether its lines were replaced."""
        done = len(self.changes), len(self.clashes)
        try:
            return self._contents(part, depth)
        except CannotMergeError:
            del self.changes[done[0] :], self.clashes[done[1] :]
            self._clash(part)
            self._replace(part, clashing=True)
            return True

    def _is_plain(self, part: Three) -> bool:
        """Return whether one side left all lines of an item alone; theirs are taken if we did."""
        old, own, other = self._asked(MergeSide.chunk, part)
        if other in (own, old):
            return True
        if old != own:
            return False
        self._put(part.ours.lead, part.ours.end + 1, self._lines(part.theirs, part.ours.column))
        return True

    def _contents(self, part: Three, depth: int) -> bool:
        """Merge the value of an item; return whether its lines were replaced, comment and all."""
        if self._are_blocks(part):
            self._block(part, depth + 1)
        elif part.is_settled:
            pass
        elif part.is_ours_as_before:
            return self._take(part)
        elif part.unnamed or self.ours.is_block(part.ours.node):
            raise CannotMergeError
        else:
            self._set(part.ours, *self._inline(part))
        return False

    def _take(self, part: Three) -> bool:
        """Put their value in the place of ours; return whether whole lines were."""
        if self.ours.is_one_line(part.ours) and self.theirs.is_one_line(part.theirs):
            text = self.theirs.one_line(part.theirs.node)
            self._set(part.ours, text, text)
            return False
        self._replace(part)
        return True

    def _replace(self, part: Three, *, clashing: bool = False) -> None:
        """Put the lines of their item in the place of ours, without the comments above."""
        mine, yours = part.ours, part.theirs
        if not part.is_on_lines:
            raise CannotMergeError
        lines = self.theirs.moved_lines(yours.head, yours.end + 1, mine.column - yours.column)
        self._put(mine.head, mine.end + 1, lines, clashing=clashing)

    def _set(self, item: MergeItem, own: str, other: str) -> None:
        """Give one of our values, on one line, another text in either version."""
        if not self.ours.is_one_line(item):
            raise CannotMergeError
        node = item.node
        for text, clashing in ((own, False), (other, True)):
            if isinstance(node, Scalar):
                make = partial(YamlEditor.set_value, scalar=node, text=text)
            else:
                make = partial(YamlEditor.replace, span=node.span, text=text)
            self._change(make, clashing=clashing)

    # In braces

    def _inline(self, part: Three) -> tuple[str, str]:
        """Return a value that both have, as our version and theirs have it in one line."""
        own, other = part.ours.node, part.theirs.node
        if part.is_settled:
            return self.ours.one_line(own), self.ours.one_line(own)
        if part.is_ours_as_before:
            return self.theirs.one_line(other), self.theirs.one_line(other)
        if part.is_one_thing:
            self._clash(part)
            return self.ours.one_line(own), self.theirs.one_line(other)
        pairs = list(map(self._pair, self._parts_of(part)))
        texts = list(zip(*pairs, strict=True)) or [(), ()]
        return in_braces(own, texts[0]), in_braces(own, texts[1])

    def _pair(self, part: Three) -> tuple[str, str]:
        """Return an entry or row in braces, in either version; empty where that has none."""
        if part.mine is not None and part.yours is not None:
            own, other = self._inline(part)
            return self.ours.labelled(part.mine, own), self.ours.labelled(part.mine, other)
        if part.is_gone:
            return "", ""
        side = self.ours if part.mine else self.theirs
        text = side.pair(part.standing)
        if part.before is None:
            return text, text
        self._clash(part)
        return (text, "") if part.mine else ("", text)

    # Comments

    def _lead(self, part: Three) -> None:
        """Merge the comments above an item; none that either side added is lost."""
        old, own, other = self._asked(MergeSide.above, part)
        if other in (own, old):
            return
        if own != old:
            other = [*own, *(line for line in other if line not in (*old, *own))]
        lines = [moved(line, part.ours.column - 1) for line in other]
        self._put(part.ours.lead, part.ours.head, lines, _LEAD)

    def _comment(self, part: Three) -> None:
        """Merge the comments behind an item; where both changed it, both stand there."""
        old, own, other = self._asked(MergeSide.comment, part)
        text = comment_of_both(old.text, own.text, other.text)
        if not (own.line and other.line) or text == own.text:
            return
        if own.text:
            end = len(self.ours.lines[own.line - 1]) + 1
            span = SourceSpan("", own.line, own.column, own.line, end)
            self._change(lambda editor: editor.replace(span, text))
        else:
            self._change(lambda editor: editor.append_to_line("", own.line, f"   {text}"))

    def holds(self, text: str, version: str) -> bool:
        """Return whether a version says what both sides changed, and what neither did."""
        side = read_side(text)
        if side is None:
            return False
        meant = expected(version, *(facts_of(each.root) for each in self.sides))
        differing = {key for key, _ in meant.items() ^ facts_of(side.root).items()}
        for clash in self.clashes:
            differing -= set(filter(partial(is_within, clash.key), differing))
        return not differing


class _Place:
    """Where what only they have comes in a group or list of ours, below the item `above` it."""

    def __init__(self, side: MergeSide, of: MergeItem, depth: int) -> None:
        self.side = side
        self.depth = depth
        self.of = of
        self.above: MergeItem | None = None
        self._first: MergeItem | None = None
        self.column = of.column + 2

    def see(self, item: MergeItem | None) -> None:
        """Take notice of an item that we have, the first one first."""
        if item is not None:
            self._first = self._first or item
            self.column = item.column or (item.name.column if item.name else self.column)

    @property
    def line(self) -> int:
        """Return the line above which it comes."""
        if self.above is None and self._first is not None and self._first.lead:
            return self._first.lead
        return self.side.end(self.above or self._first or self.of) + 1
