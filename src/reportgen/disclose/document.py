"""Takes out of a composed document what a policy keeps from its audience, beside the figures.

The document is complete and known to conform: what the authority prescribes was there before
anything was withheld.
"""

from __future__ import annotations

from dataclasses import replace

from reportgen.disclose.parts import withhold_parts
from reportgen.disclose.replace import replace_terms
from reportgen.disclose.rulings import lines_for
from reportgen.findings import Diagnostics
from reportgen.model.disclosed import Disclosed, DisclosureEntry
from reportgen.model.document import Document, Inline, Inlines, Strong, Value
from reportgen.model.locations import DocumentLocation
from reportgen.model.rewrite import Lines, rewrite_document


def redact_document(
    document: Document, disclosed: Disclosed, log: Diagnostics
) -> tuple[Document, tuple[DisclosureEntry, ...]]:
    """Return `document` as the audience of `disclosed` may see it, and the disclosure log of it.

    Sections, forms, columns and blocks go first, then terms are replaced in what is left.
    A policy states file properties for public files only. Findings are D130–D149.
    """
    policy, audience = disclosed.policy, disclosed.audience
    parts = lines_for(audience, policy.withhold)
    document, withheld = withhold_parts(document, parts, log)
    if audience == "public":
        document = replace(document, stated=policy.properties)
    terms = lines_for(audience, policy.replacements)
    document, replaced = replace_terms(document, terms, disclosed.secrets, log)
    return document, (*withheld, *replaced)


def without_keys(document: Document) -> Document:
    """Return `document` with figures that say nothing but their text."""
    return rewrite_document(document, _lines_without_keys)


def _lines_without_keys(_location: DocumentLocation, lines: Lines) -> Lines:
    return tuple(map(_inlines_without_keys, lines))


def _inlines_without_keys(inlines: Inlines) -> Inlines:
    return tuple(map(_inline_without_key, inlines))


def _inline_without_key(inline: Inline) -> Inline:
    if isinstance(inline, Value):
        return replace(inline, key="")
    if isinstance(inline, Strong):
        return Strong(_inlines_without_keys(inline.inlines))
    return inline
