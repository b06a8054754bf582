"""What a site prints of its own: what each version says of itself, and what the site counts.

None of it is withheld, or the files that say so were not published; so it may stand where others'
secrets are searched for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from reportgen.features.site.planning import size_text
from reportgen.features.site.versions import PublicVersion, PublishedReport
from reportgen.language.folding import BORDER
from reportgen.verify.part import Part


def said_of(report: PublishedReport) -> frozenset[str]:
    """Return what a site says of a report beside its text: titles, names, days, sizes."""
    texts = {report.unit_name, report.unit, report.address, report.report, str(report.year)}
    for version in report.versions:
        texts.update(_said(version))
    return frozenset(filter(None, texts))


def _said(version: PublicVersion) -> Iterator[str]:
    stated = version.publication
    yield from (version.title, version.subject, version.organization, version.date)
    yield from dict((*stated.block, *stated.metas)).values()
    if version.notice is not None:
        yield version.notice.date
    yield from file_numbers(version)


def file_numbers(version: PublicVersion) -> Iterator[str]:
    """Yield the sizes of files as a site prints them."""
    for file in version.files:
        yield from (str(file.size), size_text(file.size))


def counts(reports: Iterable[PublishedReport]) -> tuple[str, ...]:
    """Return how many reports a site may count: all, of a unit, of a year, of a kind."""
    tally: Counter[tuple[str, object]] = Counter()
    for report in reports:
        named = {"": "", "unit": report.unit, "year": report.year, "kind": report.current.subject}
        tally.update(named.items())
    return tuple(f"{count}份" for count in sorted(set(tally.values())))


def without(part: Part, texts: Iterable[str]) -> Part:
    """Return a part in which none of `texts` stands any more, but for those within other words."""
    pieces = BORDER.join(part.pieces)
    for text in sorted(texts, key=len, reverse=True):
        if text in pieces:
            pieces = re.sub(rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])", BORDER, pieces)
    return Part.of(part.where, pieces.split(BORDER), technical=part.technical)
