"""A site is made of whole public versions, brought up to date by what changed, in one step."""

from __future__ import annotations

import hashlib
import json
import stat
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from reportgen.features.site import making
from site_builds import MadeUpSite, inodes, tree


@pytest.fixture
def site(tmp_path):
    """Return a made-up site with three reports of two units that is not made yet."""
    made = MadeUpSite(tmp_path)
    made.build()
    made.build(report="special-fund", kind="专项资金绩效自评报告")
    made.build("other", 2022, name="另一局")
    return made


NO_ICON = "data:,"


class Links(HTMLParser):
    """What the links of a page lead to, and the places that it has."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, _tag, attrs):
        found = dict(attrs)
        self.targets += [found[key] for key in ("href", "src") if key in found]
        self.ids += [found["id"]] if "id" in found else []


def dead_links(out):
    """Return the links of all pages that lead nowhere or out of the site."""
    dead = []
    for page in sorted(out.rglob("*.html")):
        links = Links(page.read_text("utf-8"))
        for target in links.targets:
            if target == NO_ICON:
                continue
            path, _, place = target.partition("#")
            found = (page.parent / unquote(path)).resolve() if path else page
            whole = found.is_file() and found.is_relative_to(out.resolve())
            if not whole or (place and not path and place not in links.ids):
                dead.append((page.relative_to(out).as_posix(), target))
    return dead


def test_every_report_has_a_page_its_files_and_a_row_in_each_list(site):
    change = site.make()
    assert (len(change.added), change.reports) == (3, 3)
    for page in ("index.html", "units/bureau/index.html", "years/2023/index.html"):
        assert "bureau/2023/department/index.html" in site.page(page)
    folder = site.out / "bureau/2023/department/v1"
    built = site.builds / "2023/bureau/public"
    for name in ("department.docx", "department.pdf", "department.html"):
        assert (folder / name).read_bytes() == (built / name).read_bytes()
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert digest in site.page("bureau/2023/department/index.html")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))["department"]
    assert manifest["outputs"]["department.pdf"] == digest_of(folder / "department.pdf")


def digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_link_leads_nowhere(site):
    site.build("统计 局%41#?", 2023, "自评 报告&", name="统计<b>局")
    site.make()
    assert dead_links(site.out) == []
    assert "<b>" not in site.page("units/统计 局%41#?/index.html")


def test_unchanged_site_is_not_written(site):
    site.make()
    before = inodes(site.out)
    change = site.make()
    assert change.is_none
    assert inodes(site.out) == before


def test_new_report_changes_its_page_and_its_lists_alone(site):
    site.make()
    before = inodes(site.out)
    site.build("other", 2022, "special-fund", name="另一局", kind="专项资金绩效自评报告")
    site.make()
    after = inodes(site.out)
    changed = {path for path in after if after[path] != before.get(path)}
    index = {path for path in changed if path.startswith("search/2022/")}
    assert len(index) == 3  # the words of two reports, and their list
    kind = "kinds/" + hashlib.sha256("专项资金绩效自评报告".encode()).hexdigest()[:8]
    lists = {"index.html", "units/index.html", "years/index.html", "kinds/index.html", "site.json"}
    of_report = {path for path in changed if path.startswith("other/2022/special-fund/")}
    assert changed - of_report - index == lists | {
        "units/other/index.html",
        "years/2022/index.html",
        f"{kind}/index.html",
        "search/index.html",
    }


def test_changed_text_is_a_new_version_beside_the_old_one(site):
    site.make()
    old = tree(site.out / "bureau/2023/department/v1")
    site.build(text="更正后的正文")
    assert site.codes() == ["U118"]
    assert old.items() <= tree(site.out / "bureau/2023/department/v1").items()
    page = site.page("bureau/2023/department/index.html")
    assert "更正后的正文" in page
    assert "v1/department.pdf" in page
    assert dead_links(site.out) == []


def test_same_text_in_other_bytes_leaves_what_is_published(site):
    site.make()
    before = inodes(site.out)
    site.build(engine="newer")
    assert site.codes() == ["U117"]
    assert inodes(site.out) == before


def test_same_inputs_give_the_same_bytes(site, tmp_path):
    site.make()
    again = MadeUpSite(tmp_path)
    again.out = tmp_path / "again"
    again.make()
    assert tree(again.out) == tree(site.out)


def test_nobody_reads_a_site_before_it_is_proven(site, monkeypatch):
    """Its folder may stand where a web server finds it."""
    seen = []
    really = making.pages

    def watched(site_):
        seen.append(stat.S_IMODE((site.root / ".site.publish-new").stat().st_mode))
        return really(site_)

    monkeypatch.setattr(making, "pages", watched)
    site.make()
    site.out.chmod(0o751)
    site.build(text="改了")
    site.make()
    assert set(seen[-1:]) == {0o700}
    assert stat.S_IMODE(site.out.stat().st_mode) == 0o751
