"""Reads what the templates of a pack name: facts, figures, tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import jinja2
from jinja2 import nodes

from reportgen.compose.word_tags import diagnose_form
from reportgen.features.packs.names import NamesUsed, merged
from reportgen.features.packs.template_rows import rows_in_template
from reportgen.findings import Diagnostics, finding
from reportgen.load.frame_files import tell_form
from reportgen.model.pack import FormRule, Pack, Section
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.jinja_messages import misread
from reportgen.project.source_files import SourceFiles
from reportgen.wordfile.paragraphs import paragraphs
from reportgen.wordfile.tags import template_of


def names_in_templates(files: SourceFiles, pack: Pack, log: Diagnostics) -> dict[str, NamesUsed]:
    """Return what each template of a pack prints or tests, by its path.

    Forms, includes and imports are followed. The lines of pack.yaml that are templates, such as
    the title, stand under that name.
    """
    reader = _TemplateReader(files, pack, log)
    reader.read_all(_named_in_pack(files, pack))
    reader.uses["pack.yaml"] = merged(map(_names_in_line, _template_lines(pack)))
    return reader.uses


def names_in_forms(files: SourceFiles, pack: Pack, known: Iterable[str]) -> dict[str, NamesUsed]:
    """Return what the forms name that no `known` template refers to, by name.

    The texts of a unit may place them.
    """
    folder = f"templates/{pack.folder}/forms"
    read = set(known)
    uses: dict[str, NamesUsed] = {}
    for path in files.names(folder, ".html"):
        if path not in read:
            reader = _TemplateReader(files, pack, Diagnostics())
            reader.read_all([path])
            uses[path.removeprefix(f"{folder}/").removesuffix(".html")] = merged(
                reader.uses.values()
            )
    return uses


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
                self.uses[path] = _names_in_template(tree, self.pack)
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
        if file is None:
            return None
        tell_form(path, file, self.log)
        if problems.blocked:
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
    if pack.form is not None:
        yield _form_path(files, pack.folder, pack.form.text)


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
    for section in _every_section(pack.outline):
        yield Formula(section.title, section.span)
    for annex in pack.annexes:
        yield Formula(annex.title, annex.span)


def _every_section(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _every_section(section.sections)


def _names_in_line(line: Formula) -> NamesUsed:
    return NamesUsed(frozenset(_dotted_names(_parsed(line.text))))


def _names_in_template(tree: nodes.Template, pack: Pack) -> NamesUsed:
    """Return the names that a template prints or tests, and what it reads of tables."""
    rows = rows_in_template(tree, pack.each.text if pack.each else "")
    texts = dict(zip(rows.texts, map(tuple, rows.texts.values()), strict=True))
    names = frozenset(_dotted_names(tree))
    local = frozenset(_local_names(tree))
    columns, lists = frozenset(rows.columns), frozenset(rows.lists)
    return NamesUsed(names, columns, lists, rows.kinds, texts, local=local)


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
