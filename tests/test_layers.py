"""Who may import whom: stages know the model, the model knows no stage (design, "The flow")."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"
PACKAGE = "reportgen"
STAGES = ("load", "check", "derive", "disclose", "compose", "write", "verify")
ASIDE = ("compare",)
"""Folders beside the flow, under the rule of stages: they compare two states of a report."""
SHARED = ("model", "findings", "formula")
"""What stages may import; each may import only those before it."""

ABOVE = ("edit", "preview", "sheets")
"""Folders that stand on the stages and on the modules at the root; none knows another of them."""

COMMAND = "cli"
"""The folder of the command, above everything."""

LOCAL_IMPORTS: dict[tuple[str, str], str] = {
    ("reportgen.verify.opened", "lxml"): "loaded when markup is opened",
    ("reportgen.verify.opened", "reportgen.verify.pdf"): "loads PDFium and qpdf, 60 ms",
    ("reportgen.verify.search", "reportgen.verify.pdf_parts"): "loads PDFium and qpdf, 60 ms",
    ("reportgen.verify.search", "reportgen.verify.hidden_content"): "loads qpdf",
    ("reportgen.verify.search", "reportgen.verify.markup"): "loads lxml",
}
"""Imports allowed inside functions: (module, imported module) and the reason."""


@dataclass(frozen=True)
class Import:
    """`module`, by its full name, imports `target` at `line`; `local` inside a function."""

    module: str
    target: str
    line: int
    local: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def modules() -> dict[str, Path]:
    """Return the file of every module of the package by its full name."""
    named = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def targets(node: ast.AST, known: frozenset[str]) -> Iterator[str]:
    """Yield the modules that an import statement loads, as precisely as `known` allows."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            submodules = [f"{module}.{alias.name}" for alias in names]
            yield from (name if name in known else module for name in submodules)


def imports_of(module: str, tree: ast.Module, known: frozenset[str]) -> Iterator[Import]:
    """Yield what `module` imports, but for what only the type checker reads."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, local = pending.pop()
        for target in targets(node, known):
            yield Import(module, target, getattr(node, "lineno", 0), local)
        local = local or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        children = node.orelse if typing_only else ast.iter_child_nodes(node)
        pending.extend((child, local) for child in children)


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of the package."""
    files = modules()
    known = frozenset(files)
    return tuple(
        found
        for module, path in files.items()
        for found in imports_of(module, ast.parse(path.read_text("utf-8")), known)
    )


def part(module: str) -> str:
    """Return the folder or file directly under the package that `module` belongs to."""
    return module.split(".")[1] if module.count(".") else ""


def is_ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == PACKAGE


def at_root(module: str) -> bool:
    """Return whether `module` is a file directly under the package, not of a folder in it."""
    return module.count(".") <= 1 and not (SOURCE / PACKAGE / part(module) / "__init__.py").exists()


def listed(wrong: list[Import]) -> str:
    return "\n" + "\n".join(map(str, wrong))


def test_every_folder_is_a_stage_or_shared():
    folders = {part(name) for name in modules() if not at_root(name) and name != PACKAGE}
    assert folders <= {*STAGES, *ASIDE, *SHARED, *ABOVE, COMMAND}, (
        "a new folder needs a place in the layers"
    )


def test_model_imports_nothing_but_model_and_the_standard_library():
    wrong = [
        each
        for each in imports()
        if part(each.module) == "model"
        and part(each.target) != "model"
        and each.target.split(".")[0] not in sys.stdlib_module_names
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("layer", SHARED)
def test_shared_layer_imports_only_itself_and_those_below(layer):
    allowed = SHARED[: SHARED.index(layer) + 1]
    wrong = [
        each
        for each in imports()
        if part(each.module) == layer and is_ours(each.target) and part(each.target) not in allowed
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("stage", [*STAGES, *ASIDE])
def test_stage_knows_no_other_stage_and_nothing_above_it(stage):
    allowed = {stage, *SHARED, ""}
    wrong = [
        each
        for each in imports()
        if part(each.module) == stage and is_ours(each.target) and part(each.target) not in allowed
    ]
    assert not wrong, listed(wrong)


def test_only_modules_at_the_root_import_stages():
    wrong = [
        each
        for each in imports()
        if part(each.target) in {*STAGES, *ASIDE}
        and is_ours(each.target)
        and part(each.module) != part(each.target)
        and not (at_root(each.module) and each.module != PACKAGE)
        and part(each.module) not in {*ABOVE, COMMAND}
    ]
    assert not wrong, listed(wrong)


def test_capabilities_are_known_to_the_command_alone():
    wrong = [
        each
        for each in imports()
        if part(each.target) in ABOVE
        and is_ours(each.target)
        and part(each.module) not in {part(each.target), COMMAND}
    ]
    assert not wrong, listed(wrong)


def test_root_package_imports_nothing():
    wrong = [each for each in imports() if each.module == PACKAGE and each.target != "__future__"]
    assert not wrong, listed(wrong)


def test_only_tests_import_the_command():
    wrong = [each for each in imports() if part(each.target) == COMMAND != part(each.module)]
    assert not wrong, listed(wrong)


def test_imports_stand_at_the_top_or_on_the_list():
    wrong = [
        each for each in imports() if each.local and (each.module, each.target) not in LOCAL_IMPORTS
    ]
    assert not wrong, f"{listed(wrong)}\nmove it up, or list it with its reason in {__file__}"


def test_list_of_local_imports_has_no_stale_entry():
    present = {(each.module, each.target) for each in imports() if each.local}
    assert set(LOCAL_IMPORTS) <= present
    assert all(LOCAL_IMPORTS.values())


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules of one import cycle, in order, or nothing."""
    finished: set[str] = set()

    def walk(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in finished:
            return []
        for target in sorted(edges.get(module, ())):
            if found := walk(target, [*trail, module]):
                return found
        finished.add(module)
        return []

    return next((found for module in sorted(edges) if (found := walk(module, []))), [])


def test_no_module_imports_itself_by_way_of_others():
    edges: dict[str, set[str]] = {}
    for each in imports():
        if is_ours(each.target) and each.target != each.module:
            edges.setdefault(each.module, set()).add(each.target)
    assert not cycle(edges), " → ".join(cycle(edges))


def test_a_cycle_is_seen():
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert cycle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_every_kind_of_import_is_seen():
    text = (
        "import a.b\n"
        "from reportgen import model\n"
        "from reportgen.model import units, source as s\n"
        "def f():\n"
        "    if x:\n"
        "        from c import d\n"
        "if TYPE_CHECKING:\n"
        "    import e\n"
        "else:\n"
        "    import g\n"
    )
    known = frozenset({"reportgen", "reportgen.model", "reportgen.model.units"})
    found = imports_of("m", ast.parse(text), known)
    assert {(each.line, each.target, each.local) for each in found} == {
        (1, "a.b", False),
        (2, "reportgen.model", False),
        (3, "reportgen.model.units", False),
        (3, "reportgen.model", False),
        (6, "c", True),
        (10, "g", False),
    }
