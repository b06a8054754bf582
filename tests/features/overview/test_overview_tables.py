"""An overview as CSV and JSON: exact, the same each time, without what its readers may not see."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overviews import made_up, overview_part, row, told, written
from reportgen.features.overview.collecting import Wanted, collected
from reportgen.features.overview.peers import compared
from reportgen.features.overview.tables import as_csv, as_json, tables
from reportgen.findings import Diagnostics
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from reportgen.verify.spellings import search_targets


def lines(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def outputs(builds: Path, audience: Audience) -> dict[str, bytes]:
    """Every output by its name, of builds and for an audience."""
    log = Diagnostics()
    overview = compared(audience, collected([builds], [], Wanted(audience), log))
    made = {name: as_csv(table) for name, table in tables(overview, "zh").items()}
    return {**made, "json": as_json(overview, log, "zh").encode()}


def test_numbers_are_counted_in_the_unit_of_their_column() -> None:
    overview = compared(
        "internal",
        [row(score="98.50分", execution_rate="135.47%", three_public="1.2亿元", grade="优")],
    )
    (line,) = lines(as_csv(tables(overview, "zh")["reports"]))
    assert line["得分（分）"] == "98.5"
    assert line["预算执行率（%）"] == "135.47"
    assert line["“三公”经费（万元）"] == "12000"
    assert line["等级"] == "优"
    assert line["满分（分）"] == "不详"


def test_statistics_are_numbers_of_two_decimals() -> None:
    overview = compared(
        "internal", [row(f"u{n}", score=f"{score}分") for n, score in enumerate((90, 91, 93))]
    )
    (line,) = lines(as_csv(tables(overview, "zh")["groups"]))
    assert (line["指标"], line["个数"], line["平均"]) == ("得分（分）", "3", "91.33")


@pytest.mark.parametrize("start", [*"=+-@\t\r＝＋－\uff20"])
def test_a_name_that_begins_like_a_formula_stays_text(start: str) -> None:
    name = f'{start}HYPERLINK("x","y")'
    overview = compared("internal", [row(about={"unit_name": name, "title": name}, part=name)])
    for table in tables(overview, "zh").values():
        for line in csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"))):
            assert not [cell for cell in line if cell.startswith(start)]


def test_a_change_downwards_stays_a_number() -> None:
    overview = compared("internal", [row(three_public_change="-3.5万元")])
    (line,) = lines(as_csv(tables(overview, "zh")["reports"]))
    assert line["“三公”经费增减（万元）"] == "-3.5"


def test_names_with_separators_and_quotes_come_back_as_they_were() -> None:
    name = '甲,"乙"\n丙'
    overview = compared("internal", [row(about={"unit_name": name})])
    assert lines(as_csv(tables(overview, "zh")["reports"]))[0]["单位"] == name


def test_the_same_rows_give_the_same_bytes_in_any_order() -> None:
    rows = list(made_up(60).rows)
    first = [as_csv(table) for table in tables(compared("internal", rows), "zh").values()]
    second = [as_csv(table) for table in tables(compared("internal", rows[::-1]), "zh").values()]
    assert first == second


def test_json_tells_each_report_once_with_exact_values() -> None:
    made = json.loads(as_json(made_up(12), [], "en"))
    assert len(made["rows"]) == 12
    figure = made["rows"][0]["figures"]["score"]
    assert Fraction(figure["value"]) == parse_quantity(figure["text"]).value
    named = {row["unit"] + f"/{row['year']}/{row['report']}" for row in made["rows"]}
    assert {name for group in made["groups"] for name in group["rows"]} == named


def test_others_get_no_table_of_findings_and_no_columns_of_those_inside() -> None:
    made = tables(made_up(6, "public"), "en")
    assert "findings" not in made
    assert not {"errors", "warnings", "notes", "files", "facts changed"} & set(made["reports"][0])


# What is withheld

ITEMS = ("score", "execution_rate", "three_public", "three_public_last")
UNITS = ("分", "%", "万元", "万元")


def planted(secrets: list[int]) -> dict[str, str]:
    """Figures of which each has a value of its own, that nothing else has."""
    made = {}
    for number, item in enumerate(ITEMS):
        value = secrets[number]
        made[item] = f"{7000 + 1000 * number + value}.{value % 90 + 10}{UNITS[number]}"
    return made


def builds_of(folder: Path, secrets: list[int], hidden: list[bool]) -> dict[str, str]:
    """Public versions of four units, of which one keeps back the items that are `hidden`."""
    internal = planted(secrets)
    shown = {i: "不公开" if kept else internal[i] for i, kept in zip(ITEMS, hidden, strict=True)}
    entry = overview_part(
        told(**internal), shown=told(**shown), findings=[["R101", "warning", secrets[0]]]
    )
    written(folder, "kept/2023/department", "public", entry)
    for number in range(3):
        same = told(score=f"9{number}分", execution_rate="97%", three_public="3万元")
        written(folder, f"u{number}/2023/department", "public", overview_part(same, shown=same))
    return {item: internal[item] for item, kept in zip(ITEMS, hidden, strict=True) if kept}


numbers = st.lists(st.integers(0, 899), min_size=4, max_size=4)
hidings = st.lists(st.booleans(), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None)
@given(numbers, hidings)
def test_no_output_spells_what_is_withheld(
    tmp_path_factory: pytest.TempPathFactory, secrets: list[int], hidden: list[bool]
) -> None:
    folder = tmp_path_factory.mktemp("builds")
    kept = builds_of(folder, secrets, hidden)
    searched = []
    for item, text in kept.items():
        quantity = parse_quantity(text)
        secret = Secret(item, item, text, value=quantity.value, unit=quantity.unit)
        searched.append(secret)
    targets = search_targets(Disclosed(Ledger(2023), "public", secrets=tuple(searched)))
    assert targets.unsearched == ()
    made = outputs(folder, "public")
    for name, data in made.items():
        assert list(find_leaks(Part.of(name, [data.decode("utf-8-sig")]), targets)) == []
    inside = outputs(folder, "internal")["reports"].decode("utf-8-sig")
    if kept:  # the search finds them where they stand
        assert list(find_leaks(Part.of("inside", [inside]), targets))


@settings(max_examples=20, deadline=None)
@given(numbers, numbers, hidings)
def test_whatever_is_withheld_the_outputs_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: list[int], two: list[int], hidden: list[bool]
) -> None:
    """Nothing can be worked out of an output that does not depend on what is withheld."""
    two = [b if kept else a for a, b, kept in zip(one, two, hidden, strict=True)]
    first, second = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    builds_of(first, one, hidden)
    builds_of(second, two, hidden)
    assert outputs(first, "public") == outputs(second, "public")
