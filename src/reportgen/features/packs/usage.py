"""Reads what the templates and formulas of a pack name: facts, figures, tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import jinja2
from jinja2 import nodes

from reportgen.compose.word_tags import diagnose_form
from reportgen.findings import Diagnostics, finding
from reportgen.formula.lookup import fault
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Call, FormulaError, Name, Node, Select, every_name, parts
from reportgen.model.pack import FormRule, Pack, Section
from reportgen.model.scoring import Scoring
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.jinja_messages import misread
from reportgen.project.source_files import SourceFiles
from reportgen.wordfile.paragraphs import paragraphs
from reportgen.wordfile.tags import template_of


@dataclass(frozen=True, slots=True)
class NamesUsed:
    """What one text names: keys, the columns (table.column) it reads, what it takes for lists."""

    names: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def merged(uses: Iterable[NamesUsed]) -> NamesUsed:
    """Return what several texts name together."""
    names: set[str] = set()
    columns: set[str] = set()
    lists: set[str] = set()
    for used in uses:
        names |= used.names
        columns |= used.columns
        lists |= used.lists
    return NamesUsed(frozenset(names), frozenset(columns), frozenset(lists))


def key_and_groups(key: str) -> Iterator[str]:
    """Yield `key` and every group of keys that it stands in."""
    while key:
        yield key
        key = key.rpartition(".")[0]


# Formulas


def names_in_formulas(pack: Pack, log: Diagnostics) -> dict[str, NamesUsed]:
    """Return what each formula of a pack names, by its rule; the log gets those that are wrong."""
    uses: dict[str, NamesUsed] = {}
    for rule, formula in _formulas(pack).items():
        try:
            tree = parse(formula).tree
        except FormulaError as error:
            log.add(fault(formula, error, rule))
        else:
            uses[rule] = _names_in_formula(tree)
    return uses


def _formulas(pack: Pack) -> dict[str, Formula]:
    """Return the formulas of a pack by the rule they stand in."""
    formulas: dict[str, Formula] = {}
    for metric in pack.rules.metrics:
        formulas[f"metric {metric.key}"] = metric.formula
    for relation in pack.rules.relations:
        formulas[f"relation {relation.key}"] = relation.claim
    for scoring in pack.rules.scorings:
        formulas |= _formulas_of_scoring(scoring)
    return formulas


def _formulas_of_scoring(scoring: Scoring) -> dict[str, Formula]:
    formulas: dict[str, Formula] = {}
    for name in ("value", "target", "last"):
        formula = getattr(scoring, name)
        if formula is not None:
            formulas[f"scoring {scoring.rating}.{name}"] = formula
    return formulas


def _names_in_formula(tree: Node) -> NamesUsed:
    """Return what a formula names, the groups of its keys too: it may name a table by a column."""
    names: set[str] = set()
    columns: set[str] = set()
    lists: set[str] = set()
    for node in _nodes(tree):
        match node:
            case Name(key=key):
                names.update(key_and_groups(key))
            case Select(table=table):
                lists.add(table.key)
                columns.update(_columns_selected(node))
            case Call(function="sum" | "count", arguments=(Name(key=key),)):
                table_key, _, column = key.partition(".")
                lists.add(table_key)
                if column:
                    columns.add(key)
            case _:
                pass
    return NamesUsed(frozenset(names), frozenset(columns), frozenset(lists))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in parts(node):
        yield from _nodes(part)


def _columns_selected(select: Select) -> Iterator[str]:
    """Yield the columns that a filter tests, and the one whose cells it returns."""
    fields = [name.key for name in every_name(select.condition)]
    for column in (select.field, *fields):
        if column and "." not in column:
            yield f"{select.table.key}.{column}"


# Templates


def names_in_templates(files: SourceFiles, pack: Pack, log: Diagnostics) -> dict[str, NamesUsed]:
    """Return what each template of a pack prints or tests, by its path.

    Forms, includes and imports are followed. The lines of pack.yaml that are templates, such as
    the title, stand under that name.
    """
    reader = _TemplateReader(files, pack, log)
    reader.read_all(_named_in_pack(files, pack))
    reader.uses["pack.yaml"] = merged(_names_in_line(line) for line in _template_lines(pack))
    return reader.uses


@dataclass(slots=True)
class _TemplateReader:
    """Reads templates and those that they refer to, each once."""

    files: SourceFiles
    pack: Pack
    log: Diagnostics
    uses: dict[str, NamesUsed] = field(default_factory=dict)

    def read_all(self, paths: Iterable[str]) -> None:
        """Read the templates at `paths`, the last first, and what they refer to."""
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path in self.uses:
                continue
            self.uses[path] = NamesUsed()
            tree = self._tree(path)
            if tree is not None:
                self.uses[path] = _names_in_template(tree)
                waiting += _references(self.files, tree, self.pack.folder)

    def _tree(self, path: str) -> nodes.Template | None:
        """Return the template at `path`, None with a finding where it cannot be read."""
        if path.endswith(".docx"):
            return self._tree_of_word_form(path)
        text = self.files.text(path, self.log)
        if text is None:
            return None
        try:
            return _parsed(text)
        except jinja2.TemplateSyntaxError as error:
            span = SourceSpan(path, error.lineno)
            params = misread(error.message or "")
            self.log.add(finding("T101", span, **params))  # type: ignore[arg-type]
            return None

    def _tree_of_word_form(self, path: str) -> nodes.Template | None:
        """Return the tags of a Word form, None where any is wrong; the log says what."""
        data = self.files.data(path, self.log)
        problems = Diagnostics()
        file = diagnose_form(path, data, problems) if data is not None else None
        self.log.extend(problems)
        if file is None or problems.blocked:
            return None
        return _parsed(template_of(each.text for each in paragraphs(file) if not each.copy))


def _parsed(text: str) -> nodes.Template:
    return jinja2.Environment(autoescape=True).parse(text)


def _named_in_pack(files: SourceFiles, pack: Pack) -> Iterator[str]:
    """Yield the paths of the templates that the outline, the annexes and the forms name."""
    folder = f"templates/{pack.folder}"
    for section in _sections_of_pack(pack.outline):
        yield f"{folder}/sections/{section.id}.md"
    if pack.opening == "pack":
        yield f"{folder}/sections/opening.md"
    forms: list[FormRule] = [*pack.forms]
    for annex in pack.annexes:
        yield annex.body
        forms += annex.forms
    for form in forms:
        yield _form_path(files, pack.folder, form.name)


def _sections_of_pack(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield the sections that the pack has a template for."""
    for section in sections:
        if section.text == "pack":
            yield section
        yield from _sections_of_pack(section.sections)


