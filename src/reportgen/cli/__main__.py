"""Runs the command: `python -m reportgen.cli`."""

from __future__ import annotations

from reportgen.cli import run

run()
