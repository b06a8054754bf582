"""Puts into a wheel what `reportgen start` copies: templates/, the pins of what drafters need."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithTemplates(build_py):
    """Builds the package and, beside its code, what ships with it."""

    def run(self) -> None:
        """Build, and copy what ships; an installation that one edits has it in its place."""
        super().run()
        if self.editable_mode:
            return
        shipped = Path(self.build_lib, "reportgen", "shipped")
        shipped.mkdir(parents=True, exist_ok=True)
        hidden = shutil.ignore_patterns(".*")
        shutil.copytree(
            ROOT / "templates", shipped / "templates", ignore=hidden, dirs_exist_ok=True
        )
        shutil.copy(ROOT / "constraints-drafting.txt", shipped / "requirements.txt")


setup(cmdclass={"build_py": BuildWithTemplates})
