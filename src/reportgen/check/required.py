"""Checks that what a pack requires is there, and tells for each blank what to type where.

What it names for overviews must be figures.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import PRIOR, every_row
from reportgen.model.document import Document, values
from reportgen.model.figures import UNFILLED, Fact, Figure, Ledger, Unfilled
from reportgen.model.locations import located_texts
from reportgen.model.pack import Pack
from reportgen.model.source import Formula, SourceSpan, lines_of


def check_required(ledger: Ledger, pack: Pack) -> tuple[Finding, ...]:
    """Return what a pack requires and the ledger lacks.

    P101 is a required key that does not exist, P102 one left blank; of a figure that is worked out
    P102 tells the blanks that it needs, by file, unless they are required themselves.
    """
    required = dict(_required(ledger, pack))
    findings: list[Finding] = []
    for key, rule in required.items():
        if _is_worked_out(key, ledger):
            findings += _incomplete(ledger, key, rule, required.keys())
        elif _is_missing(key, ledger):
            findings.append(_missing(ledger, key, rule))
    return tuple(findings)


def _required(ledger: Ledger, pack: Pack) -> Iterator[tuple[str, Formula]]:
    """Yield the key of each thing that a pack requires, row by row, with the rule."""
    for required in pack.requires:
        for key in every_row(required.text, ledger.tables):
            yield key, required


def _is_worked_out(key: str, ledger: Ledger) -> bool:
    figure = ledger.figures.get(key)
    return figure is not None and bool(figure.formula)


def _is_missing(key: str, ledger: Ledger) -> bool:
    """Return whether a table, text or fact is not there, or nothing in it."""
    if ledger.tables.get(key):
        return False
    text, figure = ledger.texts.get(key), ledger.figures.get(key)
    if text is not None:
        return not str(text.value or "").strip()
    return figure is None or figure.value is None


def _missing(ledger: Ledger, key: str, rule: Formula) -> Finding:
    """Return P102 for a blank with the place where to type it, P101 for what has none."""
    blank = _place(ledger, key)
    if blank is None or blank.span == rule.span:
        return finding("P101", rule.span, subject=key, key=key)
    return _blank(key, _title(ledger, key), blank, rule, ledger)


def _item(ledger: Ledger, key: str) -> Fact | Figure | None:
    return ledger.texts.get(key) or ledger.figures.get(key)


def _title(ledger: Ledger, key: str) -> str:
    item = _item(ledger, key)
    return key if item is None else item.title


def _place(ledger: Ledger, key: str) -> Unfilled | None:
    """Return where something is left blank, None where it is in no file."""
    item = _item(ledger, key)
    return ledger.unfilled.get(key) or (None if item is None else Unfilled(item.span))


def _blank(key: str, title: str, blank: Unfilled, rule: Formula, ledger: Ledger) -> Finding:
    """Return P102 for a blank fact or table at its place."""
    return finding(
        "P102",
        blank.span,
        RelatedLocation(rule.span, "rule"),
        subject=key,
        title=title,
        key=key,
        state="@is_blank",
        do=_where_to_type(blank),
        name=key.rpartition(".")[2],
        **wanted(key, blank, ledger),  # type: ignore[arg-type]
    )


def _where_to_type(blank: Unfilled) -> str:
    """Return the label that says where to type: after a key, in a group, in last year's files."""
    if blank.there:
        return "@type_after"
    return "@add_key" if blank.span.path.endswith(".yaml") else "@add_year"


def wanted(key: str, blank: Unfilled, ledger: Ledger) -> dict[str, str]:
    """Return what is to be typed for a blank, as parameters of a message.

    They are a label and what it names: the unit, or the value of last year as an example.
    """
    unit, past = blank.unit, _last_year(key, ledger)
    if blank.kind == "any" and past:
        return {"what": "@as_last_year", "past": past, "unit": unit}
    return {"what": f"@a_{blank.kind}", "past": past, "unit": unit}


def _last_year(key: str, ledger: Ledger) -> str:
    """Return what last year's files have at a key, `` where that is nothing."""
    figure, text = ledger.figures.get(PRIOR + key), ledger.texts.get(PRIOR + key)
    if text is not None:
        return str(text.value or "").partition("\n")[0]
    return figure.text if figure is not None and figure.value is not None else ""


