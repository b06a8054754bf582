"""The dataset of a public version: its figures as CSV and JSON, and what the columns mean (CSVW).

It says what the readers of the version are told (`public_figures`); it is made once, with the
version, and never changes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reportgen.features.site.public_figures import (
    NOT_RECOMPUTABLE,
    DatasetFigure,
    read_figures,
)
from reportgen.features.site.versions import PublicVersion
from reportgen.language.characters import begins_formula
from reportgen.model.frozen import frozen

CSV, JSON, CSVW = "figures.csv", "figures.json", "figures.csv-metadata.json"
"""The names of the files; the last is where CSVW looks for what is said of the first (W3C, Model
for Tabular Data and Metadata on the Web, section 5.3)."""
_BOM = "\ufeff"
_PLAIN = re.compile(r"[-+]?[0-9,]*[.]?[0-9]+[%％]?")


_REQUIRED = frozenset(["id", "title", "text", "value", "decimals", "kind", "kind_zh", "places"])
"""Columns in which no cell is blank."""


@frozen
class DatasetColumn:
    """A column of figures.csv: name, Chinese head, datatype of CSVW, what it means."""

    name: str
    head: str
    datatype: str
    zh: str
    en: str

    @property
    def is_text(self) -> bool:
        """Return whether it holds words; numbers and ids are not taken for formulas."""
        return self.datatype == "string"


COLUMNS = (
    DatasetColumn(
        "id",
        "编号",
        "NMTOKEN",
        "数在本数据集内的编号，按在报告里第一次出现的先后编排，中间不空号；别的版本里编号可能不同。",
        "The id of the figure in this dataset, in the order of first print, without gaps; other "
        "versions may give it another.",
    ),
    DatasetColumn("title", "名称", "string", "数的名称。", "What the figure is called."),
    DatasetColumn(
        "text",
        "印出的文字",
        "string",
        "公开版里印出来的文字；印了几种写法的，取位数最多的一种。",
        "The figure as the public version prints it; of several ways the one with most digits.",
    ),
    DatasetColumn(
        "value",
        "数值",
        "decimal",
        "印出的数，以“单位”栏的单位计，不带千分位；没有印出来的位数这里也没有。文中以“下降”"
        "“减少”等词表示的负数，这里带负号。",
        "The number printed, in the unit of the column unit; no digit that is not printed. One "
        "that is negative though a word (下降, 减少) says so has its sign here.",
    ),
    DatasetColumn(
        "unit",
        "单位",
        "string",
        "数值的单位；表格里的数取表头或数本身的单位。没有单位的、只有表头写着的为空。",
        "The unit of the value. Blank where there is none, or only the head of a column says it.",
    ),
    DatasetColumn(
        "factor",
        "换算系数",
        "decimal",
        "一个单位等于多少个基本单位：1 万元＝10000 元，1%＝0.01。换不成有限小数的为空。",
        "How many base units one unit holds: 万元 10000, % 0.01. Blank where no decimal says it.",
    ),
    DatasetColumn(
        "decimals",
        "小数位数",
        "integer",
        "印出的小数位数。重算的结果按此四舍五入，再与数值比较。",
        "Decimals printed: round a recomputed result to them, half away from zero, and compare.",
    ),
    DatasetColumn(
        "qualifier",
        "约数用词",
        "string",
        "说明不是准数的用词，如 约、余、以上、≥；准数为空。",
        "Words that say it is not exact: 约, 余, 以上, ≥. Blank for an exact number.",
    ),
    DatasetColumn(
        "kind",
        "类别代码",
        "NMTOKEN",
        "fact 为录入的数，derived 为由其他数算出的数，score 为按评分标准得出的分。",
        "fact: typed; derived: worked out from others; score: given by a scoring rule.",
    ),
    DatasetColumn(
        "kind_zh", "类别", "string", "类别代码的中文：录入、计算、得分。", "The kind in Chinese."
    ),
    DatasetColumn(
        "formula",
        "算式",
        "string",
        "用编号写的算式，如 F012 / F003。先把每个数乘以各自的换算系数，按算式计算，"
        "再除以本数的换算系数，按小数位数四舍五入。录入的数和不能重算的数为空。",
        "How it is worked out, by ids: F012 / F003. Multiply each value by its factor, work it "
        "out, divide by the factor of this figure, round to its decimals. Blank for facts and "
        "for what cannot be recomputed.",
    ),
    DatasetColumn(
        "reading",
        "算法",
        "string",
        f"用名称写的算式。所依据的数没有全部公开，或印出的位数不够的，写“{NOT_RECOMPUTABLE}”。",
        f"The formula by titles; {NOT_RECOMPUTABLE} where not all that it is worked out from is "
        "printed, or not with enough digits.",
    ),
    DatasetColumn(
        "places",
        "位置",
        "string",
        "印在公开版的哪些地方，以分号隔开；写法与“印出的文字”不同的，在括号里注明。",
        "Where the public version prints it, parted by ；, another way of writing in brackets.",
    ),
)
"""The columns of figures.csv in their order; the data dictionary and CSVW are made of them."""


def dataset_files(version: PublicVersion, record: object, licence: str = "") -> dict[str, bytes]:
    """Return the files of the dataset of a version by name, from its record of figures.

    `record` is what `<report>.figures.json` of the disclosure record holds; where it prints no
    figure there are none. Raises `RecordError`.
    """
    figures = read_figures(record)
    if not figures:
        return {}
    return {
        CSV: csv_file(figures),
        JSON: json_file(version, figures, licence),
        CSVW: csvw_file(version, licence),
    }


def csv_file(figures: Iterable[DatasetFigure]) -> bytes:
    """Return figures.csv: RFC 4180, UTF-8 with a byte order mark, without which Excel reads GBK."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.head for column in COLUMNS)
    for figure in figures:
        writer.writerow(_cells(figure))
    return (_BOM + text.getvalue()).encode()