def _template_lines(pack: Pack) -> Iterator[Formula]:
    """Yield the lines of pack.yaml that are templates."""
    yield from pack.title
    yield from pack.signature
    if pack.cover is not None:
        for _, line in pack.cover.fields:
            yield line
        if pack.cover.foot:
            yield pack.cover.foot
        yield from pack.cover.title


def _names_in_line(line: Formula) -> NamesUsed:
    return NamesUsed(frozenset(_dotted_names(_parsed(line.text))))


def _names_in_template(tree: nodes.Template) -> NamesUsed:
    """Return the names that a template prints or tests, and what its loops and `join` read."""
    columns: set[str] = set()
    lists = {
        _filtered_name(call.node) for call in tree.find_all(nodes.Filter) if call.name == "join"
    }
    for loop in tree.find_all(nodes.For):
        table = _filtered_name(loop.iter)
        if table and isinstance(loop.target, nodes.Name):
            lists.add(table)
            columns.update(_columns_read(table, loop.target.name, loop.body))
    lists.discard("")
    summed = set(_columns_summed(tree))
    names = {*_dotted_names(tree), *summed}
    return NamesUsed(frozenset(names), frozenset(columns), frozenset(lists))


def _columns_summed(tree: nodes.Template) -> Iterator[str]:
    """Yield the columns that `sum` adds up, each behind the name that its rows have there."""
    for call in tree.find_all(nodes.Filter):
        match call:
            case nodes.Filter(name="sum", args=[nodes.Const(value=str(column)), *_]):
                yield f"{_filtered_name(call.node) or 'rows'}.{column}"


def _filtered_name(node: nodes.Node | None) -> str:
    """Return the one name that `node` filters, `` for anything else."""
    while isinstance(node, nodes.Filter):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _columns_read(table: str, row: str, body: Iterable[nodes.Node]) -> Iterator[str]:
    """Yield the columns of `table` that the body of a loop reads of its `row`."""
    for node in body:
        for attribute in _attributes(node):
            if _filtered_name(attribute.node) == row:
                yield f"{table}.{attribute.attr}"


def _attributes(node: nodes.Node) -> Iterator[nodes.Getattr]:
    if isinstance(node, nodes.Getattr):
        yield node
    yield from node.find_all(nodes.Getattr)


def _dotted_names(tree: nodes.Template) -> Iterator[str]:
    """Yield the dotted names of a template that it does not set itself."""
    local = _local_names(tree)
    for name in _names_below(tree):
        if name.partition(".")[0] not in local:
            yield name


def _local_names(tree: nodes.Template) -> set[str]:
    """Return the names that a template sets, imports or defines, and `form`."""
    local = {"form"}
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import)):
        match node:
            case nodes.Name(name=name, ctx=context) if context != "load":
                local.add(name)
            case nodes.Macro(name=name):
                local.add(name)
            case nodes.Import(target=name):
                local.add(name)
    return local


def _names_below(node: nodes.Node) -> Iterator[str]:
    """Yield the names in `node`, each with all of its attributes."""
    name = _dotted_name(node)
    if name:
        yield name
        return
    for child in node.iter_child_nodes():
        yield from _names_below(child)


def _dotted_name(node: nodes.Node) -> str:
    """Return the name that `node` is, with attributes behind dots; `` for anything else."""
    name = ""
    while isinstance(node, nodes.Getattr):
        name = f".{node.attr}{name}"
        node = node.node
    return f"{node.name}{name}" if isinstance(node, nodes.Name) else ""


def _form_path(files: SourceFiles, folder: str, name: str) -> str:
    """Return the path of a form: a Word file where there is one, else a table in HTML."""
    path = f"templates/{folder}/forms/{name}"
    return f"{path}.docx" if files.exists(f"{path}.docx") else f"{path}.html"


def _references(files: SourceFiles, tree: nodes.Template, folder: str) -> Iterator[str]:
    """Yield the paths of the forms, includes and imports of a template."""
    for name in _forms_called(tree):
        yield _form_path(files, folder, name)
    for path in _templates_included(tree):
        in_project = path.startswith(("templates/", "data/"))
        yield path if in_project else f"templates/{path}"


def _forms_called(tree: nodes.Template) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        match call:
            case nodes.Call(node=nodes.Name(name="form"), args=[nodes.Const(value=str(name))]):
                yield name


def _templates_included(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        if isinstance(template, nodes.Const):
            yield str(template.value)
