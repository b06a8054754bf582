"""The site as it is read: by its search, by the keyboard, on a phone, on paper, without script."""

from __future__ import annotations

import random
import re
import threading

import pytest
from site_of_reports import ADDED, made_site, plain, texts

from reportgen.features.site.search_words import words
from reportgen.features.site.serving import serve
from reportgen.features.site.versions import Withdrawal
from reportgen.project.loopback import address, listen
from site_builds import MadeUpSite

pytestmark = pytest.mark.engine

PHONE = {"width": 390, "height": 800}
REPORT = "huaihua/2023/department/"
PAGES = (
    "index.html",
    "units/index.html",
    "units/huaihua/index.html",
    "years/index.html",
    "years/2021/index.html",
    "kinds/index.html",
    REPORT + "index.html",
    "yueyang/2021/department/index.html",
    REPORT + "v1/index.html",
    REPORT + "v1/department.html",
    "data-dictionary.html",
    "accessibility.html",
    "search/index.html",
    "search/index.html?q=三公经费",
)


def served(folder):
    """Return the address of a site that is served until the tests end."""
    listening = listen(0)
    threading.Thread(target=serve, args=(listening, folder), daemon=True).start()
    return address(listening)


@pytest.fixture(scope="module")
def folder(chromium, tmp_path_factory):
    """Return the folder of the site of the shipped reports."""
    base = tmp_path_factory.getbasetemp()
    return made_site(base.parent if "popen-gw" in base.name else base)


@pytest.fixture(scope="module")
def site(folder):
    """Return the address of the site of the shipped reports."""
    return served(folder)


@pytest.fixture(scope="module")
def many(chromium, tmp_path_factory):
    """Return the address of a site with 23 reports of one text."""
    made = MadeUpSite(tmp_path_factory.mktemp("many"))
    for number in range(23):
        made.build(f"unit-{number:02}", 2022 + number % 2, name=f"第{number}局", text="设备购置")
    made.make()
    return served(made.out)


LONG = "云阳新市退役军人事务和军民融合发展服务中心（云阳新市拥军优属工作领导小组办公室）"
FUND = "中央和省级财政衔接推进乡村振兴补助资金（巩固拓展脱贫攻坚成果任务）项目支出绩效自评报告"
BROKEN = """() => {
  const broken = [], visible = box => box.width > 0;
  const cells = document.querySelectorAll(".reports :is(th, td), .counted li, time");
  for (const cell of cells) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const number of texts.currentNode.data.matchAll(/[0-9][0-9.-]*[0-9]/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, number.index);
        range.setEnd(texts.currentNode, number.index + number[0].length);
        const tops = [...range.getClientRects()].filter(visible).map(box => Math.round(box.top));
        if (new Set(tops).size > 1) broken.push(number[0]);
      }
    }
  }
  return broken;
}"""
"""Which numbers and dates of lists stand in two lines."""


@pytest.fixture(scope="module")
def named(chromium, tmp_path_factory):
    """Return the address of a site with units and reports of long names, and a withdrawn one."""
    made = MadeUpSite(tmp_path_factory.mktemp("named"))
    made.build("long", name=LONG)
    made.build("long", 2022, "special-fund", name=LONG, kind=FUND, date="2023-05-06")
    made.build("short", 2021, name="某局", date="2022-12-30")
    made.build("short", name="某局", text="误")
    made.make()
    made.build("short", name="某局", text="正", date="2024-10-12")
    gone = (
        Withdrawal("short/2023/department/v1", "2024-10-20", "附表误列了不应公开的内容。"),
        Withdrawal("short/2021/department"),
    )
    made.make(withdrawn=gone)
    return served(made.out)


@pytest.fixture
def page(page):
    """Return a page that asks this machine alone; what the browser complains of fails the test."""
    said, asked = [], set()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.add(re.split(r"[/?]", request.url)[2]))
    yield page
    assert [text for text in said if "Failed to load" not in text] == []
    assert {host.partition(":")[0] for host in asked if host} <= {"127.0.0.1"}


def find(page, query):
    """Ask for something, wait for the answer and return what is said of it."""
    page.fill("#query", query)
    page.press("#query", "Enter")
    return answer(page)


def answer(page):
    page.locator("#told", has_text=re.compile("。$")).wait_for()
    return page.inner_text("#told")


def scrolled(page):
    """Return how far a page is scrolled down; its policy forbids to wait by a script."""
    for _ in range(50):
        if page.evaluate("scrollY"):
            break
        page.wait_for_timeout(100)
    return page.evaluate("scrollY")


