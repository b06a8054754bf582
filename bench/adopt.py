"""Texts of our six reports, read back from their own Word files and PDFs and made narrative again.

Each report is built for the finance bureau. Its running text becomes the narrative of an empty
folder by the same pack, with numbers bound to the facts of the report, and is composed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.plan import Plan
from bench.real import ReportError
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.compose.blank import compose_blank
from reportgen.compose.body import Body, Numbering
from reportgen.compose.environment import Environment
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.features.adopt.adoption import AdoptedText, AdoptRequest
from reportgen.features.adopt.bound_numbers import bound_texts
from reportgen.features.adopt.texts import RunningText, running_text
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.staged import Draft
from reportgen.flow.steps import draft
from reportgen.model.document import (
    Block,
    Heading,
    Inlines,
    Items,
    ListItem,
    Paragraph,
    Strong,
    Value,
    plain,
)
from reportgen.project.layout import ReportId, every_report
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document

FORMATS = ("docx", "pdf")
WANTED = {"docx": 1.0, "pdf": 1.0}
"""The share of paragraphs that are wanted equal."""
_TEXTS = (Paragraph, ListItem, Heading)
_UNITS = ("huaihua", "yiyang", "yongzhou", "yueyang")


@dataclass(slots=True)
class TextScore:
    """How many paragraphs and characters came out as they were, and figures by the right key.

    `printed` are the figures in these paragraphs; `bound` of them are references again, `others`
    references to another key of the same value, `wrong` print another text.
    """

    paragraphs: int = 0
    equal: int = 0
    characters: int = 0
    same: float = 0.0
    printed: int = 0
    bound: int = 0
    others: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return the share of paragraphs that are equal."""
        return self.equal / self.paragraphs if self.paragraphs else 0.0

    @property
    def of_characters(self) -> float:
        """Return the share of characters that are the same."""
        return self.same / self.characters if self.characters else 0.0


def reports() -> tuple[ReportId, ...]:
    """Return our six reports."""
    every = every_report(SourceFiles(ROOT))
    return tuple(report for report in every if report.unit in _UNITS)


def built(report: ReportId, out: Path) -> Mapping[str, Path]:
    """Return the files of a report for the finance bureau, by format."""
    names = (report.unit, report.year, report.report)
    done = build(Job(ROOT, out, *names, audience="submit", formats=FORMATS))
    if done.failed:
        raise ReportError(str(done.findings))
    return {path.suffix[1:]: path for path in done.paths if path.suffix[1:] in FORMATS}


def composed(report: ReportId) -> Draft:
    """Return a report as the finance bureau gets it."""
    job = Job(ROOT, ROOT / "build", report.unit, report.year, report.report, audience="submit")
    found = draft(job, SourceFiles(ROOT), Diagnostics())
    if not isinstance(found, Draft):
        raise ReportError(str(report))
    return found


def scored(path: Path, report: ReportId, original: Draft) -> TextScore:
    """Return how the texts of a file become narrative, held to the report it was built from."""
    score = TextScore()
    running, texts = _adopted(path, report, original)
    score.left += [f"{each.why} {each.text[:30]}" for each in running.not_taken]
    again: dict[str, Mapping[int, Value]] = {}
    for text in texts:
        again.update(_lines(_recomposed(text, original)))
    wanted = dict(_lines(original.version.document.blocks))
    unmatched = [line for line in again if line not in wanted]
    for line, figures in wanted.items():
        score.paragraphs += 1
        score.characters += len(line)
        if line in again:
            score.equal += 1
            score.same += len(line)
            _compare(line, figures, again[line], score)
        else:
            nearest = max((_alike(line, other) for other in unmatched), default=0.0)
            score.same += nearest * len(line)
            score.wrong.append(line)
    return score


