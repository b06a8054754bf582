"""Reads `site.toml`: what a site is called, whose builds stand on it, and what was corrected.

name = "怀化市预算绩效公开"              # what the site is called
url = "https://example.org/jixiao/"      # where it will stand; feeds need whole addresses
publisher = "怀化市财政局"                # who answers for it
contact = "绩效管理科，怀化市……路1号"      # whom to tell of an error
site_code = "4312000000"                 # 网站标识码, of a government site
license = "https://example.org/xuke/"    # under which the data may be used
builds = ["build", "../yiyang/build"]    # folders of builds, seen from this file

[[withdrawn]]                            # what must stand there no longer
address = "huaihua/2022/department/v1"   # without /v1 the whole report
date = 2024-09-12                        # for everybody to read, as is the reason
reason = "附表误列了不应公开的内容。"
                                         # or in short: withdrawn = ["huaihua/2022/department/v1"]

[[correction]]                           # for each version that took the place of a published one
unit = "huaihua"
year = 2023
report = "department"
date = 2024-09-12
notice = "更正说明.docx"                  # seen from this file
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from reportgen.features.site.versions import SiteSettings, Withdrawal
from reportgen.findings import Diagnostics, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.toml_files import TomlError, TomlFile, read_toml

NAME = "预算绩效自评报告公开"
"""What a site is called whose settings give it no name."""
CORRECTION = "correction"
WITHDRAWN = "withdrawn"
_KEYS: Mapping[str, str] = {
    "name": "text",
    "url": "text",
    "publisher": "text",
    "contact": "text",
    "site_code": "text",
    "license": "text",
    "builds": "texts",
    WITHDRAWN: "withdrawals",
    CORRECTION: "tables",
}
_CORRECTION_KEYS: Mapping[str, str] = {
    "unit": "text",
    "year": "year",
    "report": "text",
    "date": "day",
    "notice": "text",
}
_WITHDRAWAL_KEYS: Mapping[str, str] = {"address": "text", "date": "day", "reason": "text"}
"""What each key holds, as the labels of codes.yaml call it."""
_IN_PATHS = "/%:@!$&'+,;=~-._*()"
"""What stands in the path of an address as it is (RFC 3986, 3.3)."""
_YEAR = re.compile("[1-9][0-9]{3}", re.ASCII)
_SITE_CODE = re.compile("[0-9]{10}")


@frozen
class SiteCorrection:
    """What `site.toml` says of a correction: of which report, on which day (ISO), and its notice.

    `span` is where it says so.
    """

    unit: str
    year: int
    report: str
    date: str
    notice: Path
    span: SourceSpan

    @property
    def address(self) -> str:
        """Return where its report stands on a site: `huaihua/2023/department/`."""
        return f"{self.unit}/{self.year}/{self.report}/"


def read_settings(
    path: Path, builds: Path, log: Diagnostics
) -> tuple[SiteSettings, tuple[SiteCorrection, ...]] | None:
    """Return what a file of settings says, or None with U101 at what is wrong in it.

    Where it names none, the folder of builds is `builds`.
    """
    try:
        file = read_toml(path)
    except TomlError as error:
        log.add(finding("U101", error.span, what=error.what, **error.params))
        return None
    problems = Diagnostics()
    _check(file.values, _KEYS, file, ("", 0), problems)
    listed = file.values.get(CORRECTION, ())
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            _check_entry(entry, file, (CORRECTION, number), problems)
    listed = file.values.get(WITHDRAWN, ())
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            _check_entry(entry, file, (WITHDRAWN, number), problems)
    if not problems.blocked:
        _check_values(file, problems)
    log.extend(problems)
    if problems.blocked:
        return None
    return _settings(file, builds), tuple(_corrections(file))


def default_settings(builds: Path) -> SiteSettings:
    """Return the settings of a site that has no file of them."""
    return SiteSettings(NAME, builds=(str(builds),))


# What is wrong


def _check(
    values: Mapping[str, Any],
    keys: Mapping[str, str],
    file: TomlFile,
    at: tuple[str, int],
    log: Diagnostics,
) -> None:
    """Log U101 for keys that there are none of, and for values of another kind."""
    for key, value in values.items():
        kind = keys.get(key)
        if kind is None:
            known = "、".join(keys)
            _add(log, file.span(key, *at), "@site_unknown_key", key=key, known=known)
        elif kind == "year" and isinstance(value, str) and _YEAR.fullmatch(value):
            _add(log, file.span(key, *at), "@site_year_in_quotes", key=key, value=value)
        elif not _fits(value, kind):
            _add(log, file.span(key, *at), f"@site_no_{kind}", key=key, value=_shown(value))


def _fits(value: object, kind: str) -> bool:
    """Return whether a value is of a kind that a key holds."""
    match kind:
        case "text":
            return isinstance(value, str)
        case "year":
            return type(value) is int and 1000 <= value <= 9999
        case "day":
            return type(value) is dt.date or _is_day(value)
        case "texts":
            return _is_list_of(value, str) and bool(value)
        case "withdrawals":
            return _is_list_of(value, str, dict)
    return _is_list_of(value, dict)


def _is_list_of(value: object, *kinds: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kinds) for each in value)


def _is_day(value: object) -> bool:
    """Return whether a text is a day as YYYY-MM-DD."""
    try:
        return isinstance(value, str) and str(dt.date.fromisoformat(value)) == value
    except ValueError:
        return False


def _check_entry(
    entry: Mapping[str, Any], file: TomlFile, at: tuple[str, int], log: Diagnostics
) -> None:
    """Log U101 for what is wrong in an entry, and for keys that it lacks."""
    is_correction = at[0] == CORRECTION
    _check(entry, _CORRECTION_KEYS if is_correction else _WITHDRAWAL_KEYS, file, at, log)
    for key in _CORRECTION_KEYS if is_correction else ("address",):
        if not str(entry.get(key, "")).strip():
            _add(log, file.span("", *at), "@site_lacks_key", key=key)


def _check_values(file: TomlFile, log: Diagnostics) -> None:
    """Log U101 for values that say nothing, or no address."""
    values = file.values
    for key in ("name", "builds", WITHDRAWN):
        if key in values and not all(_texts(values[key])):
            _add(log, file.span(key), "@site_empty", key=key)
    if values.get("url") and not _is_address(values["url"]):
        _add(log, file.span("url"), "@site_no_address", value=_shown(values["url"]))
    if values.get("license") and not _is_on_web(values["license"].strip()):
        _add(log, file.span("license"), "@site_no_license", value=_shown(values["license"]))
    if values.get("site_code") and not _SITE_CODE.fullmatch(values["site_code"]):
        _add(log, file.span("site_code"), "@site_no_code", value=_shown(values["site_code"]))


def _texts(value: str | Iterable[object]) -> list[str]:
    """Return a text, or the texts of a list, without blanks around them."""
    return [str(text).strip() for text in ([value] if isinstance(value, str) else value)]


def _is_address(text: str) -> bool:
    """Return whether a text is the address of a folder on the web, without query and fragment."""
    return _is_on_web(text) and not set(text) & set("?#")


def _is_on_web(text: str) -> bool:
    """Return whether a text is an address of http or https."""
    try:
        parts = urlsplit(_in_ascii(text))
        has_port = parts.port != 0
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and has_port
    return is_web and not set(text) & set('"<> \t\n\\') and text.isprintable()


def _in_ascii(url: str) -> str:
    """Return an address with no letters but those of ASCII, as feeds and lists of pages want it."""
    parts = urlsplit(url)
    host = parts.netloc.encode("idna").decode()
    return urlunsplit(parts._replace(netloc=host, path=quote(parts.path, safe=_IN_PATHS)))


def _add(log: Diagnostics, span: SourceSpan, what: str, **params: str) -> None:
    values: dict[str, Any] = {"what": what, **params}
    log.add(finding("U101", span, **values))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


# What it says


def _settings(file: TomlFile, builds: Path) -> SiteSettings:
    values = file.values
    url = _in_ascii(values.get("url", "").strip())
    folders = [str(file.path.parent / name) for name in values.get("builds", ())]
    return SiteSettings(
        name=values.get("name", NAME).strip(),
        url=url if url.endswith("/") or not url else f"{url}/",
        publisher=values.get("publisher", "").strip(),
        contact=values.get("contact", "").strip(),
        site_code=values.get("site_code", ""),
        license=values.get("license", "").strip(),
        withdrawn=tuple(_withdrawals(file)),
        builds=tuple(folders) or (str(builds),),
    )


def _withdrawals(file: TomlFile) -> Iterator[Withdrawal]:
    """Yield what is withdrawn in the order of the file, written in short or as tables."""
    for entry in file.values.get(WITHDRAWN, ()):
        said = {"address": entry} if isinstance(entry, str) else entry
        written, reason = said["address"], said.get("reason", "").strip()
        span = file.text_span(written, WITHDRAWN)
        yield Withdrawal(written.strip().strip("/"), str(said.get("date", "")), reason, span)


def _corrections(file: TomlFile) -> Iterable[SiteCorrection]:
    """Yield the corrections in the order of the file."""
    for number, entry in enumerate(file.values.get(CORRECTION, ())):
        yield SiteCorrection(
            entry["unit"],
            entry["year"],
            entry["report"],
            str(entry["date"]),
            file.path.parent / entry["notice"],
            file.span("", CORRECTION, number),
        )
