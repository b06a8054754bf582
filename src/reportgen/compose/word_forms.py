"""Fills Word forms: the tags of each part rendered, all that stands between them left as it is.

A part becomes a template of its tags alone, one on each line, with a number for what stands
between two of them. So the XML never passes through Jinja, a value is never markup, and an error
has the line of its tag, and by it the place in the file that a person can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from lxml import etree
from markupsafe import escape

from reportgen.compose.environment import Environment
from reportgen.compose.errors import ERRORS, TemplateError
from reportgen.findings import Diagnostics, Finding
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import PRINTED
from reportgen.project.bounded_templates import TemplateLimitError
from reportgen.wordfile.cutting import FormStatement, cut
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import WordParagraph, paragraphs

_PIECE = re.compile(rf"\[(?P<piece>\d+)\]|{PRINTED.pattern}")
_MOST = 20
"""How many wrong tags of one part are told."""

# What a directive takes away may leave what Word refuses to open.
_ENDS = "tc|txbxContent|hdr|ftr|footnote|endnote"
_WITHOUT_PARAGRAPH = re.compile(
    rf"(</w:tbl>|</w:tcPr>|<w:tcPr/>|<w:(?:{_ENDS})(?: [^<>]*)?>)(?=</w:(?:{_ENDS})>)"
)
_EMPTY_ROW = re.compile(
    r"<w:tr(?: [^<>]*)?>(?:<w:tblPrEx>(?:(?!</w:tblPrEx>).)*</w:tblPrEx>)?"
    r"(?:<w:trPr/>|<w:trPr>(?:(?!</w:trPr>).)*</w:trPr>)?</w:tr>",
    re.DOTALL,
)
_EMPTY_TABLE = re.compile(r"<w:tbl>(?:(?!<w:tr[ >]|</?w:tbl>).)*</w:tbl>", re.DOTALL)
_ADJACENT = re.compile(r"</w:tbl>(?=<w:tbl>)")
_PRODUCT = re.compile(rf'<w:gridSpan w:val="{PRINTED.pattern}\*(\d+)"/>')


@frozen
class _Part:
    """A part of a form: a template of its tags, what stands between them, the tags by line."""

    name: str
    template: str
    pieces: tuple[str, ...]
    statements: Mapping[int, FormStatement]


@frozen
class WordForm:
    """A Word form that can be filled: where it is, its file, its parts cut at their tags."""

    path: str
    file: WordFile
    parts: tuple[_Part, ...]

    @classmethod
    def read(cls, path: str, data: bytes) -> WordForm:
        """Return the form in `data`. Raises `ForeignFileError` for what is no Word file."""
        file = WordFile.read(data)
        by_part = groupby(paragraphs(file), key=_part_name)
        parts = [_part(file, name, list(within)) for name, within in by_part]
        return cls(path, file, tuple(parts))


def _part_name(paragraph: WordParagraph) -> str:
    return paragraph.part.name


def _part(file: WordFile, name: str, within: list[WordParagraph]) -> _Part:
    lines: list[str] = []
    pieces: list[str] = []
    statements: dict[int, FormStatement] = {}
    for segment in cut(file.part(name), within):
        if isinstance(segment, FormStatement):
            lines.append(segment.text)
            statements[len(lines)] = segment
        else:
            lines.append(f"[{len(pieces)}]")
            pieces.append(segment)
    return _Part(name, "\n".join(lines), tuple(pieces), statements)


def fill(
    form: WordForm, environment: Environment, more: Mapping[str, object], log: Diagnostics
) -> dict[str, str] | None:
    """Return the parts of `form` filled, by name, or None; the log says why, at every wrong tag.

    Its tags know `more` names than all templates do.
    """
    filled: dict[str, str] = {}
    for part in form.parts:
        xml = _filled(form, part, environment, more, log)
        if xml is not None:
            filled[part.name] = xml
    return filled if len(filled) == len(form.parts) else None


def _filled(
    form: WordForm,
    part: _Part,
    environment: Environment,
    more: Mapping[str, object],
    log: Diagnostics,
) -> str | None:
    """Return a part filled, or None. A tag that prints what cannot be is passed over once told."""
    template = part.template
    path = f"{form.path}/{part.name}"
    for _ in range(_MOST):
        try:
            rendered = environment.template(template, SourceSpan(path)).render(
                {**environment.context, **more}
            )
            xml = _mended(_expanded(rendered, part), part, environment)
            etree.fromstring(xml.encode(form.file.part(part.name).encoding))
        except ERRORS as error:
            found = environment.finding(error, {path: template})
            if _is_syntax_told(found, log):
                return None
            log.add(_placed(found, form, part))
            template = _without_line(template, found.span.line)
            if not template:
                return None
        except etree.XMLSyntaxError:
            span = SourceSpan(form.path, 0)
            log.add(replace(environment.finding(TemplateError("T170", span)), subject=part.name))
            return None
        else:
            return None if template != part.template else xml
    return None


def _is_syntax_told(found: Finding, log: Iterable[Finding]) -> bool:
    """Return whether another tag that cannot be read was told: this one may follow from it."""
    return any(each.code == found.code == "T101" for each in log)


def _without_line(template: str, line: int) -> str:
    """Return a template without the tag on `line`, empty where it is one that others belong to."""
    lines = template.split("\n")
    if not 0 < line <= len(lines) or not lines[line - 1].startswith("{{"):
        return ""
    lines[line - 1] = ""
    return "\n".join(lines)


def _placed(found: Finding, form: WordForm, part: _Part) -> Finding:
    """Return a finding about a line of the tags of a part at the places of those tags."""
    path = f"{form.path}/{part.name}"
    places = []
    for each in found.places:
        statement = part.statements.get(each.span.line)
        if each.span.path != path:
            places.append(each)
        elif statement is None:
            places.append(replace(each, span=SourceSpan(form.path, 0)))
        else:
            places.append(replace(each, span=_span(form.path, statement, each.span)))
    return replace(found, places=tuple(places))


def _span(path: str, statement: FormStatement, within: SourceSpan) -> SourceSpan:
    """Return the place of a tag in the file, at the word that `within` names."""
    paragraph = statement.paragraph
    span = SourceSpan(path, paragraph.line, statement.start + 1, place=paragraph.place)
    width = max(1, within.end_column - within.column)
    return span.shifted(within.column - 1, width)


def _expanded(rendered: str, part: _Part) -> str:
    """Return what the tags of a part printed, with what stands between them."""
    taken: list[str] = []
    size = at = 0
    for match in _PIECE.finditer(rendered):
        piece = part.pieces[int(match["piece"])] if match["piece"] else match[0]
        size += len(piece)
        if size > limits.WORD_FORM_UNPACKED:
            raise TemplateLimitError(limits.WORD_FORM_UNPACKED)
        between = rendered[at : match.start()].strip("\n")
        if between:  # a tag prints what a template made
            taken.append(escape(between))
        taken.append(piece)
        at = match.end()
    return "".join(taken)


def _mended(xml: str, part: _Part, environment: Environment) -> str:
    """Return a filled part that Word can open: no row without cells, no cell without paragraph."""
    if not part.statements:
        return xml

    def product(match: re.Match[str]) -> str:
        printed = environment.tokens.text(match[0].partition('"')[2].partition("*")[0])
        columns = int(printed) * int(match[2]) if printed.isdecimal() else 0
        if not 0 < columns <= limits.SPAN:
            raise TemplateError("T108", word="colspan", filter="colspan", found=printed)
        return f'<w:gridSpan w:val="{columns}"/>'

    xml = _PRODUCT.sub(product, xml)
    xml = _EMPTY_TABLE.sub("", _EMPTY_ROW.sub("", xml))
    xml = _WITHOUT_PARAGRAPH.sub(r"\1<w:p/>", xml)
    if not any(map(_ADJACENT.search, part.pieces)):
        xml = _ADJACENT.sub("</w:tbl><w:p/>", xml)
    return xml
