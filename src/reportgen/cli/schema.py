"""The command that prints the schemas of files: schema."""

from __future__ import annotations

import typer

from reportgen.load.jsonschema import SCHEMAS, json_schema


def print_schema(name: str) -> None:
    """Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS), param_hint="name")
    print(json_schema(name))
