"""The pages of the preview: a report with its findings, findings alone, and the index.

A finding stands at the element that it is about: by template line, or by the figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

import lxml.html
from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml.etree import _Element as Element
from markupsafe import Markup

from reportgen.features.preview.links import Editor, SourceLink, is_in_file
from reportgen.features.preview.sessions import PreviewRequest, PreviewState
from reportgen.features.preview.words import WORDS
from reportgen.findings import Finding, RelatedLocation, one_per_cause
from reportgen.findings.codes import Language
from reportgen.findings.renderers import help_text, message, note_text, summary
from reportgen.flow.open_tasks import OpenTask, TaskKind, counted
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Severity
from reportgen.model.source import SourceSpan
from reportgen.provenance.explanation import note_parts

AUDIENCES: tuple[Audience, ...] = get_args(Audience)
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""In the order in which findings are listed."""
_TEMPLATES = Environment(
    loader=PackageLoader("reportgen.features.preview", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@frozen
class PageSettings:
    """What all pages share: the editor that links open, the language, the reports' stylesheet."""

    editor: Editor
    language: Language
    css: str = ""


@frozen
class FindingText:
    """A finding in words."""

    severity: Severity
    code: str
    message: str
    help: str
    links: tuple[SourceLink, ...]
    waived: str


@frozen
class ReportLink:
    """A report in the index: its path, what it is called, its state; empty while not known."""

    year: int
    path: str
    name: str
    state: str
    kind: str


@frozen
class UnitReports:
    """The reports of a unit in the index."""

    title: str
    reports: tuple[ReportLink, ...]


# Pages


def report_page(state: PreviewState, request: PreviewRequest, settings: PageSettings) -> str:
    """Return what to show of a report: its last good page, or the findings alone."""
    if state.good is None:
        return findings_page(state, request, settings)
    page = lxml.html.document_fromstring(
        state.good.page, lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    head, body = page.find("head"), page.find("body")
    assert head is not None and body is not None, "the parser makes both"
    _remove_policy(head)
    _link_notes(page, state.good.ledger, settings)
    _add_remarks(page, state.findings, state.good.ledger, settings)
    head.extend(_elements("head", settings))
    start = 1 if _begins_with_skip_link(body) else 0
    top = _elements("top", settings, **_top_values(state, request, settings))
    for index, element in enumerate(top, start):
        body.insert(index, element)
    return str(lxml.html.tostring(page, encoding="unicode", doctype="<!doctype html>"))


def findings_page(
    state: PreviewState,
    request: PreviewRequest | None,
    settings: PageSettings,
    title: str = "",
    text: str = "",
) -> str:
    """Return a page that shows findings alone, under a title and a text of its own if given."""
    words = WORDS[settings.language]
    return _render(
        "findings_page",
        settings,
        title=title or words["nothing"],
        text=text or words["nothing_help"],
        **_top_values(state, request, settings),
    )


def index_page(
    units: Sequence[UnitReports],
    findings: Sequence[Finding],
    version: str,
    settings: PageSettings,
) -> str:
    """Return the page of all units, years and reports with their state."""
    described = describe(findings, settings)
    return _render("index", settings, units=units, findings=described, version=version)


def state_words(state: PreviewState | None, language: Language) -> tuple[str, str]:
    """Return what the index says of a report, and the kind of it: error, warning or clean."""
    if state is None:
        return "", ""
    severities = {finding.severity for finding in state.findings}
    kind = "clean"
    if "error" in severities:
        kind = "error"
    elif "warning" in severities:
        kind = "warning"
    return summary(state.findings, language), kind


def _top_values(
    state: PreviewState, request: PreviewRequest | None, settings: PageSettings
) -> dict[str, Any]:
    """Return what the bar and the list of findings are made from."""
    by_severity: dict[Severity, list[FindingText]] = {severity: [] for severity in SEVERITIES}
    for described in describe(state.findings, settings):
        by_severity[described.severity].append(described)
    text, kind = state_words(state, settings.language)
    return {
        "request": request,
        "audiences": AUDIENCES,
        "state": state,
        "summary": text,
        "by_severity": by_severity,
        "kind": kind,
        "unconfirmed": _unconfirmed(state, settings),
        "tasks": _linked(state.tasks, settings),
        "task_counts": _counts(state.tasks),
    }


def _unconfirmed(state: PreviewState, settings: PageSettings) -> list[tuple[str, SourceLink]]:
    """Return the facts that nobody confirmed as they are, each with where it stands."""
    missing = state.confirmed.missing if state.confirmed else ()
    return [(f"{fact.title} {fact.text}", settings.editor.link(fact.span)) for fact in missing]


def _linked(tasks: Iterable[OpenTask], settings: PageSettings) -> list[tuple[OpenTask, SourceLink]]:
    """Return tasks, each with where it is to be done."""
    return [(task, settings.editor.link(task.span)) for task in tasks]


def _counts(tasks: Iterable[OpenTask]) -> list[tuple[TaskKind, int]]:
    """Return the kinds of which there are tasks, with how many."""
    return [(kind, count) for kind, count in counted(tasks).items() if count]


def _render(name: str, settings: PageSettings, **values: object) -> str:
    words = WORDS[settings.language]
    css = Markup(settings.css.replace("</", r"<\/"))  # noqa: S704  # cannot end <style>
    return _TEMPLATES.get_template(f"{name}.html.j2").render(words=words, css=css, **values)


def _elements(name: str, settings: PageSettings, **values: object) -> list[Element]:
    return list(lxml.html.fragments_fromstring(_render(name, settings, **values)))


# Findings in words


def describe(findings: Iterable[Finding], settings: PageSettings) -> tuple[FindingText, ...]:
    """Return `findings` in words, errors first, then warnings, then notes; one of each cause."""
    ordered = sorted(
        one_per_cause(tuple(findings)), key=lambda finding: SEVERITIES.index(finding.severity)
    )
    return tuple(_described(finding, settings) for finding in ordered)


def _described(finding: Finding, settings: PageSettings) -> FindingText:
    language = settings.language
    links = []
    others = [RelatedLocation(other.span, other.code) for other in finding.others]
    for place in (*finding.places, *others):
        if is_in_file(place.span):
            note = note_text(place, language)
            links.append(settings.editor.link(place.span, note))
    return FindingText(
        finding.severity,
        finding.code,
        message(finding, language),
        "" if finding.waived else help_text(finding, language),
        tuple(links),
        finding.waived,
    )


# What is put into the page of a report


def _remove_policy(head: Element) -> None:
    """Remove the policy of the page, which forbids scripts; that of the answer holds."""
    for meta in list(head.iter("meta")):
        if (meta.get("http-equiv") or "").lower() == "content-security-policy":
            head.remove(meta)


def _begins_with_skip_link(body: Element) -> bool:
    return len(body) > 0 and body[0].get("class") == "skip"


def _link_notes(page: Element, ledger: Ledger, settings: PageSettings) -> None:
    """Put links to facts and formulas into the notes of figures."""
    for figure in list(page.iter("span")):
        key = figure.get("data-key")
        if key and key in ledger.figures:
            for note in figure.findall("span[@role='tooltip']"):
                _fill_note(note, key, ledger, settings)


def _fill_note(note: Element, key: str, ledger: Ledger, settings: PageSettings) -> None:
    """Replace what stands in a note by its lines, each with a link to what it speaks of."""
    note.text = ""
    for number, (text, span) in enumerate(note_parts(ledger, key)):
        line_break = "\n" if number else ""
        _append_text(note, line_break + text.removesuffix(str(span)))
        if span.line:
            note.append(_link_element(settings.editor.link(span)))


def _append_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _link_element(source_link: SourceLink) -> Element:
    """Return a link that Tab passes over: figures are where it stops."""
    if source_link.link:
        attributes = {"class": "pv-place", "href": source_link.link, "tabindex": "-1"}
        element: Element = lxml.html.Element("a", attributes)
    else:
        element = lxml.html.Element("span", {"class": "pv-place"})
    element.text = source_link.text
    return element


def _add_remarks(
    page: Element, findings: Iterable[Finding], ledger: Ledger, settings: PageSettings
) -> None:
    """Put errors and warnings beside the blocks they concern, and colour the figures."""
    serious = [finding for finding in findings if finding.severity != "note"]
    for block, figures, finding in placed(page, serious, ledger):
        (remark,) = _elements("remark", settings, finding=_described(finding, settings))
        _put_beside(block, remark)
        for figure in figures:
            figure.set("class", f"{figure.get('class')} pv-{finding.severity}")


def _put_beside(block: Element, remark: Element) -> None:
    """Put a remark into an item of a list, before a form, after anything else."""
    if block.tag == "li":
        block.append(remark)
    elif "form" in (block.get("class") or "").split():
        block.addprevious(remark)
    else:
        block.addnext(remark)


# Where a finding belongs


MOST_PLACES = 3
"""A figure may be printed in many places: a finding stands beside the first of them."""

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div")


def placed(
    root: Element, findings: Iterable[Finding], ledger: Ledger
) -> Iterator[tuple[Element, tuple[Element, ...], Finding]]:
    """Yield each block with the figures in it that a finding concerns, and the finding.

    Blocks carry `data-at` ("path:first-last"), figures `data-key`. A finding concerns the block
    that one of its spans lies in, and every figure whose fact or formula one of them is.
    """
    blocks = list(_blocks(root))
    figures: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter("span"):
        figures[element.get("data-key") or ""].append(element)
    for finding in findings:
        concerned = _concerned(finding, blocks, figures, ledger)
        for block, figures_in_block in list(concerned.items())[:MOST_PLACES]:
            yield block, tuple(figures_in_block), finding


def _blocks(root: Element) -> Iterator[tuple[Element, SourceSpan]]:
    """Yield the elements that name the template lines they come from."""
    for element in root.iter():
        path, _, lines = (element.get("data-at") or "").rpartition(":")
        if path:
            first, _, last = lines.partition("-")
            yield element, SourceSpan(path, int(first), end_line=int(last))


def _concerned(
    finding: Finding,
    blocks: Iterable[tuple[Element, SourceSpan]],
    figures: Mapping[str, list[Element]],
    ledger: Ledger,
) -> Mapping[Element, list[Element]]:
    """Return the blocks that a finding concerns, each with its figures that it concerns."""
    concerned: dict[Element, list[Element]] = {}
    for key in _keys(finding, ledger):
        for figure in figures.get(key, ()):
            concerned.setdefault(_block_of(figure), []).append(figure)
    for place in finding.places:
        for block, span in blocks:
            if _covers(span, place.span):
                concerned.setdefault(block, [])
                break
    return concerned


def _keys(finding: Finding, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the figures that a finding is about: its subject, and what it points at."""
    if finding.subject in ledger.figures:
        yield finding.subject
    spans = [place.span for place in finding.places]
    for key, figure in ledger.figures.items():
        if any(_points_at(span, figure.span) for span in spans):
            yield key


def _block_of(figure: Element) -> Element:
    """Return the form that a figure stands in, or else its paragraph, item or heading."""
    for element in figure.iterancestors("div"):
        if element.get("data-at"):
            return element
    return next(figure.iterancestors(*_BLOCKS))


def _covers(block: SourceSpan, span: SourceSpan) -> bool:
    return block.path == span.path and block.line <= span.line <= block.end_line


def _points_at(span: SourceSpan, typed: SourceSpan) -> bool:
    """Return whether `span` is at a fact or formula: two may share a line, not a column."""
    if (typed.path, typed.line) != (span.path, span.line):
        return False
    end = typed.end_column if typed.end_line == typed.line else 0
    return typed.column <= span.column < max(end, typed.column + 1)
