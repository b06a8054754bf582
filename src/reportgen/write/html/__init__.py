"""The web page: one file that needs no script and fetches nothing.

The frame (head, navigation, footer) is a Jinja template of the pack and decides how the page
is laid out; the blocks inside come from `blocks`, woven from markup and escaped text (`text`),
with each `table`; `fragment` is the report without a frame.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from reportgen.model.document import Document, Heading, Inlines, plain
from reportgen.model.edition import Edition
from reportgen.write.html.blocks import put_blocks
from reportgen.write.html.text import Weaver, refuse_unwritable

PAGE_NAME = "page.html.j2"
"""The name under which errors speak of the page template."""


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents: how deep it stands, where it leads, what it says."""

    level: int
    anchor: str
    text: str
    annexed: bool = False


@dataclass(frozen=True, slots=True)
class Appendix:
    """An annex as the page template sees it, its title and content ready HTML."""

    label: str
    title: Markup
    body: Markup
    anchor: str
    landscape: bool


def write_html(document: Document, edition: Edition) -> bytes:
    """Return the page in UTF-8; the same document gives the same bytes.

    Only a page for internal use explains its figures. Raises ValueError for a character
    that HTML cannot hold, and what Jinja raises for a faulty page template.
    """
    explained = document.audience == "internal"
    notes = document.notes if explained else {}
    weaver = Weaver(notes, sources=edition.sources, drawings=addresses(edition))
    put_blocks(weaver, document.blocks, top=2, annexes=document.annexes)
    body = Markup(weaver.weave())  # noqa: S704  # woven: markup of ours, values escaped
    values = {
        "document": document,
        "metas": _metas(document),
        "contents": _contents(document),
        "body": body,
        "appendices": _appendices(document, weaver),
        "explained": explained and bool(document.notes),
        "twins": edition.siblings,
        "css": Markup(edition.css.replace("</", r"<\/")),  # noqa: S704  # cannot end <style>
    }
    return _template(edition.page).render(values).encode()


def addresses(edition: Edition) -> dict[str, str]:
    """Return the drawings of `edition` by name, each as an address that holds the picture."""
    return {
        name: f"data:image/svg+xml;base64,{b64encode(drawing.svg).decode()}"
        for name, drawing in edition.drawings.items()
    }


def _metas(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the <meta> elements of the head that say what the page is, name and content."""
    given, about = document.properties, document.publication
    metas = [("author", given.creator), ("date", document.date)]
    if about is None:
        metas += (("description", given.subject), ("keywords", given.keywords))
    else:
        description = about.description or given.subject
        metas += replace(about, description=description, keywords=given.keywords).metas
    return tuple((name, content) for name, content in metas if content)


def _contents(document: Document) -> list[ContentsEntry]:
    """Return the headings of the body and the annexes."""
    entries = [
        ContentsEntry(block.level, block.anchor, block.number + _one_line(block.inlines))
        for block in document.blocks
        if isinstance(block, Heading)
    ]
    entries += [
        ContentsEntry(1, annex.anchor, f"{annex.label} {_one_line(annex.title)}", annexed=True)
        for annex in document.annexes
    ]
    return entries


def _one_line(inlines: Inlines) -> str:
    return plain(inlines).replace("\n", "")


def _appendices(document: Document, weaver: Weaver) -> list[Appendix]:
    """Return the annexes, woven."""
    appendices = []
    for annex in document.annexes:
        weaver.put_inlines(annex.title)
        title = Markup(weaver.weave())  # noqa: S704  # woven
        put_blocks(weaver, annex.blocks, top=3)
        body = Markup(weaver.weave())  # noqa: S704  # woven
        appendices.append(Appendix(annex.label, title, body, annex.anchor, annex.landscape))
    return appendices


@lru_cache(maxsize=16)
def _template(source: str) -> Template:
    """Return the compiled page template; an error in it names `PAGE_NAME` and the line."""
    environment = SandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )
    code = environment.compile(source, name=PAGE_NAME, filename=PAGE_NAME)
    return Template.from_code(environment, code, environment.make_globals(None))


def _writable(value: object) -> object:
    """Return what the page template prints, once it is known to be writable."""
    if isinstance(value, str) and not isinstance(value, Markup):
        refuse_unwritable([value])
    return value