def _incomplete(
    ledger: Ledger, key: str, rule: Formula, required: Iterable[str]
) -> Iterator[Finding]:
    """Yield P102 for each file with blanks that the figure at `key` needs, in that file.

    Where the blanks are required themselves nothing more is to be told.
    """
    figure = ledger.figures[key]
    if figure.value is not None:
        return
    blanks = [blank for blank in ledger.blanks_below(key) if blank != key]
    if not blanks:
        yield _undefined(figure, rule)
    untold = set(blanks).difference(required)
    for path, spans in _by_file(ledger, filter(untold.__contains__, blanks)).items():
        yield finding(
            "P102",
            spans[0],
            RelatedLocation(rule.span, "rule"),
            RelatedLocation(figure.span, "rule"),
            subject=key,
            title=figure.title,
            key=key,
            state="@needs_blanks",
            file=path.rpartition("/")[2],
            lines=lines_of(spans),
            count=len(spans),
            do="@fill_lines",
            what="",
            reading=figure.reading or figure.formula,
        )


def _undefined(figure: Figure, rule: Formula) -> Finding:
    """Return P102 for a figure that cannot be worked out of what is there, such as 0/0."""
    place = RelatedLocation(rule.span, "rule")
    return finding(
        "P102",
        figure.span,
        place,
        subject=figure.key,
        title=figure.title,
        key=figure.key,
        state="@is_blank",
        do="@see_formula",
        what="",
        reading=figure.reading or figure.formula,
    )


def _by_file(ledger: Ledger, keys: Iterable[str]) -> dict[str, list[SourceSpan]]:
    """Return where the blanks at `keys` stand, in order, by the path of the file."""
    places: dict[str, list[SourceSpan]] = {}
    for key in keys:
        span = ledger.unfilled[key].span if key in ledger.unfilled else ledger.figures[key].span
        places.setdefault(span.path, []).append(span)
    return {path: sorted(spans) for path, spans in sorted(places.items())}


def check_filled(ledger: Ledger, document: Document, pack: Pack) -> tuple[Finding, ...]:
    """Return P103 for each file with blanks because of which `document` prints 〔待填〕.

    No version but a draft for those inside may. What the pack requires is told already.
    """
    blanks: dict[str, None] = {}
    for key in _printed_unfilled(document):
        blanks.update(dict.fromkeys(ledger.blanks_below(key)))
    for key, _ in _required(ledger, pack):
        for told in ledger.blanks_below(key):
            blanks.pop(told, None)
    findings: list[Finding] = []
    for path, spans in _by_file(ledger, blanks).items():
        name, lines, count = path.rpartition("/")[2], lines_of(spans), len(spans)
        findings.append(finding("P103", spans[0], file=name, lines=lines, count=count))
    return tuple(findings)


def _printed_unfilled(document: Document) -> Iterator[str]:
    """Yield the keys of the figures that a document prints as to be filled in."""
    for located in located_texts(document):
        for value in values(located.inlines):
            if value.text == UNFILLED:
                yield value.key


def check_overview(ledger: Ledger, pack: Pack) -> Iterator[Finding]:
    """Yield what is wrong with the keys that a pack names for overviews.

    P325 is a key of no figure, P326 one of other rows than the first is of.
    """
    first: Formula | None = None
    for item, declared in pack.overview.figures.items():
        first = first or declared
        if _table_of(declared) != _table_of(first):
            key, other = declared.text, first.text
            yield finding("P326", declared.span, subject=key, item=item, key=key, other=other)
        elif not _is_of_figures(declared.text, ledger):
            key = declared.text
            close = difflib.get_close_matches(key, ledger.figures, n=3, cutoff=0.6)
            near = "、".join(close) or "—"
            yield finding("P325", declared.span, subject=key, item=item, key=key, near=near)


def _table_of(declared: Formula) -> str:
    """Return the table of whose rows a key is, `` for one of the whole report."""
    table, star, _ = declared.text.partition(".*.")
    return table if star else ""


def _is_of_figures(key: str, ledger: Ledger) -> bool:
    """Return whether a key is that of a figure, or of one of each row, were there any."""
    table, star, _ = key.partition(".*.")
    if star and ledger.tables.get(table) == ():
        return True
    return all(each in ledger.figures for each in every_row(key, ledger.tables))
