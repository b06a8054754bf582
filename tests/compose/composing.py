"""A report of one section, composed of a few facts: what most tests of templates need."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from logged import compose
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Block, Document
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.pack import AnnexRule, Formats, Formula, Pack, Section
from reportgen.model.quantity import Shape
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS, find_unit

FACTS = "data/u/2023/facts.yaml"
PACK = "templates/p/pack.yaml"
NARRATIVE = "data/u/2023/r/narrative/s.md"
SECTION = Section("s", "节", "narrative", SourceSpan(PACK, 6, 12))


def figure(key: str, value: object, unit: str = "万元", **more: object) -> Figure:
    """Return a figure of two decimals at most; `value` counts in `unit`, None is blank."""
    known = find_unit(unit) or UNITS[""]
    exact = None if value is None else Fraction(str(value)) * known.factor
    shape = more.pop("shape", Shape(2))
    kind = more.pop("kind", "fact")
    return Figure(key, f"“{key}”", kind, exact, known, shape, SourceSpan(FACTS, 3, 5), **more)  # type: ignore[arg-type]


def text(key: str, value: str, *, prose: bool = False, line: int = 3) -> Fact:
    return Fact(key, f"“{key}”", value, SourceSpan(FACTS, line, 5), prose=prose)


def ledger(*facts: Figure | Fact, **tables: tuple[str, ...]) -> Ledger:
    return Ledger(
        2023,
        {each.key: each for each in facts if isinstance(each, Figure)},
        {each.key: each for each in facts if isinstance(each, Fact)},
        tables,
    )


FUNDS = ledger(
    text("unit.name", "甲局"),
    figure("total", "3241.81"),
    figure("change", "-118.96"),
    figure("blank", None),
    figure("rate", "135.474", "%", kind="derived"),
    text("funds.road.name", "修路"),
    text("funds.road.kind", "市级"),
    figure("funds.road.out", 3),
    text("funds.bridge.name", "架桥"),
    text("funds.bridge.kind", "上级"),
    figure("funds.bridge.out", "4.5"),
    figure("prior.total", 3000),
    funds=("road", "bridge"),
    empty=(),
)
"""Two funds, a few figures, a year before, and a table without rows."""


def pack(title: str = "题", annex: str = "", **more: object) -> Pack:
    """Return a pack with the section 节, written by the unit, and an annex where named."""
    given: dict[str, object] = {
        "title": (Formula(title, SourceSpan(PACK, 4, 5)),),
        "signature": (),
        "opening": "",
        "outline": (SECTION,),
        "annexes": (AnnexRule("表", annex, SourceSpan(PACK, 9, 5)),) if annex else (),
        "formats": Formats(find_unit("万元"), Shape(2), Shape(2)),
        "numbering": ("{cn}、", "（{cn}）", "{n}.", "（{n}）"),
    }
    return Pack("p", "n", "a", "b", "主题", SourceSpan(PACK), **(given | more))  # type: ignore[arg-type]


def composed(
    narrative: str | None = "无。",
    known: Ledger = FUNDS,
    files: Mapping[str, str] | None = None,
    audience: str = "internal",
    rules: Pack | None = None,
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the document with `narrative` as its section, and the findings.

    `files` are further templates by path; forms stand in templates/p/forms/.
    """
    texts = dict(files or {})
    if narrative is not None:
        texts[NARRATIVE] = narrative

    def source(path: str, log: Diagnostics) -> str | None:
        if path not in texts:
            log.add(finding("L100", SourceSpan(path)))
        return texts.get(path)

    disclosed = Disclosed(known, audience)  # type: ignore[arg-type]
    return compose(disclosed, rules or pack(), source, "data/u/2023/r", "2024-06-28")


def body(narrative: str, known: Ledger = FUNDS, **more: object) -> tuple[Block, ...]:
    """Return the blocks of the section below its heading; there must be no finding."""
    document, findings = composed(narrative, known, **more)  # type: ignore[arg-type]
    assert findings == ()
    assert document is not None
    return document.blocks[1:]


def told(narrative: str, known: Ledger = FUNDS, **more: object) -> list[tuple[str, str]]:
    """Return the code and place of each finding; with an error there is no document."""
    document, findings = composed(narrative, known, **more)  # type: ignore[arg-type]
    assert (document is None) == any(each.severity == "error" for each in findings)
    return [(each.code, str(each.span)) for each in findings]


def here(line: int, column: int = 1, path: str = NARRATIVE) -> str:
    return f"{path}:{line}:{column}"
