"""The commands about packs, and about the repository that holds them and the data.

new-pack, check-pack, schema; start, update-packs, git-setup, merge-driver.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import print_aside, print_findings, stop_for
from reportgen.cli.waiting import waiting
from reportgen.findings import Diagnostics, finding
from reportgen.findings.renderers import as_json, full
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId
from reportgen.project.saving import save_texts
from reportgen.project.source_files import SourceFiles, plain_text

_NEXT_STEP = {
    "zh": "接着：照 docs/packs.md 修改，用 reportgen check-pack {name} 检查",
    "en": "next: change it as docs/packs.md says, then reportgen check-pack {name}",
}
_FACTS_NEEDED = {"zh": "需要的事实：", "en": "facts it needs:"}
_STARTED = {
    "zh": "写好了 {folder}：{count} 个文件，模板包 {packs}，程序 {engine}",
    "en": "made {folder}: {count} files, packs {packs}, engine {engine}",
}
_AFTER_START = {
    "zh": "接着：cd {folder}，照 README.md 做；make setup 准备程序",
    "en": "next: cd {folder} and do as README.md says; make setup installs the program",
}
_NO_COMMIT = {
    "zh": "git 里还没有提交：先告诉 git 您是谁（git config --global user.name 姓名，"
    "user.email 邮箱），再在 {folder} 里运行 git add -A && git commit -m 开始",
    "en": "nothing is committed yet: tell git who you are (git config --global user.name NAME, "
    "user.email ADDRESS), then in {folder} run git add -A && git commit -m Begin",
}
_NO_GIT = {
    "zh": "本机没有 git：装好以后在 {folder} 里运行 git init && git add -A && git commit -m 开始",
    "en": "there is no git here: install it, then in {folder} run "
    "git init && git add -A && git commit -m Begin",
}
_BEGUN = {True: _AFTER_START, False: _NO_COMMIT, None: _NO_GIT}
"""What to do next, by whether there is a first commit; None where there is no git."""
_BOTH = {"zh": "--unit 和 --year 一起写", "en": "--unit and --year go together"}
_UPDATES = {
    "replaced": {"zh": "换新", "en": "replaced"},
    "kept": {"zh": "保留这里的修改", "en": "kept as changed here"},
    "clash": {"zh": "两边都改过", "en": "changed on both sides"},
}
_UP_TO_DATE = {"zh": "模板包已是最新", "en": "the packs are up to date"}
_NOTHING_SET = {"zh": "已经是这样", "en": "nothing to change"}
_SET_UP = {"zh": "已写：{changed}", "en": "written: {changed}"}
_CLASHED = 3
"""The exit code of a merge that leaves marks: git tells it from a program that did not run."""
_NOT_MERGED = 2
_YEAR_OF_PACK = re.compile(r"-\d{4}$")


def start_pack(name: str, form: Path | None, lang: Lang, root: Path) -> None:
    """Write a pack and print its files; exits with 1 and the findings where it cannot."""
    from reportgen.features.packs.inspection import new_pack  # noqa: PLC0415 - a merge needs none

    log = Diagnostics()
    written = new_pack(root, name, log, form)
    if log:
        print_findings(tuple(log), lang, OutputFormat.full, root, verbose=True, title=name)
    if not written:
        raise typer.Exit(1)
    print("\n".join(written))
    print_aside(_NEXT_STEP[lang.value].format(name=name))


def inspect_pack(name: str, lang: Lang, root: Path, output_format: OutputFormat) -> None:
    """Print what a pack lacks and does not use, and the facts it needs."""
    from reportgen.features.packs.inspection import check_pack  # noqa: PLC0415

    log = Diagnostics()
    with waiting(name):
        needs = check_pack(SourceFiles(root), name, log)
    findings = tuple(log)
    if output_format is OutputFormat.json:
        print(as_json(findings, lang.value))
    print_findings(findings, lang, output_format, root, verbose=True, title=name)
    if needs.facts and output_format is not OutputFormat.json:
        print(_FACTS_NEEDED[lang.value])
        for fact in needs.facts:
            print(f"  {fact}")
    if log.blocked:
        raise typer.Exit(1)


def print_schema(name: str) -> None:
    """Print the JSON Schema of a kind of file."""
    from reportgen.load.jsonschema import SCHEMAS, json_schema  # noqa: PLC0415

    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS), param_hint="name")
    print(json_schema(name))


# Repositories


def start_repository(
    folder: Path,
    packs: list[str],
    unit: str | None,
    year: int | None,
    engine: str,
    lang: Lang,
) -> None:
    """Make a repository to draft in, and say what to do next; exits with 1 where nothing is."""
    from reportgen.features.repository import engine as engines  # noqa: PLC0415
    from reportgen.features.repository import starting  # noqa: PLC0415

    if (unit is None) != (year is None):
        raise typer.BadParameter(_BOTH[lang.value], param_hint="--unit --year")
    log = Diagnostics()
    starting.is_free(folder, log)
    stop_for(tuple(log), lang, OutputFormat.full, folder)
    program = engines.engine(engine, log)
    stop_for(tuple(log), lang, OutputFormat.full, folder)
    assert program is not None
    wanted = starting.StartedRepository(tuple(dict.fromkeys(packs)), unit or "", year or 0)
    files = starting.first_files(wanted, program, log)
    stop_for(tuple(log), lang, OutputFormat.full, folder)
    if unit and year:
        files |= _first_data(files, wanted.packs, ReportId(unit, year, ""), lang)
    starting.write_repository(folder, files)
    committed = starting.begin_history(folder, "开始起草 Begin")
    about = {"folder": folder, "count": len(files), "engine": program.version}
    print(_STARTED[lang.value].format(packs="、".join(wanted.packs), **about))
    print_aside(_BEGUN[committed][lang.value].format(folder=folder))


def _first_data(
    files: dict[str, bytes], packs: Sequence[str], year: ReportId, lang: Lang
) -> dict[str, bytes]:
    """Return the data of a unit's first year, a report for each pack, to be filled in."""
    from reportgen.features.drafting.start import start_unit  # noqa: PLC0415
    from reportgen.features.packs.inspection import check_pack  # noqa: PLC0415
    from reportgen.features.repository.starting import united, write_repository  # noqa: PLC0415

    data: dict[str, bytes] = {}
    for pack in packs:
        report = replace(year, report=_report_name(pack, packs))
        with TemporaryDirectory(prefix="reportgen-") as name:
            root, log = Path(name).resolve(), Diagnostics()
            write_repository(root, files)
            source = SourceFiles(root)
            needs = check_pack(source, pack, Diagnostics())
            written = start_unit(source, report, pack, needs, log)
            stop_for(tuple(log), lang, OutputFormat.full, root)
            data = united(data, {path: (root / path).read_bytes() for path in written})
    return data


