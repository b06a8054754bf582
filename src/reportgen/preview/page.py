"""Puts what the preview adds into a page: a bar, findings, editor links, and a script.

The page of a report comes as it is built, with its policy against scripts; the policy of the
preview is a header of the answer and allows the preview's own script alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import lxml.html
from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml.etree import _Element as Element
from markupsafe import Markup

from reportgen.explain import note_parts
from reportgen.findings import Finding
from reportgen.findings.codes import Language
from reportgen.findings.faces import summary
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.preview.drafting import Shown, Wanted
from reportgen.preview.links import Editor
from reportgen.preview.placing import placed
from reportgen.preview.told import Spot, spot, tell
from reportgen.preview.words import WORDS

AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_TEMPLATES = Environment(
    loader=PackageLoader("reportgen.preview", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Look:
    """How pages are dressed: the editor that links open, the language, the reports' stylesheet."""

    editor: Editor
    language: Language
    css: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A report in the index: its path, what it is called, its state; empty while not known."""

    year: int
    path: str
    name: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """The reports of a unit in the index."""

    title: str
    lines: tuple[Line, ...]


def report_page(shown: Shown, wanted: Wanted, look: Look) -> str:
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
    shown: Shown, wanted: Wanted | None, look: Look, title: str = "", text: str = ""
) -> str:
    """Return a page that shows findings alone, under a title and a text of its own if given."""
    words = WORDS[look.language]
    more = {"title": title or words["nothing"], "text": text or words["nothing_help"]}
    return _render("alone", look, **more, **_state(shown, wanted, look))


def index_page(
    groups: Sequence[Group], findings: Sequence[Finding], version: str, look: Look
) -> str:
    """Return the page of all units, years and reports with their state."""
    told = tell(findings, look.editor, look.language)
    return _render("index", look, groups=groups, findings=told, version=version)


def state_words(shown: Shown | None, language: Language) -> tuple[str, str]:
    """Return what the index says of a report, and the kind of it: error, warning or clean."""
    if shown is None:
        return "", ""
    kinds = {each.severity for each in shown.findings}
    kind = next((kind for kind in ("error", "warning") if kind in kinds), "clean")
    return summary(shown.findings, language), kind


def _state(shown: Shown, wanted: Wanted | None, look: Look) -> dict[str, Any]:
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


def _explain(page: Element, ledger: Ledger, look: Look) -> None:
    """Put links to facts and formulas into the notes of figures."""
    for figure in [*page.iter("span")]:
        key = figure.get("data-key")
        if not key or key not in ledger.figures:
            continue
        for tip in figure.findall("span[@role='tooltip']"):
            tip.text = ""
            for number, (text, mark) in enumerate(note_parts(ledger, key)):
                _put(tip, ("\n" if number else "") + text.removesuffix(str(mark)))
                if mark.line:
                    tip.append(_link(spot(mark, look.editor)))


def _put(tip: Element, text: str) -> None:
    """Add text behind what stands in `tip`."""
    if len(tip):
        tip[-1].tail = (tip[-1].tail or "") + text
    else:
        tip.text = (tip.text or "") + text


def _link(place: Spot) -> Element:
    """Return a place as a link that Tab passes over: figures are where it stops."""
    attributes = {"class": "pv-place"}
    if place.link:
        attributes |= {"href": place.link, "tabindex": "-1"}
    element: Element = lxml.html.Element("a" if place.link else "span", attributes)
    element.text = place.text
    return element


def _remark(page: Element, findings: Sequence[Finding], ledger: Ledger, look: Look) -> None:
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


def _made(name: str, look: Look, **values: object) -> list[Element]:
    return list(lxml.html.fragments_fromstring(_render(name, look, **values)))


def _render(name: str, look: Look, **values: object) -> str:
    words = WORDS[look.language]
    css = Markup(look.css.replace("</", r"<\/"))  # noqa: S704  # cannot end <style>
    return _TEMPLATES.get_template(f"{name}.html.j2").render(words=words, css=css, **values)
