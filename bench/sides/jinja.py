"""A Jinja template alone: with the columns of the sample written out, or for any document."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, Template

from bench.plain import Line, Sheet

if TYPE_CHECKING:
    from bench.samples import Sample

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ name }}</title><style>{{ css | safe }}</style></head>
<body>
{% block body %}{% endblock %}
</body>
</html>
"""
_CELLS = "".join(
    f'<td class="right"><data value="{{{{ row[{n}] }}}}">{{{{ row[{n}] }}}}</data></td>'
    if n in range(3, 7)
    else f"<td>{{{{ row[{n}] }}}}</td>"
    for n in range(8)
)
TABLE = f"""<h1>{{{{ name }}}}</h1>
<p>{{{{ line }}}}</p>
<table>
<thead><tr>{{% for text in head %}}<th scope="col">{{{{ text }}}}</th>{{% endfor %}}</tr></thead>
<tbody>
{{% for row in rows %}}<tr>{_CELLS}</tr>
{{% endfor %}}
</tbody>
</table>
"""
ANY = """{% macro run(pieces) %}{% for text, number, note in pieces %}
{%- if note %}<span tabindex="0"><data value="{{ number }}">{{ text }}</data>
<span role="tooltip">{{ note }}</span></span>
{%- elif number is not none %}<data value="{{ number }}">{{ text }}</data>
{%- else %}{{ text }}{% endif %}{% endfor %}{% endmacro %}
{% for part in parts %}
{%- if part.rows is defined %}<table><caption>{{ part.caption }}</caption>
{% for row in part.rows %}<tr>
{%- for box in row %}{% set tag = "th" if box.head else "td" %}<{{ tag }}
{%- if box.rowspan > 1 %} rowspan="{{ box.rowspan }}"{% endif %}
{%- if box.colspan > 1 %} colspan="{{ box.colspan }}"{% endif %} class="{{ box.align }}">
{{- run(box.pieces) }}</{{ tag }}>{% endfor %}</tr>
{% endfor %}</table>
{% elif part.level is not defined %}<hr>
{% elif part.level is none %}<p>{{ run(part.pieces) }}</p>
{% else %}<h{{ part.level + 1 }}>{{ run(part.pieces) }}</h{{ part.level + 1 }}>
{% endif %}
{%- endfor %}
"""


class Given(NamedTuple):
    """A template, and the values for it."""

    template: str
    values: dict[str, object]


def prepare(sample: Sample) -> Given:
    """Return the template that suits `sample`, and its texts."""
    plain, css = sample.plain, sample.edition.css
    values = {"name": plain.name, "css": css}
    match plain.parts:
        case (_, Line() as line, Sheet() as sheet):
            head, *rows = [[box.text for box in row] for row in sheet.rows]
            return Given(TABLE, {**values, "line": line.text, "head": head, "rows": rows})
        case _:
            return Given(ANY, {**values, "parts": plain.parts})


@cache
def _template(body: str) -> Template:
    source = _PAGE.replace("{% block body %}{% endblock %}", body)
    return Environment(autoescape=True).from_string(source)


def make(given: Given) -> bytes:
    """Return the file."""
    return _template(given.template).render(given.values).encode()
