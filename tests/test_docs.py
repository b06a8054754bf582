"""The pages that people read: their links lead somewhere, and nothing is left unsaid."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
import shape

from reportgen.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
PATH = re.compile(
    r"`((?:[\w<>*.-]+/)+[\w<>*.-]*|[\w<>*-]+\.(?:css|docx|html|j2|json|md|py|typ|yaml))(?::[^`]*)?`"
)
BASES = ("", "src/reportgen/", "templates/", "docs/")
"""The folders that the pages name paths from, beside their own."""
INVENTED = re.compile(
    r"build/.*|\.venv/.*|disclosure/|public/|manifest\.json|.*figures\.json|refs/heads/2023"
    r"|department\.(?:docx|html|pdf|yaml|fragment\.html|submit\.yaml)|<报告>\.fragment\.html"
    r"|<report>\.fragment\.html|templates/changsha/department-2024/"
    r"|(?:overview|problems)\.md"  # sections of the pack that packs.md writes
)
"""What the program makes, and what the reader of an example writes."""
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?reportgen ([a-z][a-z-]*)([^#]*)")
TARGET = re.compile(r"(?:`|^\$ )make ([a-z]+)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
EVERYWHERE = {"--help", "--version", "--lang"}


def anchor(heading: str) -> str:
    """Return the anchor that a Git server gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    text = FENCE.sub("", page.read_text("utf-8"))
    return frozenset(anchor(h) for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_a_stranger_finds_every_command_in_either_language(page):
    text = (ROOT / page).read_text("utf-8")
    named = {*re.findall(r"reportgen ([a-z-]+)", text), *re.findall(r"`([a-z-]+)", text)}
    assert {command.name for command in COMMANDS} - named == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = CODE.sub("", FENCE.sub("", page.read_text("utf-8")))
    for link in LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, part = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not part or part in anchors(target), link


@cache
def files() -> tuple[str, ...]:
    """Return the files of the repository, as paths from its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(path for path in listed.stdout.splitlines() if (ROOT / path).exists())


def there(path: str) -> bool:
    """Return whether `path`, in which `<…>` stands for any name, is in the repository.

    Modules are named from the root or from the package; what authors and packs write is named
    as they name it, from the folder of a report or of a pack.
    """
    pattern = re.sub(r"<[^>]*>", "*", path).rstrip("/")
    bases = BASES if path.endswith(".py") else (*BASES, "*/")
    patterns = [f"{base}{pattern}{rest}" for base in bases for rest in ("", "/*")]
    return any(fnmatch(file, each) for each in patterns for file in files())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_named_exists(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    named = {path for path in PATH.findall(text) if not INVENTED.fullmatch(path)}
    assert {path for path in named if not there(path)} == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("flow/pipeline.py", True),
        ("pipeline.py", False),
        ("src/reportgen/edit/carry.yaml", False),
        ("data/<unit>/<year>/*.yaml", True),
        ("pack.yaml", True),
        ("sheets/", False),
    ],
)
def test_paths_that_are_there_are_told_from_others(path, expected):
    assert PATH.findall(f"`{path}`") == [path]
    assert there(path) is expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_option_and_target_named_exists(page):
    text = page.read_text("utf-8")
    options = {command.name: set(EVERYWHERE) for command in COMMANDS}
    for command in COMMANDS:
        for parameter in command.parameters:
            options[command.name] |= {part for flag in parameter.flags for part in flag.split("/")}
    code = [line for block in FENCE.findall(text) for line in block.splitlines()]
    code += [span.strip("`") for span in CODE.findall(FENCE.sub("", text))]
    for part in re.split(r"\n|; ", "\n".join(code)):
        if typed := COMMAND.match(part):
            name, rest = typed.groups()
            assert name in options, part
            assert set(OPTION.findall(rest)) <= options[name], part
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert set(TARGET.findall(text)) <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_flow_is_drawn_alike_everywhere():
    pictures = {
        tuple(re.findall(r"^    \w.* → .*$", page.read_text("utf-8"), re.MULTILINE))
        for page in (ROOT / "README.md", DOCS / "architecture.md")
    }
    (picture,) = pictures
    assert len(picture) == 2


def test_limits_of_shape_are_told_as_they_are():
    page = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    assert f"at most {shape.MOST_COMPLEX}, in the mean {shape.MEAN_COMPLEXITY}" in page
    assert f"at most {shape.COMPREHENSIONS_PER_100_LINES} comprehensions" in page
    assert f"a module at most {shape.MOST_LINES_OF_A_MODULE} lines" in page


def test_index_has_every_page():
    index = (DOCS / "README.md").read_text("utf-8")
    listed = {(DOCS / link).resolve() for link in LINK.findall(index)}
    assert {page for page in DOCS.glob("*.md") if page.name != "README.md"} <= listed
