"""Reads one or several YAML files into one value of the schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from reportgen.findings import Finding, Place, finding
from reportgen.load.files import Files
from reportgen.load.nodes import Entry, Mapping
from reportgen.load.validate import validate
from reportgen.load.yaml import read_yaml
from reportgen.model.source import Mark

Model = TypeVar("Model", bound=BaseModel)


def read_model(
    files: Files, paths: Sequence[str], schema: type[Model]
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return the top-level keys of all `paths` together as `schema`, or None with findings.

    A key that stands in two of the files is a finding (L110) with both places.
    """
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    broken = False
    for path in paths:
        text, found = files.text(path)
        findings.extend(found)
        node, found = read_yaml(path, text) if text is not None else (None, ())
        findings.extend(found)
        if not isinstance(node, Mapping):
            broken = True
            if node is not None:
                findings.append(finding("S203", node.mark, title=path))
            continue
        for entry in node.entries:
            if entry.key in entries:
                first = Place(entries[entry.key].mark, "first")
                findings.append(finding("L110", entry.mark, first, key=entry.key))
                broken = True
            else:
                entries[entry.key] = entry
    place = Mark(paths[0]) if paths else Mark("-")
    value, found = validate(schema, Mapping(tuple(entries.values()), place))
    findings.extend(f for f in found if not (broken and f.code == "S201"))
    return (None if broken else value), tuple(findings)
