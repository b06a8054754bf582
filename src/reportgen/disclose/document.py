"""Takes out of a composed document what a policy keeps from its audience, beside the figures.

The document is complete and known to conform: what the authority prescribes was there before
anything was withheld.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from reportgen.disclose.replace import replace_terms
from reportgen.disclose.structure import withhold_parts
from reportgen.findings import Diagnostics
from reportgen.model.disclosed import Disclosed, DisclosureEntry
from reportgen.model.document import Document, Value
from reportgen.model.source import SourceSpan


def redact_document(
    document: Document, disclosed: Disclosed, log: Diagnostics
) -> tuple[Document, tuple[DisclosureEntry, ...]]:
    """Return `document` as the audience of `disclosed` may see it, and what was kept back.

    Sections, forms, columns and blocks go first, then terms are replaced in what is left.
    A policy states file properties for public files only. Findings are D130–D149.
    """
    policy, audience = disclosed.policy, disclosed.audience
    parts = tuple(w for w in policy.withhold if not w.key and audience in w.ground.audiences)
    result, withheld, findings = withhold_parts(document, parts)
    if audience == "public":
        result = replace(result, stated=policy.properties)
    terms = tuple(r for r in policy.replacements if audience in r.ground.audiences)
    result, replaced, found = replace_terms(result, terms, disclosed.secrets)
    log.extend((*findings, *found))
    return result, (*withheld, *replaced)


_Part = TypeVar("_Part")


def without_keys(part: _Part) -> _Part:
    """Return a document, or any part of one, with figures that say nothing but their text."""
    result: Any = part
    match part:
        case Value():
            result = replace(part, key="")
        case tuple():
            result = tuple(without_keys(each) for each in part)
        case SourceSpan():
            pass
        case _ if is_dataclass(part) and not isinstance(part, type):
            parts = {each.name: getattr(part, each.name) for each in fields(part)}
            result = replace(part, **{name: without_keys(each) for name, each in parts.items()})
        case _:
            pass
    return result  # type: ignore[no-any-return]
