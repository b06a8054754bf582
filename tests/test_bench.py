"""The bench works: its parts, each on little; `python -m bench` itself takes minutes."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.verify.pdf import read_pdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from bench import __main__ as command  # noqa: E402
from bench import child, past, preview, proof, races, reports, rivals, tables, writers  # noqa: E402
from bench.plan import QUICK, Plan  # noqa: E402
from bench.real import report_sample  # noqa: E402
from bench.samples import table_sample  # noqa: E402
from bench.sides import CONTESTS, ONLY_TABLES, side  # noqa: E402

SIDES = [(kind, name) for kind, (ours, others) in CONTESTS.items() for name in (ours, *others)]


def texts_of(kind, data):
    if kind == "pdf":
        return "".join(read_pdf(data).stream.split())
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = package.read("word/document.xml")
    return html.unescape("".join(re.sub(r"<[^>]*>", "", data.decode()).split()))


def texts_in(sample):
    for part in sample.plain.parts:
        if hasattr(part, "rows"):
            yield from (box.text for row in part.rows for box in row)
        elif hasattr(part, "pieces"):
            yield part.text


@pytest.mark.parametrize(("kind", "name"), SIDES)
def test_every_side_sets_the_same_table(kind, name):
    assert missing(kind, name, table_sample(3, 1)) == []


@pytest.mark.parametrize(("kind", "name"), [each for each in SIDES if each[1] not in ONLY_TABLES])
def test_every_side_sets_the_same_report(kind, name):
    sample = report_sample()
    without_notes = replace(sample.document, notes={})
    assert missing(kind, name, replace(sample, document=without_notes)) == []


def missing(kind, name, sample):
    maker = side(name)
    found = texts_of(kind, maker.make(maker.prepare(sample)))
    texts = ["".join(text.split()) for text in texts_in(sample)]
    return [text for text in texts if text not in found]


def test_no_two_rounds_and_no_two_sizes_share_a_row():
    samples = [table_sample(rows, number) for rows in (25, 1_000) for number in range(2)]
    rows = [next(iter(sample.document.blocks[1].rows[1:])) for sample in samples]
    assert len(set(rows)) == len(rows)


def test_contenders_take_turns_after_a_round_for_nothing():
    ran = []
    contenders = [
        races.Contender(name, ran.append, lambda number, name=name: (name, number))
        for name in ("a", "b")
    ]
    assert races.race(contenders, 2).keys() == {"a", "b"}
    assert ran == [("a", -1), ("b", -1), ("a", 0), ("b", 0), ("b", 1), ("a", 1)]


def test_a_child_measures_its_import_its_file_and_its_memory():
    run = child.measure("our_html", 3)
    assert 0 < run.importing < run.seconds
    assert run.work >= 0
    assert 5e6 < run.peak < 1e9


def test_numbers_stand_to_the_right_and_targets_say_whether_they_are_met():
    section = tables.targets(
        [
            tables.Target("fast", "1.20×", met=True),
            tables.Target("small", "10.00×", met=False),
            tables.Target("linear", "", met=None),
        ]
    )
    assert str(section).splitlines()[3:] == [
        "fast       1.20×  met",
        "small     10.00×  NOT MET",
        "linear            not measured",
    ]


def test_writers_are_measured_and_shown(monkeypatch, capsys):
    monkeypatch.setattr(
        writers, "measure", lambda _name, rows: child.Run(0.1, rows + 1, rows, 10**6)
    )
    monkeypatch.setattr(writers, "AT", 2)
    monkeypatch.setattr(command, "QUICK", Plan({2: 1, 4: 1}, {2: 1, 4: 2}, 0, 1))
    assert command.main(["--quick", "--only", "writers", "--no-office"]) == 0
    shown = capsys.readouterr().out
    assert "Writers, warm" in shown
    assert "Writers, cold" in shown
    assert re.search(r"three, verified +4 ", shown)
    assert re.search(r"docx: writer ≤ 1.5 × its engine at 2 rows, cold +1.00×  met", shown)
    assert re.search(r"pdf: memory < 1 GB at 10,000 rows +not measured", shown)


def test_stages_of_the_real_report_are_measured():
    found = child.run_json("bench.stages", "1")
    assert found["cold"].keys() == found["warm"].keys()
    assert {"load", "derive", "compose", "write: pdf", "verify: read docx"} <= found["cold"].keys()
    (stages, _) = reports.sections(reports.Measured(found, dict.fromkeys(TIMED, 1.0)))
    assert re.search(r"    pdf +[\d.]+ m?s", str(stages))


OWN = (rivals.OURS, rivals.PLAIN, rivals.UNVERIFIED_OURS, rivals.START)
TIMED = (*OWN, *rivals.PANDOC)


def test_pandoc_and_typst_make_their_files_of_a_page(tmp_path):
    built = tmp_path / "build/2023/huaihua/submit"
    built.mkdir(parents=True)
    (built / "department.html").write_text("<h1>标题</h1><table><tr><td>甲</table>", "utf-8")
    commands = rivals.commands(tmp_path, None)
    assert tuple(commands) == TIMED
    for name in rivals.PANDOC:
        subprocess.run(commands[name], cwd=ROOT, check=True)
    assert zipfile.is_zipfile(tmp_path / "pandoc.docx")
    assert (tmp_path / "pandoc.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("office", "met"), [(2.0, True), (0.5, False), (None, None)])
def test_the_report_is_held_against_libreoffice(office, met):
    processes = dict.fromkeys(TIMED, 1.0)
    if office:
        processes[rivals.OFFICE] = office
    (target,) = reports.targets(reports.Measured({}, processes))
    assert target.met is met


def test_proof_is_measured_against_the_build():
    found = proof.Measured(
        {
            "a": {"build": 1.0, "verify": 0.5, "more": 0.6},
            "b": {"build": 2.0, "verify": 2.2, "more": 3.0},
        }
    )
    (section,) = proof.sections(found)
    assert [row[3:] for row in section.rows] == [("0.50×", "0.60×"), ("1.10×", "1.50×")]
    (target,) = proof.targets(found)
    assert (target.measured, target.met) == ("0.50× to 1.10×", False)


def test_proof_of_a_report_is_measured_in_a_process():
    taken = child.run_json("bench.proof", "yiyang", "2022", "special-fund")
    assert set(taken) == {"build", "verify", "more"}
    assert min(taken.values()) > 0


def test_the_preview_is_measured_from_a_save_to_the_page():
    taken = child.run_json("bench.preview", "1")
    assert list(taken) == [preview.FIRST, preview.CHECK, preview.TOLD, preview.SAVED]
    assert 0 < taken[preview.TOLD] < taken[preview.SAVED]


@pytest.mark.parametrize(("saved", "met"), [(0.2, True), (0.4, False)])
def test_the_preview_is_held_against_what_is_wanted(saved, met):
    found = preview.Measured({preview.CHECK: 0.1, preview.SAVED: saved})
    (section,) = preview.sections(found)
    assert [row[2] for row in section.rows] == ["1.00×", f"{saved / 0.1:.2f}×"]
    (target,) = preview.targets(found)
    assert target.met is met


def test_differences_are_timed_on_a_made_up_project(monkeypatch):
    monkeypatch.setattr(past, "SIZES", {"quick": (5, 1)})
    found = past.measured(replace(QUICK, office=False), lambda _text: None)
    counts = {name: counted for name, (_, *counted) in found.taken.items()}
    assert counts["no change"] == [0, 5]
    assert counts["one fact"] == [4, 1]
    assert counts["a formula of every report"] == [5, 0]
    assert "5 years of 1 units" in str(past.sections(found)[0])
    assert len(past.targets(found)) == 1
