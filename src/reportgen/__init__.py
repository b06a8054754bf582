"""reportgen: prescribed performance self-evaluation reports from facts, with proof.

    from reportgen import Project

    report = Project(".").report("huaihua", 2023, "department")
    report.check()
    report.build(audience="public")

Nothing is imported until it is used. The steps, in the order in which `flow` takes them:

1. `load`: find the project's files, read YAML with positions, hold it to the schema;
2. `derive`: work out every figure from the facts by the pack's formulas;
3. `check` facts: what the pack demands of them, and what must agree with what;
4. `disclose`: leave out what the audience may not see;
5. `compose`: fill the pack's body and forms, giving one `Document`;
6. `check` document: headings, tables and texts that the pack prescribes, numbers typed by hand;
7. `write`: turn the Document into Word, web page and PDF, in memory;
8. `verify`: read the finished files back and compare them with the Document;
9. publish (in `flow`): move all files of the report into build/ together.

Below the steps: nouns in `model`, `findings`, what people write in `language`, the language of
rules in `formula`, files and git in `project`, Word files of others in `wordfile`, explanations of
figures in `provenance`, what readers can work out in `inference`, documents of others in
`reading`. Above them:
`features`, which do not know each other, and `cli` and `api`, the two ways in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.api import (
        Audits,
        ComparedReports,
        Explanations,
        Figures,
        Findings,
        MadeSite,
        Project,
        Report,
        audit,
        overview,
    )

__version__ = "0.1.0"
__all__ = [
    "Audits",
    "ComparedReports",
    "Explanations",
    "Figures",
    "Findings",
    "MadeSite",
    "Project",
    "Report",
    "__version__",
    "audit",
    "overview",
]


def __getattr__(name: str) -> object:
    """Return a public name of `api`, which is imported only then."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reportgen import api  # noqa: PLC0415 - the package itself imports nothing

    return getattr(api, name)


def __dir__() -> list[str]:
    return __all__
