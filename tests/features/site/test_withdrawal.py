"""What is withdrawn goes with all its files, and nothing of it comes back."""

from __future__ import annotations

import pytest

from site_builds import MadeUpSite, tree


@pytest.fixture
def site(tmp_path):
    """Return a site of two reports, one of which was corrected once."""
    made = MadeUpSite(tmp_path)
    made.build(text="漏了一句不该公开的")
    made.build("other", name="另一局")
    made.make()
    return made


def test_withdrawn_report_is_gone_from_every_page_though_it_is_built_still(site):
    gone = ("other/2023/department",)
    assert site.make(withdrawn=gone).withdrawn == ("other/2023/department/v1",)
    assert not any("other" in name for name in tree(site.out))
    assert not any("另一局" in data.decode("utf-8", "replace") for data in tree(site.out).values())
    assert site.make(withdrawn=gone).is_none


def test_withdrawn_version_goes_when_a_corrected_one_takes_its_place(site):
    gone = ("bureau/2023/department/v1",)
    assert site.refused(withdrawn=gone) == ["U121"]
    site.build(text="改好了")
    site.make(withdrawn=gone)
    held = tree(site.out)
    assert not any("/v1/" in name and "bureau" in name for name in held)
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
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "v2"]


@pytest.mark.parametrize("address", ["nobody/2023/department", "bureau/2023/department/v9", "x"])
def test_address_that_nothing_has_is_told(site, address):
    assert site.codes(withdrawn=(address,)) == ["U120"]


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
    assert not (site.out / "other").exists()
