"""Helpers of the loader's tests: text to nodes to values of the schema."""

from __future__ import annotations

from reportgen.findings import Diagnostics
from reportgen.load.reading import validate, with_names
from reportgen.project.yaml_reader import read_yaml


def read(text, model, path="a.yaml"):
    """Return `text` as `model` with findings; the YAML itself must be good."""
    node, findings = read_yaml(path, text)
    assert findings == ()
    log = Diagnostics()
    value = validate(model, with_names(node, model, log), log)
    return (None if log else value), tuple(log)


def value(text, model):
    """Return `text` as `model`, which it must fit."""
    found, findings = read(text, model)
    assert findings == ()
    return found


def codes_and_places(findings):
    return [(f.code, f.span.line, f.span.column) for f in findings]
