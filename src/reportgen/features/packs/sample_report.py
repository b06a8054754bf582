"""Builds a pack on made-up facts, so that what is wrong with it shows without any data.

The kinds and units of a pack's own facts are stated nowhere: they are tried until the formulas and
templates fit, and what fits with none of them is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, product

from reportgen.check.relations import check_relations
from reportgen.check.required import check_overview
from reportgen.disclose.policy import check_policy
from reportgen.features.packs.made_up import (
    FOLDER,
    REPORT,
    WORD,
    YEAR,
    MadeUp,
    made_up_files,
    with_own_facts,
)
from reportgen.features.packs.names import NamesUsed
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.job import Job
from reportgen.flow.likely_units import likely_units
from reportgen.flow.staged import Derived
from reportgen.flow.steps import compose_version, derive_report
from reportgen.load.groups import fields_of
from reportgen.load.inputs import ReportInputs, load
from reportgen.load.needs import first_parts
from reportgen.load.schema import Year
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack, PackNeeds
from reportgen.model.rules import DeclaredValues, Rules
from reportgen.project.source_files import EditedFiles, SourceFiles

CANDIDATES = ("12.5", "12.5万元", "12.5%", "12.5分", "12人", "12个", "12家", "12㎡", "12次", "12年")
"""What is tried for a fact of which nobody says the unit."""
UNIT_CODES = frozenset({"F104", "F107", "F109", "F113"})
"""The codes of formulas whose parts do not fit together."""
_NOT_PRINTED = re.compile(r"\{#.*?#\}|<[^>]*>|\s", re.DOTALL)
"""What of a form is no text: comments, tags, white space."""
MOST_TRIALS = 60
MOST_ROUNDS = 40
_OF_FACTS = frozenset("F106 F110 F111 F112 F115 F116 F121 T110 T119 T120 T128 L128".split())
"""What is found in a pack and says something of the made-up facts only."""


def sample_findings(
    files: SourceFiles, pack: Pack, used: NamesUsed, needs: PackNeeds, unplaced: Iterable[str]
) -> tuple[Finding, ...]:
    """Return what is wrong with a pack that shows when it is built on made-up facts."""
    units = likely_units(pack, set(first_parts(needs.columns)))
    used = replace(used, units={**units, **used.units})
    edited = EditedFiles(files.root, edits=made_up_files(pack, used, unplaced))
    log = Diagnostics()
    inputs = load(edited, FOLDER.rpartition("/")[2], YEAR, REPORT, log)
    if inputs is not None:
        job = Job(files.root, files.root / "build", inputs.unit, YEAR, REPORT)
        made = with_own_facts(inputs.facts, pack, used, needs)
        sample = _Sample(job, _with_values(inputs, pack, used), edited, used)
        log.extend(sample.findings(made))
    return tuple(_of_pack(_labels_of_data(log, files, pack), pack))


def _labels_of_data(
    problems: Iterable[Finding], files: SourceFiles, pack: Pack
) -> Iterator[Finding]:
    """Yield `problems`, P312 for all labels of a form that none of its texts holds.

    The data may bring them along.
    """
    labels: dict[str, list[Finding]] = {}
    for problem in problems:
        if problem.code == "P205" and not _is_in_form(problem, files, pack):
            labels.setdefault(str(problem.params["form"]), []).append(problem)
        else:
            yield problem
    for form, missing in labels.items():
        yield _missing_labels(form, missing)


def _missing_labels(form: str, missing: Sequence[Finding]) -> Finding:
    named = "、".join(str(each.params["label"]) for each in missing)
    return finding("P312", missing[0].span, subject=form, form=form, labels=named)


def _is_in_form(problem: Finding, files: SourceFiles, pack: Pack) -> bool:
    """Return whether the text of a form has the label that does not come out of it."""
    form, label = str(problem.params["form"]), str(problem.params["label"])
    text = files.shown(f"templates/{pack.folder}/forms/{form}.html") or ""
    return re.sub(r"\s", "", label) in _NOT_PRINTED.sub("", text)


def _with_values(inputs: ReportInputs, pack: Pack, used: NamesUsed) -> ReportInputs:
    """Return `inputs` with every text declared that the pack compares a column with."""
    declared: list[DeclaredValues] = []
    for key, texts in used.texts.items():
        table, _, column = key.rpartition(".")
        declared.append(DeclaredValues(f"{table}.*.{column}", texts, pack.span))
    return replace(inputs, rules=inputs.rules + Rules(values=tuple(declared)))


def _of_pack(problems: Iterable[Finding], pack: Pack) -> Iterator[Finding]:
    """Yield what is wrong with files of templates, without places among the made-up facts."""
    for problem in problems:
        if _says_of_templates(problem) and not _left_to_units(problem, pack):
            places = [each for each in problem.places if not each.span.path.startswith(FOLDER)]
            yield replace(problem, places=tuple(places))


def _says_of_templates(problem: Finding) -> bool:
    """Return whether a finding is on files of templates, whatever the facts are."""
    of_facts = problem.code[0] in "RN" or problem.code in _OF_FACTS
    return problem.span.path.startswith("templates/") and not of_facts


def _left_to_units(problem: Finding, pack: Pack) -> bool:
    """Return whether what is missing may stand in a text that each unit writes."""
    return problem.code == "P207" and _is_written_by_units(pack)


def _is_written_by_units(pack: Pack) -> bool:
    """Return whether a unit writes a text of its own, which may hold what is prescribed."""
    waiting = list(pack.outline)
    texts = [pack.opening]
    for section in waiting:
        texts.append(section.text)
        waiting.extend(section.sections)
    return "narrative" in texts


@frozen
class _Sample:
    """A report of made-up facts, in files that are not written."""

    job: Job
    inputs: ReportInputs
    files: EditedFiles
    used: NamesUsed

    def findings(self, made: MadeUp) -> tuple[Finding, ...]:
        """Return what is wrong once the made-up facts fit as well as they can."""
        made = self._usable(self._fitted(made))
        log = Diagnostics()
        report = self._derived(made, log)
        compose_version(report, self.files, log)
        log.extend(check_relations(report.ledger, self.inputs.rules.relations))
        log.extend(check_policy(report.ledger, self.inputs.pack.policy, self.inputs.pack))
        log.extend(check_overview(report.ledger, self.inputs.pack))
        return tuple(log)

    def _usable(self, made: MadeUp) -> MadeUp:
        """Return facts that templates can use, as far as they can be mended for them."""
        for _ in range(MOST_ROUNDS):
            log = Diagnostics()
            compose_version(self._derived(made, Diagnostics()), self.files, log)
            mended = _mended(made, log)
            if mended is made:
                break
            made = mended
        return made

    def _derived(self, made: MadeUp, log: Diagnostics) -> Derived:
        """Return the report on these facts, which were the same the year before."""
        prior = Facts(YEAR - 1, made.facts.facts, made.facts.tables)
        return derive_report(self.job, replace(self.inputs, facts=made.facts, prior=(prior,)), log)

    def _misfits(self, made: MadeUp) -> dict[str, Finding]:
        """Return what does not fit together in formulas, by place."""
        log = Diagnostics()
        report = self._derived(made, log)
        log.extend(check_relations(report.ledger, self.inputs.rules.relations))
        misfits: dict[str, Finding] = {}
        for each in log:
            if each.code in UNIT_CODES:
                misfits[str(each.span)] = each
        return misfits

    def _fitted(self, made: MadeUp) -> MadeUp:
        """Return facts with the units with which the fewest formulas do not fit."""
        misfits, trials = self._misfits(made), 0
        tried: set[tuple[str, str]] = set()
        for name, value in self._candidates(made):
            if not misfits or trials > MOST_TRIALS or (name, value) in tried:
                continue
            tried.add((name, value))
            trials += 1
            other = made.put(name, value)
            left = self._misfits(other)
            if len(left) < len(misfits):
                made, misfits = other, left
        return made

    def _candidates(self, made: MadeUp) -> Iterator[tuple[str, str]]:
        """Yield other values for the facts that formulas take for numbers."""
        for name in (*made.values, *made.values):  # twice: one unit may hang on another
            is_number = self.used.kinds.get(name) == "number"
            if is_number and name not in self.used.units:
                yield from product([name], CANDIDATES)


def _mended(made: MadeUp, problems: Iterable[Finding]) -> MadeUp:
    """Return facts without what templates could not use of them; the same where that is nothing."""
    for problem in problems:
        match problem.code:
            case "T102":
                made = _with_missing(made, str(problem.params["key"]))
            case "T108":
                made = _of_other_kind(made, str(problem.params["found"]), problem.params["filter"])
            case _:
                pass
    return made


def _with_missing(made: MadeUp, key: str) -> MadeUp:
    """Return facts with a row, or a column of an own table, that a template asks for."""
    table, _, rest = key.partition(".")
    rows = made.facts.tables.get(table, ())
    row, _, column = rest.partition(".")
    if not rows or not row:
        return made
    if row not in rows and row in chain.from_iterable(made.facts.tables.values()):
        return made.with_row(table, row)
    return _with_column(made, table, column) if column else made


def _with_column(made: MadeUp, table: str, column: str) -> MadeUp:
    """Return facts with a column of an own table."""
    key = f"{table}.{column}"
    is_own = table not in {*fields_of(Year), "ratings"}
    return made.put(key, f"{WORD}{key}") if is_own and key not in made.values else made


def _of_other_kind(made: MadeUp, found: str, filter_name: object) -> MadeUp:
    """Return facts with a number, or a date, in place of the text `found`."""
    name = found.strip("“”").removeprefix(WORD)
    if name not in made.values:
        return made
    return made.put(name, f"{YEAR}-06-30" if filter_name == "day" else "12.5")
