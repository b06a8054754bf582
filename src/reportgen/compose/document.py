"""Composes the Document: title, the outline's sections in order, sign-off, annexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import pass_context

from reportgen.compose.body import Body, Numbering
from reportgen.compose.environment import Environment
from reportgen.compose.errors import ERRORS, TemplateReader
from reportgen.compose.filters import number
from reportgen.compose.forms import read_form
from reportgen.compose.tokens import Tokens, read_lines
from reportgen.compose.view import View, misused
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Cover,
    Document,
    Heading,
    Inlines,
    PageBreak,
    SignOff,
    Table,
    Text,
    Title,
    Value,
    plain,
    values,
)
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.pack import AnnexRule, Pack, Section
from reportgen.model.rules import Metric
from reportgen.model.source import Formula, SourceSpan

if TYPE_CHECKING:
    from reportgen.compose.form_sheets import FormSheets
    from reportgen.model.word_form import FilledForm

RESERVED = ("year", "form", "loop")
"""Names that mean something of their own in templates."""


def compose(
    disclosed: Disclosed,
    pack: Pack,
    source: TemplateReader,
    folder: str,
    date: str,
    log: Diagnostics,
) -> Document | None:
    """Return the Document of `pack` filled with `disclosed`, or None; the log says why (T1xx).

    `folder` is the report's own, whose narrative/ holds the texts the unit writes; `date` is
    the report's (ISO).
    """
    problems = Diagnostics()
    _check_reserved(disclosed.ledger, problems)
    environment = _environment(disclosed, pack, source, problems)
    document = Composer(disclosed, pack, folder, environment, problems).document(date)
    causes = {entry.subject: entry.cause for entry in disclosed.entries if entry.cause}
    log.extend(_with_cause(problem, causes) for problem in problems)
    return None if problems.blocked else document


def sums_wanted(
    ledger: Ledger, pack: Pack, source: TemplateReader, folder: str
) -> Mapping[str, Metric]:
    """Return the sums of rows that templates ask for and `ledger` does not have, by key."""
    disclosed, log = Disclosed(ledger, "internal"), Diagnostics()
    environment = _environment(disclosed, pack, source, log)
    Composer(disclosed, pack, folder, environment, log).document("")
    return environment.sums.wanted


def _environment(
    disclosed: Disclosed, pack: Pack, source: TemplateReader, log: Diagnostics
) -> Environment:
    """Return what the templates of a pack run in, over what is disclosed."""
    view = View.of(disclosed.ledger, disclosed.hidden)
    environment = Environment(source, Tokens(), view, log)
    environment.filters["number"] = partial(number, money=pack.formats.money_unit)
    return environment


def _with_cause(hole: Finding, causes: Mapping[str, str]) -> Finding:
    """Return D121 for D114 of a figure that is withheld only with another.

    What else follows from releasing or masking it, only the flow can try.
    """
    cause = causes.get(hole.subject) if hole.code == "D114" else None
    if cause is None:
        return hole
    untried = dict.fromkeys(("releases", "masks"), hole.subject)
    untried |= dict.fromkeys(("release_lines", "mask_lines"), "@not_tried")
    return replace(hole, code="D121", params={**hole.params, **untried, "cause": cause})


def _check_reserved(ledger: Ledger, log: Diagnostics) -> None:
    """Log S216 for each fact that templates could not name."""
    spans: dict[str, SourceSpan] = {}
    values: dict[str, Fact | Figure] = {**ledger.texts, **ledger.figures}
    for key, value in values.items():
        name = key.partition(".")[0]
        if name in RESERVED:
            spans[name] = value.span
    for name in RESERVED:
        if name in spans:
            log.add(finding("S216", spans[name], key=name))


class Composer:
    """Fills one pack with what is disclosed, in the order of the document."""

    def __init__(
        self,
        disclosed: Disclosed,
        pack: Pack,
        folder: str,
        environment: Environment,
        log: Diagnostics,
    ) -> None:
        self.disclosed = disclosed
        self.pack = pack
        self.folder = folder
        self.environment = environment
        self.tokens = environment.tokens
        self.environment.globals["form"] = self._form()
        self.numbering = Numbering(pack.numbering)
        self.placed: list[FilledForm] = []
        self.log = log

    def document(self, date: str) -> Document:
        """Return the whole document; what is wrong goes to the log."""
        title = list(map(self._title, self.pack.title))
        if self.pack.form is not None:
            return self._form_report(self.pack.form, title, date)
        blocks = [*self._cover(), *self._opening()]
        for section in self.pack.outline:
            blocks.extend(self._section(section, 1))
        annex_titles = tuple(self._title(Formula(a.title, a.span)) for a in self.pack.annexes)
        if annex_titles:
            blocks.append(AttachmentList(annex_titles))
        blocks.extend(self._sign_off())
        document = self._framed(title, date, blocks)
        annexes = self._annexes(annex_titles)
        return replace(document, annexes=annexes, placed=tuple(self.placed))

    def _framed(self, title: Iterable[Inlines], date: str, blocks: Iterable[Block]) -> Document:
        """Return a document of `blocks`."""
        return Document(
            title=_lines(title),
            title_figures=_figures(title),
            language="zh-CN",
            subject=self.pack.subject,
            organization=self._organization(),
            date=date,
            audience=self.disclosed.audience,
            blocks=tuple(blocks),
        )

    def _form_report(self, form: Formula, title: list[Inlines], date: str) -> Document:
        """Return a report that is a form, filled once or for each row of a table."""
        sheets = self._sheets(form.text)
        if form.text not in self.pack.word_forms:
            tables = self._html_forms(form, sheets.rows)
            document = self._framed(title or [(Text(self.pack.name),)], date, tables)
            return replace(document, rows=sheets.row_ids)
        content = sheets.fill(_lines(title))
        title = title or [content.title or (Text(self.pack.name),)]
        document = self._framed(title, date, content.blocks)
        return replace(document, form=content.form, rows=sheets.row_ids)

    def _sheets(self, name: str) -> FormSheets:
        """Return what fills the form `name` of the pack, in Word or by rows."""
        from reportgen.compose.form_sheets import FormSheets  # noqa: PLC0415 - few packs have one

        return FormSheets(self.pack, name, self.environment, self.log)

    def _html_forms(self, form: Formula, rows: Iterable[Mapping[str, object]]) -> Iterator[Block]:
        """Yield the tables of the form, filled for each of `rows`, each on pages of its own."""
        for count, row in enumerate(rows):
            if count:
                yield PageBreak()
            yield from self._html_form(form, row)

    def _html_form(self, form: Formula, row: Mapping[str, object]) -> tuple[Table, ...]:
        """Return the tables of the form, filled for a row."""
        try:
            return self._tables(form.text, {**self.environment.context, **row})
        except ERRORS as error:
            self._failed(error, self._form_path(form.text), form.span)
            return ()

    def _organization(self) -> str:
        name = self.disclosed.ledger.texts.get("unit.name")
        return str(name.value or "") if name else ""

    def _sign_off(self) -> list[Block]:
        lines = list(map(self._line, self.pack.signature))
        signature = tuple(filter(None, lines))
        return [SignOff(signature)] if signature else []

    def _cover(self) -> list[Block]:
        rule = self.pack.cover
        if rule is None:
            return []
        fields = tuple((label, self._line(value)) for label, value in rule.fields)
        foot = self._line(rule.foot) if rule.foot else ()
        cover = Cover(fields, foot)
        title = list(map(self._title, rule.title))
        if not title:
            return [cover]
        lines = tuple(map(plain, title))
        return [cover, Title(lines, _figures(title))]

    def _opening(self) -> list[Block]:
        if not self.pack.opening:
            return []
        path = self._path(self.pack.opening, "opening")
        return self._text(path, self.pack.span, self.numbering, 0)

    def _section(self, section: Section, level: int) -> list[Block]:
        heading = self._title(Formula(section.title, section.span))
        number, anchor = self.numbering.next(level)
        result: list[Block] = [Heading(level, number, heading, anchor, section.span, section.id)]
        if section.text:
            path = self._path(section.text, section.id)
            result.extend(self._text(path, section.span, self.numbering, level))
        for inner in section.sections:
            result.extend(self._section(inner, level + 1))
        return result

    def _annexes(self, titles: tuple[Inlines, ...]) -> tuple[Annex, ...]:
        annexes: list[Annex] = []
        for rule, title in zip(self.pack.annexes, titles, strict=True):
            annexes.append(self._annex(rule, title, len(annexes) + 1))
        return tuple(annexes)

    def _annex(self, rule: AnnexRule, title: Inlines, number: int) -> Annex:
        is_only = len(self.pack.annexes) == 1
        label = rule.label or ("附件" if is_only else f"附件{number}")
        anchor = f"annex-{number}"
        numbering = Numbering(self.pack.numbering, f"{anchor}-s")
        blocks = self._text(rule.body, rule.span, numbering, 0)
        return Annex(label, title, tuple(blocks), anchor, rule.landscape)

    def _path(self, text: str, name: str) -> str:
        if text == "pack":
            return f"templates/{self.pack.folder}/sections/{name}.md"
        return f"{self.folder}/narrative/{name}.md"

    def _text(self, path: str, asked: SourceSpan, numbering: Numbering, level: int) -> list[Block]:
        """Return the blocks of the text at `path`, which the pack asks for at `asked`."""
        try:
            rendered = self.environment.text(path)
        except ERRORS as error:
            self._failed(error, path, asked)
            return []
        marking = self.disclosed.audience == "internal"
        return list(Body(self.tokens, numbering, level, marking).read(rendered, self.log))

    def _title(self, formula: Formula) -> Inlines:
        """Return a title or heading, which nothing may be missing in (D114)."""
        return self._line(formula, complete=True)

    def _line(self, formula: Formula, *, complete: bool = False) -> Inlines:
        try:
            line = self.environment.line(formula)
            if complete:
                for key in self.tokens.missing(line):
                    self.log.add(finding("D114", formula.span, subject=key, key=key))
            return self.tokens.inlines(line)
        except ERRORS as error:
            self.log.add(self.environment.finding(error))
            return ()

    def _failed(self, error: Exception, path: str, asked: SourceSpan) -> None:
        """Report `error`; where a text is not there, the pack that asks is the other place."""
        if not isinstance(error, jinja2.TemplateNotFound):
            self.log.add(self.environment.finding(error))
            return
        unread = self.environment.unread.get(str(error.name), ())
        if error.name == path:
            used = RelatedLocation(asked, "used")
            for problem in unread:
                self.log.add(replace(problem, places=(*problem.places, used)))
        else:
            self.log.add(self.environment.finding(error))
            self.log.extend(problem for problem in unread if problem.code != "L100")

    def _form(self) -> Any:  # noqa: ANN401 - a function Jinja calls with its context
        @pass_context
        def form(context: jinja2.runtime.Context, name: object = "", **more: object) -> object:
            """Place the form forms/<name>.html or .docx of the pack, which knows `more` by name."""
            if not isinstance(name, str) or not name or "caller" in more:
                raise misused("form", name)
            known = {**context.get_all(), **more}
            if name in self.pack.word_forms:
                sheets = self._sheets(name)
                return self.environment.token(sheets.placed(known, self.placed))
            return self.environment.token(self._tables(name, known))

        form.__qualname__ = form.__name__
        return form

    def _form_path(self, name: str) -> str:
        return f"templates/{self.pack.folder}/forms/{name}.html"

    def _tables(self, name: str, context: Mapping[str, object]) -> tuple[Table, ...]:
        """Return the tables of the form `name` in HTML notation, filled."""
        path = self._form_path(name)
        html = self.environment.get_template(path).render(context)
        return read_form(name, read_lines(html, path), self.tokens, self.pack.pictures)


def _lines(title: Iterable[Inlines]) -> tuple[str, ...]:
    """Return the lines of a title that hold anything."""
    lines: list[str] = []
    for inlines in title:
        lines.extend(filter(None, plain(inlines).split("\n")))
    return tuple(lines)


def _figures(title: Iterable[Inlines]) -> tuple[Value, ...]:
    """Return the figures that a title prints."""
    figures: list[Value] = []
    for inlines in title:
        figures.extend(values(inlines))
    return tuple(figures)
