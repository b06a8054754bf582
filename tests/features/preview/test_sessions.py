from __future__ import annotations

import asyncio

import pytest
from asking import ALL, PAGE, REQUEST, Clock, Preview

from reportgen.features.preview import sessions
from reportgen.features.preview.sessions import (
    GoodPage,
    PreviewRequest,
    PreviewSession,
    PreviewState,
    concerns,
)
from small_project import DATA, NARRATIVE, PACK


@pytest.fixture
def preview(tmp_path):
    return Preview.of(tmp_path / "p")


def bar(preview):
    page = preview.get().page
    (state,) = page.xpath("//nav//*[@role='status']")
    return state.text_content()


def codes(preview, path=PAGE):
    return [
        each.text_content().split()[1]
        for each in preview.get(path).page.xpath("//*[@id='pv-findings']//strong")
    ]


def test_a_saved_fact_is_on_the_page(preview):
    assert "工业投资4.5亿元" in preview.get().text
    preview.saved(f"{DATA}/facts.yaml", "4.5亿元", "4.6亿元")
    assert "工业投资4.6亿元" in preview.get().text
    assert bar(preview) == "08:00:02 更新"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{NARRATIVE}/results.md", "**自评得分**", "**自评总得分**"),
        (f"{PACK}/sections/duties.md", "{{ duty }}", "{{ duty }}自评总得分"),
        ("templates/shared/page.html.j2", "跳到正文", "自评总得分"),
        (f"{PACK}/pack.yaml", "人员编制", "自评总得分"),
    ],
)
def test_narrative_pack_and_templates_are_on_the_page(preview, path, old, new):
    assert "自评总得分" not in preview.get().text
    preview.saved(path, old, new)
    assert "自评总得分" in preview.get().text


def test_a_relation_that_no_longer_holds_is_told_on_the_new_page(preview):
    preview.get()
    preview.saved(f"{DATA}/staffing.yaml", "27人", "31人")
    answer = preview.get()
    assert "在职31人" in answer.text
    assert codes(preview)[0] == "R101"
    assert bar(preview) == "08:00:02 更新"


BROKEN = [
    (f"{DATA}/facts.yaml", "facts:", "facts: ["),
    (f"{DATA}/staffing.yaml", "quota", "qouta"),
    (f"{NARRATIVE}/results.md", "{{ 工业投资 }}", "{{ 工业投 }}"),
    (f"{PACK}/annex.md", "{{", "{%"),
    (f"{PACK}/metrics.yaml", "formula: sum(funds)", "formula: sum(funds"),
    ("templates/shared/page.html.j2", "{% if explained %}", "{% iff explained %}"),
]


@pytest.mark.parametrize(("path", "old", "new"), BROKEN)
def test_the_last_good_page_stays_while_something_is_broken(preview, path, old, new):
    before = preview.get().page.find(".//main").text_content()
    text = preview.project.text(path)
    preview.project.write(path, text.replace(old, new, 1))
    preview.session.changed([path])
    page = preview.get().page
    assert codes(preview)
    assert bar(preview) == "有错误，显示的是 08:00:01 的内容"
    for remark in page.xpath("//*[contains(@class, 'pv-remark')]"):
        remark.drop_tree()
    assert page.find(".//main").text_content() == before
    preview.project.write(path, text)
    preview.session.changed([path])
    assert bar(preview) == "08:00:01 更新"


def test_a_deleted_file_and_folder_are_survived(preview):
    preview.get()
    for gone in (f"{NARRATIVE}/results.md", f"{PACK}/pack.yaml", f"{DATA}/department/report.yaml"):
        (preview.project.root / gone).unlink()
        preview.session.changed([gone])
        answer = preview.get()
        assert answer.status == 200 and "显示的是 08:00:01" in answer.text
        assert codes(preview)


def test_broken_from_the_start_shows_findings_alone_and_the_page_once_it_is_mended(preview):
    preview.saved(f"{NARRATIVE}/staffing.md", "staffing.quota", "staffing.quta")
    answer = preview.get()
    assert answer.status == 200
    assert "T102" in answer.text and "还没有可以显示的页面" in answer.text
    preview.saved(f"{NARRATIVE}/staffing.md", "staffing.quta", "staffing.quota")
    assert "编制30人" in preview.get().text


def test_a_crash_of_a_stage_is_a_finding_and_the_page_stays(preview, monkeypatch):
    preview.get()
    monkeypatch.setattr(sessions, "write_files", lambda *_: 1 / 0)
    preview.session.changed([f"{DATA}/facts.yaml"])
    assert codes(preview) == ["J106"]
    assert "显示的是 08:00:01" in bar(preview)


