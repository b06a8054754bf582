"""What Jinja says of a faulty template, in the words of a drafter.

Jinja speaks of tokens, in English; a label of codes.yaml says the same with the signs that stand
in the file. What no pattern knows is quoted as Jinja says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2
from jinja2 import nodes

from reportgen.project.bounded_templates import TemplateLimitError

SIGNS = {
    "end of print statement": "}}",
    "begin of print statement": "{{",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "name": "名称",
    "string": "文字",
    "integer": "数",
    "end of template": "文件结尾",
}
"""What Jinja calls its tokens, as they stand in a file."""

PATTERNS = (
    (r"expected token 'end of (?:print|statement).*', got '='", "@t_equals"),
    (r"unexpected end of template, expected '(?P<wanted>.+)'\.", "@t_unfinished"),
    (r"Unexpected end of template\..* closed is '(?P<found>\w+)'", "@t_open"),
    (r"Encountered unknown tag '(?P<found>\w+)'\..* closed is '(?P<wanted>\w+)'", "@t_crossed"),
    (r"Encountered unknown tag '(?P<found>end\w+|else|elif)'", "@t_unopened"),
    (r"Encountered unknown tag '(?P<found>\w+)'", "@t_tag"),
    (r"Missing end of comment tag", "@t_comment"),
    (r"Missing end of raw directive", "@t_raw"),
    (r"tag name expected", "@t_nameless"),
    (r"unexpected char (?P<found>['\"]+.*['\"]+) at \d+", "@t_char"),
    (r"Invalid character in identifier", "@t_identifier"),
    (r"[Ee]xpected an expression, got '(?P<found>.+)'", "@t_empty"),
    (r"expected token '(?P<wanted>.+)', got '(?P<found>.+)'", "@t_expected"),
    (r"unexpected '(?P<found>.+)', expected '(?P<wanted>.+)'", "@t_expected"),
    (r"expected name or number", "@t_after_dot"),
    (r"unexpected '(?P<found>.+)'", "@t_unexpected"),
    (r"number too long", "@t_number"),
    (r"can't assign to", "@t_assign"),
    (r"autoescape", "@t_autoescape"),
)
"""What Jinja says, and the label that says it in the languages of our findings."""


def misread(message: str) -> dict[str, str]:
    """Return the parameters of T101 for what Jinja says of a template."""
    for pattern, label in PATTERNS:
        match = re.match(pattern, message)
        if match:
            parts = {name: SIGNS.get(part, part) for name, part in match.groupdict().items()}
            return {"detail": label, "english": message, **parts}
    return {"detail": message}


NO_SUCH_WORD = re.compile(r"No (?:filter|test) named '([^']*)'")
"""What Jinja says of a filter or a test that there is not."""


def faults(environment: jinja2.Environment, source: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the code and the parameters of the finding for whatever is wrong with a template."""
    try:
        tree = environment.parse(source)
        for word in _unknown_words(environment, tree):
            yield "T115", {"part": word, "known": words_of(environment)}
    except jinja2.TemplateSyntaxError as error:
        yield "T101", misread(error.message or "")
    except (TemplateLimitError, RecursionError):
        yield "T121", {}


def _unknown_words(environment: jinja2.Environment, tree: nodes.Template) -> Iterator[str]:
    """Yield the filters and tests that there are not: Jinja itself finds some only as it runs."""
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        known = environment.filters if isinstance(node, nodes.Filter) else environment.tests
        if node.name not in known:
            yield node.name


def words_of(environment: jinja2.Environment) -> str:
    """Return the filters and tests that templates have in an environment, listed.

    Names that begin with a hyphen are ours: no template can write them.
    """
    words = sorted({*environment.filters, *environment.tests})
    return "、".join(word for word in words if not word.startswith("-"))
