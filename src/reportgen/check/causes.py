"""Says which findings have one cause: a missing name, a value that changed, a rule of secrecy.

Nothing is left out of the log: what tells findings to people shows those of one cause as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate

from reportgen.findings import Finding
from reportgen.formula.indicators import COLUMNS
from reportgen.formula.names import PRIOR, covering
from reportgen.model.figures import Figure, Ledger
from reportgen.model.policy import Policy

NAMED_BY: Mapping[str, str] = {
    "F103": "{key}",
    "P101": "{key}",
    "R303": "{key}",
    "R502": "{key}",
    "T102": "{key}",
    "T103": "{path}",
    "R105": "{of}",
    "F122": "{rule}",
    "F123": "ratings.{rating}",
}
"""By the codes of what names something that there is not: how its name follows from parameters."""
CHANGED = ("R501", "R403", "R210", "R211")
"""Codes that are about a typed number itself, whose change others follow from."""
FOLLOWING = ("R301", "R305", "R106", "R401", "R402", "R404", "R203", "R208", "F104", "P102")
"""Codes that may follow from a typed number that changed: they judge what is worked out from it."""
BLANK = ("R102", "R301", "R305", "T110", "T120", "P102")
"""Codes that may follow from a figure that cannot be worked out."""
MOST_NAMES = 3
"""More names than this that are missing at once have one cause: a file, or a whole part of one."""
FILE = "file"
"""The cause of many missing names."""
SCORES = "scores"
"""The cause of scores that are not given, since no rule of scoring is used for them."""


def with_causes(findings: Iterable[Finding], ledger: Ledger, policy: Policy) -> tuple[Finding, ...]:
    """Return `findings` with what they follow from, as far as it can be told."""
    findings = tuple(findings)
    causes = _Causes(findings, ledger, policy)
    return tuple(replace(each, cause=causes.of(each)) for each in findings)


class _Causes:
    """What can have caused findings: names that are missing, numbers that changed, secrets."""

    def __init__(self, findings: Iterable[Finding], ledger: Ledger, policy: Policy) -> None:
        self.ledger = ledger
        self.known = set(_known(ledger))
        keys = [line.key for line in policy.withhold] + [line.key for line in policy.masks]
        self.hidden = [covering(key) for key in keys if key]
        self.absent = {each.params["key"] for each in findings if each.code == "P101"}
        names = (self._missing(each) for each in findings if not each.waived)
        self.names = set(filter(None, names))
        self.changed = {each.subject for each in findings if _is_of_change(each, ledger)}

    def of(self, finding: Finding) -> str:
        """Return the cause of a finding, empty where it stands for itself."""
        for cause in (self._secret, self._name, self._score, self._change, self._blank):
            if found := cause(finding):
                return found
        return ""

    def _name(self, finding: Finding) -> str:
        """Return the name that a finding misses, or that much is missing."""
        name = self._missing(finding)
        if name and len(self.names) > MOST_NAMES:
            return FILE
        return f"name {name}" if name else ""

    def _missing(self, finding: Finding) -> str:
        """Return the name that a finding misses: the shortest part of it that there is not."""
        if finding.code == "R501" and finding.subject in self.absent:
            return finding.subject
        if finding.code not in NAMED_BY:
            return ""
        name = NAMED_BY[finding.code].format(**finding.params)
        return next((part for part in _starts(name) if part not in self.known), name)

    def _change(self, finding: Finding) -> str:
        """Return the changed number that a finding is about, or that its figure comes from."""
        if finding.code == "R101":
            return self._slip(finding)
        keys = [finding.subject]
        if finding.code in FOLLOWING:
            keys += _below(self.ledger, finding.subject)
        return next((f"value {key}" for key in keys if key in self.changed), "")

    def _score(self, finding: Finding) -> str:
        """Return that scores are not given, if a finding follows from it."""
        return SCORES if finding.code == "F121" or self._is_of_unscored(finding) else ""

    def _is_of_unscored(self, finding: Finding) -> bool:
        """Return whether a finding is about a score that no rule gives, or what comes from one."""
        if finding.code not in BLANK:
            return False
        for figure in self.ledger.below([finding.subject]):
            if figure.value is None and figure.key.rpartition(".")[2] in COLUMNS["score"]:
                return True
        return False

    def _slip(self, finding: Finding) -> str:
        """Return the changed number that alone explains why a relation does not hold."""
        facts = finding.params["facts"]
        if not facts or " / " in facts:
            return ""
        figures = filter(None, map(self.ledger.figures.get, sorted(self.changed)))
        return next((f"value {each.key}" for each in figures if each.span == finding.span), "")

    def _blank(self, finding: Finding) -> str:
        """Return the figure that has no value and that a finding is about."""
        if finding.code not in BLANK:
            return ""
        key = finding.params.get("key", finding.subject)
        figure = self.ledger.figures.get(key)
        if figure is not None and figure.value is None:
            return f"blank {_root_of_blank(self.ledger, figure).span}"
        return f"blank {finding.span}" if finding.code == "R102" else ""

    def _secret(self, finding: Finding) -> str:
        """Return the withheld key that a finding is about, or that its figure goes with."""
        if not finding.code.startswith("D1"):
            return ""
        subject = finding.params.get("cause", finding.subject)
        for key in dict.fromkeys((subject, *_below(self.ledger, subject))):
            for line, pattern in enumerate(self.hidden):
                if pattern.fullmatch(key):
                    return f"secret {line}"
        return ""


def _known(ledger: Ledger) -> Iterator[str]:
    """Yield every key of a ledger with what stands before its dots."""
    for key in (*ledger.figures, *ledger.texts, *ledger.tables):
        yield from _starts(key)


def _starts(key: str) -> Iterator[str]:
    """Yield what stands before each dot of a key, and the key."""
    yield from accumulate(key.split("."), "{}.{}".format)


def _is_of_change(finding: Finding, ledger: Ledger) -> bool:
    """Return whether a finding says that a typed number is not what it was."""
    if finding.waived:
        return False
    figure = ledger.figures.get(finding.subject)
    is_typed = figure is not None and figure.kind == "fact"
    return finding.code in CHANGED or (is_typed and finding.code in {"R301", "R305"})


def _below(ledger: Ledger, key: str) -> Iterator[str]:
    """Yield `key` and the keys of all figures of this year that it is worked out from."""
    for figure in ledger.below([key]):
        if not figure.key.startswith(PRIOR):
            yield figure.key


def _root_of_blank(ledger: Ledger, figure: Figure) -> Figure:
    """Return the first figure below a blank one that is blank by itself."""
    seen: set[str] = set()
    while figure.key not in seen:
        seen.add(figure.key)
        blanks = _blanks(ledger, figure.inputs)
        if blanks:
            figure = blanks[0]
    return figure


def _blanks(ledger: Ledger, keys: Collection[str]) -> list[Figure]:
    figures = [ledger.figures[key] for key in keys if key in ledger.figures]
    return [figure for figure in figures if figure.value is None]
