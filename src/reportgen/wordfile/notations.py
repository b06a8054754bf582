"""What other programs write for a tag, with the notation that means the same here.

poi-tl, Handlebars and Mustache put signs behind the braces, Carbone and docxtemplater take single
braces, mail merge «names»; each is told with what to write instead (`Foreign.instead`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from reportgen.model.frozen import frozen

_SIGNED = re.compile(r"\s*([?/#@*+=^&>!])\s*(.*?)\s*$", re.DOTALL)
_HELPER = re.compile(r"(each|if|unless|with)\b\s*(.*)$", re.DOTALL)
_TOOLS = {
    "?": "poi-tl",
    "@": "poi-tl",
    "*": "poi-tl",
    "+": "poi-tl",
    "=": "poi-tl",
    "/": "poi-tl, Handlebars",
    "#": "poi-tl, Handlebars",
}
"""Whose sign it is behind the braces; the others are Mustache's."""
_LABELS = {
    "?": "@w_section",
    "#": "@w_section",
    "^": "@w_condition",
    "/": "@w_end",
    "@": "@w_picture",
    "*": "@w_list",
    "+": "@w_nested",
    ">": "@w_nested",
}
"""What means the same as a sign; behind the others stands a value."""
_STATEMENT = re.compile(
    r"\s*(for|foreach|if|elif|else|elseif|end|endfor|endif)\b(?!\s*[|.])(.*)$", re.DOTALL
)
_COMPARED = re.compile(r"-\s*[^'\"]*[<>=]")
_CARBONE = re.compile(r"\{\s*(?:[cdo]\b[.\[]|\$|t\()")
_PATH = re.compile(r"[^\W\d]\w*(?:\.\w+|\[[^\]]*\](?:\.?\w+)?)*")
_NAME_ALONE = re.compile(rf"{_PATH.pattern}\s*(?:[|:]|$)")
_CARBONE_NAME = re.compile(r"^\{\s*(?:[cdo]\b\.?)?")
_ALONE = {"/": "@w_end", "#": "@w_section", "^": "@w_section"}
_ITEM = re.compile(r"\[[^\]]*\]")
_NEXT = re.compile(r"\[\s*i\s*\+")
"""How Carbone ends what it repeats: by naming the next row."""


@frozen
class Foreign:
    """A tag of another program, and what means the same here: a text, or a label with `params`."""

    tool: str
    instead: str
    params: Mapping[str, str] = field(default_factory=dict)


def in_double_braces(inside: str, scope: str) -> Foreign | None:
    """Return whose notation `{{inside}}` is, None for our own.

    A statement that takes its place has the letters `scope`.
    """
    signed = _SIGNED.match(inside)
    if signed:
        return _signed(signed[1], signed[2], scope)
    if _COMPARED.match(inside):
        return Foreign("poi-tl", "@w_condition", {"inside": inside.strip("- "), "scope": scope})
    statement = _STATEMENT.match(inside)
    return _statement(statement[1], statement[2]) if statement else None


def _statement(word: str, rest: str) -> Foreign:
    """Return the statement that others write in the braces of values."""
    own = {"elseif": "elif", "end": "endfor", "foreach": "for"}.get(word, word)
    return Foreign("@w_statement", f"{{% {own}{rest.rstrip()} %}}")


def _value(tool: str, name: str) -> Foreign:
    return Foreign(tool, f"{{{{ {name} }}}}")


def _signed(sign: str, name: str, scope: str) -> Foreign:
    """Return what a tag means whose braces are followed by `sign`."""
    helper = _HELPER.match(name)
    if sign == "#" and helper:
        return _of_handlebars(helper[1], helper[2], scope)
    tool = _TOOLS.get(sign, "Mustache")
    if sign not in _LABELS:
        return _value(tool, re.sub("^#.*", "row", name))
    return Foreign(tool, _LABELS[sign], {"name": name or "x", "inside": name, "scope": scope})


def _of_handlebars(helper: str, name: str, scope: str) -> Foreign:
    label = {"each": "@w_section", "with": "@w_section"}.get(helper, "@w_condition")
    return Foreign("Handlebars", label, {"name": name, "inside": name, "scope": scope})


def in_single_braces(written: str, scope: str) -> Foreign | None:
    """Return whose notation `{…}` is, None for braces that hold no name."""
    if _CARBONE.match(written):
        return _of_path("Carbone", _CARBONE_NAME.sub("", written), scope)
    inner = written[1:-1].strip()
    if inner[:1] in _ALONE:
        params = {"name": inner[1:].strip() or "x", "scope": scope}
        return Foreign("docxtemplater", _ALONE[inner[:1]], params)
    return _of_path("docxtemplater", inner, scope) if _NAME_ALONE.match(inner) else None


def in_signs(written: str, scope: str) -> Foreign:
    """Return whose notation `«x»`, `${x}`, `<<x>>` or `<%x%>` is."""
    if written.startswith("«"):
        return _of_path("@w_merge", written.strip("« »"), scope)
    tool = {"$": "XDocReport", "#": "XDocReport", "!": "XDocReport"}.get(written[0], "Aspose")
    if written.startswith("<%"):
        tool = "ERB, docx-templates"
    return _of_path(tool, re.sub(r"^[$#!{<%\[\s=+]+", "", written), scope)


def in_square_brackets(written: str) -> Foreign:
    """Return what `[x]` of a repeated row of poi-tl is here."""
    name = written.strip("[] ")
    if name.startswith("@"):
        return Foreign("poi-tl", "@w_picture")
    return Foreign("poi-tl", "@w_row_field", {"name": name})


def _of_path(tool: str, path: str, scope: str) -> Foreign:
    """Return the tag for a name as other programs write it: `list[i].name` is of a row."""
    found = _PATH.search(path)
    name = found[0] if found else "x"
    table, *rest = _ITEM.split(name)
    params = {"name": table, "scope": scope}
    if _NEXT.search(name):
        return Foreign(tool, "@w_end", params)
    if "[" not in name:
        return _value(tool, name)
    row_field = rest[-1].strip(".")
    return _value(tool, f"row.{row_field}") if row_field else Foreign(tool, "@w_section", params)
