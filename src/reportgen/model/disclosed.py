"""What may be composed: a ledger with everything the audience may not see taken out (D8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.model.document import Audience
from reportgen.model.figures import Ledger


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A ledger for one audience. `withheld` maps each key left out to the reason;

    `secrets` maps it to the text that must not be found in any output.
    """

    ledger: Ledger
    audience: Audience
    withheld: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