def violations(page):
    """Return what axe-core finds, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page, site, path):
    page.goto(site + path)
    if "?q=" in path:
        answer(page)
        page.wait_for_selector("mark")
    assert violations(page) == []


SPLIT = """() => {
  const split = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest("code")) continue;  // hashes
    for (const number of walker.currentNode.data.matchAll(/\\d[\\d,.]*%?/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, number.index);
      range.setEnd(walker.currentNode, number.index + number[0].length);
      const tops = [...range.getClientRects()].filter(box => box.width > 0.5).map(box => box.top);
      if (Math.max(...tops) - Math.min(...tops) > 8) split.push(number[0]);
    }
  }
  return split.filter(number => number.length < 20);
}"""


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_scrolls_no_page_sideways_and_cuts_no_figure(page, site, path):
    page.set_viewport_size(PHONE)
    page.goto(site + path)
    if "?q=" in path:
        answer(page)
        page.wait_for_selector("mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SPLIT) == []


# The search


def test_it_finds_any_piece_of_a_text_where_it_stands_and_nowhere_else(page, site, folder):
    known = {name: [*map(plain, lines)] for name, lines in texts(folder).items()}
    assert len(known) == 6
    pick, queries = random.Random(7), []
    for lines in texts(folder).values():
        long = [line for line in lines if len(line) > 8]
        for _ in range(12):
            line = pick.choice(long)
            start = pick.randrange(len(line) - 4)
            queries.append(line[start : start + pick.randrange(3, 14)].strip())
    page.goto(site + "search/index.html")
    wrong = []
    for query in filter(is_whole, queries):
        asked = plain(query)
        whole = re.compile(
            (r"(?<![\d.,a-z])" if asked[0].isascii() else "")
            + re.escape(asked)
            + (r"(?![\da-z%]|[.,]\d)" if asked[-1].isascii() else "")
        )
        expected = sorted(name for name, lines in known.items() if any(map(whole.search, lines)))
        found = page.evaluate(ASK, query)
        if sorted(found) != expected:
            wrong.append((query, found, expected))
    assert wrong == []


ALPHABET = (
    "三公经费预算绩效自评報告執行〇怀财號"
    "0123456789.,%‰，。；：、/-—·\n \u3000\uff10\uff19\uff0e\uff05\uff21\uff42"
    "gdpAb“”‘’〔〕（）()[]《》①⑳㎡№½Ⅷﬁéαж\u200b\u00ad\ufe0fひ한🙂"
)
TAKEN = """async texts => {
  if (!equivalents.size) await readEquivalents();
  return texts.map(text => units(text).map(({ word, signed, han, single }) =>
    [word, signed, han, single]));
}"""


def test_a_question_is_taken_apart_as_the_texts_are(page, site):
    pick = random.Random(11)
    asked = ["".join(pick.choices(ALPHABET, k=pick.randrange(1, 40))) for _ in range(400)]
    page.goto(site + "search/index.html")
    for text, units in zip(asked, page.evaluate(TAKEN, asked), strict=True):
        expected = {}
        none = ["", "", False, False]
        for place, (word, signed, han, single) in enumerate(units):
            before = units[place - 1] if place else none
            after = units[place + 1] if place + 1 < len(units) else none
            found = {word, signed} if single else set()
            if after[2] and (han or single):
                found.add((signed if single else word) + after[0])
            if han and not (after[2] and (before[2] or before[3])):
                found.add(word)
            for each in found:
                expected.setdefault(each, []).append(place)
        assert words(text) == expected, text


ASK = """async query => {
  document.getElementById("query").value = query;
  await search();
  return results.map(result => result.address);
}"""


def is_whole(query):
    """Return whether a piece can be asked for: two characters, no blank, no sign at its ends."""
    core = plain(query).strip("。,;:、.%-·…—")
    return len(core) > 2 and not re.search(r"\s", query) and core == plain(query)


@pytest.mark.parametrize(
    ("query", "reports", "mark"),
    [
        ("三公经费", 2, "三公”经费"),
        ("預算執行率", 3, "预算执行率"),
        ("１\uff13\uff15．\uff14\uff17％", 1, "135.47%"),
        ("135.47", 1, "135.47%"),
        ("怀财绩[2024]46号", 1, "怀财绩〔2024〕46号"),
        ("27.00万元", 1, "27万元"),
        ("怀化市工业和信息化局", 2, "怀化市工业和信息化局"),
        ("“绩效自评”", 6, "绩效自评"),
        (ADDED, 1, ADDED),
        ("绩效 三公经费", 2, "绩效"),
    ],
)
def test_other_ways_of_writing_find_the_same_and_mark_it(page, site, query, reports, mark):
    page.goto(site + "search/index.html")
    assert f"找到 {reports} 份报告" in find(page, query)
    page.wait_for_selector("#found mark")
    assert mark in page.locator("#found mark").all_inner_texts()


@pytest.mark.parametrize(
    "query", ["没有的字", "135.4", "〔2024〕6号", "三公经费 没有的字", "<script>"]
)
def test_what_stands_nowhere_is_not_found(page, site, query):
    page.goto(site + "search/index.html")
    assert find(page, query) == "没有报告有这些文字。"
    assert page.locator("#found li").count() == 0


def test_one_character_is_told_to_be_too_little(page, site):
    page.goto(site + "search/index.html")
    assert "至少写两个字" in find(page, "桥")


def test_the_keyboard_alone_leads_to_the_place_in_the_text(page, site):
    page.goto(site + "search/index.html")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "query":
            break
    page.keyboard.type("预算执行率")
    page.keyboard.press("Enter")
    assert "找到 3 份报告" in answer(page)
    page.wait_for_selector("#found mark")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#found') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{REPORT}index.html*")
    page.locator("text=预算执行率为").wait_for()
    assert scrolled(page) > 500
    page.go_back()
    assert "找到 3 份报告" in answer(page)
    assert page.input_value("#query") == "预算执行率"


def test_the_number_of_results_is_announced_and_the_year_narrows_them(page, site):
    page.goto(site + "search/index.html?q=绩效")
    told = page.locator("#told")
    assert told.get_attribute("role") == "status"
    assert "找到 6 份报告" in answer(page)
    page.select_option("select[name=year]", "2022")
    assert "找到 2 份报告" in page.inner_text("#told")
    page.reload()
    assert "找到 2 份报告" in answer(page)
    assert page.input_value("select[name=year]") == "2022"


def test_more_results_come_ten_at_a_time_and_take_the_focus(page, many):
    page.goto(many + "search/index.html")
    assert find(page, "设备购置") == "找到 23 份报告，共 23 处。"
    for shown in (10, 20, 23):
        assert page.locator("#found li").count() == shown
        if shown < 23:
            page.click("#more")
            focused = "document.activeElement.closest('li')"
            assert page.evaluate(f"[...found.children].indexOf({focused})") == shown
    assert not page.is_visible("#more")


def test_files_that_cannot_be_fetched_are_told(page, site):
    page.route("**/search/*/*/*.json", lambda route: route.abort())
    page.goto(site + "search/index.html")
    page.evaluate("console.warn = () => {}")
    assert "没有取到" in find(page, "绩效")
    page.unroute("**/search/*/*/*.json")
    assert "找到 6 份报告" in find(page, "绩效")


# Without script, without a server, on paper


def test_without_script_all_but_the_search_works(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "search/index.html")
    assert not page.is_visible("form")
    assert "没有运行脚本" in page.inner_text("main")
    page.click("noscript a[href*=years]")
    page.click("main a[href*='years/2023']")
    page.click(f"main a[href$='{REPORT}index.html']")
    assert page.url == f"{site}{REPORT}index.html"
    assert ADDED in page.inner_text("main")
    context.close()


def test_lists_and_reports_open_from_a_folder_and_the_search_says_why_it_cannot(chromium, folder):
    page = chromium.new_page()
    page.goto((folder / "index.html").as_uri())
    page.click("main a[href*='years/2023']")
    page.click(f"main a[href$='{REPORT}index.html']")
    assert ADDED in page.inner_text("main")
    page.click("nav >> text=检索")
    assert "从文件夹直接打开" in find(page, "绩效")
    page.close()


def test_paper_has_the_report_without_the_frame(page, site):
    page.goto(f"{site}{REPORT}index.html")
    page.emulate_media(media="print")
    for hidden in (".mast nav", ".crumbs", ".skip", ".foot"):
        assert not any(each.is_visible() for each in page.locator(hidden).all())
    assert page.locator(".text").is_visible()
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000


def test_an_older_version_can_be_reached(page, site):
    page.goto(f"{site}{REPORT}index.html")
    page.goto(page.locator(".older a").first.evaluate("link => link.href"))
    assert "/v1/" in page.url
    assert ADDED not in page.content()


LISTS = ("index.html", "units/long/index.html", "years/2023/index.html", "units/index.html")
WITHDRAWN = ("short/2023/department/v1/index.html", "short/2021/department/index.html")


@pytest.mark.parametrize("width", [1280, 1024, 768, 390])
def test_no_number_of_a_list_is_broken_beside_long_names(page, named, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in (*LISTS, "kinds/index.html", "short/2023/department/index.html", *WITHDRAWN):
        page.goto(named + path)
        assert page.evaluate(BROKEN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("path", WITHDRAWN)
def test_page_of_what_was_withdrawn_is_accessible_and_leads_on(page, named, path):
    page.goto(named + path)
    assert violations(page) == []
    page.click("main a")
    assert page.locator("h1").inner_text()
