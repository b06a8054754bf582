"""The formats that a report is written in: their names alone, so that to ask costs no engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reportgen.model.document import Audience

FORMATS = ("docx", "html", "pdf")
"""The formats that one may ask for, in the order in which they are listed."""

COMPANIONS: Mapping[str, str] = {"html": "fragment.html"}
"""What is written for the public beside a format that is asked for."""


def formats_to_write(formats: Collection[str], audience: Audience) -> tuple[str, ...]:
    """Return `formats` with what is written beside them for `audience`."""
    if audience != "public":
        return tuple(formats)
    companions = [beside for name, beside in COMPANIONS.items() if name in formats]
    return (*formats, *companions)
