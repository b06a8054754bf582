"""Which items of three texts are one thing, and what must come of all that they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from reportgen.features.repository.sides import MergeItem, Said, parts_of
from reportgen.project import yaml_nodes
from reportgen.project.yaml_nodes import Scalar, YamlNode

_NAMES = (("id",), ("key",), ("term",), ("code", "subject"), ("by", "evidence"))
"""The keys that name a row: the first that all rows of a list have and no two share."""


class Three(NamedTuple):
    """An item on the three sides, None where a side does not have it.

    Of one that is `unnamed` nothing can be told apart: it is changed as one.
    """

    key: str
    old: MergeItem | None
    mine: MergeItem | None
    yours: MergeItem | None
    unnamed: bool = False

    @property
    def ours(self) -> MergeItem:
        """Return our item, which there is."""
        assert self.mine is not None
        return self.mine

    @property
    def theirs(self) -> MergeItem:
        """Return their item, which there is."""
        assert self.yours is not None
        return self.yours

    @property
    def is_on_lines(self) -> bool:
        """Return whether both sides have it on lines of its own."""
        return bool(self.ours.head and self.theirs.head)

    @property
    def is_one_thing(self) -> bool:
        """Return whether both are no groups, or lists, of which parts can be merged."""
        ours, theirs = self.ours.node, self.theirs.node
        return self.unnamed or isinstance(ours, Scalar) or type(ours) is not type(theirs)

    @property
    def standing(self) -> MergeItem:
        """Return our item, or theirs where we have none."""
        return self.mine or self.theirs

    @property
    def before(self) -> Said:
        """Return what was said there, None for nothing."""
        return self.old.says if self.old else None

    @property
    def is_ours_as_before(self) -> bool:
        """Return whether we left what it says alone."""
        return self.ours.says == self.before

    @property
    def is_settled(self) -> bool:
        """Return whether ours stays: theirs says the same, or what was said before."""
        return self.theirs.says in (self.ours.says, self.before)

    @property
    def is_gone(self) -> bool:
        """Return whether one side took it away, and the other left it alone or blank."""
        return self.old is not None and self.standing.says in (None, self.before)


def joined(at: str, lists: tuple[list[MergeItem], ...], *, rows: bool) -> list[Three]:
    """Return the items of three groups or lists in order, what only theirs has behind ours."""
    keys, unnamed = _row_keys(lists) if rows else (list(map(_keys, lists)), False)
    by_key: list[dict[str, MergeItem]] = []
    for names, items in zip(keys, lists, strict=True):
        by_key.append(dict(zip(names, items, strict=True)))
    old, mine, yours = by_key
    dot = f"{at}." if at else ""
    parts = []
    for number, key in enumerate(_in_order(old, mine, yours), start=1):
        name = f"{at}[{number}]" if unnamed else f"{dot}{key}"
        parts.append(Three(name, old.get(key), mine.get(key), yours.get(key), unnamed))
    return parts


def _keys(items: Iterable[MergeItem]) -> list[str]:
    return [item.key for item in items]


def _in_order(
    old: Mapping[str, MergeItem], mine: Mapping[str, MergeItem], yours: Mapping[str, MergeItem]
) -> list[str]:
    """Return our keys, each of theirs that we lack behind its neighbour and what we added there."""
    order = list(mine)
    at = 0
    for key in yours:
        if key in mine:
            at = order.index(key) + 1
            continue
        while at < len(order) and order[at] not in old and order[at] not in yours:
            at += 1
        order.insert(at, key)
        at += 1
    return order


def _row_keys(lists: Iterable[list[MergeItem]]) -> tuple[list[list[str]], bool]:
    """Return what names the rows of some lists, and whether that is but their place."""
    for names in _NAMES:
        named = [_named(items, names) for items in lists]
        if all(map(_tell_apart, named)):
            return named, False
    old, *_ = said = list(map(_says, lists))
    return [_aligned(old, each) for each in said], True


def _says(items: Iterable[MergeItem]) -> list[Said]:
    return [item.says for item in items]


def _named(items: Iterable[MergeItem], names: Iterable[str]) -> list[str]:
    """Return the values of some keys of each row, empty where a row lacks one."""
    named = []
    for item in items:
        values = {part.key: getattr(part.node, "text", "") for part in parts_of(item.node)}
        found = [values.get(name, "") for name in names]
        named.append(" ".join(found) if all(found) else "")
    return named


def _tell_apart(names: list[str]) -> bool:
    return all(names) and len(set(names)) == len(names)


def _aligned(old: list[Said], new: list[Said]) -> list[str]:
    """Return for each new row the number of the old one that it is or was, or a name of its own."""
    keys: list[str] = []
    added: Counter[Said] = Counter()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        known = [] if kind == "insert" else list(map(str, range(a, b)))[: d - c]
        keys += known
        for said in new[c + len(known) : d]:
            added[said] += 1
            keys.append(f"+{added[said]} {said!r}")
    return keys


# What must come of them


SaidByKey = dict[str, str | int]
"""Values by key; of rows without names, behind the key of their list, how often each is there."""


def facts_of(node: YamlNode, at: str = "") -> SaidByKey:
    """Return all that a node says, with its keys behind that of the node."""
    if isinstance(node, Scalar):
        return {} if node.blank else {at: node.text}
    items = list(parts_of(node))
    (keys,), unnamed = _row_keys([items]) if _is_list(node) else ([_keys(items)], False)
    return _counted_rows(items, at) if unnamed else _named_facts(keys, items, at)


def _is_list(node: YamlNode) -> bool:
    return isinstance(node, yaml_nodes.Sequence)


def _counted_rows(items: Iterable[MergeItem], at: str) -> SaidByKey:
    return dict(Counter(f"{at}[{said!r}]" for said in _says(items)))


def _named_facts(keys: Iterable[str], items: Iterable[MergeItem], at: str) -> SaidByKey:
    found: SaidByKey = {}
    for key, item in zip(keys, items, strict=True):
        found |= facts_of(item.node, f"{at}.{key}" if at else key)
    return found


def is_within(clash: str, key: str) -> bool:
    """Return whether a value stands in what clashes, or in the list of a row that does."""
    return key == clash or key.startswith((f"{clash}.", f"{clash.partition('[')[0]}["))


def expected(version: str, old: SaidByKey, ours: SaidByKey, theirs: SaidByKey) -> SaidByKey:
    """Return what both sides made of the old facts; of what both changed that of one `version`."""
    made: SaidByKey = {}
    for key in old | ours | theirs:
        values = old.get(key), ours.get(key), theirs.get(key)
        counted = any(isinstance(value, int) for value in values)
        value = _counted(*values) if counted else _chosen(*values, version)
        if value not in {None, 0}:
            made[key] = value
    return made


_Fact = str | int | None


def _chosen(old: _Fact, ours: _Fact, theirs: _Fact, version: str) -> _Fact:
    if theirs in {ours, old}:
        return ours
    return theirs if ours == old or version == "theirs" else ours


def _counted(old: _Fact, ours: _Fact, theirs: _Fact) -> int:
    """Return how often a row stands there that both may have added or taken away."""
    before = int(old or 0)
    less, more = sorted(int(each or 0) - before for each in (ours, theirs))
    if less >= 0:
        return before + more
    return before + (less if more <= 0 else less + more)
