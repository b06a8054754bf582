"""What the interface for Python answers with: findings and figures that print well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import overload

from reportgen.findings import Finding, blocks
from reportgen.findings.codes import Language
from reportgen.findings.renderers import as_json, concise, summary
from reportgen.model.figures import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Findings(Sequence[Finding]):
    """Findings in order of place; they print as `reportgen check` prints them."""

    items: tuple[Finding, ...] = ()
    language: Language = "zh"

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        """Return a finding, or some of them."""
        if isinstance(index, slice):
            return Findings(self.items[index], self.language)
        return self.items[index]

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.items)

    @property
    def ok(self) -> bool:
        """Return whether none of them is an error, so that the report may be published."""
        return not blocks(self.items)

    @property
    def errors(self) -> Findings:
        """Return the errors among them."""
        errors = tuple(each for each in self.items if each.severity == "error")
        return Findings(errors, self.language)

    def to_json(self) -> str:
        """Return them as a JSON list, as `check --output-format json` prints it."""
        return as_json(self.items, self.language)

    def __repr__(self) -> str:
        """Return a line for each finding, and the line that counts them."""
        lines = [concise(self.items, self.language), summary(self.items, self.language)]
        return "\n".join(filter(None, lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


@dataclass(frozen=True, slots=True, repr=False)
class Explanations(Sequence[str]):
    """Texts that explain what was asked for, one a figure, text, rule or code; they print whole.

    `findings` were met on the way: where there is no text, they say whether one could not be had.
    """

    texts: tuple[str, ...] = ()
    findings: Findings = field(default_factory=Findings)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        """Return a text, or some of them."""
        return self.texts[index]

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.texts)

    def __repr__(self) -> str:
        """Return the texts, or the errors that left nothing to say."""
        return "\n\n".join(self.texts) or repr(self.findings.errors)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


@dataclass(frozen=True, slots=True, repr=False)
class Figures(Mapping[str, Figure]):
    """Figures by key, those of earlier years under `prior.`; `findings` were met on the way.

    `places` holds, by key, each text as printed and where it is printed.
    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    places: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Figure:
        """Return the figure at `key`; raises KeyError if there is none.

        Where there are none at all the error says what could not be read.
        """
        if not self.figures and self.findings.errors:
            raise KeyError(f"{key}; {self.findings.errors!r}")
        return self.figures[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, facts first, in the order of their files."""
        return iter(self.figures)

    def __len__(self) -> int:
        """Return how many figures there are."""
        return len(self.figures)

    def __repr__(self) -> str:
        """Return a line for each figure: key, title, text."""
        return "\n".join(f"{key}  {each.title}  {each.text or '—'}" for key, each in self.items())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(key)}</code></td><td>{escape(each.title)}</td>"
            f"<td>{escape(each.text or '—')}</td></tr>"
            for key, each in self.items()
        )
        return f"<table>{rows}</table>"
