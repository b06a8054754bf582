"""Every report of the project: what it says is what was read and approved, and it can be built."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from logged import select
from outcome import build
from real_report import ROOT
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from reportgen.provenance.explanation import figures_json
from reportgen.verify.html import read_html
from reportgen.write.pdf.data import as_data

GOLDEN = Path(__file__).resolve().parent / "golden"

REPORTS = select(SourceFiles(ROOT), None, None, None)[0]
KEPT = ("key", "title", "text", "value", "kind", "formula", "inputs", "places")

every_report = pytest.mark.parametrize("chosen", REPORTS, ids=str)


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory):
    """Return a function that gives the outcome of a report's build as a page, built once."""
    made = {}

    def outcome(chosen, audience):
        if (chosen, audience) not in made:
            names = (chosen.unit, chosen.year, chosen.report, audience)
            out = tmp_path_factory.mktemp("every")
            made[chosen, audience] = build(Job(ROOT, out, *names, formats=("html",)))
        return made[chosen, audience]

    return outcome


@every_report
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_report_is_built_without_a_word_of_complaint(outcomes, chosen, audience):
    outcome = outcomes(chosen, audience)
    assert [each for each in outcome.findings if each.severity != "note"] == []
    assert (outcome.job.folder / f"{chosen.report}.html").is_file()


@every_report
def test_note_gives_the_reason_why_it_is_no_more(outcomes, chosen):
    for each in outcomes(chosen, "internal").findings:
        assert each.waived or each.code == "R306", each  # R306 counts, it tells no fault


@every_report
def test_document_and_figures_are_those_that_were_read_and_approved(golden, outcomes, chosen):
    outcome = outcomes(chosen, "internal")
    assert outcome.document is not None
    assert outcome.ledger is not None
    data = as_data(outcome.document)
    del data["notes"]  # what they say stands in the figures
    rows = json.loads(figures_json(outcome.ledger, outcome.document))
    parts = {
        "document": [{k: v for k, v in data.items() if k not in ("blocks", "annexes")}],
        "blocks": data["blocks"],
        "annexes": [each for annex in data["annexes"] for each in annex.pop("blocks")],
        "titles": data["annexes"],
        "figures": [{name: row[name] for name in KEPT} for row in rows],
    }
    lines = [
        json.dumps({part: each}, ensure_ascii=False)
        for part, every in parts.items()
        for block in every
        for each in rows_of(block)
    ]
    golden(str(chosen).replace("/", "-") + ".json", "[\n" + ",\n".join(lines) + "\n]\n")


def rows_of(block):
    """Return a table in pieces, a row each, so that a difference is one line; others whole."""
    if block.get("kind") != "table":
        return [block]
    return [{k: v for k, v in block.items() if k != "rows"}, *block["rows"]]


@every_report
def test_public_page_says_nothing_that_is_withheld(outcomes, chosen):
    public = outcomes(chosen, "public")
    assert public.disclosed is not None
    assert [path.name for path in public.job.folder.glob("*figures*")] == []
    internal = printed(outcomes(chosen, "internal"), chosen)
    secrets = [each.text for each in public.disclosed.secrets]
    said = [each for each in secrets if len(each) > 1 and each in internal]
    assert bool(said) == bool(secrets)
    assert [each for each in said if each in printed(public, chosen)] == []


def printed(outcome, chosen):
    """Return all that stands on the page of an outcome, cell by cell."""
    found = read_html(outcome.files[f"{chosen.report}.html"])
    cells = [cell.text for table in found.tables for cell in table]
    return {*cells, *re.findall(r"[^：、，。；]+", "。".join(found.texts))}


def test_golden_files_are_those_of_the_reports_that_there_are():
    wanted = {str(each).replace("/", "-") + ".json" for each in REPORTS}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
    assert wanted
