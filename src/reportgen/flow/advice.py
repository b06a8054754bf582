"""Tries what findings advise about withheld figures before they say so.

D121 and D160 propose lines of a policy. Each proposal is followed as a drafter would: the report
is composed with it, what then leaves a hole in a sentence is masked, what can be worked out then is
kept from it by what that finding proposes in turn, until nothing is wrong, or nothing helps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reportgen.disclose.redact import redact
from reportgen.findings import Diagnostics, Finding
from reportgen.flow.recoverable import check_recoverable
from reportgen.flow.staged import Derived, Version
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.frozen import frozen
from reportgen.model.policy import Ground, Mask, Policy, Release, Withhold
from reportgen.model.source import NOWHERE

MOST_STEPS = 8
"""How often a proposal is followed up before it counts as in vain."""
REPORT_LAYER = 3
SHOWN = "若干"
"""What stands in the place of a masked figure while a proposal is tried."""

Compose = Callable[[Disclosed, Diagnostics], Version | None]


@frozen
class _Proposal:
    """Keys that a policy is to release, withhold and mask besides what it says already."""

    releases: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()

    def policy(self, report: Derived) -> Policy:
        """Return the policy of `report` with these lines; a mask takes the place of others."""
        ground = Ground("", "", NOWHERE, (report.job.audience,), REPORT_LAYER)
        own = report.inputs.policy
        kept = tuple(line for line in own.withhold if line.key not in self.masks)
        lines = Policy(
            withhold=tuple(Withhold(ground, key) for key in self.withheld),
            masks=tuple(Mask(ground, key, SHOWN) for key in self.masks),
            releases=tuple(Release(ground, key) for key in self.releases),
        )
        return replace(own, withhold=kept).over(lines)

    def masking(self, keys: Iterable[str]) -> _Proposal:
        """Return this with `keys` masked, whatever it said of them."""
        masks = tuple(dict.fromkeys((*self.masks, *keys)))
        withheld = tuple(key for key in self.withheld if key not in masks)
        return replace(self, withheld=withheld, masks=masks)

    def withholding(self, keys: Iterable[str]) -> _Proposal:
        """Return this with `keys` withheld that are not masked, and no longer released."""
        new = [key for key in keys if key not in self.masks]
        releases = tuple(key for key in self.releases if key not in new)
        return replace(
            self, releases=releases, withheld=tuple(dict.fromkeys((*self.withheld, *new)))
        )

    def beside(self, other: _Proposal) -> str:
        """Return in words what this says that `other` does not."""
        parts: list[str] = []
        for name in ("release", "withhold", "mask"):
            said = set(other.keys(name))
            keys = [key for key in self.keys(name) if key not in said]
            if keys:
                parts.append(f"{name}: {'、'.join(keys)}")
        return "；".join(parts) or "@nothing_more"

    def keys(self, name: str) -> tuple[str, ...]:
        """Return the keys under `name` of the policy."""
        return {"release": self.releases, "withhold": self.withheld, "mask": self.masks}[name]


@dataclass(slots=True)
class Trials:
    """Follows proposals for one report; `compose` makes the version of what is disclosed.

    `others` are the other reports of the unit. What was tried once is remembered.
    """

    report: Derived
    internal: Document
    others: Iterable[Version | str]
    compose: Compose
    tried: dict[tuple[_Proposal, bool], _Proposal | None] = field(default_factory=dict)

    def advised(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield `findings`, those that give advice with what came of it."""
        known = tuple(findings)
        holes = [each for each in known if each.code == "D121"]
        about_holes = self._about_holes(holes) if holes else {}
        for each in known:
            told = about_holes if each.code == "D121" else self._about_recovery(each)
            yield replace(each, params={**each.params, **told}) if told else each

    def _about_holes(self, holes: Iterable[Finding]) -> Mapping[str, str]:
        """Return what else has to be written where all `holes` are released, or all masked."""
        keys = tuple(dict.fromkeys(each.subject for each in holes))
        released, masked = _Proposal(releases=keys), _Proposal(masks=keys)
        told = self._followed(released, releasing=True)
        left = [key for key in keys if told is not None and key in told.releases]
        return {
            "releases": "、".join(left or keys),
            "release_lines": told.beside(released) if told and left else "@in_vain",
            "masks": "、".join(keys),
            "mask_lines": self._lines(masked),
        }

    def _about_recovery(self, each: Finding) -> Mapping[str, str]:
        """Return the lines that keep what is told from being worked out, where keys are known."""
        keys = _further_keys(each)
        if not keys:
            return {}
        found = self._followed(_Proposal(withheld=keys), releasing=False)
        return {"lines": found.beside(_Proposal()) if found else "@in_vain"}

    def _lines(self, proposal: _Proposal) -> str:
        found = self._followed(proposal, releasing=False)
        return found.beside(proposal) if found else "@in_vain"

    def _followed(self, proposal: _Proposal, *, releasing: bool) -> _Proposal | None:
        """Return `proposal` with all that it entails, None where that comes to no good end."""
        if (proposal, releasing) not in self.tried:
            self.tried[proposal, releasing] = self._follow(proposal, releasing=releasing)
        return self.tried[proposal, releasing]

    def _follow(self, proposal: _Proposal, *, releasing: bool) -> _Proposal | None:
        for _ in range(MOST_STEPS):
            problems = self._problems(proposal)
            if not problems:
                return proposal
            entailed = _entailed(proposal, problems, releasing=releasing)
            if entailed == proposal:
                return None
            proposal = entailed
        return None

    def _problems(self, proposal: _Proposal) -> tuple[Finding, ...]:
        """Return the errors of the report under `proposal`."""
        policy = proposal.policy(self.report)
        log = Diagnostics()
        disclosed = redact(self.report.ledger, policy, self.report.job.audience)
        version = self.compose(disclosed, log)
        if version is not None and not log.blocked:
            check_recoverable(version, self.internal, self.others, log)
        return tuple(each for each in log if each.severity == "error")


def _further_keys(each: Finding) -> tuple[str, ...]:
    """Return the keys to withhold by D160, or the first of those by D163; of others none."""
    keys = each.params["keys"] if each.code in {"D160", "D163"} else "@"
    if keys.startswith("@"):
        return ()
    every = tuple(keys.split("、"))
    return every[:1] if each.code == "D163" else every


def _entailed(proposal: _Proposal, problems: Iterable[Finding], *, releasing: bool) -> _Proposal:
    """Return `proposal` with what `problems` propose; as it is where they propose nothing new.

    A figure that goes with another only is released where it may be, otherwise masked.
    """
    for each in problems:
        key = each.subject
        if each.code == "D121" and releasing and key not in proposal.withheld:
            proposal = replace(proposal, releases=(*proposal.releases, key))
        elif each.code in {"D114", "D121"}:
            proposal = proposal.masking((key,))
        proposal = proposal.withholding(_further_keys(each))
    return proposal
