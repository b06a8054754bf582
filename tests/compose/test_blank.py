"""A pack composed without facts: what it prescribes, with the keys of what would be printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from real_report import ROOT
from reportgen.compose.blank import _BlankEnvironment, compose_blank
from reportgen.compose.environment import Environment
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.findings import Diagnostics
from reportgen.load.packs import load_pack
from reportgen.model.document import Heading, Paragraph, Value, plain, values
from reportgen.model.figures import Ledger
from reportgen.project.layout import packs
from reportgen.project.source_files import SourceFiles

FILES = SourceFiles(ROOT)


def blank(name, **options):
    """Return a pack of the project composed without facts."""
    pack = load_pack(FILES, name, Diagnostics())
    folder = f"templates/{name}/forms"
    paths = (*FILES.names(folder, ".html"), *FILES.names(folder, ".docx"))
    return compose_blank(pack, 2023, FILES.text, [Path(path).stem for path in paths], **options)


def cells(report):
    """Return the cells of all forms as texts, values as their keys in braces."""
    texts = []
    for table in report.tables:
        for row in table.rows:
            texts += ["".join(map(_text, (i for line in c.lines for i in line))) for c in row.cells]
    return texts


def _text(inline):
    return f"{{{inline.key}}}" if isinstance(inline, Value) else plain((inline,))


@pytest.mark.parametrize("name", packs(FILES))
def test_every_pack_is_composed_with_all_its_forms(name):
    report = blank(name)
    forms = {path.rpartition("/")[2] for path in FILES.names(f"templates/{name}/forms", "")}
    placed = {table.span.path.rpartition("/")[2] for table in report.tables}
    assert forms == placed
    assert any(map(list, map(values, _lines(report)))) or report.document.title_figures


def test_templates_compile_to_what_a_report_takes():
    # What is compiled is kept for all: it differs by whether a filter takes the context.
    ledger, log = Ledger(2023), Diagnostics()
    usual, blanks = (
        kind(FILES.text, Tokens(), View.of(ledger), log)
        for kind in (Environment, _BlankEnvironment)
    )
    for kept in ("filters", "tests"):
        own, other = getattr(usual, kept), getattr(blanks, kept)
        assert own.keys() == other.keys()
        passed = [
            getattr(each[name], "jinja_pass_arg", None) for each in (own, other) for name in own
        ]
        assert passed[: len(own)] == passed[len(own) :]


def _lines(report):
    for table in report.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.lines


def test_a_cell_has_the_key_of_the_fact_or_figure_that_it_prints():
    texts = cells(blank("huaihua/department-2023"))
    assert {"{staffing.quota}", "{three_public.total.last}", "{unit.label}"} <= {*texts}
    assert "其中：一般公共预算：{income.general.outturn}" in texts


def test_what_the_year_decides_is_printed():
    texts = cells(blank("huaihua/department-2023"))
    assert {"2022年决算数", "2023年预算数", "2023年决算数"} <= {*texts}


def test_a_loop_gives_two_rows_with_what_they_have_in_common():
    report = blank("huaihua/department-2023")
    first = next(text for text in cells(report) if text.startswith("{funds.#"))
    number = first.partition("#")[2].partition("a")[0]
    assert {f"{{funds.#{number}{end}.initial}}" for end in "ab"} <= {*cells(report)}
    assert report.chosen[number] == {"category": "业务工作经费"}


def test_a_row_that_names_another_by_its_id_shares_its_number():
    texts = cells(blank("huaihua/special-fund-2022"))
    seq = next(text for text in texts if text.startswith("{control_rows."))
    assert seq.replace("control_rows", "funds").replace("seq", "name") in texts


def test_sentences_are_those_for_values_given_or_for_values_left_out():
    given, left_out = (
        "".join(plain(b.inlines) for b in report.document.blocks if isinstance(b, Paragraph))
        for report in (blank("huaihua/department-2023", blank=flag) for flag in (False, True))
    )
    assert "本单位政府性基金预算支出" in given
    assert "本单位无政府性基金预算支出" in left_out


def test_headings_keep_the_sections_that_they_head():
    report = blank("yongzhou/department-2020")
    heads = [block for block in report.document.blocks if isinstance(block, Heading)]
    assert ("部门职能职责", "duties") in {(plain(head.inlines), head.section) for head in heads}
