"""Reads YAML text into marked nodes; anything wrong with it is a finding at its place."""

from __future__ import annotations

import yaml

from reportgen.findings import Finding, Place, finding
from reportgen.load.nodes import Entry, Mapping, Node, Scalar, Sequence
from reportgen.model.source import Mark

MAX_DEPTH = 32
"""Deepest nesting accepted; the schema needs six."""

_TAB = "that cannot start any token"


def read_yaml(path: str, text: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """Return the root node of `text`, or None, with findings (L103–L109) at places in `path`."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        return None, (_syntax(path, text, error),)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        code = f"U+{ord(text[error.position]):04X}" if error.position < len(text) else "?"
        return None, (finding("L105", Mark(path, line, column), character=code),)
    except (ValueError, RecursionError) as error:
        return None, (finding("L103", Mark(path), detail=str(error) or type(error).__name__),)
    if root is None:
        return None, (finding("L104", Mark(path)),)
    reader = _Reader(path, text)
    node = reader.node(root, 0)
    return node, tuple(reader.findings)


def _syntax(path: str, text: str, error: yaml.MarkedYAMLError) -> Finding:
    at = error.problem_mark or error.context_mark
    mark = Mark(path, at.line + 1, at.column + 1) if at else Mark(path)
    line = text.splitlines()[at.line] if at and at.line < text.count("\n") + 1 and text else ""
    tab = line.find("\t")
    if at and tab >= 0 and not line[:tab].strip():
        return finding("L106", Mark(path, mark.line, tab + 1))
    if "expected a single document" in (error.context or ""):
        return finding("L107", mark)
    detail = " ".join(part for part in (error.context, error.problem) if part)
    return finding("L103", mark, detail=detail)


class _Reader:
    """Turns composed nodes into marked ones, collecting findings."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.findings: list[Finding] = []
        self.seen: set[int] = set()

    def mark(self, node: yaml.Node) -> Mark:
        start, end = node.start_mark, node.end_mark
        return Mark(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def node(self, node: yaml.Node, depth: int) -> Node | None:
        if id(node) in self.seen:
            self.findings.append(finding("L108", self.mark(node)))
            return None
        self.seen.add(id(node))
        if depth > MAX_DEPTH:
            self.findings.append(finding("L109", self.mark(node), depth=MAX_DEPTH))
            return None
        match node:
            case yaml.ScalarNode():
                return self.scalar(node)
            case yaml.SequenceNode():
                items = (self.node(item, depth + 1) for item in node.value)
                return Sequence(tuple(i for i in items if i is not None), self.mark(node))
            case yaml.MappingNode():
                return self.mapping(node, depth)
        return None

    def scalar(self, node: yaml.ScalarNode) -> Scalar:
        return Scalar(node.value, self.mark(node), plain=not node.style)

    def mapping(self, node: yaml.MappingNode, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            mark = self.mark(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.findings.append(finding("L103", mark, detail="a key must be a text"))
                continue
            key = key_node.value
            value = self.node(value_node, depth + 1)
            if key in entries:
                other = Place(entries[key].mark, "first")
                self.findings.append(finding("L110", mark, other, key=key))
            elif value is not None:
                entries[key] = Entry(key, mark, value)
        return Mapping(tuple(entries.values()), self.mark(node))
