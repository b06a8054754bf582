"""What is withdrawn goes with all its files, and nothing of it comes back."""

from __future__ import annotations

import shutil

import pytest

from reportgen.features.site.versions import Withdrawal
from reportgen.model.disclosed import Secret
from reportgen.model.source import SourceSpan
from site_builds import MadeUpSite, inodes, tree


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a site of two reports, one of which was corrected once."""
    made = MadeUpSite(tmp_path_factory.mktemp("published"))
    made.build(text="漏了一句不该公开的")
    made.build("other", name="另一局")
    made.make()
    return made


@pytest.fixture
def site(published, tmp_path):
    """Return a copy of that site, which a test may change."""
    return published.copied(tmp_path)


def test_withdrawn_report_is_gone_from_every_page_though_it_is_built_still(site):
    gone = ("other/2023/department",)
    assert site.make(withdrawn=gone).withdrawn == ("other/2023/department/v1",)
    stones = ["other/2023/department/index.html", "other/2023/department/v1/index.html"]
    assert [name for name in tree(site.out) if "other" in name] == stones
    assert not any("另一局" in data.decode("utf-8", "replace") for data in tree(site.out).values())
    assert site.make(withdrawn=gone).is_none
    shutil.rmtree(site.builds / "2023" / "other")
    assert site.codes(withdrawn=gone) == []
    assert site.make(withdrawn=gone).is_none


def test_withdrawn_version_goes_when_a_corrected_one_takes_its_place(site):
    gone = ("bureau/2023/department/v1",)
    assert site.refused(withdrawn=gone) == ["U121"]
    site.build(text="改好了")
    site.make(withdrawn=gone)
    held = tree(site.out)
    assert [name for name in held if "bureau" in name and "/v1/" in name] == [
        "bureau/2023/department/v1/index.html"
    ]
    assert "漏了一句" not in b"".join(held.values()).decode("utf-8", "replace")
    assert (site.out / "bureau/2023/department/v2/department.pdf").is_file()
    site.build(text="又改了")
    site.make(withdrawn=gone)
    assert (site.out / "bureau/2023/department/v3/department.pdf").is_file()


def test_same_text_in_more_formats_does_not_take_the_place_of_a_withdrawn_version(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build(formats=("fragment.html", "html"))
    site.make()
    site.build()
    assert site.refused(withdrawn=("bureau/2023/department/v1",)) == ["U121"]


def test_older_version_goes_and_the_current_one_stays(site):
    site.build(text="改好了")
    site.make()
    site.make(withdrawn=("bureau/2023/department/v1",))
    folder = site.out / "bureau/2023/department"
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "v1", "v2"]
    assert [path.name for path in (folder / "v1").iterdir()] == ["index.html"]


@pytest.mark.parametrize("address", ["nobody/2023/department", "bureau/2023/department/v9", "x"])
def test_address_that_nothing_has_is_told(site, address):
    assert site.refused(withdrawn=(address,)) == ["U120"]


def test_address_that_is_mistyped_is_told_where_it_stands_with_those_like_it(site):
    place = SourceSpan("site.toml", 4, 14)
    gone = Withdrawal("bureau/2023/departmnet/v1", span=place)
    (found,) = [each for each in site.found(withdrawn=(gone,)) if each.severity == "error"]
    assert (found.code, found.span) == ("U120", place)
    assert "bureau/2023/department/v1" in found.params["near"]


def test_report_of_the_project_that_was_never_built_may_be_withdrawn(site):
    folder = site.root / "data/third/2023/department"
    folder.mkdir(parents=True)
    (folder / "report.yaml").write_text("", "utf-8")
    assert site.codes(withdrawn=("third/2023/department",)) == ["U104"]
    assert site.refused(withdrawn=("third/2023/department/v1",)) == ["U120"]


def test_site_of_which_all_is_withdrawn_says_so(site):
    site.make(withdrawn=("bureau/2023/department", "other/2023/department"))
    assert "还没有公开的报告" in site.page()


def test_what_is_withdrawn_may_be_published_again(site):
    site.make(withdrawn=("other/2023/department",))
    site.make()
    assert (site.out / "other/2023/department/v1/department.pdf").is_file()


def test_files_that_were_removed_by_hand_do_not_stop_a_withdrawal(site):
    (site.out / "other/2023/department/v1/department.pdf").unlink()
    assert site.refused() == ["U114"]
    site.make(withdrawn=("other/2023/department",))
    assert not (site.out / "other/2023/department/v1/department.docx").exists()


WHY = "附表误列了不应公开的内容。"
VERSION = Withdrawal("bureau/2023/department/v1", "2024-09-12", WHY)
"""The first version of a report, which is withdrawn for everybody to read why."""


def test_address_of_a_withdrawn_version_says_so_and_why_and_leads_to_the_current_one(site):
    site.build(text="改好了")
    site.make(withdrawn=(VERSION,))
    page = site.page("bureau/2023/department/v1/index.html")
    for said in ("已撤下", WHY, "2024-09-12", 'href="../index.html">第 2 版', "noindex"):
        assert said in page
    assert "漏了一句" not in page
    report = site.page("bureau/2023/department/index.html")
    assert WHY in report and 'href="v1/index.html"' in report


def test_address_of_a_withdrawn_report_says_nothing_that_it_said(site):
    site.make(withdrawn=("other/2023/department",))
    for path in ("other/2023/department/index.html", "other/2023/department/v1/index.html"):
        page = site.page(path)
        assert "已撤下" in page and "没有公开说明" in page
        assert "另一局" not in page and "绩效自评报告</h1>" not in page


def test_unit_of_a_withdrawn_report_is_named_where_others_of_it_stand(site):
    site.build("other", 2022, name="另一局")
    site.make(withdrawn=("other/2023/department",))
    page = site.page("other/2023/department/index.html")
    assert "另一局2023年度的一份报告（已撤下）" in page and "units/other/index.html" in page


def test_later_runs_of_the_same_list_are_quiet_and_leave_every_byte(site):
    gone = (VERSION, Withdrawal("other/2023/department"))
    site.build(text="改好了")
    site.make(withdrawn=gone)
    before, files = tree(site.out), inodes(site.out)
    assert site.codes(withdrawn=gone) == []
    assert (tree(site.out), inodes(site.out)) == (before, files)
    site.build("third", name="第三局")
    assert site.codes(withdrawn=gone) == []
    kept = {name for name in before if name.endswith("/v1/index.html")}
    assert kept and all(tree(site.out)[name] == before[name] for name in kept)


def test_same_site_is_made_of_the_same_withdrawals_wherever_it_began(site, tmp_path):
    site.build(text="改好了")
    site.make(withdrawn=(VERSION,))
    once = tree(site.out)
    site.make()
    site.make(withdrawn=(VERSION,))
    assert tree(site.out) == once


def test_version_withdrawn_before_anybody_noted_it_has_its_page(site):
    """A site of a program that kept no note of them: the number is missing all the same."""
    site.build(text="改好了")
    site.make(withdrawn=(VERSION,))
    record = site.out / "site.json"
    noted = '"withdrawn":["bureau/2023/department/v1"],'
    record.write_text(record.read_text("utf-8").replace(noted, ""), "utf-8")
    site.make(withdrawn=(VERSION,))
    assert noted in record.read_text("utf-8")


@pytest.mark.parametrize("address", ["../2023/x/v1", "bureau/2023/v1", "bureau/2023/x/v0"])
def test_note_of_what_was_withdrawn_leads_nowhere_else(site, address):
    site.make(withdrawn=("other/2023/department",))
    record = site.out / "site.json"
    text = record.read_text("utf-8")
    record.write_text(text.replace('other/2023/department/v1"', f'{address}"', 1), "utf-8")
    assert site.refused() == ["U112"]


@pytest.mark.parametrize(
    ("reason", "code"), [("误列了王 芳", "U172"), ("误列了13800000000", "D104")]
)
@pytest.mark.parametrize("whole", [True, False])
def test_reason_that_tells_what_is_withheld_stops_the_site(tmp_path, whole, reason, code):
    site = MadeUpSite(tmp_path)
    place = SourceSpan("data/bureau/unit.yaml", 3, 9)
    site.build(text="漏了一句不该公开的")
    site.make()
    site.build(text="改好了", secrets=(Secret("preparer.name", "填表人", "王芳", place),))
    address = "bureau/2023/department" if whole else "bureau/2023/department/v1"
    assert code in site.refused(withdrawn=(Withdrawal(address, "", reason),))


def test_report_published_again_after_a_version_was_withdrawn_has_the_next_number(site):
    site.make(withdrawn=("other/2023/department",))
    site.build("other", name="另一局", text="改好了")
    site.make(withdrawn=("other/2023/department/v1",))
    folder = site.out / "other/2023/department"
    assert (folder / "v2/department.pdf").is_file()
    assert [path.name for path in (folder / "v1").iterdir()] == ["index.html"]
