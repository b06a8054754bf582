"""The index of a year says where each word of its reports stands, as they are now."""

from __future__ import annotations

import json
from zlib import crc32

import pytest

from reportgen.features.site.search_words import words
from site_builds import MadeUpSite, inodes

TEXT = "“三公”经费27万元，预算执行率为135.47%<br>（怀财绩〔2024〕46号）"


@pytest.fixture
def site(tmp_path):
    made = MadeUpSite(tmp_path)
    made.build(text=TEXT, document_number="某财〔2024〕9号")
    made.build("other", 2022, name="另一局", text="设备购置")
    return made


def index(site, year):
    """Return the reports of a year's index, and for each word the places in each report."""
    (folder,) = (site.out / f"search/{year}").iterdir()
    reports = json.loads((folder / "reports.json").read_text("utf-8"))
    files = sorted(set(folder.glob("*.json")) - {folder / "reports.json"})
    found = {}
    for path in files:
        for word, entries in json.loads(path.read_text("utf-8")).items():
            assert path.stem == str(crc32(word.encode()) % len(files))
            for entry in entries.split(";"):
                number, gaps = entry.split(".")
                places, at = [], 0
                for gap in gaps.split(","):
                    at += int(gap, 16)
                    places.append(at)
                found.setdefault(word, {})[reports[int(number, 16)][0]] = places
    return reports, found


def test_a_year_lists_its_reports_and_the_places_of_their_words(site):
    site.make()
    reports, found = index(site, 2023)
    title = "某局2023年度部门整体支出绩效自评报告"
    assert reports == [
        ["bureau/2023/department/", title, "某局", "部门整体支出绩效自评报告", "2024-05-06"]
    ]
    for word in ("三公", "公经", "27", "135.47%", "46号", "9号", "2023"):
        assert "bureau/2023/department/" in found[word]
    assert "设备" not in found


def test_the_places_are_those_of_the_text_line_by_line(site):
    site.build("third", 2021, formats=("pdf",), name="第三局")
    site.make()
    _, found = index(site, 2021)
    title = "第三局2021年度部门整体支出绩效自评报告"
    of_text = words(f"{title}\n第三局\n2024-05-06\n{title}")
    assert {word: places["third/2021/department/"] for word, places in found.items()} == of_text


def test_cells_and_paragraphs_do_not_run_together(site):
    site.build(text="</p><p>甲乙</p><table><tr><td>丙丁</td><td>戊<b>己</b></td></tr></table>")
    site.make()
    _, found = index(site, 2023)
    assert {"甲乙", "丙丁", "戊己"} <= found.keys()
    assert not {"乙丙", "丁戊"} & found.keys()


def test_only_the_current_version_is_found(site):
    site.make()
    site.build(text="更正以后")
    site.make()
    _, found = index(site, 2023)
    assert "更正" in found
    assert "三公" not in found


def test_a_new_report_leaves_the_index_of_other_years(site):
    site.make()
    before = inodes(site.out)
    site.build("third", 2023, name="第三局")
    site.make()
    after = inodes(site.out)
    kept = {path for path in before if before[path] == after.get(path)}
    of_2022 = {path for path in before if path.startswith("search/2022/")}
    assert len(of_2022) == 2
    assert of_2022 <= kept
    assert not any(path.startswith("search/2023/") for path in kept)


def test_the_page_names_the_folder_of_each_year_which_changes_with_its_texts(site):
    site.make()
    before = site.page("search/index.html")
    for year in (2022, 2023):
        (folder,) = (site.out / f"search/{year}").iterdir()
        assert f"{year}/{folder.name}/" in before
    site.build(text="更正以后")
    site.make()
    (folder,) = (site.out / "search/2023").iterdir()
    assert folder.name not in before
    assert folder.name in site.page("search/index.html")


def test_words_are_spread_over_more_files_as_reports_come(site):
    for number in range(11):
        site.build(f"unit-{number}", 2023, text=f"第{number}份", name=f"第{number}局")
    site.make()
    reports, found = index(site, 2023)
    assert len(reports) == 12
    assert len(list((site.out / "search/2023").glob("*/*.json"))) == 17
    assert len(found["绩效"]) == 12
    assert list(found["7份"]) == ["unit-7/2023/department/"]
