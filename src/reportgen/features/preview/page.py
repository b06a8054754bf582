"""Which element of a page a finding belongs to: by template line, or by the figure it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import lxml.html
from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml.etree import _Element as Element
from markupsafe import Markup

from reportgen.features.preview.drafting import PreviewRequest, PreviewState
from reportgen.features.preview.links import Editor, is_place, place_text
from reportgen.features.preview.words import WORDS
from reportgen.findings import Finding
from reportgen.findings.codes import LABELS, Language
from reportgen.findings.renderers import help_text, message, summary
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.rules import Severity
from reportgen.model.source import SourceSpan
from reportgen.provenance.explanation import note_parts

MOST = 3
"""A figure may be printed in many places: a finding stands beside the first of them."""

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div")


def placed(
    root: Element, findings: Iterable[Finding], ledger: Ledger
) -> Iterator[tuple[Element, tuple[Element, ...], Finding]]:
    """Yield each block with the figures in it that a finding concerns, and the finding.

    Blocks carry `data-at` ("path:first-last"), figures `data-key`. A finding concerns the block
    that one of its places lies in, and every figure whose fact or formula one of them is.
    """
    blocks = list(_blocks(root))
    figures: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter("span"):
        figures[element.get("data-key") or ""].append(element)
    for finding in findings:
        found: dict[Element, list[Element]] = {}
        for key in _keys(finding, ledger):
            for figure in figures.get(key, ()):
                block = next(each for each in figure.iterancestors() if each.tag in _BLOCKS)
                forms = (each for each in figure.iterancestors("div") if each.get("data-at"))
                found.setdefault(next(forms, block), []).append(figure)
        for place in finding.places:
            inside = (block for block, span in blocks if _covers(span, place.span))
            for first in [*inside][:1]:
                found.setdefault(first, [])
        for block, concerned in list(found.items())[:MOST]:
            yield block, tuple(concerned), finding


def _blocks(root: Element) -> Iterator[tuple[Element, SourceSpan]]:
    for element in root.iter():
        path, _, lines = (element.get("data-at") or "").rpartition(":")
        if not path:
            continue
        first, _, last = lines.partition("-")
        yield element, SourceSpan(path, int(first), end_line=int(last))


def _keys(finding: Finding, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the figures that a finding is about: its subject, and what it marks."""
    if finding.subject in ledger.figures:
        yield finding.subject
    spans = [place.span for place in finding.places]
    for key, figure in ledger.figures.items():
        if any(_meets(figure.span, span) for span in spans):
            yield key


def _covers(block: SourceSpan, span: SourceSpan) -> bool:
    return block.path == span.path and block.line <= span.line <= block.end_line


def _meets(typed: SourceSpan, span: SourceSpan) -> bool:
    """Return whether `mark` points at a fact or formula: two may share a line, not a column."""
    same = (typed.path, typed.line) == (span.path, span.line)
    end = typed.end_column if typed.end_line == typed.line else 0
    return same and typed.column <= span.column < max(end, typed.column + 1)


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A place to read, to copy and to open; `link` is empty where no editor is."""

    text: str
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding in words."""

    severity: Severity
    code: str
    message: str
    help: str
    spots: tuple[SourceLink, ...]
    waived: str


def spot(span: SourceSpan, editor: Editor, note: str = "") -> SourceLink:
    """Return the spot of a mark."""
    return SourceLink(place_text(span), editor.link(span), note)


def tell(
    findings: Iterable[Finding], editor: Editor, language: Language
) -> tuple[FindingText, ...]:
    """Return `findings` in words, errors first, then warnings, then notes."""
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(
        FindingText(
            each.severity,
            each.code,
            message(each, language),
            "" if each.waived else help_text(each, language),
            tuple(
                spot(place.span, editor, LABELS.get(place.note, {}).get(language, place.note))
                for place in each.places
                if is_place(place.span)
            ),
            each.waived,
        )
        for each in sorted(findings, key=lambda each: order[each.severity])
    )


AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_TEMPLATES = Environment(
    loader=PackageLoader("reportgen.features.preview", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class PageSettings:
    """How pages are dressed: the editor that links open, the language, the reports' stylesheet."""

    editor: Editor
    language: Language
    css: str = ""


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A report in the index: its path, what it is called, its state; empty while not known."""

    year: int
    path: str
    name: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class UnitReports:
    """The reports of a unit in the index."""

    title: str
    lines: tuple[ReportLink, ...]


def report_page(shown: PreviewState, wanted: PreviewRequest, look: PageSettings) -> str:
    """Return what to show of a report: its last good page, or the findings alone."""
    if shown.good is None:
        return findings_page(shown, wanted, look)
    page = lxml.html.document_fromstring(
        shown.good.page, lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    head, body = page.find("head"), page.find("body")
    assert head is not None and body is not None, "the parser makes both"
    for meta in [*head.iter("meta")]:
        if (meta.get("http-equiv") or "").lower() == "content-security-policy":
            head.remove(meta)
    said = [each for each in shown.findings if each.severity != "note"]
    _explain(page, shown.good.ledger, look)
    _remark(page, said, shown.good.ledger, look)
    head.extend(_made("head", look))
    top = _made("top", look, **_state(shown, wanted, look))
    skip = body[0] if len(body) and body[0].get("class") == "skip" else None
    for number, element in enumerate(top, 0 if skip is None else 1):
        body.insert(number, element)
    return str(lxml.html.tostring(page, encoding="unicode", doctype="<!doctype html>"))


def findings_page(
    shown: PreviewState,
    wanted: PreviewRequest | None,
    look: PageSettings,
    title: str = "",
    text: str = "",
) -> str:
    """Return a page that shows findings alone, under a title and a text of its own if given."""
    words = WORDS[look.language]
    more = {"title": title or words["nothing"], "text": text or words["nothing_help"]}
    return _render("alone", look, **more, **_state(shown, wanted, look))


def index_page(
    groups: Sequence[UnitReports], findings: Sequence[Finding], version: str, look: PageSettings
) -> str:
    """Return the page of all units, years and reports with their state."""
    told = tell(findings, look.editor, look.language)
    return _render("index", look, groups=groups, findings=told, version=version)


def state_words(shown: PreviewState | None, language: Language) -> tuple[str, str]:
    """Return what the index says of a report, and the kind of it: error, warning or clean."""
    if shown is None:
        return "", ""
    kinds = {each.severity for each in shown.findings}
    kind = next((kind for kind in ("error", "warning") if kind in kinds), "clean")
    return summary(shown.findings, language), kind


def _state(
    shown: PreviewState, wanted: PreviewRequest | None, look: PageSettings
) -> dict[str, Any]:
    """Return what the bar and the list of findings are made from."""
    told = tell(shown.findings, look.editor, look.language)
    serious = [each for each in told if each.severity != "note"]
    return {
        "wanted": wanted,
        "audiences": AUDIENCES,
        "shown": shown,
        "summary": summary(shown.findings, look.language),
        "errors": sum(each.severity == "error" for each in told),
        "serious": serious,
        "rest": [each for each in told if each.severity == "note"],
        "kind": state_words(shown, look.language)[1],
    }


def _explain(page: Element, ledger: Ledger, look: PageSettings) -> None:
    """Put links to facts and formulas into the notes of figures."""
    for figure in [*page.iter("span")]:
        key = figure.get("data-key")
        if not key or key not in ledger.figures:
            continue
        for tip in figure.findall("span[@role='tooltip']"):
            tip.text = ""
            for number, (text, span) in enumerate(note_parts(ledger, key)):
                _put(tip, ("\n" if number else "") + text.removesuffix(str(span)))
                if span.line:
                    tip.append(_link(spot(span, look.editor)))


def _put(tip: Element, text: str) -> None:
    """Add text behind what stands in `tip`."""
    if len(tip):
        tip[-1].tail = (tip[-1].tail or "") + text
    else:
        tip.text = (tip.text or "") + text


def _link(place: SourceLink) -> Element:
    """Return a place as a link that Tab passes over: figures are where it stops."""
    attributes = {"class": "pv-place"}
    if place.link:
        attributes |= {"href": place.link, "tabindex": "-1"}
    element: Element = lxml.html.Element("a" if place.link else "span", attributes)
    element.text = place.text
    return element


def _remark(page: Element, findings: Sequence[Finding], ledger: Ledger, look: PageSettings) -> None:
    """Put findings beside the blocks they concern, and mark the figures."""
    for block, figures, finding in placed(page, findings, ledger):
        (told,) = tell((finding,), look.editor, look.language)
        (remark,) = _made("remark", look, finding=told)
        if block.tag == "li":
            block.append(remark)
        elif "form" in (block.get("class") or "").split():
            block.addprevious(remark)
        else:
            block.addnext(remark)
        for figure in figures:
            figure.set("class", f"{figure.get('class')} pv-{finding.severity}")


def _made(name: str, look: PageSettings, **values: object) -> list[Element]:
    return list(lxml.html.fragments_fromstring(_render(name, look, **values)))


def _render(name: str, look: PageSettings, **values: object) -> str:
    words = WORDS[look.language]
    css = Markup(look.css.replace("</", r"<\/"))  # noqa: S704  # cannot end <style>
    return _TEMPLATES.get_template(f"{name}.html.j2").render(words=words, css=css, **values)
