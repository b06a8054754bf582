"""Takes the keys of figures out of a document, which a public one must not carry."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from reportgen.model.document import Value
from reportgen.model.source import Mark

_Part = TypeVar("_Part")


def without_keys(part: _Part) -> _Part:
    """Return a document, or any part of one, with figures that say nothing but their text."""
    result: Any = part
    match part:
        case Value():
            result = replace(part, key="")
        case tuple():
            result = tuple(without_keys(each) for each in part)
        case Mark():
            pass
        case _ if is_dataclass(part) and not isinstance(part, type):
            parts = {each.name: getattr(part, each.name) for each in fields(part)}
            result = replace(part, **{name: without_keys(each) for name, each in parts.items()})
        case _:
            pass
    return result  # type: ignore[no-any-return]
