"""Facts: what authors typed, flat and by key, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.model.quantity import Quantity
from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed value. `value` is None where the author left the cell blank.

    `prose` marks text that may refer to figures ({{ … }}); all other text is literal.
    `personal` marks names, phones and the like that a public version must not carry.
    """

    key: str
    title: str
    value: Quantity | str | None
    mark: Mark
    prose: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one unit and year: by dotted key, and the rows of each table in order.

    A table is any list or group of like entries: `tables["funds"]` holds row ids, the cells
    are the facts `funds.<id>.<field>`; a list of plain texts has its items at `<table>.<n>`.
    """

    year: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
