"""Bringing a site up to date gives what making all its pages anew gives, whatever was built."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builds import MadeUpSite, inodes, tree

BUILDS = st.tuples(
    st.sampled_from(["bureau", "other", "第三 局%"]),
    st.sampled_from([2022, 2023]),
    st.sampled_from(["department", "special-fund"]),
    st.sampled_from(["正文", "改了", "<b>&"]),
    st.sampled_from(["某局", "改名的局"]),
    st.sampled_from(["部门整体支出绩效自评", "专项资金绩效自评"]),
    st.sampled_from(["有效", "废止", ""]),
    st.sampled_from([("fragment.html", "html"), ("docx", "fragment.html", "html", "pdf")]),
)

OLD = ("fragment.html",)
FIRST = ("bureau", 2023, "department", "正文", "某局", "部门整体支出绩效自评", "", OLD)
OTHER_KIND = (*FIRST[:5], "专项资金绩效自评", *FIRST[6:])


def build(site, made):
    unit, year, report, text, name, kind, validity, formats = made
    site.build(unit, year, report, text, name=name, kind=kind, validity=validity, formats=formats)


def made_anew(site, out):
    """Return what the site is when all its pages are made of its versions once more."""
    shutil.copytree(site.out, out)
    path = out / "site.json"
    content = json.loads(path.read_text("utf-8"))
    for page in content["pages"]:
        (out / page["path"]).unlink()
    content["pages"] = []
    path.write_text(json.dumps(content), "utf-8")
    again = MadeUpSite(site.root)
    again.out = out
    again.make()
    return tree(out)


@settings(max_examples=12, deadline=None)
@example(runs=[[FIRST], [(*FIRST[:7], ("docx", *OLD))], [OTHER_KIND]])
@given(runs=st.lists(st.lists(BUILDS, min_size=1, max_size=3), min_size=1, max_size=5))
def test_site_brought_up_to_date_is_the_site_made_anew(runs):
    with tempfile.TemporaryDirectory() as name:
        site = MadeUpSite(Path(name))
        published = {}
        for made in runs:
            for each in made:
                build(site, each)
            site.make()
            now = tree(site.out)
            assert {path: now[path] for path in published} == published
            published = {path: data for path, data in now.items() if is_published(path)}
            before = inodes(site.out)
            assert site.make().is_none
            assert inodes(site.out) == before
        assert made_anew(site, Path(name) / "again") == tree(site.out)


def is_published(path):
    """Return whether a path is that of a file of a version, which never changes again.

    The page beside them does, that of a version which another took the place of.
    """
    parts = path.split("/")
    return len(parts) == 5 and parts[3].startswith("v") and parts[4] != "index.html"


@settings(max_examples=8, deadline=None)
@given(made=st.lists(BUILDS, min_size=1, max_size=6))
def test_order_of_builds_does_not_matter(made):
    """Two sites of the same builds, of which the first was made after each, hold one thing.

    Versions apart: only what was built last is on the second.
    """
    last = {(each[0], each[1], each[2]): each for each in made}
    with tempfile.TemporaryDirectory() as name:
        one, other = MadeUpSite(Path(name) / "one"), MadeUpSite(Path(name) / "other")
        for each in last.values():
            build(one, each)
            one.make()
        for each in reversed(list(last.values())):
            build(other, each)
        other.make()
        assert tree(one.out) == tree(other.out)


def test_pages_are_made_one_at_a_time(tmp_path, monkeypatch):
    """When a page is asked for, the one before it stands on the disk."""
    site = MadeUpSite(tmp_path)
    for number in range(20):
        site.build(f"unit{number}")
    from reportgen.features.site import making

    asked = []

    def watched(site_, pages=making.pages):
        before = None
        for page in pages(site_):
            if before is not None:
                new = tmp_path / ".site.publish-new" / before
                asked.append(new.is_file())
            yield page
            before = page.path

    monkeypatch.setattr(making, "pages", watched)
    site.make()
    assert len(asked) > 40
    assert all(asked)
