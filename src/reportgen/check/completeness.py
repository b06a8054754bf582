"""What a report must have to be handed in: who signs it and when, and all that it attaches.

Texts are compared after NFKC, so that digits and brackets of either width are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat, takewhile

from reportgen.check.conform import source_of
from reportgen.findings import Finding, finding
from reportgen.language.numerals import parse_numeral
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Chart,
    Cover,
    Document,
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    plain,
)
from reportgen.model.figures import Fact
from reportgen.model.locations import located_texts, paragraphs_of
from reportgen.model.pack import Pack
from reportgen.model.source import NOWHERE, SourceSpan

_DATE = re.compile(
    r"[12]\d{3}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}"
    r"|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_MOST_OF_A_LINE = 60
"""Characters of a line that may sign a report or name a table; a longer one is text."""
_SIGNS = re.compile(r"(?:单位|部门|机构)(?:名称)?(?:\([^)]*\))?:")
"""How a line begins that says whose report it is: 填报单位（盖章）：."""
_NUMBER = r"\d{1,2}(?:[-—.]\d{1,2})?(?![\d年])|[一二三四五六七八九十]{1,3}(?![月年览并同次])"
_MORE = r"(?:[、和及与至到~-](?:附[件表图]\d{1,2}(?!\d)|\d{1,2}(?=[、和及与至到~),。;:\s附]|$)))*"
_ANNEX = re.compile(rf"附(?P<kind>[件表图])\s*(?P<number>{_NUMBER})?(?P<more>{_MORE})")
"""An annex as texts name it: 附件, 附件2, 附表一, 附件1、2, 附件1至3."""
_FURTHER = re.compile(r"([、和及与至到~-])(?:附[件表图])?(\d{1,2})")
_OF_ANOTHER = re.compile(r"(?:》|[号〕]\)?|文件|通知|办法|方案|邮件|合同)(?:[的中之]{1,2})?$")
"""What stands before an annex of another paper: 《……通知》附件2."""
_REFERS = re.compile(
    r"(?:见|参见|参阅|附于|列于|列入|载于)(?:本报告|本文|正文)?(?:后附|文后|后)?[(“《]?$"
)
"""What makes of 附件 without a number a promise."""
_LABEL = re.compile(rf"附[件表图]\s*(?:{_NUMBER})?\s*:?")
_LIST = re.compile(r"附[件表图]:\s*")
_NUMBERED = re.compile(r"(?:^|[;\s])\s*(?:\d{1,2}[.、]|\([\d一二三四五六七八九十]{1,2}\))\s*")
_NOT_OF_TITLES = re.compile(r"[\s《》“”\"(),。;:、.]+")

AnnexName = tuple[str, str]
"""What an annex is called: its kind (件, 表, 图) and its number, empty where it has none."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def check_signed(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P215 where nobody signs a report, P216 where it has no date (GB/T 9704-2012, 7.3.5).

    A report signs below its body, on its cover, or in a line that says whose it is. Who signs a
    report that is a form, and where, stands in the form.
    """
    if pack.form is not None:
        return
    lines = list(map(_folded, _signing_lines(document.blocks)))
    if not any(_names(line, document.organization) for line in lines):
        yield finding("P215", _signing_place(pack), subject="signature")
    if not any(map(_DATE.search, lines)):
        yield finding("P216", _signing_place(pack), subject="date")


def _signing_lines(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the lines of a body that sign it."""
    for block in blocks:
        if isinstance(block, SignOff | Cover):
            for each in paragraphs_of(block):
                yield each.lead + plain(each.inlines)
        elif _SIGNS.search(_folded(_line(block))):
            yield _line(block)
    yield from takewhile(bool, _closing_lines(blocks))


