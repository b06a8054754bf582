"""A pack: the prescribed structure of one kind of report from one authority, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.policy import Policy
from reportgen.model.quantity import Shape
from reportgen.model.rules import Rules
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import Unit


@frozen
class Formats:
    """How a pack prints derived figures unless a metric says otherwise."""

    money_unit: Unit
    money: Shape
    percent: Shape
    thousands: bool = False
    blank: str = ""


@frozen
class Section:
    """A prescribed section. `text` says who writes it: `narrative`, `pack`, or `` for nobody."""

    id: str
    title: str
    text: str
    span: SourceSpan
    sections: tuple[Section, ...] = ()


@frozen
class FormRule:
    """What a form must show: its grid columns, and texts of cells in the order they stand."""

    name: str
    columns: int
    labels: tuple[str, ...]
    span: SourceSpan


@frozen
class AnnexRule:
    """A prescribed annex: its title, the template of its body, the forms it holds.

    `label` stands for 附件1 and so on where the authority numbers its annexes itself.
    """

    title: str
    body: str
    span: SourceSpan
    landscape: bool = False
    label: str = ""
    forms: tuple[FormRule, ...] = ()


ChartKind = Literal["bars", "share", "deviation", "loss", "trend"]


@frozen
class ChartRule:
    """A chart: what its categories are and which figures stand in each.

    `bars` sets series beside each other, `share` cuts a whole, `deviation` shows by how much the
    first series differs from the second, `loss` how much of the second it lacks, `trend` the same
    keys in every year that has data.
    `items` are categories (id, title); without any they are the rows of `table`. A series is a
    key with `*` for the category, and a title. `limit` keeps the largest of the first series.
    `audiences` see it, in an appendix after the annexes.
    """

    id: str
    title: str
    kind: ChartKind
    table: str
    items: tuple[tuple[str, str], ...]
    series: tuple[tuple[str, str], ...]
    span: SourceSpan
    limit: int = 0
    audiences: tuple[Audience, ...] = ("internal",)


@frozen
class CoverRule:
    """A prescribed cover: fields (label, template), a foot line, a title for the body."""

    fields: tuple[tuple[str, Formula], ...]
    foot: Formula | None
    title: tuple[Formula, ...]


OVERVIEW_ITEMS = (
    "score",
    "full_score",
    "grade",
    "execution_rate",
    "three_public",
    "three_public_last",
)
"""What an overview tells of a report by figures that its pack declares."""


@frozen
class OverviewRule:
    """Which figures of a report an overview of many tells: their keys, by what they are there.

    A key with `*` is one of each row of a table, of which there is a line each. `peers` names what
    its reports are held to each other as: those of one subject unless it says otherwise.
    """

    figures: Mapping[str, Formula] = field(default_factory=dict)
    peers: str = ""


@frozen
class Pack:
    """Everything a finance bureau prescribes of one kind of report.

    `folder` is its path under templates/. `title`, `signature` are templates, a line each.
    `forms` are those that must stand in the body. `documents` has words of the title of each
    document that reports by the pack name, by its key.
    `policy` is what reports of this kind keep back wherever they are written. `pictures` are the
    files that its forms may show, by name. A report may be a `form` and nothing else, filled once,
    or for `each` row of a table. `word_forms` are the Word files in forms/ by their names.
    """

    folder: str
    name: str
    authority: str
    basis: str
    subject: str
    span: SourceSpan
    title: tuple[Formula, ...]
    signature: tuple[Formula, ...]
    opening: str
    outline: tuple[Section, ...]
    annexes: tuple[AnnexRule, ...]
    formats: Formats
    numbering: tuple[str, ...]
    requires: tuple[Formula, ...] = ()
    confirm: tuple[Formula, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    required_texts: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    rules: Rules = field(default_factory=Rules)
    cover: CoverRule | None = None
    forms: tuple[FormRule, ...] = ()
    charts: tuple[ChartRule, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    form: Formula | None = None
    each: Formula | None = None
    word_forms: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    overview: OverviewRule = field(default_factory=OverviewRule)


@frozen
class PackNeeds:
    """What a report must bring for a pack: the keys of `facts` that no metric gives.

    `columns` are those of tables, table.column, as far as the pack reads them; `lists` are the
    names of tables and of lists of texts.
    """

    facts: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
