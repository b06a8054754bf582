"""Tells what is wrong with the pages of all reports: `python -m pagecheck [OPTION of build …]`.

`--audience NAME` (more than once) looks at these alone; every other option chooses reports as
`reportgen build` does. `--list` prints the lines that tests/pages/faults.txt holds.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pagecheck.making import Found, lacking, look
from pagecheck.projects import AUDIENCES, ROOT, make

MEDIA = ("word", "pdf", "print", "390", "1280")


def table(found: Sequence[Found]) -> str:
    """Return how many faults of each kind each report has, by medium, for whom it has most."""
    by_audience = Counter(
        (each.report, each.fault.kind, each.medium, each.audience) for each in found
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for (report, kind, medium, _), count in by_audience.items():
        counts[report, kind, medium] = max(count, counts[report, kind, medium])
    rows = [f"{'':94}" + "".join(f"{medium:>7}" for medium in MEDIA)]
    for report, kind in sorted({key[:2] for key in counts}):
        numbers = "".join(f"{counts[report, kind, medium] or '·':>7}" for medium in MEDIA)
        rows.append(f"{report:72}{kind:22}{numbers}")
    totals: Counter[str] = Counter()
    for (_, _, medium), count in counts.items():
        totals[medium] += count
    rows.append(f"{'all':94}" + "".join(f"{totals[medium]:>7}" for medium in MEDIA))
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong; return 1 if anything is, 2 if a program is missing."""
    parser = argparse.ArgumentParser(prog="pagecheck", description="Look at the finished pages.")
    parser.add_argument("--audience", action="append", choices=AUDIENCES)
    parser.add_argument("--root", type=Path, default=ROOT, help="default: this repository")
    parser.add_argument("--list", action="store_true", help="only the lines of the list of faults")
    options, chosen = parser.parse_known_args(arguments)
    if missing := lacking():
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        return 2
    with TemporaryDirectory() as place:
        out, folder = Path(place, "build"), Path(place, "pages")
        folder.mkdir()
        made = make(options.root.resolve(), out, chosen, options.audience or AUDIENCES)
        found = list(look(made, folder))
    if options.list:
        print("\n".join(sorted({each.line for each in found})))
        return bool(found)
    for each in found:
        fault = each.fault
        where = f"page {fault.page}" if fault.page else "window"
        said = f"{each.report} {each.audience} {each.medium} {where}: {fault.kind}: {fault.text}"
        print(said, f"({fault.measure})" if fault.measure else "")
    print(table(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
