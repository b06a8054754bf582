"""What every group of keys in a data file is: a strict model with the forms' labels as titles."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A group of keys.

    `table` says that its fields are the rows of a table; `hoisted` gives fields whose content
    stands under another key, and `unlisted` those that hold no facts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    table: ClassVar[bool] = False
    hoisted: ClassVar[dict[str, str]] = {}
    unlisted: ClassVar[frozenset[str]] = frozenset()


def blank_field(title: str, description: str = "") -> Any:  # noqa: ANN401 - a pydantic marker
    """Return the default of an optional field with its label."""
    return Field(default=None, title=title, description=description or None)
