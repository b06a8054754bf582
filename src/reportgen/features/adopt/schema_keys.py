"""Where the keys of facts stand in the schema: of the unit, of a year, of a report."""

from __future__ import annotations

from typing import get_origin

from reportgen.load.groups import LeafType, bare, inside, is_model, leaf_type
from reportgen.load.schema import ReportFile, ReportingUnit, Year

PRIOR = "prior."


def schema_of(key: str) -> tuple[object, list[str]]:
    """Return the model that holds a key, and the parts of the key in it."""
    parts = key.removeprefix(PRIOR).split(".")
    if parts[0] == "unit":
        return ReportingUnit, parts[1:]
    if parts[0] == "report":
        return ReportFile, parts[1:]
    return (ReportFile if parts[0] == "ratings" else Year), parts


def annotation_at(model: type, prefix: tuple[str, ...]) -> object:
    """Return the type of what stands at some keys of a model."""
    annotation: object = model
    for part in prefix:
        annotation = inside(annotation, part)
    return annotation


def is_table(model: type, prefix: tuple[str, ...]) -> bool:
    """Return whether rows with ids stand at some keys."""
    if prefix[:1] == ("tables",):
        return len(prefix) == 2
    annotation = bare(annotation_at(model, prefix))
    return get_origin(annotation) is list and is_model(bare(inside(annotation, 0)))


def is_list(model: type, prefix: tuple[str, ...]) -> bool:
    """Return whether plain items stand at some keys."""
    if prefix[:1] == ("facts",):
        return len(prefix) == 2
    annotation = bare(annotation_at(model, prefix))
    return get_origin(annotation) is list and not is_model(bare(inside(annotation, 0)))


def leaf_of(key: str) -> LeafType | None:
    """Return the type of a field of the schema, None for a fact of the pack's own."""
    annotation, parts = schema_of(key)
    for part in parts:
        annotation = inside(annotation, part)
    return leaf_type(annotation) if annotation is not None else None
