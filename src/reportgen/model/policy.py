"""A disclosure policy: what is kept back from an audience, and on what ground, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan

BLOCKS = ("sign-off", "signatures", "cover")
"""The parts of a report that are no section and no form: 落款, 签字栏, 封面."""


@frozen
class Ground:
    """Why something is kept back: the reason in words, the law, where the policy says so.

    `layer` counts from the widest: 0 the pack, 1 the unit, 2 the year, 3 the report.
    """

    reason: str
    basis: str
    span: SourceSpan
    audiences: tuple[Audience, ...] = ("public",)
    layer: int = 0


@frozen
class Withhold:
    """What is left out: a key (with all below it), or a part of the prescribed structure.

    Exactly one of `key`, `section` (id in the outline), `form` (name; with `column` or `row`,
    the head of one, only that) and `block` (one of `BLOCKS`) is given. `aliases` are other names
    of what is left out, which must not be told either.
    """

    ground: Ground
    key: str = ""
    section: str = ""
    form: str = ""
    column: str = ""
    row: str = ""
    block: str = ""
    aliases: tuple[str, ...] = ()


@frozen
class Mask:
    """A key whose value is printed as `shown` instead; `aliases` are other names of it."""

    ground: Ground
    key: str
    shown: str
    aliases: tuple[str, ...] = ()


@frozen
class Replacement:
    """A term that is printed as `shown` wherever it stands, but inside the words of `keep`.

    `initials` are spellings by initials (JMRH) that must not be left over either, `aliases` other
    names.
    """

    ground: Ground
    term: str
    shown: str
    initials: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@frozen
class Release:
    """What is disclosed although a default or a wider policy keeps it back: a key, or a text."""

    ground: Ground
    key: str = ""
    text: str = ""


PolicyLine = Withhold | Mask | Release
"""An entry of a policy that speaks of a key."""


@frozen
class Policy:
    """Everything that is kept back from somebody: the pack's policy, the unit's, the year's.

    Entries stand from the widest to the narrowest. `office_phone` says whether the office's
    telephone may be printed (政府信息公开条例 art. 20(2) allows it); None says nothing.
    `properties` are those of the public files by name (`creator`, `title`, `subject`,
    `keywords`). `personal` are names of fields that are protected beside those that
    `language.personal` knows. `past` are lines of earlier years' own policies, whose figures
    stand under `prior.`; nobody holds them to this year's report.
    """

    withhold: tuple[Withhold, ...] = ()
    masks: tuple[Mask, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    releases: tuple[Release, ...] = ()
    office_phone: bool | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    past: tuple[PolicyLine, ...] = ()

    def aged(self, years: int, layer: int) -> Policy:
        """Return what the lines of `layer` say of the same figures `years` later."""
        before = "prior." * years
        lines: tuple[PolicyLine, ...] = (*self.withhold, *self.masks, *self.releases)
        own = (line for line in lines if line.key and line.ground.layer == layer)
        return Policy(past=tuple(replace(line, key=before + line.key) for line in own))

    def over(self, narrower: Policy) -> Policy:
        """Return this policy and a narrower one together."""
        phone = narrower.office_phone
        return Policy(
            withhold=self.withhold + narrower.withhold,
            masks=self.masks + narrower.masks,
            replacements=self.replacements + narrower.replacements,
            releases=self.releases + narrower.releases,
            office_phone=self.office_phone if phone is None else phone,
            properties={**self.properties, **narrower.properties},
            personal=self.personal + narrower.personal,
            past=self.past + narrower.past,
        )
