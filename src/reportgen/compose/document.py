"""Composes the Document: title, the outline's sections in order, sign-off, annexes."""

from __future__ import annotations

from typing import Any

import jinja2
from jinja2 import pass_context

from reportgen.compose.body import Body
from reportgen.compose.environment import Environment, Source, template_finding
from reportgen.compose.filters import TemplateError
from reportgen.compose.forms import read_form
from reportgen.compose.numbering import Numbering
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.findings import Finding, blocks
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Document,
    Heading,
    Inlines,
    SignOff,
    Text,
    plain,
)
from reportgen.model.pack import AnnexRule, Pack, Section
from reportgen.model.rules import Formula

_ERRORS = (jinja2.TemplateError, TemplateError, TypeError, ValueError, RecursionError)


def compose(
    disclosed: Disclosed,
    pack: Pack,
    source: Source,
    folder: str,
    date: str,
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the Document of `pack` filled with `disclosed`, or None with findings (T1xx).

    `folder` is the report's own, whose narrative/ holds the texts the unit writes; `date` is
    the report's (ISO).
    """
    composer = _Composer(disclosed, pack, source, folder)
    document = composer.document(date)
    findings = tuple(composer.findings)
    return (None if blocks(findings) else document), findings


class _Composer:
    def __init__(self, disclosed: Disclosed, pack: Pack, source: Source, folder: str) -> None:
        self.pack = pack
        self.folder = folder
        self.source = source
        self.tokens = Tokens()
        self.audience = disclosed.audience
        self.environment = Environment(source, self.tokens, disclosed.audience == "internal")
        view = View.of(disclosed.ledger)
        names = {key.partition(".")[0] for key in (*view.groups, *_names(disclosed))}
        context: dict[str, Any] = {name: view.child(name) for name in names}
        self.environment.context = {**context, "year": str(disclosed.ledger.year)}
        self.environment.globals["form"] = self._form()
        self.numbering = Numbering(pack.numbering)
        self.findings: list[Finding] = []

    def document(self, date: str) -> Document:
        title = tuple(plain(self._line(line)) for line in self.pack.title)
        body = self._opening() + [b for s in self.pack.outline for b in self._section(s, 1)]
        titles = tuple(self._line(Formula(a.title, a.mark)) for a in self.pack.annexes)
        if titles:
            body.append(AttachmentList(titles))
        signature = tuple(self._line(line) for line in self.pack.signature)
        if any(signature):
            body.append(SignOff(tuple(line for line in signature if line)))
        annexes = tuple(
            self._annex(annex, heading, number)
            for number, (annex, heading) in enumerate(
                zip(self.pack.annexes, titles, strict=True), 1
            )
        )
        organization = self.environment.context.get("unit")
        name = organization.child("name") if isinstance(organization, View) else ""
        return Document(
            title=title,
            language="zh-CN",
            subject=self.pack.subject,
            organization=str(name),
            date=date,
            audience=self.audience,
            blocks=tuple(body),
            annexes=annexes,
        )

    def _opening(self) -> list[Block]:
        if not self.pack.opening:
            return []
        return list(self._text(self._path(self.pack.opening, "opening"), self.numbering, 0))

    def _section(self, section: Section, level: int) -> list[Block]:
        heading = self._line(Formula(section.title, section.mark))
        number, anchor = self.numbering.next(level)
        result: list[Block] = [Heading(level, number, heading, anchor)]
        if section.text:
            path = self._path(section.text, section.id)
            result.extend(self._text(path, self.numbering, level))
        for inner in section.sections:
            result.extend(self._section(inner, level + 1))
        return result

    def _annex(self, annex: AnnexRule, title: Inlines, number: int) -> Annex:
        label = "附件" if len(self.pack.annexes) == 1 else f"附件{number}"
        content = self._text(annex.body, Numbering(self.pack.numbering), 0)
        return Annex(label, title, content, f"annex-{number}", annex.landscape)

    def _path(self, text: str, name: str) -> str:
        if text == "pack":
            return f"templates/{self.pack.folder}/sections/{name}.md"
        return f"{self.folder}/narrative/{name}.md"

    def _text(self, path: str, numbering: Numbering, level: int) -> tuple[Block, ...]:
        try:
            rendered = self.environment.text(path)
        except _ERRORS as error:
            self._failed(error)
            return ()
        content, found = Body(self.tokens, numbering, path, level).read(rendered)
        self.findings.extend(found)
        return content

    def _line(self, formula: Formula) -> Inlines:
        try:
            return self.tokens.inlines(self.environment.line(formula))
        except _ERRORS as error:
            self._failed(error)
            return (Text(formula.text),)

    def _failed(self, error: Exception) -> None:
        missing = isinstance(error, jinja2.TemplateNotFound) and self.environment.findings
        if missing:
            self.findings.extend(self.environment.findings)
            self.environment.findings.clear()
        else:
            self.findings.append(template_finding(error, self.source))

    def _form(self) -> Any:  # noqa: ANN401 - a function Jinja calls with its context
        @pass_context
        def form(context: jinja2.runtime.Context, name: str) -> object:
            """Place the form forms/<name>.html of the pack."""
            path = f"templates/{self.pack.folder}/forms/{name}.html"
            html = self.environment.get_template(path).render(context.get_all())
            return self.environment.token(read_form(name, html, self.tokens))

        return form


def _names(disclosed: Disclosed) -> tuple[str, ...]:
    ledger = disclosed.ledger
    return (*ledger.figures, *ledger.texts)
