"""The page of an overview: sorted, filtered and read with a keyboard, on a phone, on paper."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from overviews import made_up, row
from reportgen.features.overview.page import as_page
from reportgen.features.overview.peers import compared

PHONE = {"width": 390, "height": 844}
COUNT = 300


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("overview") / "overview.html"
    path.write_bytes(as_page(made_up(COUNT), "zh"))
    return path.as_uri()


@pytest.fixture(scope="module")
def sixty(tmp_path_factory) -> str:
    """A page on which everything has its place, and that axe is soon done with."""
    path = tmp_path_factory.mktemp("overview") / "sixty.html"
    path.write_bytes(as_page(made_up(30), "zh"))
    return path.as_uri()


@pytest.fixture
def few(tmp_path) -> str:
    """A page of five reports, of which two have no score."""
    scores = {"b": "90分", "c": "不公开", "a": "9.5分", "e": "", "d": "100分"}
    rows = [row(unit, score=score) for unit, score in scores.items()]
    path = tmp_path / "few.html"
    path.write_bytes(as_page(compared("internal", rows), "zh"))
    return path.as_uri()


def violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]]


def units(page) -> list[str]:
    """The units of the rows that are seen, in order."""
    return page.locator("#table tbody tr:visible th").all_inner_texts()


def drawn(page, count: int) -> bool:
    """Whether so many rows are drawn, the last of them after a moment."""
    rows = "document.querySelectorAll('#table tbody:not([hidden]) tr').length"
    page.wait_for_function(f"() => {rows} === {count}")
    return len(units(page)) == count


def sort(page, head: str) -> str:
    page.get_by_role("button", name=head, exact=True).click()
    return page.locator("#table th", has_text=head).get_attribute("aria-sort")


def status(page) -> str:
    return page.get_by_role("status").inner_text()


def test_a_head_sorts_by_numbers_and_again_the_other_way_with_blanks_last(page, few) -> None:
    page.goto(few)
    assert sort(page, "得分") == "ascending"
    assert units(page) == ["a局", "b局", "d局", "c局", "e局"]
    assert sort(page, "得分") == "descending"
    assert units(page)[:3] == ["d局", "b局", "a局"]
    assert sort(page, "单位") == "ascending"
    assert units(page) == ["a局", "b局", "c局", "d局", "e局"]
    assert page.locator("[aria-sort]").count() == 1


def test_filters_work_together_and_the_count_is_announced(page, address) -> None:
    page.goto(address)
    assert f"有 {COUNT} 行" in status(page)
    page.get_by_label("年度").select_option("2022")
    page.locator("[name=stage]").select_option("定稿")
    page.get_by_label("文字").fill("u0003 专项")
    rows = page.locator("#table tbody tr:visible")
    assert rows.count() == 1
    assert "有 1 行" in status(page)
    assert all("2022" in text and "专项" in text for text in rows.all_inner_texts())
    page.get_by_role("button", name="清除筛选").click()
    page.wait_for_function(
        f"() => document.querySelector('[role=status]').textContent.includes('有 {COUNT} 行')"
    )


def test_only_what_stands_out_can_be_shown(page, address) -> None:
    page.goto(address)
    page.get_by_label("只看突出的").check()
    reasons = page.locator("#table tbody tr:visible td:last-child").all_inner_texts()
    assert len(reasons) > 10
    assert all(reasons)


def test_a_hundred_rows_are_drawn_until_more_are_asked_for(page, address) -> None:
    page.goto(address)
    assert drawn(page, 100)
    page.get_by_role("button", name="再显示 100 行").click()
    assert drawn(page, 200)
    page.get_by_role("button", name="全部显示").click()
    assert drawn(page, COUNT)
    assert page.locator(".more").is_hidden()
    sort(page, "得分")
    assert drawn(page, COUNT)


def test_sorting_moves_only_the_rows_that_are_seen(page, address) -> None:
    page.goto(address)
    assert drawn(page, 100)
    page.evaluate(
        """() => {
          self.moved = 0;
          const count = all => all.forEach(each => { self.moved += each.addedNodes.length; });
          new MutationObserver(count).observe(document.getElementById("table"),
            {childList: true, subtree: true});
        }"""
    )
    sort(page, "得分")
    assert drawn(page, 100)
    assert page.evaluate("self.moved") <= 200  # a hundred go, a hundred come


def test_a_page_saved_as_it_stands_has_every_row_again(page, address, tmp_path) -> None:
    page.goto(address)
    sort(page, "得分")
    page.get_by_label("年度").select_option("2022")
    drawn(page, 100)
    saved = tmp_path / "saved.html"
    saved.write_text(page.content(), "utf-8")
    page.goto(saved.as_uri())
    assert f"有 {COUNT} 行" in status(page)
    assert page.locator("[aria-sort], button button").count() == 0
    assert drawn(page, 100)
    assert units(page) == sorted(units(page))
    assert sort(page, "得分") == "ascending"


def test_a_link_of_a_chart_chooses_the_reports_that_it_counts(page, address) -> None:
    page.goto(address)
    page.locator("#distributions summary").first.click()
    link = page.locator("#distributions tbody a[data-kind]").first
    count = link.inner_text()
    link.click()
    page.wait_for_function(
        f"() => document.querySelector('[role=status]').textContent.includes('有 {count} 行')"
    )
    assert page.get_by_label("年度").input_value() == "2023"


def test_a_link_to_a_report_reaches_it_whatever_is_chosen(page, address) -> None:
    page.goto(address)
    page.get_by_label("年度").select_option("2021")
    link = page.locator("#trends .table:not(details *) tbody a").first
    name = link.inner_text()
    link.click()
    page.wait_for_function("() => document.activeElement.matches('#table tr')")
    assert page.evaluate("document.activeElement.cells[0].textContent") == name
    assert page.locator("tr:focus").is_visible()


def test_an_address_leads_to_its_row_when_it_is_opened_and_on_the_way_back(page, address) -> None:
    page.goto(f"{address}#r{COUNT}")
    focused = "document.activeElement.id"
    assert page.evaluate(focused) == f"r{COUNT}"
    assert page.locator("tr:focus").is_visible()
    page.goto(f"{address}#r{COUNT - 1}")
    page.wait_for_function(f"() => {focused} === 'r{COUNT - 1}'")
    page.go_back()
    page.wait_for_function(f"() => {focused} === 'r{COUNT}'")


def test_the_keyboard_alone_sorts_and_filters(page, few) -> None:
    page.goto(few)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent")
        reached.append(name)
        if name == "得分":
            break
    assert reached[:2] == ["unit", "year"]
    page.keyboard.press("Enter")
    assert units(page)[0] == "a局"
    page.keyboard.press("Space")
    assert units(page)[0] == "d局"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_axe_finds_nothing(page, sixty, scheme, width) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({**PHONE, "width": width})
    page.goto(sixty)
    page.get_by_label("单位").select_option("u0003")
    sort(page, "得分")
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    assert violations(page) == []


def test_a_phone_scrolls_the_table_in_its_box_while_the_units_stay(page, address) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address)
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    left = "node => Math.round(node.getBoundingClientRect().left)"
    box, unit = page.locator(".table.long"), page.locator("#table tbody th").first
    before = unit.evaluate(left)
    box.evaluate("box => { box.scrollLeft = 300; box.scrollTop = 200 }")
    assert box.evaluate("box => box.scrollLeft") == 300
    assert unit.evaluate(left) == before
    head = page.locator("#table thead th").first
    top = "node => Math.round(node.getBoundingClientRect().top)"
    assert abs(head.evaluate(top) - box.evaluate(top)) <= 2


def test_rows_are_whole_points_high_so_that_no_line_between_them_is_covered(page, address) -> None:
    page.goto(address)
    drawn(page, 100)
    heights = "all => all.map(each => each.getBoundingClientRect().height)"
    for height in page.locator("#table tbody:not([hidden]) tr").evaluate_all(heights):
        assert height == round(height)


def test_without_script_all_rows_stand_by_unit_and_nothing_asks_for_it(chromium, address) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    rows = page.locator("#table tbody tr")
    assert rows.count() == COUNT
    seen = [text.split("\t")[0] for text in rows.all_inner_texts()]
    assert seen == sorted(seen)
    for unused in ("form", "button", ".more"):
        assert not any(each.is_visible() for each in page.locator(unused).all())
    context.close()


def test_the_page_asks_for_nothing_but_itself(page, address) -> None:
    asked, refused = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))
    page.goto(address)
    sort(page, "得分")
    assert asked == [address]
    assert refused == []


def test_paper_lies_and_has_every_row_that_is_chosen_under_heads_on_each_page(
    page, address
) -> None:
    page.goto(address)
    page.locator("[name=kind]").select_option("部门整体支出绩效自评")
    assert drawn(page, 100)
    data = page.pdf(prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    texts = [sheet.get_textpage().get_text_range() for sheet in document]
    width, height = document[0].get_size()
    assert width > height
    tables = [text for text in texts if "u00" in text and "部门" in text and "已公开" in text]
    assert len(tables) > 1
    assert all("阶段" in text and "突出的" in text for text in tables)
    printed = "".join(texts)
    drafts = 2 + COUNT // 6  # the head of the page has it twice, a third of the half chosen
    assert printed.count("草稿") == drafts
    assert "清除筛选" not in printed and "再显示" not in printed
