"""The bench works: its parts, each on little; `python -m bench` itself takes minutes."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.features.overview.collecting import ExpectedReports, Wanted, collected
from reportgen.findings import Diagnostics
from reportgen.verify.pdf import read_pdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from bench import __main__ as bench_command  # noqa: E402
from bench import (  # noqa: E402
    audits,
    batch,
    batch_run,
    child,
    claims,
    command,
    diff,
    growth,
    overview,
    planted,
    preview,
    proof,
    races,
    rivals,
    site,
    spellings,
    stages,
    tables,
    waits,
    word_forms,
    writers,
)
from bench.plan import QUICK, Plan  # noqa: E402
from bench.province import YEARS, unit_of, write_province  # noqa: E402
from bench.real import ReportError, report_sample  # noqa: E402
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
        races.Work(name, ran.append, lambda number, name=name: (name, number))
        for name in ("a", "b")
    ]
    taken = races.race(contenders, 2)
    assert {name: len(rounds) for name, rounds in taken.items()} == {"a": 2, "b": 2}
    assert ran == [("a", -1), ("b", -1), ("a", 0), ("b", 0), ("b", 1), ("a", 1)]


def test_who_has_been_warmed_up_is_not_warmed_up_again():
    ran = []
    races.race([races.Work("a", ran.append)], 2, warmed=True)
    assert ran == [0, 1]


def test_the_least_of_rounds_is_that_of_either_kind_of_seconds():
    rounds = [races.Taken(3, 1), races.Taken(1, 2), races.Taken(2, 4)]
    assert races.least(rounds) == (1, 1)
    assert races.median_wall(rounds) == 2


def test_waits_are_held_to_their_rivals_and_skipped_where_there_is_none():
    taken = {name: [races.Taken(4, 2)] for name in waits.LIMITS}
    taken[waits.WITHOUT_MASK] = [races.Taken(1, 1)]
    found = waits.Measured(taken)
    met = {each.wanted: (each.measured, each.met) for each in waits.targets(found)}
    assert met["CPU: public with a mask ≤ 3 × public"] == ("2.00×", True)
    assert met["CPU: explain ≤ 0.5 × explain, ab51ff5"] == ("skipped", None)
    assert "skipped" in str(*waits.sections(found))


def test_what_should_fail_is_measured_when_it_does():
    assert replace(python("raise SystemExit(1)"), fails=True).measure(0).wall > 0


def python(code, output=None):
    command_line = (sys.executable, "-c", code)
    return races.Processes("python", (command_line,), ROOT, {}, output)


def test_processors_are_counted_in_processes_and_in_those_that_they_start():
    busy = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    started = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    for code in (busy, started):
        taken = python(code).measure(0)
        assert taken.cpu > 0.15
        assert taken.wall > 0.15


def test_a_process_that_fails_or_makes_nothing_is_not_measured(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        python("raise SystemExit(1)").measure(0)
    file = tmp_path / "made.pdf"
    file.write_bytes(b"of an earlier round")
    with pytest.raises(subprocess.SubprocessError, match=r"no made\.pdf"):
        python("pass", file).measure(0)
    assert python(f"open({str(file)!r}, 'w')", file).measure(0).wall > 0


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
    monkeypatch.setattr(bench_command, "QUICK", Plan({2: 1, 4: 1}, {2: 1, 4: 2}, 0, 1, 1))
    assert bench_command.main(["--quick", "--only", "writers", "--no-office"]) == 0
    shown = capsys.readouterr().out
    assert "Writers, warm" in shown
    assert "Writers, cold" in shown
    assert re.search(r"three, verified +4 ", shown)
    assert re.search(r"docx: writer ≤ 1.5 × its engine at 2 rows, cold +1.00×  met", shown)
    assert re.search(r"pdf: memory < 1 GB at 10,000 rows +not measured", shown)


def test_stages_of_the_real_report_are_measured():
    found = child.run_json("bench.stages", "1")
    assert found["cold"].keys() == found["warm"].keys()
    assert found["cold"].keys() >= {*stages.STAGES, "write: pdf", "verify: read docx"}
    (section,) = stages.sections(stages.Measured(found))
    assert re.search(r"    pdf +[\d.]+ m?s", str(section))
    # They account for most of the build, and none is counted twice.
    cold = found["cold"]
    assert 0.7 * cold["build"] < sum(cold[stage] for stage in stages.STAGES) <= cold["build"]


def test_what_a_stage_calls_of_another_stage_counts_as_its_own():
    clock = stages.Clock()
    inner = clock.watch_stage("inner", lambda: None)
    clock.watch_stage("outer", inner)()
    assert list(clock.taken) == ["outer"]
    inner()
    assert list(clock.taken) == ["outer", "inner"]


def test_pandoc_and_typst_make_their_files_of_a_page(tmp_path):
    page = tmp_path / "department.html"
    page.write_text("<h1>标题</h1><table><tr><td>甲</table>", "utf-8")
    assert rivals.pandoc_conversion("pandoc", page, tmp_path).measure(0).wall > 0
    assert zipfile.is_zipfile(tmp_path / "pandoc.docx")
    assert (tmp_path / "pandoc.pdf").read_bytes().startswith(b"%PDF")


def test_the_old_program_is_there_where_its_commit_is(monkeypatch, tmp_path):
    monkeypatch.setattr(rivals, "OLD_COMMIT", "0" * 40)
    assert rivals.old_program(tmp_path) is None
    if (ROOT / ".git").exists():
        monkeypatch.setattr(rivals, "OLD_COMMIT", "HEAD")
        program = rivals.old_program(tmp_path)
        assert program is not None
        assert program.root != ROOT
        assert (program.root / "src" / "reportgen" / "cli" / "__init__.py").is_file()
        assert program.run("version", "--version").measure(0).cpu > 0


NAMES = {name for ratio in command.RATIOS for name in (ratio.ours, ratio.rival)}


@pytest.mark.parametrize(
    ("name", "seconds", "verdict"),
    [(command.OFFICE, 2.0, True), (command.OFFICE, 0.4, False), (command.OLD_CHECK, None, None)],
)
def test_the_command_is_held_against_its_rivals(name, seconds, verdict):
    taken = {other: [races.Taken(1.0, 0.5), races.Taken(1.2, 0.4)] for other in NAMES}
    skipped = {}
    if seconds is None:
        del taken[name]
        skipped[name] = "not here"
    else:
        taken[name] = [races.Taken(seconds, seconds)]
    found = command.Measured(taken, skipped)
    (wanted,) = [target for target in command.targets(found) if target.wanted.endswith(name)]
    assert wanted.met is verdict
    (section,) = command.sections(found)
    assert section.title == "The command"
    (row,) = [row for row in section.rows if row[3] == name]
    if seconds is None:
        assert row[6] == "skipped"
        assert f"Skipped: {name} (not here)." in section.notes
    else:
        assert row[1:] == (
            *("1.00 s ", "400.0 ms", name),
            *(tables.duration(seconds), tables.duration(seconds)),
            *(f"{1 / seconds:.2f}×", f"{0.4 / seconds:.2f}×", "≤ 0.8"),
        )


def test_noise_is_known_of_what_was_measured_more_than_once():
    once = {"a": [races.Taken(1.0, 1.0)]}
    assert "Noise: unknown" in str(command.sections(command.Measured(once, {}))[0])
    twice = {**once, "b": [races.Taken(1.0, 1.0), races.Taken(2.0, 1.0)]}
    assert "at worst 1.50×" in str(command.sections(command.Measured(twice, {}))[0])


def test_a_rival_that_does_not_run_is_skipped_and_the_others_race(monkeypatch):
    starts = [python("pass"), races.Processes("broken", (("/no/such/program",),), ROOT, {})]
    monkeypatch.setattr(command, "_starts", lambda: starts)
    monkeypatch.setattr(command, "_checks", lambda *_: [])
    monkeypatch.setattr(command, "_builds", lambda *_: [])
    found = command.measured(QUICK, lambda _text: None)
    assert {name: len(rounds) for name, rounds in found.taken.items()} == {"python": QUICK.starts}
    assert list(found.skipped) == ["broken"]


def test_builds_are_raced_without_libreoffice_where_it_is_not_wanted(monkeypatch, tmp_path):
    monkeypatch.setattr(races.Processes, "measure", lambda *_: races.Taken(1.0, 1.0))
    skipped = {}
    builds = command._builds(tmp_path, replace(QUICK, office=False), skipped)
    assert {build.name for build in builds} <= NAMES
    assert skipped == {command.OFFICE: "not wanted"}
    forced = {build.name for build in builds if "--force" in build.commands[0]}
    assert forced == {command.BUILD, command.PUBLIC}


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
    names = [preview.FIRST, preview.CHECK, preview.NEWS, preview.SHOWN, preview.TOLD]
    assert list(taken) == names
    assert 0 < taken[preview.NEWS] < taken[preview.SHOWN]
    assert taken[preview.TOLD] > 0


@pytest.mark.parametrize(("saved", "met"), [(0.2, True), (0.4, False)])
def test_the_preview_is_held_against_what_is_wanted(saved, met):
    found = preview.Measured({preview.CHECK: 0.1, preview.SHOWN: saved, preview.TOLD: 0.1})
    (section,) = preview.sections(found)
    assert [row[2] for row in section.rows] == ["1.00×", f"{saved / 0.1:.2f}×", "1.00×"]
    assert [target.met for target in preview.targets(found)] == [met, True]


def test_differences_are_timed_on_a_made_up_project(monkeypatch):
    monkeypatch.setattr(diff, "SIZES", {"quick": (5, 1)})
    found = diff.measured(replace(QUICK, office=False), lambda _text: None)
    counts = {name: counted for name, (_, *counted) in found.taken.items()}
    assert counts["no change"] == [0, 5]
    assert counts["one fact"] == [4, 1]
    assert counts["a formula of every report"] == [5, 0]
    assert "5 years of 1 units" in str(diff.sections(found)[0])
    assert len(diff.targets(found)) == 1


def test_spellings_of_each_subject_are_counted_by_class():
    found = spellings.measured(QUICK, lambda _: None)
    for caught in found.subjects.values():
        assert caught.tried.total() == caught.caught.total() + len(caught.missed) > 0
    assert len(spellings.sections(found)) == len(spellings.targets(found)) == len(found.subjects)


def test_growth_feeds_patterns_with_what_they_repeat():
    assert ("a", "bc") in growth.foods("a(bc)*d", 0)
    assert ("", "1") in growth.foods("[0-9]+", 0)
    assert growth.sample(growth._parser.parse("(?:百分|千分)之[0-9]{2}")) == "百分之00"


@pytest.mark.parametrize(
    ("pattern", "is_slow"),
    [("(a|aa)+[bc]", True), ("a+[bc]", True), ("a{1,9}[bc]", False), ("a++", False)],
)
def test_growth_stops_what_never_ends_and_tells_what_is_slow(monkeypatch, pattern, is_slow):
    monkeypatch.setattr(growth, "STOPPED", 1.5)
    monkeypatch.setattr(growth, "FED", 12_000)
    fed = growth.Fed("reportgen.x", pattern, 0, frozenset({"search"}))
    assert bool(list(growth._slow([fed]))) == is_slow


def test_a_word_form_is_filled_by_both():
    plan = replace(QUICK, warm={2: 1})
    found = word_forms.measured(plan, lambda _: None)
    (section,) = word_forms.sections(found)
    (wanted,) = word_forms.targets(found)
    assert "docxtpl" in str(section)
    assert "2 rows" in wanted.wanted


def test_claims_are_measured_by_kind():
    found = claims.Measured({"held_out": claims.scored("held_out")})
    kinds, parts = claims.sections(found)
    assert [row[0] for row in kinds.rows] == [*claims.KINDS, "all"]
    assert [row[0] for row in parts.rows] == list(claims.PARTS)
    assert all(each.measured.endswith("%") for each in claims.targets(found))


def test_a_site_is_made_left_and_added_to(monkeypatch):
    monkeypatch.setitem(site.REPORTS, "quick", 20)
    found = site.measured(QUICK, lambda _text: None)
    assert {name: list(runs) for name, runs in found.runs.items()} == {
        2: ["first", "unchanged", "one more"],
        20: ["first", "unchanged", "one more"],
    }
    runs = found.runs[20]
    assert runs["unchanged"].written == 0
    assert 0 < runs["one more"].written < runs["first"].written / 5
    assert len(site.targets(found)) == 3
    assert [each.reports for each in found.asked.values()] in ([], [21, 21, 21, 21, 21, 0])
    assert site.sections(found)


def test_what_is_planted_is_counted_by_kind_and_format():
    found = planted.Measured({"share": {"docx": Counter({True: 3, False: 1})}}, {}, ["untold"])
    kinds, slips = planted.sections(found)
    assert (kinds.rows, slips.notes) == ([("share", "3/4", "", "")], ["untold"])
    assert [each.met for each in planted.targets(found)] == [False, False]


def test_times_of_processes_say_nothing_on_a_busy_machine():
    found = audits.Measured({"docx": 0.2}, 16, (10.0, 9.0), (5.0, 5.1), (100, 101), busy=True)
    long, over, memory, *_ = (each.met for each in audits.targets(found))
    assert (long, over, memory) == (True, None, True)
    assert len(audits.sections(found)) == 3


def test_builds_that_nobody_made_are_as_a_build_leaves_them(tmp_path, monkeypatch):
    write_province(tmp_path, 7)  # the seventh is of the pack of the first
    monkeypatch.setattr(overview, "unit_of", lambda number: unit_of(6 * number))
    monkeypatch.setattr(overview, "YEARS", YEARS[-1:])
    reports = overview.write_builds(tmp_path, 2)
    expected = [ExpectedReports(tmp_path, frozenset(reports))]
    log = Diagnostics()
    rows = collected([tmp_path / "build"], expected, Wanted(), log)
    assert [(row.stage, row.changed) for row in rows] == [("draft", False)] * 2
    assert rows[0].figures != rows[1].figures
    assert list(log) == []


def test_reports_are_built_by_one_worker_and_their_copies_skipped(tmp_path):
    project, out = tmp_path / "project", tmp_path / "build"
    write_province(project, units=1)
    tasks = batch_run.tasks_of("processes", project, out, tmp_path / "cache")
    run = batch_run.run("processes", 1, tasks, warm=1, timed=1)
    assert (run.reports, len(run.memory)) == (1, 3)
    assert run.cpu > 0
    found = batch._skipped(project, out, 12)
    assert found.reports == 12
    project_file = project / "data/copy00002/2022/facts.yaml"
    project_file.write_text(project_file.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ReportError):
        batch._skipped(project, out, 12)


def test_many_reports_are_held_against_a_linear_rate():
    def run(wall, cpu):
        return batch_run.Run(10, wall, cpu, [100] * 500, 0.004, 0.01, 1_000_000)

    runs = {("processes", 1): run(10, 10), ("processes", 2): run(5.5, 11)}
    runs |= {("dask", 1): run(10, 10), ("dask", 2): run(7, 12)}
    found = batch.Measured(batch.SIZES["full"], runs, batch.Skipped(3_000, 20, 18))
    assert found.efficiency("processes") == pytest.approx((0.909, 0.909), abs=0.001)
    met = {each.wanted: each.met for each in batch.targets(found)}
    assert list(met.values()) == [True, False, True, True]
    shown = "\n".join(map(str, batch.sections(found)))
    assert "2 Dask workers" in shown
    assert "30,000 reports" in shown
