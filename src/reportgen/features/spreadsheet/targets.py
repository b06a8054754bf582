"""What a sheet may be taken into: the tables of a year, their columns, and the rows there are.

Labels are the titles of the schema and of the forms; `ALIASES` adds what bureaus write instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reportgen.features.spreadsheet.grid import squeezed
from reportgen.findings import Diagnostics
from reportgen.load.fields import KeyGroup
from reportgen.load.schema import BudgetLine, EconomicItem, Fund, Named, Year
from reportgen.load.shape import bare, is_model, with_names
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import Mapping as Group
from reportgen.project.yaml_nodes import Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("标识", "键", "id"),
    "name": tuple(
        "名称 项目名称 项目 资金名称 专项名称 专项资金名称 资金项目 资金项目名称 科目 科目名称 "
        "支出项目 预算项目 预算项目名称 专项资金项目".split()
    ),
    "category": tuple("类别 类 分类 项目类别 资金类别 支出类别 项目分类 支出经济分类".split()),
    "source": tuple("资金来源 来源 资金性质 经费来源".split()),
    "owner": tuple("使用单位 项目单位 实施单位 资金使用单位".split()),
    "group": ("归组",),
    "initial": tuple("年初预算数 年初预算 年初数 年初预算金额 年初批复数 年初批复预算数".split()),
    "budget": tuple("全年预算数 全年预算 调整后预算数 调整后预算 调整后全年预算数".split()),
    "received": tuple(
        "到位数 到位资金 实际到位 实际到位数 到位金额 资金到位数 实际到位资金".split()
    ),
    "outturn": tuple(
        "决算数 决算 决算金额 执行数 全年执行数 实际执行数 执行金额 支出数 实际支出 "
        "实际支出数 全年支出数 支出金额".split()
    ),
    "value": tuple("数值 值 数 数据 实际数".split()),
    "unit": ("单位", "计量单位"),
}
"""What the columns of bureaus' sheets are called, by field."""

MEASURES = tuple(BudgetLine.model_fields)
_SECTIONS = ("income", "expenditure", "three_public", "operating")
_LISTS: Mapping[str, type[Named]] = {"funds": Fund, "economic": EconomicItem}
_STEMS = {"funds": "fund", "economic": "item"}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row that the files hold, or that the schema provides for: its key, name and cells."""

    id: str
    name: str
    path: str = ""
    cells: Mapping[str, Scalar] = field(default_factory=dict)
    node: Group | None = None

    def text(self, name: str) -> str:
        """Return the text of a cell, empty where it is blank or not there."""
        cell = self.cells.get(name)
        return "" if cell is None or cell.blank else cell.text


@dataclass(frozen=True, slots=True)
class Target:
    """A table of the year: `key` as typed after --into, its columns by label, its rows.

    `amounts` are the fields that hold money; `free` says that any value is read as people write
    it. `required` are the fields that a new row needs, `stem` begins the id proposed for one;
    without `stem` no row can be added. `home` is the list in its file.
    """

    key: str
    title: str
    labels: Mapping[str, str]
    entries: tuple[TargetRow, ...]
    amounts: tuple[str, ...] = MEASURES
    free: bool = False
    required: tuple[str, ...] = ()
    stem: str = ""
    order: tuple[str, ...] = ()
    path: str = ""
    home: Sequence | None = None


@dataclass(frozen=True, slots=True)
class YearFiles:
    """The files of the year as they stand: text and root node by path."""

    texts: Mapping[str, str]
    roots: Mapping[str, Group]


def read_source(files: SourceFiles, base: str, log: Diagnostics) -> YearFiles:
    """Return the YAML files of the folder `base`; the log says where one cannot be read."""
    texts: dict[str, str] = {}
    roots: dict[str, Group] = {}
    for path in files.names(base, ".yaml"):
        text = files.text(path, log)
        if text is None:
            continue
        node, findings = read_yaml(path, text)
        log.extend(findings)
        if isinstance(node, Group):
            named = with_names(node, Year, Diagnostics())
            assert isinstance(named, Group)
            texts[path], roots[path] = text, named
    return YearFiles(texts, roots)


def targets(source: YearFiles) -> tuple[Target, ...]:
    """Return every table that a sheet can be taken into."""
    lists = [_list(key, model, source) for key, model in _LISTS.items()]
    free = [_free(name, path, node) for path, name, node in _tables(source)]
    return (*lists, _budget(source), *free, _facts(source))


def _labels(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields by squeezed label: names, `fields`' titles, aliases."""
    found: dict[str, str] = {}
    for name, title in fields.items():
        found.setdefault(squeezed(name), name)
        found[squeezed(title)] = name
    for name in fields:
        for alias in ALIASES.get(name, ()):
            found.setdefault(squeezed(alias), name)
    return found