def test_a_version_changes_with_what_is_shown_and_with_nothing_else():
    good = GoodPage(b"<p>", None, "n", "o", "08:00:00")
    one = PreviewState((), good, broken=False)
    assert (
        one.version
        == PreviewState((), GoodPage(b"<p>", None, "n", "o", "09:00:00"), broken=False).version
    )
    others = (
        PreviewState((), GoodPage(b"<b>", None, "n", "o", ""), broken=False),
        PreviewState((), good, broken=True),
        PreviewState((sessions.fault(ValueError()),), good, broken=False),
        PreviewState((), None, broken=True),
    )
    assert len({one.version, *(each.version for each in others)}) == 5


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("data/a/2023/facts.yaml", True),
        ("data/a", True),
        ("data/b/2023/facts.yaml", False),
        ("data", True),
        ("templates/shared/report.css", True),
        ("templates/x/dept/pack.yaml", True),
        ("templates/y/dept/pack.yaml", False),
        ("templates", True),
    ],
)
def test_a_file_concerns_the_reports_of_its_unit_or_pack(path, fits):
    assert concerns(path, "a", "x/dept") is fits
    assert concerns(path, "a", "") is (fits or path.startswith("templates"))


# Below, drafting is a stand-in that tests hold back or let go.

OTHER = PreviewRequest("other", 2023, "department")


def made(number):
    return PreviewState((), GoodPage(str(number).encode(), None, "", "", ""), broken=False)


class Drafts:
    """Counts what is drafted; `during` is called in the middle of it."""

    def __init__(self):
        self.drafted = []
        self.during = lambda: None

    def __call__(self, _root, request, _before, _time):
        self.drafted.append(request)
        self.during()
        return made(len(self.drafted))


@pytest.fixture
def drafts():
    return Drafts()


@pytest.fixture
def session(tmp_path, drafts):
    return PreviewSession(tmp_path, ALL, Clock(), drafts)


async def taken(stream, number):
    return [await anext(stream) for _ in range(number)]


async def until(stream, version):
    while await anext(stream) != version:
        pass


def test_a_page_is_drafted_once_until_something_it_stands_on_changes(session, drafts):
    async def play():
        await session.page(REQUEST)
        await session.page(REQUEST)
        session.changed(["data/other/2023/facts.yaml"])
        await session.page(REQUEST)
        assert drafts.drafted == [REQUEST]
        session.changed([f"{DATA}/facts.yaml"])
        await session.page(REQUEST)
        assert drafts.drafted == [REQUEST, REQUEST]

    asyncio.run(play())


def test_a_change_during_a_draft_is_not_lost(session, drafts):
    async def play():
        loop = asyncio.get_running_loop()
        drafts.during = lambda: loop.call_soon_threadsafe(session.changed, [f"{DATA}/facts.yaml"])
        await session.page(REQUEST)
        await asyncio.sleep(0)
        drafts.during = lambda: None
        assert REQUEST in session.stale
        await session.page(REQUEST)
        assert len(drafts.drafted) == 2 and not session.stale

    asyncio.run(play())


def test_only_what_somebody_looks_at_is_drafted_anew(session, drafts):
    async def play():
        running = asyncio.create_task(session.run())
        await session.page(OTHER)
        stream = session.follow(REQUEST)
        await until(stream, made(2).version)
        session.changed(["data", "templates"])
        await until(stream, made(3).version)
        assert drafts.drafted == [OTHER, REQUEST, REQUEST]
        assert session.stale == {OTHER}
        await stream.aclose()
        assert not session.followers
        running.cancel()

    asyncio.run(play())


def test_a_silent_stream_gives_a_sign_of_life(session, monkeypatch):
    monkeypatch.setattr(sessions, "PULSE", 0.0)

    async def play():
        await session.page(REQUEST)
        assert await taken(session.follow(REQUEST), 2) == [made(1).version, ""]

    asyncio.run(play())


def test_closing_ends_every_stream_and_the_work(session):
    async def play():
        running = asyncio.create_task(session.run())
        await session.page(REQUEST)
        stream = session.follow(REQUEST)
        await anext(stream)
        session.close()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        await running

    asyncio.run(play())


def test_the_index_has_every_report_drafted_while_somebody_looks_at_it(preview):
    async def play():
        session = preview.session
        running = asyncio.create_task(session.run())
        stream = session.follow(None)
        first = await anext(stream)
        second = await anext(stream)
        assert second not in {"", first}
        assert list(session.states) == [REQUEST]
        running.cancel()

    asyncio.run(play())
