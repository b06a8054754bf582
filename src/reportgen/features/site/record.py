"""Reads and writes `site.json`: what stands on a site, and what each of its pages was made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from reportgen.features.site.versions import PastNotice, PublishedReport
from reportgen.findings import Diagnostics, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import read_json, reason

T = TypeVar("T")
RECORD = "site.json"
"""The file of a site by which it is known."""
VERSION_ADDRESS = re.compile(r"([^/]+)/([0-9]{4})/([^/]+)/v([1-9][0-9]*)", re.ASCII)
"""Where a version stands: the unit, the year, the report, its number."""


_VERSION = 1
"""That of the form in which the file is written."""


@frozen
class MadePage:
    """A page or another file that is made of published versions: its SHA-256 and size in bytes.

    `made_of` is the hash of all that it was made of: while that is the same, so is the page.
    """

    path: str
    sha256: str
    size: int
    made_of: str


@frozen
class SiteRecord:
    """What `site.json` says: what the site is called, where it stands, its reports, its pages.

    `withdrawn` are the addresses of versions that were taken off it, `past_notices` the notices
    that went with any.
    """

    name: str
    url: str
    reports: tuple[PublishedReport, ...] = ()
    pages: tuple[MadePage, ...] = ()
    withdrawn: tuple[str, ...] = ()
    past_notices: tuple[PastNotice, ...] = ()


def as_bytes(record: SiteRecord) -> bytes:
    """Return the content of `site.json`, the same for the same record: a line a report and page."""
    head: dict[str, object] = {"version": _VERSION, "name": record.name, "url": record.url}
    if record.withdrawn:
        head["withdrawn"] = record.withdrawn
    if record.past_notices:
        head["past_notices"] = [*map(asdict, record.past_notices)]
    parts = [_json(head).removesuffix("}")]
    for name in ("reports", "pages"):
        lines = [f"\n{_json(asdict(each))}" for each in getattr(record, name)]
        parts.append(f',"{name}":[{",".join(lines)}]')
    return "".join([*parts, "}\n"]).encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_record(folder: Path, log: Diagnostics) -> SiteRecord | None:
    """Return what `site.json` in a folder says, None where there is none.

    The log gets U112 for one that is damaged: what was published is known by it alone.
    """
    path = folder / RECORD
    try:
        record = made(SiteRecord, _current_form(read_json(path)))
        _check_paths(record)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.add(finding("U112", SourceSpan(str(path), 0, 0), **reason(error)))
        return None
    return record


def _current_form(found: object) -> object:
    """Return the content of the file without its version; raises ValueError for another one."""
    if not isinstance(found, dict) or found.pop("version", None) != _VERSION:
        raise ValueError("version")
    return found


def _check_paths(record: SiteRecord) -> None:
    """Raise ValueError for a name that would lead out of the site."""
    for report in record.reports:
        names = [report.unit, report.report]
        for version in report.versions:
            names += [file.name for file in version.files]
        _check_names(names)
        if not report.versions:
            raise ValueError(report.address)
    for page in record.pages:
        _check_names(page.path.split("/"))
    for address in record.withdrawn:
        if not VERSION_ADDRESS.fullmatch(address):
            raise ValueError(address)
        _check_names(address.split("/"))


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if not is_name(name):
            raise ValueError(name)


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a folder or file, here and on a web server."""
    return text.isprintable() and not set(text) & set("/\\") and text not in {"", ".", ".."}


# JSON as values


def made(kind: type[T], found: object) -> T:
    """Return what JSON holds as a value of `kind`; raises ValueError for anything else."""
    return cast("T", _value(kind, found))


def _value(kind: Any, found: Any) -> object:  # noqa: ANN401 - any type that a record holds
    if type(found) is kind:
        return found
    if is_dataclass(kind):
        return _object(kind, found)
    if get_origin(kind) is tuple:
        return _list(get_args(kind)[0], found)
    if get_origin(kind) is UnionType:
        return None if found is None else _value(get_args(kind)[0], found)
    raise ValueError(f"{found!r}"[:80])


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _object(kind: Any, found: Any) -> object:  # noqa: ANN401 - as above
    """Return an object of a frozen class; what it has no field for is refused."""
    if not isinstance(found, dict):
        raise ValueError(f"{found!r}"[:80])  # noqa: TRY004 - of the file, not of the program
    hints, values = _hints(kind), {}
    for name, value in found.items():
        if name not in hints:
            raise ValueError(name)
        values[name] = _value(hints[name], value)
    try:
        return kind(**values)
    except TypeError:
        raise ValueError(", ".join(sorted(set(hints) - set(values)))) from None


def _list(kind: Any, found: Any) -> tuple[object, ...]:  # noqa: ANN401 - as above
    if not isinstance(found, list):
        raise ValueError(f"{found!r}"[:80])  # noqa: TRY004 - of the file, not of the program
    return tuple(_value(kind, each) for each in found)


def by_path(pages: Iterable[MadePage]) -> dict[str, MadePage]:
    """Return pages by their paths."""
    return {page.path: page for page in pages}
