"""Says in the words of a drafter what Jinja could not read.

Jinja speaks of tokens, in English; a label of codes.yaml says the same with the signs that stand
in the file. What no pattern knows is told as Jinja says it.
"""

from __future__ import annotations

import re

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

PATTERNS = tuple(
    (re.compile(pattern), label)
    for pattern, label in (
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
        (r"can't assign to", "@t_assign"),
        (r"autoescape", "@t_autoescape"),
    )
)
"""What Jinja says, and the label that says it in the languages of our findings."""


def misread(message: str) -> dict[str, str]:
    """Return the parameters of T101 for what Jinja says of a template."""
    for pattern, label in PATTERNS:
        if found := pattern.match(message):
            parts = {name: SIGNS.get(part, part) for name, part in found.groupdict().items()}
            return {"detail": label, "english": message, **parts}
    return {"detail": message}
