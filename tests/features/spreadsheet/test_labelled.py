from __future__ import annotations

import pytest
from workbooks import grid_of

from reportgen.features.spreadsheet.labelled import labelled_values
from reportgen.features.spreadsheet.year_tables import YearFiles, tables_of
from reportgen.load.schema import Year
from reportgen.project.yaml_reader import read_yaml

TEXT = (
    "staffing: {quota: 30人, actual: 27人}\nbuildings: {actual_area: 5, actual_investment: }\n"
    "facts:\n  保障措施: 从严\n  名单: [甲, 乙]\ntables:\n  t:\n    - {id: a, name: 编制}\n"
)


def values_of(*rows, merged=""):
    year = YearFiles({"a.yaml": TEXT}, {"a.yaml": read_yaml("a.yaml", TEXT)[0]})
    (facts,) = [table for table in tables_of(Year, year) if table.key == "facts"]
    found = labelled_values(grid_of(*rows, merged=merged), facts)
    return {key.text: (value.text, unit.text) for key, value, unit in found.rows[1:]}


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        ([["编制数", 31]], {"staffing.quota": ("31", "")}),
        ([["编制数"], [31]], {"staffing.quota": ("31", "")}),
        (
            [["编制数", "2023年实际在职人数"], [31, 28]],
            {"staffing.quota": ("31", ""), "staffing.actual": ("28", "")},
        ),
        ([["实际规模（㎡）"], ["1,200"]], {"buildings.actual_area": ("1,200", "㎡")}),
        ([["实际投资\n（万元）", "7.5万元"]], {"buildings.actual_investment": ("7.5万元", "万元")}),
        ([["保障措施", "从严控制办文"]], {"保障措施": ("从严控制办文", "")}),
        ([["保障措施"], ["从严控制办文"]], {}),
        ([["编制数", "待定"], ["见附件", ""]], {}),
        ([["编制数"], [31], [42]], {}),
        ([["编制数"], [""], [42]], {}),
        ([["编制", 31], ["1", 5], ["甲", 6]], {}),
    ],
)
def test_value_stands_beside_its_label_or_alone_below_it(rows, values):
    assert values_of(*rows) == values


def test_merged_label_is_read_once():
    rows = [["编制数", "编制数", ""], [31, "", ""]]
    assert values_of(*rows, merged="A1:B1") == {"staffing.quota": ("31", "")}
