"""Tells whether the files of a report are what a build would make of it now.

A build leaves in its manifest everything that could change its bytes: the files that it read,
the folders that it listed, the files that it looked for in vain, the program, its engines and
fonts, and the options. While all of that is as it was, so are the files. Which program it is says
a hash of its own files, since a version says less than that.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reportgen import __version__
from reportgen.flow import manifests
from reportgen.flow.job import Job
from reportgen.flow.publish import MANIFEST, mend
from reportgen.project.history import Origin, origin
from reportgen.project.source_files import SourceFiles

FOLDER = Path(__file__).resolve().parent.parent
SUFFIXES = frozenset([".py", ".yaml", ".j2", ".css", ".js"])


@cache
def program() -> str:
    """Return the SHA-256 over the paths and bytes of every file of the program."""
    digest = hashlib.sha256()
    for name, path in sorted(_files(str(FOLDER), "")):
        with open(path, "rb") as file:  # noqa: PTH123 - half the time for 600 files
            data = file.read()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _files(folder: str, before: str) -> Iterator[tuple[str, str]]:
    """Yield the files of the program below `folder`: names that begin with `before`, and paths."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _files(entry.path, f"{before}{entry.name}/")
        elif os.path.splitext(entry.name)[1] in SUFFIXES:  # noqa: PTH122
            yield before + entry.name, entry.path


def stamp(job: Job, files: SourceFiles, engines: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of a build of `job` that read `files`.

    `seen` is a hash of what was looked at, so that a list with a line less is not taken for whole.
    """
    looked_at = {
        "inputs": dict(sorted(files.digests.items())),
        "folders": dict(sorted(files.listings.items())),
        "absent": sorted(files.absent),
    }
    text = json.dumps(looked_at, ensure_ascii=False)
    return {
        "reportgen": __version__,
        "program": program(),
        "engines": dict(engines),
        "options": options(job),
        **looked_at,
        "seen": hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest(),
    }


def options(job: Job) -> dict[str, Any]:
    """Return the options of a job that change its files, or whether they are published."""
    return {
        "formats": list(job.formats),
        "comments": job.comments,
        "strict": job.strict,
        "final": job.final,
    }


def is_up_to_date(job: Job, engines: Mapping[str, Any]) -> bool:
    """Return whether the published files of `job` are there and would come out the same.

    The fonts of `engines` are compared by their hashes, whatever their versions.
    """
    mend(job.builds)
    entry = _without_font_versions(manifests.of_report(job.folder, job.report))
    if not _holds(job.folder, entry.get("outputs")) or not _record_holds(job):
        return False
    seen = _seen_again(job, entry)
    now = _without_font_versions(stamp(job, seen, engines))
    return all(entry.get(name) == value for name, value in now.items()) and _as_committed(
        job, entry, seen
    )


def inputs_changed(seen: SourceFiles, entry: Mapping[str, Any]) -> bool:
    """Return whether facts or templates are not those that a build read, by its manifest's entry.

    `seen` are the files of the project; what they were asked for another report they are asked no
    more. Whether the same program would make the same files of them is another question.
    """
    for path, digest in entry.get("inputs", {}).items():
        if (seen.digests.get(path) or seen.sha256(path)) != digest:
            return True
    for path, names in entry.get("folders", {}).items():
        if (seen.listings.get(path) or seen.listing(path)) != names:
            return True
    return any(map(seen.exists, {*entry.get("absent", ())} - seen.absent))


def _seen_again(job: Job, entry: Mapping[str, Any]) -> SourceFiles:
    """Return the files of the project after a look at all that a build has looked at."""
    seen = SourceFiles(job.root)
    for path in _paths(entry.get("inputs")):
        seen.sha256(path)
    for path in _paths(entry.get("folders")):
        seen.listing(path)
    for path in _paths(entry.get("absent")):
        seen.exists(path)
    return seen


def _paths(listed: object) -> list[str]:
    """Return the paths in a part of a manifest, none where it is damaged."""
    if not isinstance(listed, dict | list):
        return []
    return [path for path in listed if isinstance(path, str)]


def _without_font_versions(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of a build, but for the versions of fonts: hashes say more."""
    engines = entry.get("engines")
    if not isinstance(engines, dict) or not isinstance(engines.get("fonts"), list):
        return dict(entry)
    fonts = [{**font, "version": ""} for font in engines["fonts"] if isinstance(font, dict)]
    return {**entry, "engines": {**engines, "fonts": fonts}}


def _as_committed(job: Job, entry: Mapping[str, Any], seen: SourceFiles) -> bool:
    """Return whether what the manifest says of the commit still holds.

    Files that were built before they were committed are built again from the commit, so that
    their manifest names it.
    """
    if entry.get("clean") is not False:
        return True
    now = origin_of(job, seen)
    return now is None or not now.clean


def origin_of(job: Job, files: SourceFiles) -> Origin | None:
    """Return the commit that a build of `job` that read `files` comes from, None without one.

    What lies beside the unit and its templates has no say in it: of a province in one repository
    somebody always edits something, and a look at all of it for each report would take the longer
    the more reports there are.
    """
    if job.origin is not None:
        return job.origin
    under = {"templates", f"data/{job.unit}"}
    for path in files.digests:
        if path.startswith("data/"):
            under.add("/".join(path.split("/")[:2]))
    return origin(job.root, files.digests, under)


def _record_holds(job: Job) -> bool:
    """Return whether the record of what was kept back stands beside a version for others."""
    if job.audience == "internal":
        return True
    name = job.report if job.audience == "public" else f"{job.report}.{job.audience}"
    entries = manifests.read(job.record / MANIFEST) or {}
    return _holds(job.record, entries.get(name, {}).get("outputs"))


def _holds(folder: Path, outputs: object) -> bool:
    """Return whether `folder` holds the files of `outputs`, digests by name, unchanged."""
    if not isinstance(outputs, dict) or not outputs:
        return False
    for name, digest in outputs.items():
        try:
            data = (folder / name).read_bytes()
        except (OSError, ValueError):  # lost, or a name that no file can have
            return False
        if hashlib.sha256(data).hexdigest() != digest:
            return False
    return True
