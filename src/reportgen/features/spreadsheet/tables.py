"""What a table of a year is to an import: its columns by label, the rows there are, their names.

`ALIASES` adds to the titles of the schema what bureaus write instead.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from collections.abc import Mapping as Mappings
from dataclasses import dataclass, field, replace
from functools import cached_property

from reportgen.features.spreadsheet.grid import normalized
from reportgen.load.fields import FreeField
from reportgen.load.groups import LeafType, leaf_type
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence

ALIASES: Mappings[str, tuple[str, ...]] = {
    "id": ("标识", "键", "id"),
    "name": tuple(
        "名称 项目名称 项目 资金名称 专项名称 专项资金名称 资金项目 资金项目名称 科目 科目名称 "
        "支出项目 预算项目 预算项目名称 专项资金项目 三级指标 指标名称 评价指标".split()
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
    "target": ("指标目标值", "目标值", "绩效目标"),
    "actual": ("完成值", "实际值", "完成情况"),
    "points": ("权重", "标准分", "满分"),
    "score": ("自评得分", "评分"),
    "deviation": ("偏差原因", "扣分原因和其他说明", "扣分原因"),
    "value": tuple("数值 值 数 数据 实际数 内容".split()),
    "unit": ("单位", "计量单位"),
}
"""What the columns of bureaus' sheets are called, by field."""

FREE = leaf_type(FreeField)
"""The type of a value that is read as people write it."""
_SPELLED_SO = (("公车", "公务用车"), ("运维", "运行维护"), ("出国经费", "因公出国"))
"""What forms write for the names of budget lines."""