def _report_name(pack: str, packs: Sequence[str]) -> str:
    """Return what a report of a pack is called: as the pack, without its year where that tells."""
    names = [_YEAR_OF_PACK.sub("", each.rpartition("/")[2]) for each in packs]
    name = names[packs.index(pack)]
    return name if names.count(name) == 1 else pack.replace("/", "-")


def bring_up_packs(
    root: Path, engine: str, take: list[str], keep: list[str], dry_run: bool, lang: Lang
) -> None:
    """Bring the packs of a repository up to an engine; exits with 1 where a file clashes."""
    from reportgen.features.repository import updates  # noqa: PLC0415
    from reportgen.features.repository.engine import engine as find_engine  # noqa: PLC0415

    log = Diagnostics()
    program = find_engine(engine, log)
    stop_for(tuple(log), lang, OutputFormat.full, root)
    assert program is not None
    settled = updates.PackSettlement(take or (), keep or ())
    found = updates.update_packs(root, program, settled, log, dry=dry_run)
    for update in found:
        print(f"{_UPDATES[update.kind][lang.value]}  {update.path}")
        print(indent("".join(f"{line}\n" for line in update.diff), "  ", bool), end="")
    if not found and not log:
        print_aside(_UP_TO_DATE[lang.value])
    stop_for(tuple(log), lang, OutputFormat.full, root)


def set_up_merging(root: Path, undo: bool, lang: Lang) -> None:
    """Let git merge data files by key and row in this repository, or undo that."""
    from reportgen.features.repository.starting import set_up_git  # noqa: PLC0415

    log = Diagnostics()
    changed = set_up_git(root, log, undo=undo)
    stop_for(tuple(log), lang, OutputFormat.full, root)
    if changed:
        print(_SET_UP[lang.value].format(changed="、".join(changed)))
    else:
        print_aside(_NOTHING_SET[lang.value])


def merge_file(base: Path, ours: Path, theirs: Path, path: str, lang: Lang) -> None:
    """Write into `ours` what both sides made of a file; exits with 2 where git is to do that."""
    from reportgen.features.repository.merging import merge  # noqa: PLC0415

    merged = merge(*(plain_text(each.read_bytes()) for each in (base, ours, theirs)))
    if merged is None:
        raise typer.Exit(_NOT_MERGED)
    save_texts(ours.parent, {ours.name: merged.text})
    if not merged.clashes:
        return
    log = Diagnostics()
    for clash in merged.clashes:
        both = f"{clash.ours} / {clash.theirs}"
        log.add(finding("G131", SourceSpan(path), key=clash.key, both=both))
    print_aside(full(tuple(log), lang.value, lambda _: None))
    raise typer.Exit(_CLASHED)
