"""A site never writes where something else stands, nor over what is not its own."""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.site.record import SiteRecord, as_bytes, read_record
from reportgen.findings import Diagnostics
from site_builds import MadeUpSite, inodes, tree


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a made-up site with a report that is published."""
    made = MadeUpSite(tmp_path_factory.mktemp("published"))
    made.build()
    made.make()
    return made


@pytest.fixture
def site(published, tmp_path):
    """Return a copy of that site, which a test may change."""
    return published.copied(tmp_path)


def test_folder_of_something_else_is_refused(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    site.out.mkdir()
    (site.out / "mine.txt").write_text("mine", "utf-8")
    assert site.refused() == ["U110"]


def test_file_in_the_place_of_the_folder_is_refused(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    site.out.write_text("mine", "utf-8")
    assert [each.code for each in site.found()] == ["U110"]
    assert site.out.read_text("utf-8") == "mine"


def test_empty_folder_is_taken(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    site.out.mkdir(mode=0o750)
    site.make()
    assert site.out.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(
    ("there", "here", "same"),
    [
        (("甲", ""), ("甲", ""), True),
        (("甲", ""), ("乙", ""), False),
        (("甲", "https://a.cn/"), ("乙", "https://a.cn/"), True),
        (("甲", "https://a.cn/"), ("甲", "https://b.cn/"), False),
        (("甲", "https://a.cn/"), ("甲", ""), True),
        (("甲", ""), ("甲", "https://b.cn/"), True),
        (("甲", "https://a.cn/"), ("乙", ""), False),
    ],
)
def test_site_of_another_name_or_address_is_refused(tmp_path, there, here, same):
    site = MadeUpSite(tmp_path)
    site.build()
    site.make(name=there[0], url=there[1])
    asked = {"name": here[0], "url": here[1]}
    if same:
        site.make(**asked)
        assert json.loads((site.out / "site.json").read_text("utf-8"))["url"] == here[1]
    else:
        assert site.refused(**asked) == ["U111"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"version":2}',
        b'{"version":1,"name":"x"}',
        b'{"version":1,"name":"x","url":"","reports":[{}],"pages":[]}',
        b'{"version":1,"name":"x","url":"","more":1}',
        b'{"version":1,"name":1,"url":""}',
        b"[" * 100_000,
    ],
)
def test_damaged_record_is_refused_and_nothing_is_changed(site, data):
    (site.out / "site.json").write_bytes(data)
    site.build(text="新")
    assert site.refused() == ["U112"]


@pytest.mark.parametrize("name", ["../x", "..", "a/b", ""])
@pytest.mark.parametrize("key", ["unit", "report"])
def test_record_with_names_that_lead_elsewhere_is_refused(site, key, name):
    path = site.out / "site.json"
    content = json.loads(path.read_text("utf-8"))
    content["reports"][0][key] = name
    path.write_text(json.dumps(content), "utf-8")
    assert site.refused() == ["U112"]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_record_with_any_part_lost_or_other_is_told(tmp_path_factory, data):
    """Whatever one value of the file is turned into, it is read as it says, or told."""
    folder = tmp_path_factory.mktemp("record")
    path = folder / "site.json"
    content = json.loads(recorded())
    place = data.draw(st.sampled_from(places(content)))
    other = data.draw(st.sampled_from([None, 1, "x", [], {}, True, "../.."]))
    inner = content
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = other
    path.write_text(json.dumps(content), "utf-8")
    log = Diagnostics()
    record = read_record(folder, log)
    assert (record is None) == log.blocked
    if record is not None:
        path.write_bytes(as_bytes(record))
        assert read_record(folder, Diagnostics()) == record


@cache
def recorded():
    """Return the record of a site with a report."""
    with tempfile.TemporaryDirectory() as name:
        made = MadeUpSite(Path(name))
        made.build()
        made.make()
        return (made.out / "site.json").read_text("utf-8")


def places(content, above=()):
    """Return the paths to all values in JSON."""
    found = []
    entries = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in entries:
        found.append((*above, key))
        if isinstance(value, (dict, list)):
            found += places(value, (*above, key))
    return found


def test_record_is_read_as_it_was_written(site):
    data = (site.out / "site.json").read_bytes()
    record = read_record(site.out, Diagnostics())
    assert isinstance(record, SiteRecord)
    assert as_bytes(record) == data


@pytest.mark.parametrize(
    "place",
    ["", "data", "data/site", "templates/x", "build", "build/2023/site", "build/site", ".."],
)
def test_place_where_others_read_or_write_is_refused(site, place):
    site.out = site.root / place
    before = tree(site.root)
    assert [each.code for each in site.found()] == ["U113"]
    assert tree(site.root) == before


def test_place_inside_others_by_a_link_is_refused(site):
    (site.root / "link").symlink_to(site.builds)
    site.out = site.root / "link" / "site"
    assert [each.code for each in site.found()] == ["U113"]


def test_mount_point_is_told_with_what_to_do(site, monkeypatch):
    site.build(text="新")
    monkeypatch.setattr(os.path, "ismount", lambda path: path == site.out)
    assert site.refused() == ["U119"]


def test_link_to_the_folder_of_the_site_stays_a_link(site):
    elsewhere = site.root / "elsewhere"
    site.out.rename(elsewhere)
    site.out.symlink_to(elsewhere)
    site.build(text="新")
    site.make()
    assert site.out.is_symlink()
    assert (elsewhere / "bureau/2023/department/v2").is_dir()


def test_lost_published_file_is_told_by_name_and_nothing_is_changed(site):
    lost = site.out / "bureau/2023/department/v1/department.pdf"
    lost.unlink()
    assert [(each.code, each.span.path) for each in site.found()] == [("U114", str(lost))]
    site.build(text="新")
    assert site.refused() == ["U114"]


def test_lost_page_is_made_again(site):
    before = tree(site.out)
    (site.out / "index.html").unlink()
    (site.out / "units/index.html").write_text("defaced", "utf-8")
    assert site.make().written == 2
    assert tree(site.out) == before


def test_page_changed_by_hand_to_as_many_bytes_is_made_again(site):
    before = tree(site.out)
    page = site.out / "units/index.html"
    page.write_bytes(page.read_bytes().replace("某局".encode(), "假局".encode()))
    assert site.make().written == 1
    assert tree(site.out) == before


def test_files_of_ones_own_are_kept_and_told(site):
    (site.out / "robots.txt").write_text("User-agent: *", "utf-8")
    (site.out / ".well-known").mkdir()
    (site.out / ".well-known" / "x").write_text("x", "utf-8")
    (site.out / "latest").symlink_to("bureau/2023/department")
    kept = inodes(site.out)
    site.build(text="新")
    (note,) = [each for each in site.found() if each.code == "U116"]
    assert note.params["count"] == "3"
    assert inodes(site.out)["robots.txt"] == kept["robots.txt"]
    assert (site.out / ".well-known" / "x").read_text("utf-8") == "x"
    assert (site.out / "latest").readlink().as_posix() == "bureau/2023/department"


@pytest.mark.parametrize("place", ["", "/2023/department/index.html", "/2023/department/v1"])
def test_file_of_ones_own_is_not_written_over(site, place):
    own = site.out / f"other{place}"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("mine", "utf-8")
    site.build("other")
    refused = site.refused()
    assert set(refused) == {"U115"}


def test_page_of_what_is_no_more_is_taken_away(site):
    site.build("other", 2021)
    site.make()
    content = json.loads((site.out / "site.json").read_text("utf-8"))
    assert any(page["path"] == "years/2021/index.html" for page in content["pages"])
    site.build("other", 2021, kind="另一类")
    site.make()
    assert not (site.out / "kinds" / "none").exists()
    paths = {path for path in tree(site.out) if path.startswith("kinds/")}
    assert len(paths) == 3
