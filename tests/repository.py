"""A small made-up project in a git repository of its own, whatever git is told on this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from small_project import SmallProject

ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_DATE": "2024-05-06T07:08:09+0800",
    "GIT_COMMITTER_DATE": "2024-05-06T07:08:09+0800",
}
ACCOUNTS = "data/bureau/2023/accounts.yaml"


class Repository(SmallProject):
    """The small project, committed once; `git` is its top folder, above the project or it."""

    @property
    def top(self) -> Path:
        return next(p for p in (self.root, *self.root.parents) if (p / ".git").exists())

    @classmethod
    def made(cls, top: Path, below: str = ".") -> Repository:
        """Return a new repository at `top` with the project in the folder `below`."""
        top.mkdir(parents=True)
        git(top, "init", "-q", "-b", "main")
        git(top, "config", "user.name", "tester")
        git(top, "config", "user.email", "tester@example.org")
        (top / ".gitignore").write_text("build/\n*.secret.md\n", "utf-8")
        if below == ".":
            project = SmallProject.copied(top / "project")
            for part in sorted(project.root.iterdir()):
                part.rename(top / part.name)
            project.root.rmdir()
        else:
            SmallProject.copied(top / below)
        repository = cls(top / below if below != "." else top)
        repository.commit("Begin")
        return repository

    def commit(self, subject: str) -> str:
        """Commit everything and return the id."""
        git(self.top, "add", "-A")
        git(self.top, "commit", "-q", "--allow-empty", "-m", subject)
        return git(self.top, "rev-parse", "HEAD").strip()


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        env={**os.environ, **ALONE},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
