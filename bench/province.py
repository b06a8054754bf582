"""Units of a province that nobody has: years of facts that agree, for the packs of the repository.

`python -m bench.province DIR --units 1000 [--years 2021 2022 2023]` writes data/ and templates/
into a folder, one report a unit and year; `write_province` does the same. A city of 25 bureaus
has one pack, in turn; what a unit has is drawn from its number and the year alone, so that more
units leave those before them as they are. Amounts are in 万元, exact to the fen of 万元.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from jinja2 import Environment, StrictUndefined

from bench.made_up_facts import (
    Draw,
    Facts,
    Unit,
    department_of_huaihua,
    department_of_yongzhou,
    department_of_yueyang,
    fund_of_huaihua,
    fund_of_yiyang,
    fund_of_yueyang,
)

ROOT = Path(__file__).resolve().parent.parent
MODELS = Path(__file__).resolve().parent / "models"
YEARS = (2021, 2022, 2023)
FIRST, SECOND = "云青澄临安和宁远平新长东南西景丰兴泰永德", "阳州溪江川陵"
BUREAUS = (
    *("教育 科学技术 工业和信息化 民政 司法 财政 水利 商务 审计 统计 林业 信访 应急管理".split()),
    *("自然资源 生态环境 住房和城乡建设 交通运输 农业农村 文化旅游 卫生健康".split()),
    *("退役军人事务 市场监督管理 医疗保障 城市管理 机关事务管理".split()),
)
PACKS: Sequence[tuple[str, str, Callable[[Draw], Facts]]] = (
    ("department", "huaihua-department", department_of_huaihua),
    ("special-fund", "huaihua-fund", fund_of_huaihua),
    ("special-fund", "yiyang-fund", fund_of_yiyang),
    ("department", "yongzhou-department", department_of_yongzhou),
    ("department", "yueyang-department", department_of_yueyang),
    ("emergency-supplies", "yueyang-fund", fund_of_yueyang),
)
"""By pack: the report, the file with its texts, and what draws its facts."""
DRAWN = {texts: draw for _, texts, draw in PACKS}


def unit_of(number: int) -> Unit:
    """Return the unit of a number from 0: six cities side by side, a pack each."""
    block, within = divmod(number, len(PACKS) * len(BUREAUS))
    field = BUREAUS[within // len(PACKS)]
    city = block * len(PACKS) + within % len(PACKS)
    first, again = FIRST[city % len(FIRST)], city // len(FIRST)
    name = first + SECOND[again % len(SECOND)] + "新" * (again // len(SECOND)) + "市"
    size = Random(f"size {number}").triangular(0.4, 3, 0.8)
    report, texts, _ = PACKS[within % len(PACKS)]
    return Unit(f"unit{number:05}", name, field, report, texts, size)


def write_province(folder: Path, units: int = 1_000, years: Sequence[int] = YEARS) -> int:
    """Write data/ and templates/ of so many units into `folder`; return the number of reports."""
    texts = _texts()
    for number in range(units):
        unit = unit_of(number)
        for path, text in unit_files(unit, years, texts[unit.texts]):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    shutil.copytree(ROOT / "templates", folder / "templates", dirs_exist_ok=True)
    return units * len(years)


def _texts() -> dict[str, Callable[[Facts], str]]:
    """Return what fills the texts of each model."""
    environment = Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    texts = {}
    for name in DRAWN:
        text = (MODELS / f"{name}.txt").read_text("utf-8")
        texts[name] = environment.from_string(text).render
    return texts


def unit_files(
    unit: Unit, years: Sequence[int], filled: Callable[[Facts], str]
) -> Iterator[tuple[str, str]]:
    """Yield the files of a unit, path and text: its own, and those of each year."""
    before = years[0] - 1
    for year in (before, *years):
        facts = DRAWN[unit.texts](Draw(unit, year))
        for name, text in _parts(filled(facts)):
            path = _path(unit, year, name)
            of_before = name == "prior.yaml"
            if of_before == (year == before) and (name != "unit.yaml" or year == years[-1]):
                yield path, text


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a filled text: name and content."""
    for part in text.split("@@ ")[1:]:
        name, _, content = part.partition("\n")
        yield name, content


def _path(unit: Unit, year: int, name: str) -> str:
    """Return the path of a part: a file of the unit, of the year, of the report, or a text."""
    match name:
        case "unit.yaml":
            return f"data/{unit.folder}/unit.yaml"
        case "year.yaml" | "prior.yaml":
            return f"data/{unit.folder}/{year}/facts.yaml"
        case "report.yaml":
            return f"data/{unit.folder}/{year}/{unit.report}/report.yaml"
        case _:
            return f"data/{unit.folder}/{year}/{unit.report}/narrative/{name}.md"


def main(words: Sequence[str] | None = None) -> int:
    """Write the units that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench.province")
    parser.add_argument("folder", type=Path, help="gets data/ and templates/")
    parser.add_argument("--units", type=int, default=1_000)
    parser.add_argument("--years", type=int, nargs="+", default=YEARS)
    given = parser.parse_args(words)
    print(f"{write_province(given.folder, given.units, given.years)} reports")
    return 0


if __name__ == "__main__":
    sys.exit(main())
