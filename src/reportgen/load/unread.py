"""Finds files that look like facts or narrative but that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportgen.findings import Finding, finding
from reportgen.load.files import Files
from reportgen.model.pack import Pack, Section
from reportgen.model.source import Mark

_ALMOST = re.compile(r"\.ya?ml\b", re.IGNORECASE)


def unread(files: Files, *folders: str) -> tuple[Finding, ...]:
    """Return L126 for each file directly in `folders` with a name like `funds.yml`."""
    paths = (path for folder in folders for path in files.names(folder, ""))
    return tuple(
        finding("L126", Mark(path))
        for path in paths
        if _ALMOST.search(path) and not path.endswith(".yaml")
    )


def unused(files: Files, folder: str, pack: Pack) -> tuple[Finding, ...]:
    """Return L128 for each narrative of the report in `folder` that `pack` has no section for.

    Names that begin with `_` are for other narratives to include.
    """
    wanted = {"opening"} if pack.opening == "narrative" else set()
    wanted |= set(_narratives(pack.outline))
    paths = files.names(f"{folder}/narrative", ".md")
    names = ((path, path.rpartition("/")[2].removesuffix(".md")) for path in paths)
    return tuple(
        finding("L128", Mark(path))
        for path, name in names
        if name not in wanted and not name.startswith("_")
    )


def _narratives(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.text == "narrative":
            yield section.id
        yield from _narratives(section.sections)
