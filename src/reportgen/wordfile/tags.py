"""The tags of a Word form, and what was meant for one: read from the text of one paragraph.

A tag is `{{ name }}`, `{% if … %}` or `{# remark #}`; behind the brace `tr`, `tc`, `p` or `r` say
that the statement takes the place of its row, cell, paragraph or run. What other programs write
instead (`notations`), or a Chinese input method, is told with what to write in its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen.model.frozen import frozen
from reportgen.wordfile.notations import Foreign, in_double_braces, in_signs, in_single_braces

OF_CELLS = frozenset(["vm", "hm", "cellbg", "colspan"])
"""Statements of docxtpl that say how their cell is merged or coloured."""
WORDS = ("for", "endfor", "if", "elif", "else", "endif", "set")
"""Statements of Jinja that a Word form may hold."""

_BETWEEN = r"(?:(?!\{\{|\{%|\}\}|%\}).)*"
_BLANKS = "[ \u00a0\u3000]"
_SHORT = r"[^{}%\n]{0,200}"
_TOKEN = re.compile(
    r"(?P<left>\{_[{%]|[}%]_\}|\{#(?:(?!\{#|#\}).)*#\})"
    rf"|(?P<triple>\{{\{{\{{{_BETWEEN}\}}\}}\}})"
    r"|(?P<tag>\{\{(?:\"[^\"{]*\"|'[^'{]*'|[^\"'{}]|\{(?![{%])|\}(?!\}))*\}\}"
    rf"|\{{\{{{_BETWEEN}\}}\}}"
    r"|\{%(?:\"[^\"{]*\"|'[^'{]*'|(?!%\}|\{\{|\{%)[^\"'])*%\}"
    rf"|\{{%{_BETWEEN}%\}})"
    rf"|(?P<signs><%[^%<>]{{0,200}}%>|[$#!]\{{{_SHORT}\}}|«[^«»\n]{{1,200}}»|<<[^<>\n]{{1,200}}>>)"
    rf"|(?P<uneven>\{{\{{{_SHORT}%\}}|\{{%{_SHORT}\}}\}}|\{{{_BLANKS}*\{{{_SHORT}\}}{_BLANKS}*\}}?|\{{{_SHORT}\}}{_BLANKS}*\}}"
    rf"|\{{{_BLANKS}*%{_SHORT}%?{_BLANKS}*\}}|\{{{_BLANKS}+%{_SHORT}%{_BLANKS}*\}})"
    rf"|(?P<single>\{{{_SHORT}\}})"
    r"|(?P<open>\{[{%#])"
    r"|(?P<close>[}%#]\})"
    r"|(?P<brace>[{}])",
    re.DOTALL,
)
"""A tag, or whatever looks like one, in the order in which it is looked for."""
_WIDE = re.compile(rf"[{{｛]{_BLANKS}?[{{｛%％#＃]|[}}｝%％#＃]{_BLANKS}?[}}｝]")
_NARROW = str.maketrans("｛｝％＃", "{}%#")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
"""Quotation marks that Word makes of typed ones: docxtpl takes them for these."""
_SCOPE = re.compile(r"(tr|tc|p|r)\s+")
_MISSPELT_SCOPE = re.compile(
    r"\s*(tr|tc|p|r)\s*(?=(?:for|if|elif|else|endfor|endif|end)\b)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_ELSE_IF = re.compile(r"else\s*if\b", re.IGNORECASE)
_SIMILAR = 0.6


@frozen
class Tag:
    """A tag: where it starts in its text, as written, its brace `{{` or `{%`, scope and rest."""

    start: int
    written: str
    brace: str
    scope: str
    inside: str

    @property
    def word(self) -> str:
        """Return the word that a statement begins with, empty for what prints."""
        word = _WORD.match(self.inside)
        return word[0] if word and self.brace == "{%" else ""

    @property
    def is_spelt(self) -> bool:
        """Return whether it prints something, or is a statement that there is."""
        known = self.word in WORDS or self.word in OF_CELLS
        return self.brace == "{{" or (known and not _ELSE_IF.match(self.inside))


@frozen
class Flaw:
    """What is wrong with a tag by itself: a code of findings with its parameters."""

    start: int
    code: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class TagText:
    """What the text of a paragraph holds, and the `rest` of it without its tags.

    `opened` is what follows a brace that nothing in the text closes, `closed` the brace that closes
    one of an earlier paragraph.
    """

    tags: list[Tag] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    rest: str = ""
    opened: Flaw | None = None
    closed: Flaw | None = None

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was found yet."""
        return not (self.tags or self.flaws or self.closed)


def template_of(texts: Iterable[str]) -> str:
    """Return a template with the tags of a Word form alone, a line for each of its paragraphs."""
    return "\n".join(map(_plain_line, texts))


def _plain_line(text: str) -> str:
    return "".join(map(_plain_tag, read_tags(text).tags))


def _plain_tag(tag: Tag) -> str:
    """Return a tag as it stands in other templates: its scope and its cell are nothing to them."""
    if tag.brace == "{{":
        return f"{{{{ {tag.inside} }}}}"
    if tag.word in {"colspan", "cellbg"}:
        return f"{{{{ {tag.inside.removeprefix(tag.word)} }}}}"
    return "" if tag.word in OF_CELLS else f"{{% {tag.inside} %}}"


