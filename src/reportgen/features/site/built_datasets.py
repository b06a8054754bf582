"""The datasets of what was built: each from the record of its build, many of them by processes."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from reportgen.features.site.collecting import FIGURES, BuiltVersion
from reportgen.features.site.datasets import dataset_files
from reportgen.findings import Finding, finding
from reportgen.flow.manifests import INSIDE
from reportgen.flow.parallel import ParallelRun, processes, worker_lost
from reportgen.model import limits
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError, parsed_json, read_foreign, reason

_VERSIONS = 8
"""So many versions a process takes at a time: about a second of work."""


class BuiltDataset(NamedTuple):
    """The files of the dataset of a version by name, or what is said where there is none."""

    files: Mapping[str, bytes]
    problem: Finding | None = None


def built_datasets(
    built: Sequence[BuiltVersion], licence: str, jobs: int
) -> Generator[BuiltDataset]:
    """Yield the dataset of each version, in order: by `jobs` processes, 0 for one a core."""
    groups = [built[at : at + _VERSIONS] for at in range(0, len(built), _VERSIONS)]
    make = partial(_made, licence=licence)
    yield from ParallelRun(make, _lost, processes(jobs, len(groups))).results(groups)


def _made(built: BuiltVersion, licence: str) -> BuiltDataset:
    """Return the dataset of a version, U130 where its record is not that of the build."""
    path = built.folder.parent / INSIDE / f"{built.report}{FIGURES}"
    try:
        data = read_foreign(path, limits.JSON_BYTES)
        if hashlib.sha256(data).hexdigest() != built.figures:
            raise ForeignFileError("@site_other_build")
        return BuiltDataset(dataset_files(built.version, parsed_json(data), licence))
    except (OSError, ValueError) as error:
        return BuiltDataset({}, finding("U130", SourceSpan(str(path), 0, 0), **reason(error)))


def _lost(built: BuiltVersion, error: Exception) -> BuiltDataset:
    """Return what is said of a version whose worker died."""
    return BuiltDataset({}, worker_lost(built.address, error))
