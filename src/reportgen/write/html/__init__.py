"""The web page: one file that needs no script and fetches nothing.

The frame (head, navigation, footer) is a Jinja template of the pack and decides how the page
is laid out; the blocks inside come from `blocks`, built of markup and escaped text (`text`),
with each `table`; `fragment` is the report without a frame. `look` is the style of pages that are
no report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import CodeType
from typing import cast

from jinja2 import Template, TemplateError, TemplateSyntaxError
from markupsafe import Markup

from reportgen.model import limits
from reportgen.model.document import Block, Chart, Document, Heading, Inlines, is_turned, plain
from reportgen.model.edition import Edition
from reportgen.model.frozen import frozen
from reportgen.project.bounded_templates import FrameEnvironment, TemplateLimitError
from reportgen.project.compiled import COMPILED
from reportgen.write.errors import EVALUATION_ERRORS, PageTemplateError
from reportgen.write.html.blocks import add_blocks
from reportgen.write.html.text import HtmlBuilder, picture_addresses, refuse_unwritable

PAGE_NAME = "page.html.j2"
"""The name under which errors speak of the page template."""


@frozen
class ContentsEntry:
    """A line of the table of contents: how deep it stands, where it leads, what it says."""

    level: int
    anchor: str
    text: str
    annexed: bool = False


@frozen
class Appendix:
    """An annex as the page template sees it, its title and content ready HTML."""

    label: str
    title: Markup
    body: Markup
    anchor: str
    landscape: bool


def write_html(document: Document, edition: Edition) -> bytes:
    """Return the page in UTF-8; the same document gives the same bytes.

    Only a page for internal use explains its figures. Raises `UnwritableCharacterError` for a
    character that HTML cannot hold, and `PageTemplateError` for a faulty page template.
    """
    explained = document.audience == "internal"
    builder = HtmlBuilder(
        document.notes if explained else {},
        sources=edition.sources,
        pictures=picture_addresses(edition),
    )
    add_blocks(builder, document.blocks, top=2, annexes=document.annexes)
    values = {
        "document": document,
        "metas": _metas(document),
        "contents": _contents(document),
        "body": _built(builder),
        "appendices": _appendices(document, builder),
        "explained": explained and bool(document.notes),
        "twins": edition.siblings,
        "landscape": set(map(is_turned, document.blocks)) == {True} and not document.annexes,
        "css": Markup(edition.css.replace("</", r"<\/")),  # noqa: S704  # cannot end <style>
    }
    return _render(edition.page, values).encode()


def _built(builder: HtmlBuilder) -> Markup:
    return Markup(builder.build())  # noqa: S704  # markup of ours, values escaped


def _metas(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the <meta> elements of the head that say what the page is, name and content."""
    properties, publication = document.properties, document.publication
    metas = [("author", properties.creator), ("date", document.date)]
    if publication is None:
        metas += (("description", properties.subject), ("keywords", properties.keywords))
    else:
        description = publication.description or properties.subject
        stated = replace(publication, description=description, keywords=properties.keywords)
        metas += stated.metas
    return tuple((name, content) for name, content in metas if content)


def _contents(document: Document) -> list[ContentsEntry]:
    """Return the headings of the body and the annexes."""
    entries: list[ContentsEntry] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            text = block.number + _one_line(block.inlines)
            entries.append(ContentsEntry(block.level, block.anchor, text))
        entries.extend(_captions([block]))
    for annex in document.annexes:
        text = f"{annex.label} {_one_line(annex.title)}"
        entries.append(ContentsEntry(1, annex.anchor, text, annexed=True))
        entries.extend(_captions(annex.blocks))
    return entries


def _captions(blocks: Sequence[Block]) -> Iterator[ContentsEntry]:
    """Yield the charts that have a caption."""
    for block in blocks:
        if isinstance(block, Chart) and block.caption:
            yield ContentsEntry(2, block.name, block.caption)


def _one_line(inlines: Inlines) -> str:
    return plain(inlines).replace("\n", "")


def _appendices(document: Document, builder: HtmlBuilder) -> list[Appendix]:
    """Return the annexes, their titles and content built."""
    appendices: list[Appendix] = []
    for annex in document.annexes:
        builder.add_inlines(annex.title)
        title = _built(builder)
        add_blocks(builder, annex.blocks, top=3)
        body = _built(builder)
        appendices.append(Appendix(annex.label, title, body, annex.anchor, annex.landscape))
    return appendices


def _render(source: str, values: dict[str, object]) -> str:
    """Return the page; raise `PageTemplateError` for whatever goes wrong in the template."""
    try:
        return _template(source, _characters(values)).render(values)
    except (TemplateError, RecursionError, *EVALUATION_ERRORS) as error:
        line = _template_line(error)
        where = f"{PAGE_NAME}:{line}: " if line else ""
        if isinstance(error, TemplateLimitError | RecursionError):
            limit = getattr(error, "limit", limits.TEMPLATE_TAGS)
            raise PageTemplateError("@runs_on", where=where, limit=limit) from error
        detail = getattr(error, "message", None) or str(error)
        raise PageTemplateError(f"{where}{detail}") from error


def _characters(values: Mapping[str, object]) -> int:
    """Return how many characters a page is made of, each printed twice."""
    made = [value for value in values.values() if isinstance(value, Markup)]
    made += [appendix.body for appendix in cast("list[Appendix]", values["appendices"])]
    return 2 * sum(map(len, made))


def _template_line(error: Exception) -> int:
    """Return the line of the page template where `error` arose."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PAGE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _code(source: str) -> CodeType:
    """Return the compiled page template; an error in it names `PAGE_NAME` and the line."""
    environment = _environment(0)
    text = COMPILED.get_source_checksum(source)  # units of several packs take turns
    bucket = COMPILED.get_bucket(environment, PAGE_NAME, text, source)
    if bucket.code is None:
        bucket.code = environment.compile(source, name=PAGE_NAME, filename=PAGE_NAME)
        COMPILED.set_bucket(bucket)
    return bucket.code


def _template(source: str, more: int) -> Template:
    """Return the page template, which may print so many characters more than any other."""
    environment = _environment(more)
    return Template.from_code(environment, _code(source), environment.make_globals(None))


def _environment(more: int) -> FrameEnvironment:
    return FrameEnvironment(
        more,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )


def _writable(value: object) -> object:
    """Return what the page template prints, once it is known to be writable."""
    if isinstance(value, str) and not isinstance(value, Markup):
        refuse_unwritable([value])
    return value