def _closing_lines(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the short lines of a body from its end on; of another block it is nothing."""
    for block in reversed(blocks):
        if not isinstance(block, AttachmentList | SignOff | PageBreak):
            yield _line(block)


def _line(block: Block) -> str:
    """Return the text of a paragraph that is short enough for a line, else nothing."""
    text = plain(block.inlines) if isinstance(block, Paragraph) else ""
    return text if len(text) <= _MOST_OF_A_LINE else ""


def _names(line: str, organization: str) -> bool:
    """Return whether a line names the unit of the report; where it has no name, whether any."""
    unit = re.sub(r"\s", "", _folded(organization))
    if unit:
        return unit in re.sub(r"\s", "", line)
    return bool(_DATE.sub("", line).strip("(盖章)年月日 "))


def _signing_place(pack: Pack) -> SourceSpan:
    """Return where a pack says who signs, and when."""
    fields = pack.cover.fields if pack.cover else ()
    places = [*pack.signature, *(value for _, value in fields)]
    return places[-1].span if places else pack.span


def check_promises(
    document: Document,
    pack: Pack,
    texts: Iterable[Fact] = (),
    shown: Callable[[str], str | None] = lambda _: None,
) -> Iterator[Finding]:
    """Yield P218 for each annex that a text promises and that is not attached.

    P219 is an annex that no text names, nor the list below the body; charts name themselves.
    What a prescribed form says in its own words is said of the papers of who prescribes it; the
    `texts` of facts in it are the report's. What is typed in a file is read by `shown`.
    """
    attached = tuple(_attached(document))
    named: list[AnnexName] = []
    for text, span, where in _spoken(document, tuple(texts)):
        promised = tuple(_promised(text))
        named += promised
        absent = [_called(name) for name in promised if not _is_attached(name, attached)]
        for words in (*absent, *_unattached(text, document.annexes)):
            place = pack.span if span == NOWHERE else _typed_at(words, span, shown)
            yield finding("P218", place, subject=where, section=where, text=words)
    yield from _unnamed(document, pack, named)


def _typed_at(words: str, span: SourceSpan, shown: Callable[[str], str | None]) -> SourceSpan:
    """Return where `words` are typed in the text that begins at `span`, else where it begins."""
    from reportgen.language.folding import place_of  # noqa: PLC0415 - most reports keep what they promise

    found = None if span.place else place_of(words, shown(span.path) or "", span.line)
    if found is None:
        return span
    line, column = found
    return SourceSpan(span.path, line, column, line, column + len(words))


def _spoken(document: Document, texts: Sequence[Fact]) -> Iterator[tuple[str, SourceSpan, str]]:
    """Yield what a report says itself, where that was written, and where it stands."""
    paragraphs = chain.from_iterable(map(paragraphs_of, document.blocks))
    body = {each.inlines for each in paragraphs}
    for located in located_texts(document):
        if "附" in located.text:
            span = source_of("附", located, texts)
            if span != located.span or located.inlines in body:
                yield _folded(located.text), span, located.where


def _unattached(text: str, annexes: Sequence[Annex]) -> Iterator[str]:
    """Yield the titles which a text lists and no annex has."""
    for title in _listed(text):
        if not any(_is_same_title(title, plain(annex.title)) for annex in annexes):
            yield title


def _unnamed(document: Document, pack: Pack, named: Sequence[AnnexName]) -> Iterator[Finding]:
    """Yield P219 for each annex that is not among those `named`, and whose title stands nowhere."""
    places = (*(rule.span for rule in pack.annexes), *repeat(pack.span, len(document.annexes)))
    for annex, span in zip(document.annexes, places, strict=False):
        if not (_is_attached(_name(annex.label), named) or _is_said(annex, document)):
            title, label = plain(annex.title), annex.label
            yield finding("P219", span, subject=label, label=label, title=title)


def _attached(document: Document) -> Iterator[AnnexName]:
    """Yield the names of what is attached, and of tables and charts that a text calls so."""
    for annex in document.annexes:
        yield _name(annex.label)
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for text in chain(_captions(blocks), _lines_above(blocks)):
            if _LABEL.match(_folded(text)):
                yield _name(text)


def _captions(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table) and block.show_caption:
            yield block.caption


def _lines_above(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines right above a table or a chart."""
    for block, after in pairwise(blocks):
        if isinstance(after, Table | Chart):
            yield _line(block)


def _name(text: str) -> AnnexName:
    """Return what a label calls an annex."""
    found = _ANNEX.match(_folded(text))
    return (found["kind"], _number(found["number"] or "")) if found else ("件", "")


def _number(text: str) -> str:
    """Return a number in digits: 一 is 1; 3-2 stays."""
    value = parse_numeral(text)
    return re.sub("[—.]", "-", text) if value is None else str(value)


def _called(name: AnnexName) -> str:
    return "附" + "".join(name)


def _promised(text: str) -> Iterator[AnnexName]:
    """Yield the annexes that a text says there are; one that is but their label says nothing."""
    if _LABEL.fullmatch(text.strip()):
        return
    for found in _ANNEX.finditer(text):
        number = _number(found["number"] or "")
        if _is_promise(text[: found.start()], number):
            yield found["kind"], number
            for further in _further(number, found["more"]):
                yield found["kind"], further


def _is_promise(before: str, number: str) -> bool:
    """Return whether an annex with that number, behind the text `before`, must be attached."""
    return not _OF_ANOTHER.search(before) and bool(number or _REFERS.search(before))


def _further(first: str, more: str) -> Iterator[str]:
    """Yield the numbers that follow the first one: 附件1、2, 附件1至3."""
    last = first
    for joint, number in _FURTHER.findall(more):
        if joint in "至到~-" and last.isdigit():
            yield from map(str, range(int(last) + 1, int(number)))
        yield number
        last = number


def _is_attached(name: AnnexName, attached: Sequence[AnnexName]) -> bool:
    """Return whether `name` is among those attached; the only one may have a number or none."""
    kind, number = name
    kin = [other for kind_of_other, other in attached if kind_of_other == kind]
    if number in {"", "1"} and (kin == [""] or not number):
        return bool(kin)
    return {number} <= set(kin) or set(number.split("-")) <= {each.split("-")[0] for each in kin}


def _listed(text: str) -> Iterator[str]:
    """Yield the titles that a line of its own lists: 附件：1.自评表 2.评分表."""
    line = text.strip()
    listed = _LIST.match(line)
    if listed:
        yield from filter(None, map(str.strip, _NUMBERED.split(line[listed.end() :])))


def _is_same_title(one: str, other: str) -> bool:
    """Return whether two titles are one, but for marks, blanks and what one of them leaves out."""
    listed, own = _NOT_OF_TITLES.sub("", _folded(one)), _NOT_OF_TITLES.sub("", _folded(other))
    return bool(own) and (listed in own or own in listed)


def _is_said(annex: Annex, document: Document) -> bool:
    """Return whether a list or a text has the title of an annex; charts name themselves."""
    if any(isinstance(block, Chart) for block in annex.blocks):
        return True
    return plain(annex.title) in "\n".join(_texts_outside(annex, document))


def _texts_outside(annex: Annex, document: Document) -> Iterator[str]:
    for located in located_texts(document):
        if located.where != annex.label:
            yield located.text
