"""A failure of the program itself, as a value that tells those who mend it where it was."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from reportgen.findings import Finding
from reportgen.model.frozen import frozen
from reportgen.project.memory import ran_out_of_memory
from reportgen.project.saving import cannot_write

R = TypeVar("R")


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


def attempted(
    step: Callable[[], R], failed: Callable[[tuple[Finding, ...], Fault | None], R], path: Path
) -> R:
    """Return the result of a step, or what `failed` makes of its end: the others of many go on.

    It gets W201 where the system refused, at `path` where that names none, or the fault. For want
    of memory nobody is to blame here: who handed the step out tells that.
    """
    try:
        return step()
    except OSError as error:
        return failed((cannot_write(error, path),), None)
    except Exception as error:
        if ran_out_of_memory(error):
            raise MemoryError from error
        return failed((), Fault.of(error))