_MOST_NAMES = 12
"""Names of rows that a finding lists."""
_POINTS = re.compile(r"\(\d+(?:\.\d+)?分\)$")
"""The points that forms print behind the name of a group of indicators: 产出指标（50分）."""
_LABEL_NUMBER = re.compile(
    r"^(?:其中:)?"
    r"(?:\(?[一二三四五六七八九十]{1,3}[)、.,]|\(?\d{1,3}[)、]|\d{1,3}[.,](?!\d)|[①-⑳])*"
    r"(?:其中:)?"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_EXPENSE = re.compile(r"(?<=.)(?:经费|费用|费|金额)$")


def plain_name(text: str) -> str:
    """Return a name as rows are matched by: without spaces, numbering, 其中： and a colon."""
    label = normalized(text).rstrip(":")
    return _LABEL_NUMBER.sub("", label) or label


def same_words(new: str, old: str) -> bool:
    """Return whether two texts are one, but for spaces and points that a form adds."""
    said = normalized(new)
    return normalized(old) in {said, _POINTS.sub("", said)}


@frozen
class YearRow:
    """A row that the files hold, or that the schema provides for, by its full key.

    `cells` are its values by field; `node` is the group that holds them, None where there is none.
    `type` is that of a single value, where the schema knows it; `section` is the group that the
    row belongs into, where there is one.
    """

    key: str
    name: str
    cells: Mappings[str, Scalar] = field(default_factory=dict)
    node: Mapping | None = None
    type: LeafType | None = None
    section: Mapping | None = None

    @property
    def id(self) -> str:
        """Return the last part of the key, by which the row is known in its table."""
        return self.key.rpartition(".")[2]

    @property
    def spans(self) -> tuple[SourceSpan, ...]:
        """Return where it stands, as a whole first, and what it holds."""
        own = (self.node.span,) if self.node is not None else ()
        return (*own, *(cell.span for cell in self.cells.values()))

    def text(self, name: str) -> str:
        """Return the text of a field, empty where it is blank or not there."""
        cell = self.cells.get(name)
        return "" if cell is None or cell.blank else cell.text


@dataclass(frozen=True)
class YearTable:
    """A table of the year: `key` as typed after --into, its fields by label, its rows.

    `types` say how the values of its fields are read, `units` in which numbers without unit count.
    `required` are the fields that a new row needs, `id_prefix` begins the id proposed for one;
    without `id_prefix` no row can be added. `order` is that of the fields in a row. The list stands
    at `node` in the file `path`; None and empty where there is none yet.
    """

    key: str
    title: str
    fields: Mappings[str, str]
    rows: tuple[YearRow, ...]
    types: Mappings[str, LeafType] = field(default_factory=dict)
    units: Mappings[str, Unit] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    id_prefix: str = ""
    order: tuple[str, ...] = ()
    path: str = ""
    node: Sequence | None = None

    def is_free(self, name: str) -> bool:
        """Return whether any value of a field is read as people write it."""
        return self.types.get(name) is FREE and name not in {"id", "name", "unit"}

    def is_amount(self, name: str) -> bool:
        """Return whether a field holds numbers."""
        return self.is_free(name) or name in self.units

    def is_summed(self, name: str) -> bool:
        """Return whether the numbers of a field may be added up."""
        return self.key != "facts" and name != "unit" and self.is_amount(name)

    def default_unit(self, name: str) -> Unit | None:
        """Return the unit in which numbers without unit of a field count, None where none do."""
        return self.units.get(name)

    def type_of(self, name: str, row: YearRow | None) -> LeafType | None:
        """Return how a value of a field is read, in a row that may have a type of its own."""
        return (row.type if row is not None else None) or self.types.get(name)

    def title_of(self, name: str) -> str:
        """Return what a field is called in the forms."""
        titles = (label for label, field in self.fields.items() if field == name != label)
        return next(titles, name)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return what its fields are called, each once."""
        return tuple(map(self.title_of, dict.fromkeys(self.fields.values())))

    def rows_with_key(self, key: str) -> tuple[YearRow, ...]:
        """Return the rows that `key` means: an id, or the key of the whole year."""
        return self._rows_by_key.get(key) or self._rows_by_key.get(f"{self.key}.{key}", ())

    def rows_named(self, name: str) -> tuple[YearRow, ...]:
        """Return the rows called `name`.

        Lines of the budget are found as forms write them: 公务接待费, 公车购置, 政府采购金额.
        """
        plain = plain_name(name)
        named = self._rows_by_name.get(plain, ())
        if named or self.id_prefix:
            return named
        return self._rows_by_line.get(_line_name(plain), ())

    @cached_property
    def _rows_by_key(self) -> Mappings[str, tuple[YearRow, ...]]:
        return _grouped((row.key, row) for row in self.rows)

    @cached_property
    def _rows_by_name(self) -> Mappings[str, tuple[YearRow, ...]]:
        return _grouped((plain_name(row.name), row) for row in self.rows)

    @cached_property
    def _rows_by_line(self) -> Mappings[str, tuple[YearRow, ...]]:
        return _grouped((_line_name(plain_name(row.name)), row) for row in self.rows)

    def near_names(self, name: str) -> str:
        """Return the names of rows that are most like `name`, empty where none is like it."""
        names = [row.name for row in self.rows if row.name]
        return "、".join(difflib.get_close_matches(plain_name(name), names, n=3, cutoff=0.55))

    def known_names(self, name: str) -> str:
        """Return the names of rows that are most like `name`; where none is like it, all."""
        names = list(dict.fromkeys(row.name for row in self.rows if row.name))
        rest = len(names) - _MOST_NAMES
        shown = "、".join(names[:_MOST_NAMES]) + (f"…（{len(names)}）" if rest > 0 else "")
        return self.near_names(name) or shown or "@no_rows"

    def likely_titles(self, label: str) -> str:
        """Return what the columns of amounts are called that a label may mean, or all of them."""
        amounts = [title for title in self.titles if self.fields[normalized(title)] in self.units]
        near = difflib.get_close_matches(label, amounts, n=3, cutoff=0.5)
        return "、".join(near or amounts)

    def section(self, key: str) -> YearTable | None:
        """Return the table with the rows of one section only, None where it has none of it."""
        rows = tuple(row for row in self.rows if row.key == key or row.key.startswith(f"{key}."))
        return replace(self, rows=rows) if rows else None


def _grouped(pairs: Iterable[tuple[str, YearRow]]) -> dict[str, tuple[YearRow, ...]]:
    """Return the rows of each text that they go with."""
    rows: dict[str, tuple[YearRow, ...]] = {}
    for text, row in pairs:
        rows[text] = (*rows.get(text, ()), row)
    return rows


def _line_name(name: str) -> str:
    """Return the name of a budget line, as forms write it or not, without 费 and brackets."""
    plain = _BRACKETS.sub("", name)
    for written, meant in _SPELLED_SO:
        if meant not in plain:
            plain = plain.replace(written, meant)
    return _EXPENSE.sub("", plain)


@frozen
class ImportTerms:
    """What holds for a whole import: what is hidden is taken, the unit of amounts that state none.

    `earlier` are last year's values by key, `derived` matches the keys of what is worked out.
    What is `exact` was typed to stay so: words to the last space, formulas by their results.
    """

    hidden: bool = False
    amount_unit: Unit | None = None
    exact: bool = False
    earlier: Mappings[str, str] = field(default_factory=dict)
    derived: re.Pattern[str] | None = None

    def is_derived(self, key: str) -> bool:
        """Return whether a value is worked out, where nobody has typed it."""
        known = key.removeprefix("tables.")
        return self.derived is not None and self.derived.fullmatch(known) is not None
