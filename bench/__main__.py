"""`python -m bench [--quick] [--only PART] [--no-office]`."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import pypandoc

from bench import (
    adopt,
    adopted_facts,
    audits,
    batch,
    claims,
    command,
    diff,
    growth,
    imports,
    mutations,
    numbers,
    overview,
    planted,
    preview,
    proof,
    rivals,
    site,
    six,
    spellings,
    stages,
    tables,
    waits,
    word_forms,
    writers,
)
from bench.plan import FULL, QUICK, Plan
from bench.real import ReportError
from bench.tables import Target

PARTS = {
    "command": command,
    "writers": writers,
    "stages": stages,
    "six": six,
    "proof": proof,
    "preview": preview,
    "waits": waits,
    "numbers": numbers,
    "claims": claims,
    "spellings": spellings,
    "diff": diff,
    "growth": growth,
    "imports": imports,
    "mutations": mutations,
    "adopt": adopt,
    "adopted_facts": adopted_facts,
    "planted": planted,
    "audits": audits,
    "overview": overview,
    "word_forms": word_forms,
    "site": site,
    "batch": batch,
}
PACKAGES = ("docxtpl", "python-docx", "jinja2", "typst")


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; nothing that is measured makes the run fail."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, as ratios.")
    parser.add_argument("--quick", action="store_true", help="few rounds, no 10,000 rows")
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--no-office", action="store_true", help="leave LibreOffice out")
    given = parser.parse_args(words)
    plan = QUICK if given.quick else FULL
    plan = replace(plan, office=plan.office and not given.no_office)
    print(about(plan))
    run(plan, (given.only,) if given.only else tuple(PARTS))
    return 0


def run(plan: Plan, parts: Sequence[str]) -> None:
    """Measure `parts` and print their tables, and at the end what was wanted."""
    wanted: list[Target] = []
    for name in parts:
        part = PARTS[name]
        try:
            found = part.measured(plan, say)
        except (ReportError, subprocess.SubprocessError) as error:
            print(f"{name}: not measured. {error} {getattr(error, 'stderr', '')}\n")
            continue
        for section in part.sections(found):
            print(section)
        wanted += part.targets(found)
    if wanted:
        print(tables.targets(wanted))
    print(f"At the end: {load()}")


def about(plan: Plan) -> str:
    """Return on what this is measured, with which engines."""
    engines = [f"{name} {version(name)}" for name in PACKAGES]
    engines.append(f"pandoc {pypandoc.get_pandoc_version()}")
    if plan.office and (program := rivals.office()):
        engines.append(rivals.version([program, "--version"]))
    machine = f"Python {platform.python_version()}, {os.cpu_count()} CPUs"
    return f"{machine}, {load()}; {', '.join(engines)}\n"


def load() -> str:
    """Return how busy the machine is; beyond 1 a processor, times are those of a queue."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"


def say(text: str) -> None:
    """Tell who waits what is being measured."""
    print(f"… {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