def _list(key: str, model: type[Named], source: YearFiles) -> Target:
    titles = {name: str(info.title) for name, info in model.model_fields.items()}
    path, node = _find(source, key)
    home = node if isinstance(node, Sequence) else None
    order = ("id", "name", *(n for n in model.model_fields if n not in {"id", "name"}))
    order = (*(n for n in order if n not in MEASURES), *(m for m in MEASURES if m in titles))
    return Target(
        key,
        str(Year.model_fields[key].title),
        _labels(titles),
        tuple(_rows(home, key, path)),
        tuple(name for name in MEASURES if name in titles),
        required=tuple(n for n, info in model.model_fields.items() if info.is_required()),
        stem=_STEMS[key],
        order=order,
        path=path,
        home=home,
    )


def _free(name: str, path: str, node: Sequence) -> Target:
    entries = tuple(_rows(node, f"tables.{name}", path))
    fields = dict.fromkeys(key for entry in entries for key in entry.cells)
    known = {
        n: str(info.title) for n, info in {**BudgetLine.model_fields, **Named.model_fields}.items()
    }
    titles = {key: known.get(key, key) for key in fields}
    return Target(
        f"tables.{name}",
        name,
        _labels(titles),
        entries,
        (),
        free=True,
        required=("id",) if "id" in fields else (),
        stem="row",
        order=tuple(fields),
        path=path,
        home=node,
    )


def _rows(home: Sequence | None, key: str, path: str) -> Iterator[TargetRow]:
    for number, item in enumerate(home.items if home else (), 1):
        if isinstance(item, Group):
            cells = {e.key: e.value for e in item.entries if isinstance(e.value, Scalar)}
            name = cells["name"].text if "name" in cells else ""
            own = cells["id"].text if "id" in cells else str(number)
            yield TargetRow(f"{key}.{own}", name, path, cells, item)


def _budget(source: YearFiles) -> Target:
    titles = {name: str(info.title) for name, info in BudgetLine.model_fields.items()}
    entries: list[TargetRow] = []
    for section in _SECTIONS:
        model = bare(Year.model_fields[section].annotation)
        assert is_model(model)
        assert issubclass(model, KeyGroup)
        path, node = _find(source, section)
        for name, info in model.model_fields.items():
            line = _child(node, name)
            entries.append(_line(f"{section}.{name}", str(info.title), path, line))
    path, node = _find(source, "procurement")
    entries.append(_line("procurement", str(Year.model_fields["procurement"].title), path, node))
    labels = _labels({"id": "标识", "name": "名称", **titles})
    return Target("budget", "收支与经费", labels, tuple(entries), order=MEASURES)


def _line(key: str, title: str, path: str, node: YamlNode | None) -> TargetRow:
    group = node if isinstance(node, Group) else None
    cells = {e.key: e.value for e in group.entries if isinstance(e.value, Scalar)} if group else {}
    return TargetRow(key, title, path if group else "", cells, group)


def _facts(source: YearFiles) -> Target:
    entries = [
        TargetRow(key, key.rpartition(".")[2], path, {"value": scalar})
        for path, root in source.roots.items()
        for key, scalar in _scalars(root, "")
    ]
    labels = _labels({"id": "键", "name": "名称", "value": "数值", "unit": "单位"})
    return Target("facts", "事实", labels, tuple(entries), (), free=True)


def _scalars(node: YamlNode, key: str) -> Iterator[tuple[str, Scalar]]:
    """Yield every value below `node` with the key under which formulas know it."""
    match node:
        case Scalar():
            yield key, node
        case Group(entries):
            for entry in entries:
                hoisted = not key and entry.key in {"facts", "tables"}
                inner = entry.key if not key else f"{key}.{entry.key}"
                yield from _scalars(entry.value, "" if hoisted else inner)
        case Sequence(items):
            for number, item in enumerate(items, 1):
                own = _child(item, "id")
                name = own.text if isinstance(own, Scalar) else str(number)
                yield from _scalars(item, f"{key}.{name}")


def _find(source: YearFiles, key: str) -> tuple[str, YamlNode | None]:
    for path, root in source.roots.items():
        found = _child(root, key)
        if found is not None:
            return path, found
    return "", None


def _child(node: YamlNode | None, key: str) -> YamlNode | None:
    entries = node.entries if isinstance(node, Group) else ()
    return next((entry.value for entry in entries if entry.key == key), None)


def _tables(source: YearFiles) -> Iterator[tuple[str, str, Sequence]]:
    for path, root in source.roots.items():
        tables = _child(root, "tables")
        for entry in tables.entries if isinstance(tables, Group) else ():
            if isinstance(entry.value, Sequence):
                yield path, entry.key, entry.value