def _adopted(
    path: Path, report: ReportId, original: Draft
) -> tuple[RunningText, tuple[AdoptedText, ...]]:
    """Return the running text of a file, and its narratives bound to the report's own facts."""
    files, inputs = SourceFiles(ROOT), original.derived.inputs
    reading = open_document(path, Diagnostics())
    if reading is None:
        raise ReportError(str(path))
    forms = files.names(f"templates/{inputs.pack.folder}/forms", ".html")
    names = [Path(form).stem for form in forms]
    blanks = [
        compose_blank(inputs.pack, report.year, files.text, names, blank=blank)
        for blank in (False, True)
    ]
    request = AdoptRequest(reading, b"", inputs.pack, report)
    placed = {table.span: "form" for table in reading.tables}
    running = running_text(request, blanks, placed)
    bound = bound_texts(running.sections, original.ledger, files.text, inputs.rules.literals)
    return running, tuple(bound.texts)


def _recomposed(text: AdoptedText, original: Draft) -> tuple[Block, ...]:
    """Return the blocks of a narrative as the report prints them."""
    tokens, log = Tokens(), Diagnostics()
    environment = Environment(lambda *_: text.text, tokens, View.of(original.ledger), log)
    environment.globals["form"] = _no_form
    numbering = Numbering(original.derived.inputs.pack.numbering)
    return Body(tokens, numbering).read(environment.text(text.path), log)


def _no_form(_name: object = "") -> str:
    return ""


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[str, Mapping[int, Value]]]:
    """Yield what the unit writes, paragraph by paragraph, with figures by where they stand."""
    for block in blocks:
        parts = block.items if isinstance(block, Items) else (block,)
        for part in parts:
            if isinstance(part, _TEXTS) and part.span.path.startswith("data/"):
                yield plain(part.inlines), dict(_figures(part.inlines, 0))


def _figures(inlines: Inlines, at: int) -> Iterator[tuple[int, Value]]:
    """Yield the figures of a text with where they stand in it."""
    for inline in inlines:
        if isinstance(inline, Strong):
            yield from _figures(inline.inlines, at)
        elif isinstance(inline, Value) and inline.key:
            yield at, inline
        at += len(plain((inline,)))


def _compare(
    line: str, figures: Mapping[int, Value], again: Mapping[int, Value], score: TextScore
) -> None:
    """Count which figures of a paragraph are references to the same keys again."""
    numbers = {at: value for at, value in figures.items() if any(map(str.isdigit, value.text))}
    score.printed += len(numbers)
    for at, value in again.items():
        if at in figures and figures[at].key == value.key:
            score.bound += 1
        else:
            before = figures[at].key if at in figures else "typed"
            score.others.append(f"{line[max(0, at - 10) : at]}{value.text}: {before} → {value.key}")


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


class Measured(NamedTuple):
    """The scores by report and format."""

    scores: Mapping[tuple[str, str], TextScore]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    scores: dict[tuple[str, str], TextScore] = {}
    with TemporaryDirectory() as folder:
        for report in reports():
            say(f"texts of {report}")
            original = composed(report)
            for format_, path in built(report, Path(folder)).items():
                scores[str(report), format_] = scored(path, report, original)
    return Measured(scores)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return a line for each report and format."""
    head = ("report", "format", "paragraphs", "equal", "characters", "figures", "bound", "other")
    rows: list[tuple[str, ...]] = []
    for (report, format_), score in found.scores.items():
        counts = (score.paragraphs, f"{score.share:.1%}", f"{score.of_characters:.2%}")
        figures = (score.printed, f"{score.bound / (score.printed or 1):.1%}", len(score.others))
        rows.append((report, format_, *map(str, counts), *map(str, figures)))
    others = Counter[str]()
    for score in found.scores.values():
        others.update(score.others)
    return (Section("Texts adopted again", head, rows, tuple(others)),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted: every paragraph as it was."""
    wanted: list[Target] = []
    for format_ in FORMATS:
        scores = [score for (_, of), score in found.scores.items() if of == format_]
        share = sum(score.equal for score in scores) / (sum(s.paragraphs for s in scores) or 1)
        text = f"texts adopted from {format_} equal ≥ {WANTED[format_]:.0%}"
        wanted.append(Target(text, f"{share:.1%}", share >= WANTED[format_]))
    return tuple(wanted)
