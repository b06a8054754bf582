"""Makes a pack of a document: its outline, its title and sign-off, its tables as forms.

What every year says anew is left to the unit: the narrative of sections, the facts in forms.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.features.adopt.adopting import adopt, can_be_folders
from reportgen.features.adopt.adoption import Adoption, AdoptRequest
from reportgen.features.adopt.cells import StatedValue, UnitLevel
from reportgen.features.adopt.document_forms import (
    DocumentForm,
    FactNames,
    FormValue,
    document_form,
    without_facts,
)
from reportgen.features.adopt.document_outline import (
    COVER,
    Chapter,
    DocumentAnnex,
    DocumentOutline,
    appendices,
    document_outline,
    front_lines,
    numbering_of,
    paragraphs_of,
    tables_of,
    title_lines,
)
from reportgen.features.adopt.expected import Slot
from reportgen.features.adopt.narrative import clean_text, markdown
from reportgen.features.adopt.texts import is_sentence
from reportgen.findings import Diagnostics, finding
from reportgen.language.personal import kind_of
from reportgen.load.packs import load_pack
from reportgen.model.frozen import frozen
from reportgen.model.reading import ReadBlock, Reading, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId, is_new_pack
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document

_PREPARER = re.compile(r"report\.preparer\.\w+")
_LABELLED = re.compile(
    r"(?P<label>[\u4e00-\u9fff]{2,10})(?P<remark>(?:[（(][\u4e00-\u9fff]{1,6}[)）])?)"
    r"(?P<colon>[：:][ \u3000]*)(?P<value>[^\s：:，,。；;]+)"
)
"""What stands behind a label: 填报单位：某局, 填报人（签名）：张三."""
_SIGNATURE = ("  - '{{ unit.name }}'", "  - '{{ report.date | day }}'")
_LEAST_FIELDS = 2
"""So many lines with labels are a cover."""


@frozen
class NewPack:
    """The files of a pack by their paths in its folder, and what its document says in its forms."""

    files: Mapping[str, str]
    values: tuple[FormValue, ...]
    names: FactNames

    def texts(self, name: str, taken: Container[str]) -> dict[str, str]:
        """Return the files by their paths in a project; facts that were not taken are texts."""
        missing = [each for each in self.values if "." not in each.key and each.key not in taken]
        texts: dict[str, str] = {}
        for file, text in self.files.items():
            texts[f"templates/{name}/{file}"] = without_facts(text, missing, self.names)
        return texts


def pack_of(reading: Reading, year: int) -> NewPack | None:
    """Return a pack that has the outline and the forms of a document.

    None for one that has neither headings nor tables. `year` is the one that it reports on.
    """
    outline = document_outline(reading)
    maker = _PackMaker(FactNames(year, outline.unit))
    if outline.chapters:
        return maker.report(outline)
    return maker.form(outline.blocks) if any(tables_of(outline.blocks)) else None


def adopt_into_new_pack(files: SourceFiles, path: Path, report: ReportId, name: str) -> Adoption:
    """Return what adopting the file at `path` gives by a pack of its own, which is among the files.

    Beside what `adopt` tells: Y104, P305 and P306, what cannot be called so; A501 to A507, a file
    that cannot be read; A612, one without headings and tables.
    """
    log = Diagnostics()
    can_be_folders(report, log)
    is_new_pack(files, name, log)
    reading = None if log.blocked else open_document(path, log)
    made = pack_of(reading, report.year) if reading is not None else None
    if made is None and reading is not None:
        log.add(finding("A612", SourceSpan(path.name, 0)))
    if made is None or reading is None or log.blocked:
        return Adoption(tuple(log))
    edited = files.edited(made.texts(name, frozenset(each.key for each in made.values)))
    pack = load_pack(edited, name, log)
    if pack is None:
        return Adoption(tuple(log))
    request = AdoptRequest(reading, path.read_bytes(), pack, report)
    adoption = adopt(edited, request, tuple(map(_stated, made.values)))
    return _with_pack(replace(adoption, findings=(*log, *adoption.findings)), made, name)


def _with_pack(adoption: Adoption, made: NewPack, name: str) -> Adoption:
    """Return an adoption with the files of its pack, unless it failed."""
    if adoption.failed:
        return adoption
    texts = made.texts(name, frozenset(each.key for each in adoption.values))
    before = {**dict.fromkeys(texts, ""), **adoption.before}
    return replace(adoption, before=before, after={**texts, **adoption.after})


def _stated(value: FormValue) -> StatedValue:
    """Return what a cell of a form states, as one of a form that a pack prescribes."""
    units: tuple[tuple[UnitLevel, str], ...] = ()
    if value.unit:
        units = (("column", value.unit),)
    text, span = value.cell.text.strip(), value.cell.span
    return StatedValue(Slot(value.key, value.how), text, span, "", units)


class _PackMaker:
    """Makes the files of a pack of what a document says; `names` has its year and its unit."""

    def __init__(self, names: FactNames) -> None:
        self.names = names
        self.values: list[FormValue] = []
        self.forms: list[DocumentForm] = []
        self.lines: list[str] = []
        self.files: dict[str, str] = {}

    def report(self, outline: DocumentOutline) -> NewPack:
        """Return a pack with an outline."""
        self._head(outline.front)
        fields = list(_cover(outline.front, self.names))
        if len(fields) >= _LEAST_FIELDS:
            self.lines += ["", "cover:", "  fields:", *fields]
        if outline.signed:
            self.lines += ["", "signature:", *_SIGNATURE[: outline.signed]]
        if any(map(is_sentence, paragraphs_of(outline.front))):
            self.lines += ["", "opening: narrative   # narrative/opening.md"]
        self.lines += ["", "# text: narrative 由单位写；none 只有标题", "outline:"]
        self._outline(outline.chapters, "s", "  ")
        numbering = ", ".join(map(_quoted, numbering_of(outline.chapters)))
        self.lines += ["", f"numbering: [{numbering}]"]
        self._annexes(list(appendices(outline.end)))
        return self._finished()

    def form(self, blocks: Sequence[ReadBlock]) -> NewPack:
        """Return a pack that is a form and nothing else: all tables of a document."""
        self._head(blocks)
        self.lines += ["", "kind: form", "form: sheet"]
        tables = tables_of(blocks)
        title = "".join(title_lines(blocks))
        html = ""
        for number, table in enumerate(tables, 1):
            form = document_form(table, number, title, self.names)
            self.values += form.values
            html += form.html
        self.files["forms/sheet.html"] = html
        return self._finished()

    def _finished(self) -> NewPack:
        for form in self.forms:
            self.files[f"forms/{form.name}.html"] = form.html
        files = {"pack.yaml": "\n".join([*self.lines, ""]), **self.files}
        return NewPack(files, tuple(self.values), self.names)

    def _head(self, front: Sequence[ReadBlock]) -> None:
        titles = list(map(self._filled_in, title_lines(front))) or ["{{ year }}年度报告"]
        name = _quoted("".join(title_lines(front)) or "报告")
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

    def _outline(self, chapters: Iterable[Chapter], prefix: str, indent: str) -> None:
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

    def _written_by(self, chapter: Chapter, name: str) -> str:
        """Return who writes the text of a section: the pack writes one that is forms alone."""
        forms = self._add_forms(chapter.blocks, chapter.title)
        if not chapter.blocks:
            return "narrative" if not chapter.inner else "none"
        if not forms or any(map(is_sentence, paragraphs_of(chapter.blocks))):
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
                lines.append(_note(self._filled_in(markdown(block.text))))
        return "\n\n".join(lines) + "\n"

    def _add_forms(self, blocks: Iterable[ReadBlock], title: str) -> list[DocumentForm]:
        """Add the tables among some blocks to the forms of the pack, and return these."""
        found: list[DocumentForm] = []
        for block in blocks:
            if isinstance(block, ReadTable):
                number = len(self.forms) + 1
                form = document_form(block, number, title, self.names)
                self.values += form.values
                self.forms.append(form)
                found.append(form)
        return found

    def _annexes(self, appendices: Sequence[DocumentAnnex]) -> None:
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
        return _with_facts(text, self.names)


def _cover(front: Iterable[ReadBlock], names: FactNames) -> Iterator[str]:
    """Yield the fields of a cover: labels with the facts that stand behind them."""
    for line in front_lines(front):
        match = COVER.fullmatch(line)
        if match is None or not match["value"].strip():
            continue
        label, value = match["label"], names.filled(match["value"].strip())
        if "{{" not in value:
            known = names.known(label, value)
            value = f"{{{{ {known or names.name(label, '', '封面')} }}}}"
        yield f"    - {{label: {_quoted(f'{label}：')}, value: {_quoted(value)}}}"


def _form_rule(form: DocumentForm) -> str:
    labels = ", ".join(map(_quoted, form.labels))
    return f"  - {{name: {form.name}, columns: {form.columns}, labels: [{labels}]}}"


def _quoted(text: str) -> str:
    """Return a text as YAML."""
    return "'" + text.replace("'", "''") + "'"


def _note(text: str) -> str:
    """Return a line as a note, which is left out where nobody filled in the report."""
    match = _PREPARER.search(text)
    if match is None:
        return f"> {text}"
    return f"{{% if {match[0]} is not blank %}}\n> {text}\n{{% endif %}}"


def _with_facts(text: str, names: FactNames) -> str:
    """Return a text with the facts of its labels in place of what stands behind them.

    What is a person's is left out where no fact is known for it.
    """
    parts: list[str] = []
    at = 0
    for match in _LABELLED.finditer(text):
        parts += [names.filled(text[at : match.start()]), _with_fact(match, names)]
        at = match.end()
    return "".join([*parts, names.filled(text[at:])])


def _with_fact(match: re.Match[str], names: FactNames) -> str:
    """Return a labelled value as the fact of the label."""
    label, remark, colon, value = match.group("label", "remark", "colon", "value")
    known = names.known(label, value)
    filled = f"{{{{ {known} }}}}" if known else names.filled(value)
    is_personal = not known and kind_of(label) is not None
    return f"{label}{remark}{colon}{'' if is_personal else filled}"