def _cells(figure: DatasetFigure) -> Iterator[str]:
    for column in COLUMNS:
        cell = _cell(figure, column.name)
        yield as_text(cell) if column.is_text else cell


def _cell(figure: DatasetFigure, name: str) -> str:
    return _places(figure) if name == "places" else str(getattr(figure, name))


def as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before a sign of one.

    A number alone is no formula, whatever its sign.
    """
    is_active = begins_formula(cell.lstrip(" "))
    return f"'{cell}" if is_active and not _PLAIN.fullmatch(cell) else cell


def _places(figure: DatasetFigure) -> str:
    """Return where a figure is printed, each place once, with the text where it is another."""
    said: dict[str, None] = {}
    for text, place in figure.places:
        said[place if text == figure.text else f"{place}（{text}）"] = None
    return "；".join(said)


def json_file(version: PublicVersion, figures: Iterable[DatasetFigure], licence: str = "") -> bytes:
    """Return figures.json: what the dataset is of, and its figures; `places` with their texts."""
    rows = []
    for figure in figures:
        row = asdict(figure)
        row["places"] = [{"text": text, "place": place} for text, place in figure.places]
        rows.append(row)
    return _json({**_about(version, licence), "figures": rows})


def _about(version: PublicVersion, licence: str) -> dict[str, Any]:
    about = {
        "title": version.title,
        "publisher": version.organization,
        "date": version.date,
        "version": version.number,
        "license": licence,
    }
    return {name: value for name, value in about.items() if value}


def csvw_file(version: PublicVersion, licence: str = "") -> bytes:
    """Return what CSVW says of figures.csv: its columns with their types, whose it is and when."""
    about = {
        "dc:title": f"{version.title}数据",
        "dc:publisher": version.organization,
        "dc:issued": version.publication.date,
        "dc:date": version.date,
        "dc:license": licence,
    }
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": CSV,
        **{name: text for name, text in about.items() if text},
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "delimiter": ",",
            "lineTerminators": "\r\n",
        },
        "tableSchema": {"primaryKey": "id", "columns": list(map(_described, COLUMNS))},
    }
    return _json(metadata)


def _described(column: DatasetColumn) -> dict[str, Any]:
    """Return a column in the words of CSVW."""
    return {
        "name": column.name,
        "titles": column.head,
        "datatype": column.datatype,
        "required": column.name in _REQUIRED,
        "dc:description": [
            {"@value": column.zh, "@language": "zh"},
            {"@value": column.en, "@language": "en"},
        ],
    }


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
