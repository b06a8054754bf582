"""Small facts, rules and ledgers, built in code as tersely as one writes them in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from logged import derive
from reportgen.findings import CODES, Finding
from reportgen.findings.renderers import PARAMETER
from reportgen.formula.syntax import FormulaError
from reportgen.model.figures import Fact, Facts, Ledger
from reportgen.model.pack import Formats, Pack
from reportgen.model.policy import Ground, Policy, Withhold
from reportgen.model.quantity import Quantity, QuantityError, Shape, parse_quantity
from reportgen.model.rules import Metric, Relation
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import Unit, find_unit

Written = str | None
Rows = Mapping[str, Mapping[str, Written]] | list[str]

FORMULA_COLUMN = 10
"""Where the formulas of `metric` and `relation` begin in their line."""


def unit(symbol: str) -> Unit:
    found = find_unit(symbol)
    assert found is not None
    return found


FORMATS = Formats(unit("万元"), money=Shape(2), percent=Shape(2))


def quantity(text: str) -> Quantity:
    return parse_quantity(text)


def value(written: Written) -> Quantity | str | None:
    """Return what is written as a quantity where it is one, else as a text; None is blank."""
    if written is None:
        return None
    try:
        return parse_quantity(written)
    except QuantityError:
        return written


def facts(
    written: Mapping[str, Written] | None = None,
    /,
    *,
    year: int = 2023,
    personal: Iterable[str] = (),
    **tables: Rows,
) -> Facts:
    """Return facts, one a line of data-<year>.yaml, their keys as titles.

    Tables are rows of fields, titled 行·列; lists have their name as the title of each item.
    """
    flat: dict[str, tuple[str, Written]] = {k: (k, w) for k, w in (written or {}).items()}
    for table, rows in tables.items():
        if isinstance(rows, list):
            flat |= {f"{table}.{i}": (table, item) for i, item in enumerate(rows, 1)}
        else:
            for row, cells in rows.items():
                name = cells.get("name") or row
                flat |= {f"{table}.{row}.{f}": (f"{name}·{f}", w) for f, w in cells.items()}
    path = f"data-{year}.yaml"
    built = {
        key: Fact(key, title, value(w), SourceSpan(path, line, 5), personal=key in personal)
        for line, (key, (title, w)) in enumerate(flat.items(), 1)
    }
    ids = {
        table: tuple(map(str, range(1, len(rows) + 1))) if isinstance(rows, list) else tuple(rows)
        for table, rows in tables.items()
    }
    return Facts(year, built, ids)


def formula(text: str, line: int = 1, path: str = "rules.yaml") -> Formula:
    return Formula(text, SourceSpan(path, line, FORMULA_COLUMN, line, FORMULA_COLUMN + len(text)))


def metric(key: str, text: str, line: int = 1, **more: Any) -> Metric:
    """Return a metric whose formula stands in `line` of rules.yaml; `unit` as a symbol."""
    if isinstance(more.get("unit"), str):
        more["unit"] = unit(more["unit"])
    of = formula(text, line)
    more.setdefault("title", key.rpartition(".")[2])
    return Metric(key=key, formula=of, span=of.span, **more)


def metrics(**formulas: str) -> tuple[Metric, ...]:
    """Return metrics, one a line."""
    return tuple(metric(key, text, n) for n, (key, text) in enumerate(formulas.items(), 1))


def relation(text: str, key: str = "claim", **more: Any) -> Relation:
    of = formula(text, path="relations.yaml")
    return Relation(key=key, title=more.pop("title", key), claim=of, span=of.span, **more)


def derived(
    of: Facts, *rules: Metric, prior: tuple[Facts, ...] = (), formats: Formats = FORMATS
) -> tuple[Ledger, tuple[Finding, ...]]:
    """Return the ledger of facts and rules, and findings whose sentences have no holes."""
    result, findings = derive(of, prior, rules, formats)
    assert all(map(is_complete, findings))
    return result, findings


def ledger(
    of: Facts, *rules: Metric, prior: tuple[Facts, ...] = (), formats: Formats = FORMATS
) -> Ledger:
    """Return the ledger of facts and rules with which nothing is wrong."""
    result, findings = derive(of, prior, rules, formats)
    assert findings == ()
    return result


def pack(**more: Any) -> Pack:
    """Return a pack that prescribes nothing but what is given."""
    nothing: dict[str, Any] = {
        "folder": "city/report",
        "name": "包",
        "authority": "",
        "basis": "",
        "subject": "",
        "span": SourceSpan("templates/city/report/pack.yaml"),
        "title": (),
        "signature": (),
        "opening": "",
        "outline": (),
        "annexes": (),
        "formats": FORMATS,
        "numbering": ("{cn}、", "（{cn}）", "{n}.", "（{n}）"),
    }
    return Pack(**{**nothing, **more})


def ground(reason: str = "理由", layer: int = 3, line: int = 1, **more: Any) -> Ground:
    """Return the ground of a line of a policy that stands in `line` of policy.yaml."""
    return Ground(reason, "", SourceSpan("policy.yaml", line, 5), layer=layer, **more)


def withholding(*keys: str, **more: Any) -> Policy:
    """Return a policy of a report that withholds `keys`, each with a reason of its own."""
    lines = tuple(Withhold(ground(f"理由{k}", line=n), k) for n, k in enumerate(keys, 1))
    return Policy(withhold=lines, **more)


def parameters(code: str) -> set[str]:
    """Return the parameters of the sentences of a code."""
    texts = (*CODES[code].message.values(), *CODES[code].help.values())
    return {name for text in texts for name in PARAMETER.findall(text)}


def says_all(error: FormulaError) -> bool:
    """Return whether `error` fills every parameter of its message and help."""
    return parameters(error.code) - {"near"} == set(error.params)


def is_complete(found: Finding) -> bool:
    """Return whether a finding fills every parameter of its sentences."""
    return parameters(found.code) == set(found.params)


def codes(findings: Iterable[Finding]) -> list[str]:
    return [each.code for each in findings]


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return the code and the place of each finding."""
    return [(each.code, str(each.span)) for each in findings]


def where(found: Finding) -> list[str]:
    """Return every place of a finding."""
    return [str(place.span) for place in found.places]
