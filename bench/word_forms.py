"""The part about Word forms: one filled row by row, against docxtpl alone on the same file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from bench.plan import Plan
from bench.tables import Section, Target, duration
from reportgen.compose.environment import Environment
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.compose.word_blocks import FormReading
from reportgen.compose.word_forms import WordForm, fill
from reportgen.findings import Diagnostics
from reportgen.model.document import Document
from reportgen.model.figures import Fact, Ledger
from reportgen.model.source import NOWHERE
from reportgen.model.word_form import FilledForm, FilledSheet
from reportgen.verify.outputs import verify
from reportgen.wordfile.numbering import ListLabels
from reportgen.write.docx.filled import write_filled

COLUMNS = tuple("abcdefghi")
WANTED = 1.5
"""How many times as long as docxtpl filling and writing may take."""
_ROOT = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Times(NamedTuple):
    """The least seconds of docxtpl, and here of filling, reading the blocks, writing, verifying."""

    docxtpl: float
    filled: float
    read: float
    written: float
    verified: float

    @property
    def whole(self) -> float:
        """Return the seconds of all that is done here."""
        return self.filled + self.read + self.written + self.verified


def measured(plan: Plan, say: Callable[[str], None]) -> dict[int, Times]:
    """Measure, by number of rows; `say` hears what comes next."""
    found: dict[int, Times] = {}
    for rows, rounds in plan.warm.items():
        say(f"a Word form of {rows} rows")
        taken = [_round(rows) for _ in range(max(rounds, 3))]
        found[rows] = Times(*map(min, zip(*taken, strict=True)))
    return found


def _round(rows: int) -> Times:
    """Return the seconds of one round; both fill the same texts into the same file."""
    form = _form()
    started = perf_counter()
    _docxtpl(form, rows)
    between = perf_counter()
    environment = _environment(rows)
    begun = perf_counter()
    word_form = WordForm.read("form.docx", form)
    parts = fill(word_form, environment, {}, Diagnostics())
    assert parts is not None
    filled = perf_counter()
    reading = FormReading("form", "form.docx", environment.tokens, {}, ListLabels(None, None))
    main = word_form.file.main
    root = etree.fromstring(parts[main].encode())
    reading.read({main: root}, word_form.file.text_parts)
    read = perf_counter()
    document = _document(word_form, environment, parts, reading)
    assert document.form is not None
    data = write_filled(document, document.form, {})
    written = perf_counter()
    assert not verify(document, {"docx": data}, None)
    ends = (between - started, filled - begun, read - filled, written - read)
    return Times(*ends, perf_counter() - written)


def _docxtpl(form: bytes, rows: int) -> bytes:
    template = DocxTemplate(io.BytesIO(form))
    facts = [{column: _text(row, column) for column in COLUMNS} for row in range(rows)]
    template.render({"rows": facts}, SandboxedEnvironment(), autoescape=True)
    data = io.BytesIO()
    template.save(data)
    return data.getvalue()


def _text(row: int, column: str) -> str:
    return f"第{row}行的{column}"


def _environment(rows: int) -> Environment:
    texts: dict[str, Fact] = {}
    for row in range(rows):
        for column in COLUMNS:
            key = f"rows.r{row}.{column}"
            texts[key] = Fact(key, key, _text(row, column), NOWHERE)
    ledger = Ledger(2023, {}, texts, {"rows": tuple(f"r{row}" for row in range(rows))})
    return Environment(lambda _path, _log: None, Tokens(), View.of(ledger), Diagnostics())


def _document(
    form: WordForm, environment: Environment, parts: dict[str, str], reading: FormReading
) -> Document:
    file = form.file
    printed = {number: environment.tokens.inlines_of(number) for number in _printed(environment)}
    filled = FilledForm(
        path=form.path,
        members=file.members,
        types=file.types,
        kinds=file.text_parts,
        main=file.main,
        printed=printed,
        sheets=(FilledSheet(parts, tuple(reading.texts)),),
    )
    blocks = tuple(reading.blocks)
    return Document(("题",), "zh-CN", "", "", "2024-01-01", "internal", blocks, form=filled)


def _printed(environment: Environment) -> range:
    return range(len(environment.tokens.printed))


def _form() -> bytes:
    """Return a Word form with one row that is repeated."""
    cells = "".join(_cell(f"{{{{ f.{column} }}}}") for column in COLUMNS)
    loop = (_row("{%tr for f in rows %}"), f"<w:tr>{cells}</w:tr>", _row("{%tr endfor %}"))
    grid = '<w:gridCol w:w="1000"/>' * len(COLUMNS)
    body = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(loop)}</w:tbl>"
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    main = f"<w:document {_ROOT}><w:body>{body}<w:p/>{page}</w:body></w:document>"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": main,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return data.getvalue()


def _row(tag: str) -> str:
    return f"<w:tr>{_cell(tag)}{_cell('') * (len(COLUMNS) - 1)}</w:tr>"


def _cell(text: str) -> str:
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/></w:tcPr><w:p>{run}</w:p></w:tc>'


def sections(found: dict[int, Times]) -> tuple[Section, ...]:
    """Return the table: a row a size."""
    rows = [
        (str(size), *map(duration, each), f"{_ratio(each):.2f}", f"{each.whole / each.docxtpl:.2f}")
        for size, each in found.items()
    ]
    head = ("rows", "docxtpl alone", "filled", "read into blocks", "written", "read back",
            "filled and written / docxtpl", "all / docxtpl")  # fmt: skip
    notes = ("Nine columns of texts; the blocks give page, PDF and proof what the file says.",)
    return (Section("a Word form", head, rows, notes),)


def _ratio(times: Times) -> float:
    return (times.filled + times.written) / times.docxtpl


def targets(found: dict[int, Times]) -> tuple[Target, ...]:
    """Return what is wanted: that forms are filled about as fast as docxtpl does."""
    wanted: list[Target] = []
    for size, each in found.items():
        text = f"a Word form of {size} rows in at most {WANTED:g} × docxtpl"
        wanted.append(Target(text, f"{_ratio(each):.2f} ×", _ratio(each) <= WANTED))
    return tuple(wanted)
