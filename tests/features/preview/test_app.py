from __future__ import annotations

import pytest
from asking import PAGE, Preview

from reportgen.features.preview import app as application
from small_project import DATA, NARRATIVE


@pytest.fixture
def preview(tmp_path):
    return Preview.of(tmp_path / "p")


def test_the_page_of_a_report_is_the_internal_one_with_a_bar_and_a_script(preview):
    answer = preview.get()
    assert answer.status == 200
    page = answer.page
    assert "全年支出407.95万元" in page.find(".//main").text_content()
    assert page.xpath("//nav[@class='pv-bar pv-clean']")
    assert page.xpath("//script/@src") == ["/_/preview.js"]
    assert not page.xpath("//meta[@http-equiv]")
    assert page.xpath("//body/*[1]/@class") == ["skip"]


@pytest.mark.parametrize(
    ("audience", "notes", "keys"),
    [("internal", True, True), ("submit", False, False), ("public", False, False)],
)
def test_a_page_can_be_seen_as_each_audience_sees_it(preview, audience, notes, keys):
    page = preview.get(f"{PAGE}?audience={audience}").page
    assert bool(page.xpath("//*[@role='tooltip']")) is notes
    assert bool(page.xpath("//*[@data-key]")) is keys
    assert page.xpath("//a[@aria-current='page']/@href") == [
        PAGE if audience == "internal" else f"{PAGE}?audience={audience}"
    ]
    assert ("填表人甲" in page.text_content()) is (audience != "public")


def test_every_answer_says_what_a_browser_may_do_with_it(preview):
    for path in (PAGE, "/", "/_/preview.js", "/nothing"):
        headers = preview.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8700", 200),
        ("localhost", 200),
        ("[::1]:8700", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost.evil.example:8700", 400),
        ("", 400),
        (None, 400),
    ],
)
def test_only_this_machines_own_names_are_answered(preview, host, status):
    answer = preview.get("/_/preview.css", host=host)
    assert answer.status == status
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/", PAGE, "/_/preview.js"])
def test_nothing_but_reading_is_allowed(preview, method, path):
    assert preview.get(path, method=method).status == 405


def test_head_gives_the_headers_alone(preview):
    assert preview.get("/", method="HEAD").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/data/bureau/unit.yaml",
        "/../data/bureau/unit.yaml",
        "/_/../../../data/bureau/unit.yaml",
        "/_/page.html.j2",
        "/_/app.py",
        "/_/../app.py",
        "/bureau/2023/../2023/department",
        "/bureau/2023/facts.yaml",
        "/bureau/2023/..",
        "/bureau/2023/../../unit.pdf",
        "/bureau/1999/department",
        "/nobody/2023/department",
        "/bureau/2023/nothing",
        "/bureau/2023/nothing.pdf",
        "/bureau/2023/department.yaml",
        "/bureau/x/department",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        f"{PAGE}?audience=everybody",
        "/_/events/bureau/2023/nothing",
    ],
)
def test_nothing_outside_is_served(preview, path):
    answer = preview.get(path)
    assert answer.status == 404
    assert "bureau:" not in answer.body.decode() and "示例" not in answer.body.decode()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nobody/2023/department", "J102"),
        ("/bureau/1999/department", "J101"),
        ("/bureau/2023/nothing.pdf", "J103"),
    ],
)
def test_a_report_that_is_not_there_is_answered_with_what_is(preview, path, code):
    assert code in preview.get(path).text


def test_the_index_lists_every_report_with_its_state_once_it_is_known(preview):
    index = preview.get("/")
    assert index.page.xpath("//main//tbody/tr/th/a/@href") == [PAGE]
    assert "核对中" in index.text
    preview.get()
    index = preview.get("/")
    (row,) = index.page.xpath("//main//tbody/tr")
    assert "整体支出绩效自评报告" in row.text_content() and "1 个已豁免" in row.text_content()


def test_the_index_of_an_empty_project_says_so(preview):
    (preview.project.root / DATA / "department" / "report.yaml").unlink()
    index = preview.get("/")
    assert index.status == 200
    assert "J105" in index.text


@pytest.mark.parametrize(("format_", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_files_are_made_of_the_state_that_is_shown(preview, format_, start):
    preview.saved(f"{DATA}/facts.yaml", "4.5亿元", "4.6亿元")
    answer = preview.get(f"{PAGE}.{format_}")
    assert answer.status == 200
    assert answer.body.startswith(start)
    assert answer.headers["content-type"] == application.FILES[format_]
    assert not (preview.project.root / "build").exists()


def test_a_file_of_a_broken_report_is_a_page_of_findings(preview):
    preview.saved(f"{NARRATIVE}/staffing.md", "staffing.quota", "staffing.quta")
    answer = preview.get(f"{PAGE}.pdf")
    assert answer.status == 422
    assert "T102" in answer.text and "文件没有生成" in answer.text


def test_a_fault_of_the_program_is_a_page_and_the_server_lives_on(preview, monkeypatch):
    monkeypatch.setattr(application, "report_page", lambda *_: 1 / 0)
    answer = preview.get()
    assert answer.status == 500
    assert "J106" in answer.text and "ZeroDivisionError" in answer.text
    assert preview.get("/").status == 200


def test_the_built_page_is_not_touched(preview):
    outcome = preview.project.build()
    before = preview.project.output()
    preview.get()
    assert preview.project.output() == before
    assert b"data-at" not in outcome.made["html"] and b"<script" not in outcome.made["html"]


def test_texts_of_authors_stay_texts(preview):
    preview.saved(f"{DATA}/funds.yaml", "name: 业务培训经费", 'name: "<b>培</b>&amp;训"')
    page = preview.get().page
    assert "<b>培</b>&amp;训" in page.find(".//main").text_content()
    assert not page.xpath("//main//b")
