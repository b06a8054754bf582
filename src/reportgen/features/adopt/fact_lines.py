"""Lines of YAML for adopted facts: new groups, tables and rows, as drafters write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.features.adopt.schema_keys import annotation_at, is_list, is_table
from reportgen.load.groups import GroupField, bare, fields_of, inside, is_model, leaf_type
from reportgen.load.schema import BudgetLine
from reportgen.load.unconfirmed import CONFIRM, FILL, PLACEHOLDER
from reportgen.model.frozen import frozen

UNSTATED = f"{CONFIRM} 文件里没有"
"""What is said behind a blank that nobody requires: there is nothing, as far as the file tells."""
_LONGEST_ROW = 96


@frozen
class NewLeaf:
    """A value as YAML and what is said behind it."""

    yaml: str
    comment: str


Tree = dict[str, Any]
"""Values by key, in groups as they stand in a file; rows by id, items by number."""


def completed(tree: Tree, model: object) -> Tree:
    """Return a new group or row in the order of its model, with blanks for what it has to have."""
    inner = bare(model)
    if not is_model(inner):
        return tree
    completed: Tree = {}
    for name, stated in fields_of(inner).items():
        if name in tree:
            completed[name] = tree[name]
        elif stated.required:
            completed[name] = _blank(stated)
    return completed


def _blank(stated: GroupField) -> object:
    """Return what stands for a field that has to be there and that the document does not give."""
    if is_model(bare(stated.annotation)):
        return {"outturn": NewLeaf("", f"   # {UNSTATED}")}
    if is_amount(stated):
        return NewLeaf("", f"   # {UNSTATED}")
    return NewLeaf(PLACEHOLDER, f"   # {FILL}")


def is_amount(stated: GroupField) -> bool:
    """Return whether a field of the schema holds an amount, which may be blank."""
    leaf = leaf_type(stated.annotation)
    return leaf is not None and "description" in leaf.schema


def new_lines(tree: Tree, prefix: tuple[str, ...], model: type, margin: str) -> Iterator[str]:
    """Yield the lines of new keys."""
    for key, value in tree.items():
        at = (*prefix, key)
        if isinstance(value, NewLeaf):
            yield f"{margin}{key}: {value.yaml}".rstrip() + value.comment
        elif is_table(model, at):
            yield f"{margin}{key}:"
            for row, cells in value.items():
                yield from _row_lines(row, cells, annotation_at(model, at), margin)
        elif is_list(model, at):
            yield f"{margin}{key}:"
            for item in value.values():
                yield f"{margin}  - {item.yaml}{item.comment}"
        else:
            yield from _group_lines(key, value, at, model, margin)


def _group_lines(
    key: str, tree: Tree, at: tuple[str, ...], model: type, margin: str
) -> Iterator[str]:
    annotation = annotation_at(model, at)
    group = completed(tree, annotation)
    if bare(annotation) is BudgetLine:
        yield f"{margin}{key}: {in_braces(group)}{comment_of(group)}"
        return
    yield f"{margin}{key}:"
    yield from new_lines(group, at, model, f"{margin}  ")


def _row_lines(row: str, cells: Tree, table: object, margin: str) -> Iterator[str]:
    """Yield a new row: on one line, or on lines of their own where that is long."""
    whole = whole_row(row, cells, table)
    flow = f"{margin}  - {in_braces(whole)}"
    if len(flow) <= _LONGEST_ROW:
        yield f"{flow}{comment_of(whole)}"
        return
    first = f"{margin}  - "
    for key, cell in whole.items():
        yield f"{first}{key}: {cell.yaml}".rstrip() + cell.comment
        first = f"{margin}    "


def whole_row(row: str, cells: Tree, table: object) -> Tree:
    """Return a new row with its id and blanks for what it has to have; an item has none."""
    inner = inside(table, 0) if table is not None else None
    own = cells if row.isdigit() else {"id": NewLeaf(row, ""), **cells}
    return completed(own, inner)


def in_braces(tree: Tree) -> str:
    """Return a group or a row on one line, in braces."""
    pairs: list[str] = []
    for key, value in tree.items():
        text = value.yaml if isinstance(value, NewLeaf) else in_braces(value)
        pairs.append(f"{key}: {text}")
    return f"{{{', '.join(pairs)}}}"


def comment_of(tree: Tree) -> str:
    """Return the comment of a group or row on one line: that of its first value from the file."""
    said = [leaf.comment for leaf in _leaves(tree)]
    stated = [comment for comment in said if CONFIRM in comment and UNSTATED not in comment]
    first = (stated or [comment for comment in said if UNSTATED in comment])[:1]
    left = [FILL] if any(FILL in comment for comment in said) else []
    return "；".join([*first, *left]) if first else f"   # {FILL}"


def _leaves(tree: Tree) -> Iterator[NewLeaf]:
    for value in tree.values():
        if isinstance(value, NewLeaf):
            yield value
        else:
            yield from _leaves(value)
