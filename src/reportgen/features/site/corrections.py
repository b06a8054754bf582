"""Reads signed notices of correction (更正说明), and says which version each of them explains.

A notice explains the version that took the place of the one before. It is read as any document of
others is, held to be signed and of that report, and published as it is; one that is published
already is no news.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import filterfalse, islice
from operator import attrgetter

from reportgen.features.site.collecting import Collected
from reportgen.features.site.settings import SiteCorrection
from reportgen.features.site.versions import (
    Notice,
    NoticeTable,
    PastNotice,
    PublicFile,
    PublicVersion,
    PublishedReport,
    Withdrawal,
)
from reportgen.findings import Diagnostics, finding
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.reading import Reading, ReadParagraph, ReadTable
from reportgen.project.foreign_files import ForeignFileError, read_foreign, reason
from reportgen.reading.opening import open_document
from reportgen.verify.hidden_content import SEAL, hidden_content
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import UnreadableError
from reportgen.verify.pdf_parts import saved_before
from reportgen.verify.search import parts

NAME = "notice"
"""What its file is called on the site, whatever it was called; the ending stays."""
_BEGINS: Mapping[str, bytes] = {".docx": b"PK", ".pdf": b"%PDF-"}
"""How a file of each ending begins: one that is called so and is another opens nowhere."""
_BLANK_DAY = re.compile(r"(?<!\d)\s*年\s*月\s*日")
_BLANK_NAME = re.compile(r"经办人[:：]\s*(?:审核人|签发人|$)")
_SPACE = re.compile(r"\s+")
_EDITED = re.compile(
    r"comments|people\.|<(?:ins|del|delText|moveFrom|moveTo|comment\w+|vanish)\b"
    r"|/(?:EmbeddedFiles|JavaScript|Launch|SubmitForm|Annots)"
)
"""What is left in a file of its making and says more than its text."""
_PROPERTY = re.compile(r"<(?:\w+:)?(description|keywords|category)(?:\s[^>]*)?>\s*[^<\s]")
_IN_WORD: Mapping[str, str] = {"description": "备注", "keywords": "标记", "category": "类别"}
_IN_PDF: Mapping[str, str] = {"/Keywords": "关键字", "/Comments": "备注", "/Category": "类别"}
"""What a file may say of itself that nobody sees who signs it, as programs call it."""
_MADE_BY = re.compile(r"<(?:creator|lastModifiedBy|Company|Manager)>|/Author")


@frozen
class SignedNotice:
    """A notice to be published, and the bytes of its file."""

    notice: Notice
    data: bytes


Notices = Mapping[tuple[str, int], SignedNotice]
"""New notices by the address of the report and the number of the version that they explain."""


def read_corrections(
    corrections: Iterable[SiteCorrection], collected: Collected, log: Diagnostics
) -> Notices:
    """Return the notices that no version has yet; U180 to U187 tell what is wrong with any."""
    by_report: dict[str, list[SiteCorrection]] = defaultdict(list)
    for correction in sorted(corrections, key=attrgetter("date")):
        by_report[correction.address].append(correction)
    versions = _versions(collected)
    notices: dict[tuple[str, int], SignedNotice] = {}
    for address, of_report in by_report.items():
        found = versions.get(address, [])
        past = [each for each in collected.past if each.report == address]
        new = _not_past(_unpublished(of_report, found, past), found, collected)
        for version, correction in _assigned(new, found, address, log):
            signed = _signed(correction, _before(version, found), log)
            if signed is not None:
                notices[address, version.number] = signed
    return notices


def explained(report: PublishedReport, notices: Notices) -> PublishedReport:
    """Return a report whose versions have the notices that come to them, with their files."""
    versions = list(report.versions)
    for at, version in enumerate(versions):
        signed = notices.get((report.address, version.number))
        if signed is not None:
            files = (*version.files, signed.notice.file)
            versions[at] = replace(version, files=files, notice=signed.notice)
    return replace(report, versions=tuple(versions))


def _before(version: PublicVersion, versions: list[PublicVersion]) -> PublicVersion:
    """Return the version that another took the place of; one without a day where it is gone."""
    at = versions.index(version)
    return versions[at - 1] if at else replace(version, date="")


def _versions(collected: Collected) -> Mapping[str, list[PublicVersion]]:
    """Return the versions of each report, those that come to it too."""
    versions: dict[str, list[PublicVersion]] = defaultdict(list)
    for report in collected.reports:
        versions[report.address] += report.versions
    for built in collected.fresh:
        versions[built.address].append(built.version)
    return versions


def _assigned(
    new: list[SiteCorrection], versions: list[PublicVersion], address: str, log: Diagnostics
) -> Iterator[tuple[PublicVersion, SiteCorrection]]:
    """Yield which version each new correction explains: the newest that none explains yet."""
    later = [version for version in versions if version.number > 1]
    open_ones = _open_ones(versions)
    spare = len(new) - len(open_ones)
    for correction in new[: max(spare, 0)]:
        code = "U182" if later else "U181" if versions else "U180"
        log.add(finding(code, correction.span, name=address, file=correction.notice.name))
    taken = new[max(spare, 0) :]
    yield from zip(open_ones[len(open_ones) - len(taken) :], taken, strict=True)


def _open_ones(versions: Iterable[PublicVersion]) -> list[PublicVersion]:
    """Return the versions that a notice may come to: that took a place, and have none."""
    return [each for each in versions if each.number > 1 and each.notice is None]


def not_withdrawn(
    corrections: Iterable[SiteCorrection], withdrawn: Iterable[Withdrawal]
) -> Iterator[SiteCorrection]:
    """Yield the corrections but for those of reports that are withdrawn as a whole."""
    gone = {f"{each.address}/" for each in withdrawn}
    for correction in corrections:
        if correction.address not in gone:
            yield correction


def _not_past(
    corrections: Iterable[SiteCorrection], versions: Iterable[PublicVersion], collected: Collected
) -> list[SiteCorrection]:
    """Return the corrections of a report without those of withdrawn versions, the oldest.

    Which these were, a site knows that had their notices; of others no more are left out than
    versions were withdrawn, and none that a version may want.
    """
    left = list(corrections)
    spare = len(left) - len(_open_ones(versions))
    address = left[0].address if left else ""
    gone = [each for each in collected.withdrawn if each.address == address and each.number > 1]
    return left[max(min(spare, len(gone)), 0) :]


def _unpublished(
    corrections: Iterable[SiteCorrection],
    versions: Iterable[PublicVersion],
    past: Iterable[PastNotice],
) -> Iterator[SiteCorrection]:
    """Yield the corrections whose notices no version has or had, by the bytes of their files.

    A file that is gone was that of a published notice of the same day.
    """
    known: set[str] = set()
    for notice in past:
        known |= {notice.sha256, notice.date}
    for version in versions:
        if version.notice is not None:
            known |= {version.notice.file.sha256, version.notice.date}
    for correction in corrections:
        try:
            data = read_foreign(correction.notice, limits.FOREIGN_DOCUMENT)
            found = hashlib.sha256(data).hexdigest()
        except (OSError, ForeignFileError):
            found = correction.date
        if found not in known:
            yield correction


# One notice


def _signed(
    correction: SiteCorrection, before: PublicVersion, log: Diagnostics
) -> SignedNotice | None:
    """Return a notice that says what was wrong in the version `before`, None with what forbids."""
    path, span, name = correction.notice, correction.span, correction.notice.name
    ending = path.suffix.lower()
    if ending not in _BEGINS:
        log.add(finding("U183", span, file=name))
        return None
    problems = Diagnostics()
    reading = open_document(path, problems, str(path))
    log.extend(problem for problem in problems if problem.severity == "error")
    if reading is None:
        return None
    data = path.read_bytes()
    if not data.startswith(_BEGINS[ending]):
        log.add(finding("U183", span, file=name))
        return None
    text = _SPACE.sub(" ", " ".join(_texts(reading)))
    if _BLANK_DAY.search(text) or _BLANK_NAME.search(text.rstrip()):
        log.add(finding("U184", span, file=name))
    if _SPACE.sub("", before.title) not in _SPACE.sub("", text):
        log.add(finding("U185", span, file=name, title=before.title))
    if before.date and correction.date < before.date:
        log.add(finding("U186", span, date=correction.date, before=before.date))
    _tell_hidden(data, before, correction, log)
    return SignedNotice(_notice(f"{NAME}{ending}", data, correction.date, reading), data)


def _tell_hidden(
    data: bytes, before: PublicVersion, correction: SiteCorrection, log: Diagnostics
) -> None:
    """Tell U187 of changes, comments and the like in a file, and of persons who made it.

    U177 tells of one that cannot be searched, such as a PDF that opens without a password and is
    encrypted.
    """
    span, name = correction.span, correction.notice.name
    makers = frozenset({"", before.organization})
    try:
        file = OpenedFile(data)
        searched = [*parts("", file)]
        carried = list(hidden_content(file, makers)) if searched else []
        stated = [*_stated(file), *_replaced(file)]
    except UnreadableError as error:
        why = {"detail": error.detail, **error.params}
        log.add(finding("U177", span, file=name, part=error.where, **why))
        return
    except Exception as error:  # noqa: BLE001 - what cannot be searched has not been checked
        log.add(finding("U177", span, file=name, part="", **reason(error)))
        return
    for what in stated:
        log.add(finding("U187", span, file=name, what=what))
    for what in carried:
        if what != SEAL and _EDITED.search(what):
            log.add(finding("U187", span, file=name, what=what))
        elif _MADE_BY.search(what):
            log.add(finding("U187", span, severity="warning", file=name, what=what))


def _replaced(file: OpenedFile) -> Iterator[str]:
    """Yield a line that a PDF had when it was saved before, and has no more.

    Seals are put on by adding to a file, so that the states before are still in it.
    """
    if file.data.startswith(_BEGINS[".pdf"]):
        kept = set(_lines(file))
        for state in saved_before(file):
            for line in islice(filterfalse(kept.__contains__, _lines(state)), 1):
                yield f"%%EOF “{line}”"


def _lines(file: OpenedFile) -> Iterator[str]:
    """Yield the lines on the pages of a PDF, without blanks."""
    for page in file.pdf.pages.texts:
        for line in page.splitlines():
            yield _SPACE.sub("", line)


def _stated(file: OpenedFile) -> Iterator[str]:
    """Yield the properties in which a file says what nobody sees who signs it."""
    if file.data.startswith(_BEGINS[".pdf"]):
        for key, called in _IN_PDF.items():
            if str(file.pdf.document.docinfo.get(key, "")).strip():
                yield f"{called}（{key}）"
        return
    for entry in file.package.infolist():
        if entry.filename.startswith("docProps/"):
            text = file.member(entry).data.decode("utf-8", "replace")
            for element in dict.fromkeys(_PROPERTY.findall(text)):
                yield f"{_IN_WORD[element]}（{entry.filename} <{element}>）"


def _texts(reading: Reading) -> Iterator[str]:
    for block in reading.blocks:
        if isinstance(block, ReadParagraph):
            yield block.text
        else:
            yield from map(attrgetter("text"), block.cells)


def _notice(name: str, data: bytes, date: str, reading: Reading) -> Notice:
    """Return what a notice says, for the page of its report."""
    paragraphs: list[str] = []
    tables: list[NoticeTable] = []
    for block in reading.blocks:
        if isinstance(block, ReadTable):
            tables.append(NoticeTable(len(paragraphs), tuple(_rows(block))))
        elif block.text.strip():
            paragraphs.append(block.text.strip())
    file = PublicFile(name, hashlib.sha256(data).hexdigest(), len(data))
    return Notice(file, date, tuple(paragraphs), tuple(tables))


def _rows(table: ReadTable) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table, each as long as the table is wide."""
    grid = [[""] * table.width for _ in range(table.height)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    yield from map(tuple, grid)
