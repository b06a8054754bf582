"""The part about growth: what `check` costs when a text doubles, and every pattern when it is fed.

A pattern is fed with what it repeats, as long as it takes, and with an end that fits nothing, so
that a search which walks the same way from each place, or several ways from one, takes four times
as long for twice the text, or never ends. A pattern that is only matched, and never searched for,
is tried at the beginning alone. Each runs in a process that can be stopped.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing import get_context
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

import reportgen
from bench.plan import QUICK, Plan
from bench.tables import Section, Target, duration
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.language.number_forms import possible_numbers
from reportgen.project.source_files import SourceFiles

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "tests" / "projects" / "small"
TEXTS: Mapping[str, str] = {
    "sentences": "全年完成工业投资4.5亿元，比上年增长12.5%，新增规模企业3家。",
    "years": "2022年",
    "numbers": "12.5%、",
    "commas": "1,",
    "brackets": "（",
    "numerals": "三百二十一",
    "links": "[a](",
}
"""What is repeated to make a text; the first is how people write."""
RUNS: Mapping[str, tuple[str, str]] = {
    "run of scales": ("亿" * 20, "至1"),
    "run of digits": ("1" * 20, "至1"),
    "run of numerals": ("一二" * 10, "万元"),
}
"""What a text of others may repeat and end with, as no file of a project may (L133)."""
SIZES = {"quick": 500, "full": 4_000}
"""How often it is repeated the first time; then twice as often."""
WANTED = 3.0
"""How much longer twice the text may take: 2 is linear, 4 quadratic."""
FED = 6_000
"""Characters that a pattern is fed with: quadratic search takes seconds over them."""
LONGEST = 0.2
"""Seconds of the processor within which a linear pattern is through them, many times over."""
STOPPED = 20.0
"""Seconds after which a pattern is stopped."""


class Measured(NamedTuple):
    """Seconds for a text and for twice the text; the patterns that are slow, with what feeds them.

    `patterns` is how many were fed.
    """

    taken: Mapping[str, tuple[float, float]]
    patterns: int
    slow: Mapping[str, float]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    times = SIZES["quick" if plan.processes == QUICK.processes else "full"]
    taken = {}
    with TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(MODEL, root)
        shutil.copytree(ROOT / "templates" / "shared", root / "templates" / "shared")
        for name, text in TEXTS.items():
            say(f"check of {name}")
            taken[name] = (_seconds(root, text * times), _seconds(root, text * times * 2))
    for name, (text, end) in RUNS.items():
        taken[name] = (_read(text * times + end), _read(text * times * 2 + end))
    found = list(dict.fromkeys(patterns()))
    say(f"{len(found)} patterns")
    return Measured(taken, len(found), dict(_slow(found)))


def _seconds(root: Path, text: str) -> float:
    """Return how long a report with `text` takes up to its draft, at best."""
    prose = root / "data/bureau/2023/department/narrative/staffing.md"
    prose.write_text(text + "\n", "utf-8")
    job = Job(root, root / "build", "bureau", 2023, "department")
    best = float("inf")
    for _ in range(2):
        started = process_time()
        draft(job, SourceFiles(root), Diagnostics())
        best = min(best, process_time() - started)
    return best


def _read(text: str) -> float:
    """Return how long it takes to find the numbers of `text`, at best."""
    return min(_read_once(text) for _ in range(2))


def _read_once(text: str) -> float:
    started = process_time()
    deque(possible_numbers(text), maxlen=0)
    return process_time() - started


# Patterns


class Fed(NamedTuple):
    """A pattern with the module that holds it, and how the program uses what has its name."""

    module: str
    pattern: str
    flags: int
    uses: frozenset[str]


def patterns() -> Iterator[Fed]:
    """Yield every pattern that a module of the program holds."""
    uses = _uses()
    for module in pkgutil.walk_packages(reportgen.__path__, "reportgen."):
        if module.name.endswith("__main__"):
            continue
        for name, value in list(vars(importlib.import_module(module.name)).items()):
            for pattern in _within(value, 3):
                used = frozenset(uses[name])
                yield Fed(module.name, pattern.pattern, pattern.flags, used)


def _uses() -> defaultdict[str, set[str]]:
    """Return by name how the program uses what is so called: `match`, `sub` and the like."""
    uses: defaultdict[str, set[str]] = defaultdict(set)
    for file in (ROOT / "src" / "reportgen").rglob("*.py"):
        for name, use in re.findall(r"(\w+)\.(\w+)", file.read_text("utf-8")):
            uses[name].add(use)
    return uses


def _within(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in a value of a module, in its groups and in the fields of its objects."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, (tuple, list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        for each in inner:
            yield from _within(each, depth - 1)
    elif depth and hasattr(type(value), "__slots__"):
        for name in type(value).__slots__:
            yield from _within(getattr(value, name, None), depth - 1)


def _slow(found: Iterable[Fed]) -> Iterator[tuple[str, float]]:
    """Yield the patterns that take too long, with their seconds; those stopped took all of them."""
    context = get_context("fork")
    for fed in found:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=feed, args=(fed, sender))
        process.start()
        worst, food = receiver.recv() if receiver.poll(STOPPED) else (STOPPED, "?")
        process.kill()
        process.join()
        if worst > LONGEST:
            where = fed.module.removeprefix("reportgen.")
            yield f"{where} {fed.pattern[:40]!r} on {food!r}", worst


def feed(fed: Fed, sender: Any) -> None:  # noqa: ANN401 - a connection
    """Send the most seconds that a pattern takes over what it repeats, and what that is."""
    compiled = re.compile(fed.pattern, fed.flags)
    worst, food = 0.0, ""
    for before, repeated in foods(fed.pattern, fed.flags):
        text = before + repeated * (FED // len(repeated)) + "\x01"
        started = process_time()
        compiled.match(text)
        if "fullmatch" in fed.uses:
            compiled.fullmatch(text)
        if not fed.uses or not fed.uses <= {"match", "fullmatch"}:
            deque(compiled.finditer(text), maxlen=0)
        seconds = process_time() - started
        if seconds > worst:
            worst, food = seconds, before + repeated
    sender.send((worst, food))


def foods(pattern: str, flags: int) -> set[tuple[str, str]]:
    """Return what stands before a part that a pattern repeats, and such a part."""
    tree = _parser.parse(pattern, flags)
    found = {("", char) for char in "1一a （<{["}
    _add_foods(tree, "", found)
    return found


_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}


def _add_foods(tree: Any, before: str, found: set[tuple[str, str]]) -> None:  # noqa: ANN401
    for operator, argument in tree:
        for inner in _inner(operator, argument):
            if operator in _REPEATS:
                _add_repeated(inner, before, found)
            _add_foods(inner, before, found)
        before = (before + sample([(operator, argument)]))[-20:]


def _add_repeated(inner: Any, before: str, found: set[tuple[str, str]]) -> None:  # noqa: ANN401
    for choice in range(3):
        repeated = sample(inner, choice)
        if repeated:
            found |= {(before, repeated), ("", repeated), ("", before[-4:] + repeated)}


def _inner(operator: object, argument: Any) -> list[Any]:  # noqa: ANN401
    """Return the trees in a node of a pattern."""
    if operator in _REPEATS:
        return [argument[2]]
    if operator is sre.SUBPATTERN:
        return [argument[3]]
    if operator is sre.BRANCH:
        return list(argument[1])
    if operator in {sre.ASSERT, sre.ASSERT_NOT}:
        return [argument[1]]
    return [argument] if operator is sre.ATOMIC_GROUP else []


def sample(tree: Any, choice: int = 0) -> str:  # noqa: ANN401 - a tree of Python's own
    """Return a text that a tree matches, or nearly; `choice` says by which of its branches."""
    pieces = []
    for operator, argument in tree:
        if operator is sre.LITERAL:
            pieces.append(chr(argument))
        elif operator is sre.IN:
            pieces.append(_member(argument, choice))
        elif operator in {sre.ANY, sre.NOT_LITERAL}:
            pieces.append("甲")
        elif operator is sre.BRANCH:
            pieces.append(sample(argument[1][choice % len(argument[1])], choice))
        elif operator in _REPEATS:
            pieces.append(sample(argument[2], choice) * max(argument[0], 1))
        elif operator in {sre.SUBPATTERN, sre.ATOMIC_GROUP}:
            pieces.append(sample(_inner(operator, argument)[0], choice))
    return "".join(pieces)


def _member(members: Any, choice: int) -> str:  # noqa: ANN401
    """Return a character of a class; of all but some, one that is seldom among those."""
    if members[0][0] is sre.NEGATE:
        return "甲"
    operator, argument = members[choice % len(members)]
    if operator is sre.CATEGORY:
        return " " if argument is sre.CATEGORY_SPACE else "1"
    return chr(argument if operator is sre.LITERAL else argument[0])


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables: a row a text, and a row a slow pattern."""
    rows = []
    for name, (once, twice) in found.taken.items():
        rows.append((name, duration(once), duration(twice), f"{twice / once:.1f}"))
    title = "check of a text, and of twice the text; reading of a run"
    texts = Section(title, ("of", "once", "twice", "×"), rows)
    if not found.slow:
        return (texts,)
    slow = [(name, duration(seconds)) for name, seconds in found.slow.items()]
    title = f"{len(slow)} of {found.patterns} patterns are slow over {FED} characters"
    return texts, Section(title, ("pattern", "time"), slow)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted: that nothing grows faster than the text."""
    worst = max(twice / once for once, twice in found.taken.values())
    return (
        Target(
            f"check or reading of twice the text in at most {WANTED:g} × the time",
            f"{worst:.1f}",
            worst <= WANTED,
        ),
        Target(
            f"every one of {found.patterns} patterns linear", str(len(found.slow)), not found.slow
        ),
    )
