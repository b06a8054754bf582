"""A failure of the program itself, as a value that tells those who mend it where it was."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Self

from reportgen.model.frozen import frozen


@frozen
class Fault:
    """`what` failed (`KeyError: 'x'`), and where in the program (`flow/steps.py:12 draft`).

    `details` is how the program came there, a line a step.
    """

    what: str
    where: str
    details: str

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Return what an exception says, and the line that raised it."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        name = "/".join(Path(place.filename).parts[-2:])
        where = f"{name}:{place.lineno} {place.name}"
        details = "".join(traceback.format_exception(error))
        return cls(f"{type(error).__name__}: {error}", where, details)
