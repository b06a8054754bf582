"""Makes a pack of a document: its outline, its title and sign-off, its tables as forms.

What every year says anew is left to the unit: the narrative of sections, the facts in forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice, pairwise

from reportgen.features.adopt.document_forms import (
    DocumentForm,
    FactNames,
    document_form,
    note,
    with_facts,
    yearly,
)
from reportgen.features.adopt.headings import (
    NO_NUMBER,
    DocumentPart,
    follows,
    heading_number,
    is_heading,
    title_words,
    whole_paragraphs,
    without_number,
)
from reportgen.features.adopt.narrative import clean_text, markdown
from reportgen.features.adopt.texts import is_date, is_name, is_sentence, without_end
from reportgen.load.form_labels import fact_of
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph, ReadTable

_DEEPEST = 3
"""The deepest level of headings that a pack prescribes: those below change from year to year."""
_TITLE = re.compile("报告|自评|总结|方案|决算|预算|说明|评价|表$")
_CONTENTS = re.compile(r"目\s*录")
_ANNEX = re.compile(
    r"附\s*件\s*(?:[0-9一二三四五六七八九十]{1,2}(?:[-—][0-9]{1,2})?|$)\s*[:：]?\s*"
)
_LISTED = re.compile(r"附\s*件\s*[:：]|[0-9]{1,2}[.、．]")
_COVER = re.compile(r"(?P<label>[^：:]{2,16})[：:](?P<value>[^：:]{1,60})")
"""A field of a cover."""
_MOST_TITLE_LINES = 3
_USUAL = ("一、", "（一）", "1.", "（1）")
"""Numbers of headings of official documents, GB/T 9704-2012, 7.3.3."""
_SIGNATURE = ("  - '{{ unit.name }}'", "  - '{{ report.date | day }}'")
_LEAST_FIELDS = 2
"""So many lines with labels are a cover."""
_FIRST_OF_END = 12
"""In so many paragraphs behind the text stands who signed."""
_NUMERAL = re.compile("[一二三四五六七八九十]+|[0-9]+")


@dataclass(slots=True)
class _Chapter:
    """A heading of a document, what stands directly below it, and the headings below it."""

    title: str
    level: int
    label: str = ""
    blocks: list[ReadBlock] = field(default_factory=list)
    inner: list[_Chapter] = field(default_factory=list)


@dataclass(slots=True)
class _Appendix:
    """An annex of a document."""

    title: str
    blocks: list[ReadBlock] = field(default_factory=list)


def pack_of(reading: Reading, year: int) -> dict[str, str] | None:
    """Return the files of a pack that has the outline and the forms of a document.

    None for one that has neither headings nor tables. `year` is the one that it reports on.
    """
    blocks = tuple(_body(reading))
    first = next(iter(_heading_places(blocks)), len(blocks))
    part, end = without_end(DocumentPart(None, None, blocks[first:]))
    chapters = _chapters(part.blocks)
    maker = _PackMaker(year, _unit_name(end))
    if chapters:
        return maker.report(blocks[:first], chapters, end)
    return maker.form(blocks) if any(_tables(blocks)) else None


def _body(reading: Reading) -> Iterator[ReadBlock]:
    """Yield the blocks of a document without page furniture and a table of contents."""
    whole = whole_paragraphs(reading.blocks)
    blocks = [block for block in whole if isinstance(block, ReadTable) or not block.part]
    start, end = _contents(blocks)
    yield from (block for at, block in enumerate(blocks) if not start <= at < end)


def _contents(blocks: Sequence[ReadBlock]) -> tuple[int, int]:
    """Return where a table of contents stands: up to where its first entry stands again."""
    for at, block in enumerate(blocks[:-1]):
        if isinstance(block, ReadParagraph) and _CONTENTS.fullmatch(block.text):
            first = _letters(blocks[at + 1])
            for end in range(at + 2, len(blocks)):
                if _letters(blocks[end]) == first:
                    return at, end
    return 0, 0


def _letters(block: ReadBlock) -> str:
    """Return the words of a heading without a page number behind it."""
    text = block.text if isinstance(block, ReadParagraph) else ""
    return title_words(re.sub(r"[.…·\s]*[0-9]+$", "", text))


def _heading_places(blocks: Sequence[ReadBlock]) -> Iterator[int]:
    """Yield where headings stand; the last item of a list is none, as those before it."""
    item = NO_NUMBER
    for at, (block, after) in enumerate(zip(blocks, (*blocks, None)[1:], strict=True)):
        number = heading_number(block.text) if isinstance(block, ReadParagraph) else NO_NUMBER
        if not is_heading(block, after):
            item = number
        elif not follows(item, number):
            item = NO_NUMBER
            yield at


def _chapters(blocks: Sequence[ReadBlock]) -> list[_Chapter]:
    """Return the headings of a document as a tree; those too deep stand in the text."""
    places = frozenset(_heading_places(blocks))
    levels = _levels([blocks[at] for at in sorted(places)])
    above = [_Chapter("", 0)]
    for at, block in enumerate(blocks):
        level = levels.get(_rank(block), 0) if at in places else 0
        if not 0 < level <= _DEEPEST:
            above[-1].blocks.append(block)
            continue
        assert isinstance(block, ReadParagraph)
        while above[-1].level >= level:
            above.pop()
        number = heading_number(block.text)
        label = _NUMERAL.sub(_first_numeral, block.text[: number.end].strip())
        chapter = _Chapter(without_number(block.text).strip(), level, label)
        above[-1].inner.append(chapter)
        above.append(chapter)
    return above[0].inner


def _first_numeral(match: re.Match[str]) -> str:
    return "1" if match[0].isdecimal() else "一"


def _rank(block: ReadBlock) -> int:
    """Return what tells the levels of headings apart, 0 for a numbered part, the highest."""
    return block.level if isinstance(block, ReadParagraph) else 0


def _levels(headings: Iterable[ReadBlock]) -> dict[int, int]:
    """Return the level of each rank of headings that there is, 1 for the highest."""
    return dict(zip(sorted(set(map(_rank, headings))), count(1), strict=False))


class _PackMaker:
    """Makes the files of a pack of what a `unit` says of a `year`."""

    def __init__(self, year: int, unit: str) -> None:
        self.year = year
        self.unit = unit
        self.names = FactNames()
        self.forms: list[DocumentForm] = []
        self.lines: list[str] = []
        self.files: dict[str, str] = {}

    def report(
        self, front: Sequence[ReadBlock], chapters: Sequence[_Chapter], end: Sequence[ReadBlock]
    ) -> dict[str, str]:
        """Return a pack with an outline."""
        self._head(front)
        fields = list(_cover(front, self.names))
        if len(fields) >= _LEAST_FIELDS:
            self.lines += ["", "cover:", "  fields:", *fields]
        if self.unit:
            self.lines += ["", "signature:", *_SIGNATURE]
        if any(map(is_sentence, _paragraphs(front))):
            self.lines += ["", "opening: narrative   # narrative/opening.md"]
        self.lines += ["", "# text: narrative 由单位写；none 只有标题", "outline:"]
        self._outline(chapters, "s", "  ")
        self.lines += ["", f"numbering: [{', '.join(map(_quoted, _numbering(chapters)))}]"]
        self._annexes(list(_appendices(end)))
        return self._finished()

    def form(self, blocks: Sequence[ReadBlock]) -> dict[str, str]:
        """Return a pack that is a form and nothing else: all tables of a document."""
        self._head(blocks)
        self.lines += ["", "kind: form", "form: sheet"]
        tables = _tables(blocks)
        title = "".join(_title_lines(blocks))
        html = ""
        for number, table in enumerate(tables, 1):
            html += document_form(table, number, title, self.names, self.year).html
        self.files["forms/sheet.html"] = html
        return self._finished()

    def _finished(self) -> dict[str, str]:
        for form in self.forms:
            self.files[f"forms/{form.name}.html"] = form.html
        return {"pack.yaml": "\n".join([*self.lines, ""]), **self.files}

    def _head(self, front: Sequence[ReadBlock]) -> None:
        titles = list(map(self._filled_in, _title_lines(front))) or ["{{ year }}年度报告"]
        name = _quoted("".join(_title_lines(front)) or "报告")
        self.lines += [
            "# 由 reportgen adopt --new-pack 照一份报告写成，照通知修改。见 docs/packs.md",
            f"name: {name}",
            "authority: 制定机关   # 改成发通知的财政部门",
            "basis: 通知文号",
            f"subject: {name}",
            "",
            "title:",
            *(f"  - {_quoted(line)}" for line in titles),
        ]

    def _outline(self, chapters: Iterable[_Chapter], prefix: str, indent: str) -> None:
        for number, chapter in enumerate(chapters, 1):
            name = f"{prefix}{number}"
            title = _quoted(self._filled_in(clean_text(chapter.title)))
            self.lines.append(f"{indent}- title: {title}")
            self.lines.append(f"{indent}  id: {name}")
            writer = self._written_by(chapter, name)
            self.lines += [f"{indent}  text: {writer}"] if writer != "narrative" else []
            if chapter.inner:
                self.lines.append(f"{indent}  sections:")
                self._outline(chapter.inner, f"{name}_", f"{indent}    ")

    def _written_by(self, chapter: _Chapter, name: str) -> str:
        """Return who writes the text of a section: the pack writes one that is forms alone."""
        forms = self._add_forms(chapter.blocks, chapter.title)
        if not chapter.blocks:
            return "narrative" if not chapter.inner else "none"
        if not forms or any(map(is_sentence, _paragraphs(chapter.blocks))):
            return "narrative"
        self.files[f"sections/{name}.md"] = self._template(chapter.blocks, forms)
        return "pack"

    def _template(self, blocks: Iterable[ReadBlock], forms: Iterable[DocumentForm]) -> str:
        """Return a text that places forms, with the lines between them as notes."""
        placed = iter(forms)
        lines: list[str] = []
        for block in blocks:
            if isinstance(block, ReadTable):
                lines.append(f'{{{{ form("{next(placed).name}") }}}}')
            else:
                lines.append(note(self._filled_in(markdown(block.text))))
        return "\n\n".join(lines) + "\n"

    def _add_forms(self, blocks: Iterable[ReadBlock], title: str) -> list[DocumentForm]:
        """Add the tables among some blocks to the forms of the pack, and return these."""
        found: list[DocumentForm] = []
        for block in blocks:
            if isinstance(block, ReadTable):
                number = len(self.forms) + 1
                form = document_form(block, number, title, self.names, self.year)
                self.forms.append(form)
                found.append(form)
        return found

    def _annexes(self, appendices: Sequence[_Appendix]) -> None:
        if not appendices:
            return
        self.lines += ["", "annexes:"]
        for number, appendix in enumerate(appendices, 1):
            forms = self._add_forms(appendix.blocks, appendix.title)
            self.files[f"annex{number}.md"] = self._template(appendix.blocks, forms)
            self.lines.append(f"  - title: {_quoted(self._filled_in(appendix.title or '附表'))}")
            self.lines.append(f"    body: annex{number}.md")
            if forms:
                self.lines += ["    forms:", *(f"    {_form_rule(form)}" for form in forms)]

    def _filled_in(self, text: str) -> str:
        """Return a text of the pack with names for what other units and years write there."""
        text = with_facts(yearly(text, self.year))
        return text.replace(self.unit, "{{ unit.name }}") if self.unit else text


def _tables(blocks: Iterable[ReadBlock]) -> Iterator[ReadTable]:
    for block in blocks:
        if isinstance(block, ReadTable):
            yield block


def _paragraphs(blocks: Iterable[ReadBlock]) -> Iterator[ReadParagraph]:
    for block in blocks:
        if isinstance(block, ReadParagraph):
            yield block


def _title_lines(front: Iterable[ReadBlock]) -> list[str]:
    """Return the lines of the title: those up to the last that is called a report or the like."""
    lines = [line for line in _front_lines(front) if not _COVER.fullmatch(line)]
    last = [at for at, line in enumerate(lines[: 2 * _MOST_TITLE_LINES]) if _TITLE.search(line)]
    return lines[: last[-1] + 1][-_MOST_TITLE_LINES:] if last else []


def _front_lines(front: Iterable[ReadBlock]) -> Iterator[str]:
    """Yield the short lines before the first heading, without dates that stand alone."""
    for block in _paragraphs(front):
        if not is_sentence(block) and not is_date(block):
            yield from clean_text(block.text).split("\n")


def _cover(front: Iterable[ReadBlock], names: FactNames) -> Iterator[str]:
    """Yield the fields of a cover: labels with the facts that stand behind them."""
    for line in _front_lines(front):
        match = _COVER.fullmatch(line)
        if match is not None and match["value"].strip():
            fact = fact_of(match["label"]) or names.name(match["label"], "", "封面")
            label = _quoted(f"{match['label']}：")
            yield f"    - {{label: {label}, value: '{{{{ {fact} }}}}'}}"


def _unit_name(end: Iterable[ReadBlock]) -> str:
    """Return who signed: the name above the date, before any annex; nothing where nobody did."""
    for before, block in pairwise(islice(_paragraphs(end), _FIRST_OF_END)):
        if is_name(before) and is_date(block) and not _ANNEX.match(before.text):
            return clean_text(before.text)
    return ""


def _appendices(end: Sequence[ReadBlock]) -> Iterator[_Appendix]:
    """Yield the annexes: what follows a label (附件1), or tables behind the text without any."""
    found = list[_Appendix]()
    for block in end:
        if isinstance(block, ReadTable):
            found = found or [_Appendix("")]
            found[-1].blocks.append(block)
        elif _ANNEX.match(block.text) and not _LISTED.match(block.text):
            found.append(_Appendix(clean_text(_ANNEX.sub("", block.text, count=1))))
        elif found:
            _add_line(found[-1], block)
    yield from (each for each in found if each.title or each.blocks)


def _add_line(appendix: _Appendix, block: ReadParagraph) -> None:
    """Add a paragraph to an annex; the first short one is its title."""
    if not appendix.title and not appendix.blocks and is_name(block):
        appendix.title = clean_text(block.text)
    else:
        appendix.blocks.append(block)


def _numbering(chapters: Sequence[_Chapter]) -> list[str]:
    """Return how headings are numbered level by level, then as is usual; nothing for no numbers."""
    labels: list[str] = []
    for chapter in _every_chapter(chapters):
        if chapter.level > len(labels) and chapter.label:
            labels.append(chapter.label)
    if not labels:
        return []
    kinds = {heading_number(label).kind for label in labels}
    usual = [label for label in _USUAL if heading_number(label).kind not in kinds]
    return [*labels, *usual][: len(_USUAL)]


def _every_chapter(chapters: Iterable[_Chapter]) -> Iterator[_Chapter]:
    """Yield chapters, each followed by those within it."""
    for chapter in chapters:
        yield chapter
        yield from _every_chapter(chapter.inner)


def _form_rule(form: DocumentForm) -> str:
    labels = ", ".join(map(_quoted, form.labels))
    return f"  - {{name: {form.name}, columns: {form.columns}, labels: [{labels}]}}"


def _quoted(text: str) -> str:
    """Return a text as YAML."""
    return "'" + text.replace("'", "''") + "'"