def read_tags(text: str, scope: str = "p") -> TagText:
    """Return the tags of the text of a paragraph, and what is wrong with each by itself.

    A statement that should take a place of its own there has the letters `scope`.
    """
    plain = _WIDE.sub(lambda pair: pair[0].translate(_NARROW), text)
    found = TagText()
    rest: list[str] = []
    at = 0
    for token in _TOKEN.finditer(plain):
        rest.append(text[at : token.start()])
        at = token.end()
        _read(token, text, found, scope)
    found.rest = "".join((*rest, text[at:]))
    return found


def _read(token: re.Match[str], text: str, found: TagText, scope: str) -> None:
    """Add what one token of a text is to what was found."""
    start, end = token.span()
    written = text[start:end]
    if found.opened is not None:
        found.flaws.append(_stray(found.opened.start, text[found.opened.start : start]))
        found.opened = None
    if token.lastgroup == "tag":
        _read_tag(start, token[0], written, found, scope)
    elif token.lastgroup == "open":
        found.opened = _stray(start, text[start:])
    elif token.lastgroup == "close" and found.is_blank:
        found.closed = _stray(start, written)
    else:
        found.flaws.extend(_not_ours(token, written, scope))


def _not_ours(token: re.Match[str], written: str, scope: str) -> Iterator[Flaw]:
    """Yield what is wrong with a token that is no tag, if anything is."""
    judge = _NOT_OURS.get(token.lastgroup or "")
    if judge is not None:
        foreign = judge(token[0], scope)
        yield _told(token.start(), written, foreign) if foreign else _stray(token.start(), written)


def _unescaped(written: str, _scope: str) -> Foreign:
    """Return what `{{{x}}}` is here, which others print without escaping it."""
    return Foreign("Handlebars", f"{{{{ {written.strip('{} ')} }}}}")


def _nobody(_written: str, _scope: str) -> None:
    """Return that no program writes so."""


_NOT_OURS: Mapping[str, Callable[[str, str], Foreign | None]] = {
    "signs": in_signs,
    "triple": _unescaped,
    "single": in_single_braces,
    "uneven": _nobody,
    "close": _nobody,
    "brace": _nobody,
}
"""Whose notation a token of these kinds is, if anybody's."""


def _stray(start: int, written: str) -> Flaw:
    return Flaw(start, "T126", {"found": written[:40]})


def _told(start: int, written: str, foreign: Foreign) -> Flaw:
    params = {"found": written, "tool": foreign.tool, "instead": foreign.instead}
    return Flaw(start, "T151", {**params, **foreign.params})


def _read_tag(start: int, plain: str, written: str, found: TagText, scope: str) -> None:
    """Add a tag, and what is wrong with how it is written; one of another program is no tag."""
    brace, inside = plain[:2], plain[2:-2].translate(_QUOTES)
    foreign = in_double_braces(inside, scope) if brace == "{{" else None
    if foreign is not None:
        found.flaws.append(_told(start, written, foreign))
        return
    if plain != written:
        found.flaws.append(Flaw(start, "T125", {"found": written}))
    tag = _with_scope(Tag(start, written, brace, "", inside), found)
    tag = replace(tag, inside=tag.inside.strip().strip("-").strip())
    found.tags.append(tag if tag.is_spelt else _spelt(tag, found))


def _with_scope(tag: Tag, found: TagText) -> Tag:
    """Return a tag with its scope; letters of one that are misspelt are told."""
    letters = _SCOPE.match(tag.inside)
    if letters:
        return replace(tag, scope=letters[1], inside=tag.inside[letters.end() :])
    misspelt = _MISSPELT_SCOPE.match(tag.inside) if tag.brace == "{%" else None
    if misspelt is None:
        return tag
    tag = replace(tag, scope=misspelt[1].lower(), inside=tag.inside[misspelt.end() :])
    instead = f"{{%{tag.scope} {tag.inside.strip()} %}}"
    found.flaws.append(Flaw(tag.start, "T152", {"found": tag.written, "instead": instead}))
    return tag


def _spelt(tag: Tag, found: TagText) -> Tag:
    """Return a statement with its word as it is spelt; what there is no word for is told."""
    inside = _likely(tag.inside, tag.word)
    instead = f"{{%{tag.scope} {inside} %}}" if inside else "{% for %} {% if %}"
    found.flaws.append(Flaw(tag.start, "T153", {"found": tag.written, "instead": instead}))
    return replace(tag, inside=inside or tag.inside)


def _likely(inside: str, word: str) -> str:
    """Return the statement that a misspelt one stands for, `` for none."""
    joined = inside.replace(" ", "").lower()
    if joined in WORDS:
        return joined
    if _ELSE_IF.match(inside):
        return _ELSE_IF.sub("elif", inside)
    similar = difflib.get_close_matches(word.lower(), WORDS, 1, _SIMILAR)
    return similar[0] + inside[len(word) :] if similar else ""
