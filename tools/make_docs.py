"""Write what is generated: the table of codes, pages of docs/, schemas.

With --check only say which are stale.

Exits 1 when a page is stale under --check, 0 otherwise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from code_table import code_table, current_codes_page, example_table
from reference import facts_page, limits_page, metrics_page

from reportgen.load.jsonschema import SCHEMAS, json_schema, schema_path

ROOT = Path(__file__).resolve().parent.parent

PAGES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("src/reportgen/findings/code_table.py", code_table),
    ("src/reportgen/findings/example_table.py", example_table),
    ("docs/codes.md", current_codes_page),
    ("docs/facts.md", facts_page),
    ("docs/limits.md", limits_page),
    ("docs/metrics.md", metrics_page),
    *((schema_path(name), partial(json_schema, name)) for name in SCHEMAS),
)
"""Each generated page by its path under the root, and what returns its text."""


def stale(root: Path) -> list[str]:
    """Return the pages under `root` that are missing or differ from what is generated."""
    return [path for path, text in PAGES if _read(root / path) != text().encode()]


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the pages and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args(arguments)
    old = stale(options.root)
    for path, text in PAGES:
        if path in old and not options.check:
            (options.root / path).parent.mkdir(parents=True, exist_ok=True)
            (options.root / path).write_bytes(text().encode())
    for path in old:
        print(f"{path}: {'stale, run tools/make_docs.py' if options.check else 'written'}")
    return 1 if old and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
