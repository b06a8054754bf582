"""Measures the shape of the code and holds it to limits: `python tools/shape.py [FOLDER …]`.

Complexity of a function is one, and one more for each branch: `if`, `for`, `while`, `except`,
conditional expression, comprehension, arm of a `match`, and each further operand of `and`, `or`.
Without folders the whole package is measured and held to the limits; with folders those are shown.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "reportgen"

MOST_MODULES = 474
MOST_LINES_OF_A_MODULE = 400
GENERATED = ("reportgen/findings/code_table.py", "reportgen/findings/example_table.py")
"""Tables that `make docs` writes, which nobody reads: neither their lines nor they are counted."""
MOST_COMPLEX = 10
MEAN_COMPLEXITY = 3.2
COMPREHENSIONS_PER_100_LINES = 2.5

BRANCHES = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.IfExp,
    ast.comprehension,
    ast.match_case,
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Shape:
    """What was measured of some modules; places are `path:line`."""

    modules: int = 0
    lines: int = 0
    comprehensions: int = 0
    complexities: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    types: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def mean_complexity(self) -> float:
        """Return the mean complexity of a function."""
        return sum(self.complexities) / max(1, len(self.complexities))

    @property
    def density(self) -> float:
        """Return the comprehensions on 100 lines that are not blank."""
        return 100 * self.comprehensions / max(1, self.lines)


def complexity(function: ast.AST) -> int:
    """Return one and the number of branches in a function, those of functions in it included."""
    branches = 1
    for node in ast.walk(function):
        if isinstance(node, BRANCHES):
            branches += 1
        elif isinstance(node, ast.BoolOp):
            branches += len(node.values) - 1
    return branches


def measure(paths: Iterable[Path], shape: Shape) -> None:
    """Add what the modules at `paths` are like to `shape`."""
    for path in paths:
        text = path.read_text("utf-8")
        inside = path.is_relative_to(PACKAGE.parent)
        name = (path.relative_to(PACKAGE.parent) if inside else path).as_posix()
        shape.modules += name not in GENERATED
        shape.lines += sum(bool(line.strip()) for line in text.splitlines())
        count = len(text.splitlines())
        if count > MOST_LINES_OF_A_MODULE and name not in GENERATED:
            shape.problems.append(f"{name}: {count} lines, at most {MOST_LINES_OF_A_MODULE}")
        _measure_tree(ast.parse(text), name, shape)


def _measure_tree(tree: ast.Module, name: str, shape: Shape) -> None:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            found = complexity(node)
            shape.complexities.append(found)
            if found > MOST_COMPLEX:
                shape.problems.append(
                    f"{name}:{node.lineno} {node.name}: complexity {found}, at most {MOST_COMPLEX}"
                )
        elif isinstance(node, COMPREHENSIONS):
            shape.comprehensions += 1
            shape.problems += (f"{name}:{node.lineno}: {slip}" for slip in _slips(node))
    for type_name in _public_types(tree):
        shape.types[type_name].append(name)


def _public_types(tree: ast.Module) -> Iterator[str]:
    """Yield the public classes of a module, and the names that it gives to types."""
    for node in tree.body:
        named = ""
        if isinstance(node, ast.ClassDef):
            named = node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named = node.targets[0].id
        if named[:1].isupper() and not named.isupper():
            yield named


def _slips(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Iterator[str]:
    """Yield what makes a comprehension hard to read."""
    inner = (each for each in ast.walk(node) if each is not node)
    if any(isinstance(each, COMPREHENSIONS) for each in inner):
        yield "a comprehension within another"
    if len(node.generators) > 1:
        yield "a comprehension with two `for`"
    if any(len(generator.ifs) > 1 for generator in node.generators):
        yield "a comprehension with two `if`"


def limits(shape: Shape) -> Iterator[str]:
    """Yield which limits the whole package breaks."""
    if shape.modules > MOST_MODULES:
        yield f"{shape.modules} modules, at most {MOST_MODULES}"
    if shape.mean_complexity > MEAN_COMPLEXITY:
        yield f"mean complexity {shape.mean_complexity:.2f}, at most {MEAN_COMPLEXITY}"
    if shape.density > COMPREHENSIONS_PER_100_LINES:
        yield (
            f"{shape.density:.2f} comprehensions on 100 lines,"
            f" at most {COMPREHENSIONS_PER_100_LINES}"
        )
    for name, places in sorted(shape.types.items()):
        if len(places) > 1:
            yield f"type {name} stands in {', '.join(places)}"


def main(arguments: list[str]) -> int:
    """Print the shape of the folders named, or of the package; return 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description="Measure the shape of the code.")
    parser.add_argument("folders", nargs="*", type=Path, help="default: the package, with limits")
    folders = parser.parse_args(arguments).folders
    for folder in folders:
        if not folder.exists():
            parser.error(f"{folder} does not exist")
    shape = Shape()
    for folder in [folder.resolve() for folder in folders] or [PACKAGE]:
        measure(sorted(folder.rglob("*.py")) if folder.is_dir() else [folder], shape)
    print(
        f"{shape.modules} modules, {shape.lines} lines, {len(shape.complexities)} functions;"
        f" complexity {shape.mean_complexity:.2f} in the mean,"
        f" {max(shape.complexities, default=0)} at most;"
        f" {shape.density:.2f} comprehensions on 100 lines"
    )
    problems = shape.problems + ([] if folders else list(limits(shape)))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
