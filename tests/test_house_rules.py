"""House rules that a reader of one file cannot see broken, and ruff does not know."""

from __future__ import annotations

import ast
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CODE = ("src", "tools", "bench")
EVERYWHERE = (*CODE, "tests")
CLI = "src/reportgen/cli/"

PRINTING = {
    "print",
    "input",
    "exit",
    "quit",
    "breakpoint",
    "sys.exit",
    "os._exit",
    "sys.stdout",
    "sys.stderr",
    "sys.stdin",
    "typer.echo",
    "typer.secho",
    "click.echo",
    "rich.print",
    "rich.console.Console",
}
CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.monotonic",
    "time.perf_counter",
}
CHANCE = {"uuid.uuid1", "uuid.uuid4", "random.random", "random.randint", "random.choice"}
LOSSY_YAML = {
    f"yaml.{name}"
    for name in ("safe_load", "safe_load_all", "full_load", "unsafe_load", "load_all")
}

THIS_MACHINE = re.compile(
    r"(?<![\w.%-])/(?:home|root|Users)/[\w.]"
    r"|(?<![\w.])/tmp/w\b"
    r"|(?<![\w.])/work/(?:main|shared)\b"
    r"|files\.pythonhosted|pypi\.org/simple"
)
MOBILE = re.compile(r"(?<![\d.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.元])")


def python_files(*folders: str) -> list[str]:
    """Return the Python files below `folders`, by their paths under the root."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(text_of(path))


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every dotted name in `tree` with its line, imported names by their full name."""
    full = dict(imported_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            head, dot, rest = name.partition(".")
            yield full.get(head, head) + dot + rest, node.lineno


def imported_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr) if head := dotted(value):
            return f"{head}.{attr}"
    return ""


def uses(paths: list[str], banned: set[str]) -> list[str]:
    """Return `path:line name` for every use of a name in `banned`."""
    return [
        f"{path}:{line} {name}"
        for path in paths
        for name, line in names_used(tree_of(path))
        if name in banned
    ]


def listed(wrong: list[str]) -> str:
    return "\n" + "\n".join(wrong)


def tracked() -> list[str]:
    """Return the paths that git holds."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository, so nothing is tracked")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for path in listing.stdout.split("\0") if path and (ROOT / path).is_file()]


def lines_of(path: str) -> list[str]:
    """Return the lines of a text file, none of a binary one."""
    try:
        return text_of(path).splitlines()
    except UnicodeDecodeError:
        return []


def has_code(tree: ast.Module) -> bool:
    """Return whether a module holds more than its docstring."""
    return len(tree.body) > (ast.get_docstring(tree) is not None)


def test_modules_begin_with_postponed_annotations():
    wrong = [
        path
        for path in python_files(*EVERYWHERE)
        if has_code(tree_of(path))
        and not any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in tree_of(path).body
        )
    ]
    assert not wrong, listed(wrong)


def test_modules_say_what_they_are():
    wrong = [
        path
        for path in python_files(*CODE)
        if text_of(path).strip() and not ast.get_docstring(tree_of(path))
    ]
    assert not wrong, listed(wrong)


def test_package_says_what_stands_in_it():
    wrong = [
        f"{package}: `{name}`"
        for package in python_files("src")
        if package.endswith("/__init__.py")
        for name in children(ROOT / package)
        if f"`{name}`" not in (ast.get_docstring(tree_of(package)) or "")
    ]
    assert not wrong, f"{listed(wrong)}\nname it in the docstring of its package"


def children(package: Path) -> list[str]:
    """Return the names of the modules and packages directly in a package, given its file."""
    modules = [path.stem for path in package.parent.glob("*.py") if path.stem[:2] != "__"]
    return sorted([*modules, *(path.parent.name for path in package.parent.glob("*/__init__.py"))])


def test_only_the_command_prints_and_exits():
    wrong = uses([path for path in python_files("src") if not str(path).startswith(CLI)], PRINTING)
    assert not wrong, listed(wrong)


def test_only_the_command_and_the_bench_read_the_clock():
    allowed = (CLI, "bench/")
    paths = [path for path in python_files(*EVERYWHERE) if not path.startswith(allowed)]
    assert not uses(paths, CLOCKS), listed(uses(paths, CLOCKS))


def test_nothing_is_left_to_chance():
    wrong = uses(python_files("src", "tools"), CHANCE)
    assert not wrong, listed(wrong)


def test_yaml_is_never_loaded_in_a_way_that_loses_digits():
    wrong = uses(python_files(*EVERYWHERE), LOSSY_YAML)
    assert not wrong, listed(wrong)


def test_no_tracked_file_names_this_machine_or_a_registry():
    this = Path(__file__).resolve().relative_to(ROOT).as_posix()
    wrong = [
        f"{path}:{number} {match[0]}"
        for path in tracked()
        if path != this
        for number, line in enumerate(lines_of(path), 1)
        for match in THIS_MACHINE.finditer(line)
    ]
    assert not wrong, listed(wrong)


def test_data_hold_no_mobile_number():
    wrong = [
        f"{path}:{number} {match[0][:3]}…"
        for path in tracked()
        if path.startswith("data/")
        for number, line in enumerate(lines_of(path), 1)
        for match in MOBILE.finditer(unicodedata.normalize("NFKC", line))
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("电话：13812345678", True),
        ("138-1234-5678", True),
        ("139 1234 5678。", True),
        ("113812345678", False),
        ("金额 13812345678.00", False),
        ("13812345678元", False),
        ("0745-2712345", False),
        ("10012345678", False),
    ],
)
def test_mobile_numbers_are_told_from_amounts(line, found):
    assert bool(MOBILE.search(line)) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /home/someone/x", True),
        ("'/root/.cache'", True),
        ("cd /tmp/w/env.sh", True),
        ("https://files.pythonhosted.org/x", True),
        ("https://www.example.gov.cn/home/index.html", False),
        ("/tmp/work", False),
        ("the /homework", False),
    ],
)
def test_paths_of_a_machine_are_told_from_addresses(line, found):
    assert bool(THIS_MACHINE.search(line)) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import datetime\ndatetime.datetime.now()", "datetime.datetime.now"),
        ("from datetime import datetime as d\nd.now()", "datetime.datetime.now"),
        ("import datetime as dt\ndt.date.today()", "datetime.date.today"),
        ("from time import time\ntime()", "time.time"),
        ("import sys\nsys.stdout.write('')", "sys.stdout"),
        ("log = print", "print"),
    ],
)
def test_names_are_seen_through_their_imports(text, name):
    assert name in {used for used, _line in names_used(ast.parse(text))}


def test_names_of_test_files_are_unique():
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, times in names.items() if times > 1], "pytest takes them for one"


GROUP_POSSESSIVE = re.compile(r"\)(?:[*+?]|\{+\d*,?\d*\}+)\+")
"""A group repeated possessively, which Python 3.11.0 to 3.11.4 matches wrongly."""


def test_no_pattern_repeats_a_group_possessively():
    wrong = [
        f"{path}:{number}"
        for path in python_files("src")
        for number, line in enumerate((ROOT / path).read_text("utf-8").split("\n"), 1)
        if GROUP_POSSESSIVE.search(line)
    ]
    assert not wrong, f"{listed(wrong)}\nwrite an atomic group: (?>(?:…)*)"
