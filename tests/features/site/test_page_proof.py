"""What is withheld of a report stands nowhere on a site, however it is written."""

from __future__ import annotations

import hashlib
import html
import json
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.site import page_proof
from reportgen.features.site.making import make_site
from reportgen.features.site.page_proof import SiteToProve, prove_site
from reportgen.features.site.proven_before import PROVEN, SiteFile
from reportgen.features.site.record import read_record
from reportgen.features.site.report_secrets import ReportSecrets, report_secrets
from reportgen.features.site.settings import default_settings
from reportgen.features.site.versions import PublicVersion, PublishedReport, Site
from reportgen.findings import Diagnostics
from reportgen.flow import manifests
from reportgen.model.disclosed import Secret
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan
from site_builds import MadeUpSite, tree
from spelled_numbers import MONEY
from spelled_words import CODE_WAYS, CODES, NAMES, WAYS
from spellings import spellings

PLACE = SourceSpan("data/bureau/unit.yaml", 3, 9)


def name(text="王芳"):
    return Secret("preparer.name", "填表人", text, PLACE)


def amount(text="7318.52万元"):
    read = parse_quantity(text)
    return Secret("deal", "合同金额", text, PLACE, read.value, read.unit, read.shape)


@pytest.fixture
def site(tmp_path):
    made = MadeUpSite(tmp_path)
    made.build("other", 2022, name="另一局")
    return made


PLANTED = {
    "the name of a unit": {"name": "王芳工作室"},
    "a title": {"kind": "王芳专项绩效自评报告"},
    "an index number": {"index_number": "王-芳/2023-1"},
    "keywords": {"keywords": "预算绩效;王 芳"},
    "a description": {"description": "由王芳填报"},
    "a topic": {"topic": "王芳"},
    "the source": {"source": "王\u200b芳"},
}


@pytest.mark.parametrize("planted", list(PLANTED))
def test_secret_in_what_a_report_says_of_itself_stops_the_site(site, planted):
    site.make()
    site.build(secrets=(name(),), **PLANTED[planted])
    assert "U172" in site.refused()


def test_secret_in_the_file_name_of_a_report_stops_the_site(site):
    site.build(report="wangfang", secrets=(Secret("k", "", "王芳", PLACE, initials=("wangfang",)),))
    assert "U172" in site.refused()


@pytest.mark.parametrize("where", ["name", "publisher", "contact"])
@pytest.mark.parametrize("secret", [name(), amount(), Secret("k", "", "2230000", PLACE)])
def test_secret_in_a_text_of_the_settings_stops_the_site(site, where, secret):
    site.build(secrets=(secret,))
    assert "U172" in site.refused(**{where: f"联系：{secret.text}"})


@pytest.mark.parametrize(
    ("contact", "codes"),
    [
        ("绩效管理科，0745-2230000，jx@example.gov.cn", set()),
        ("张科长 13800000000", {"D104"}),
        ("身份证 11010519491231002X", {"D104"}),
    ],
)
def test_contact_of_a_site_is_an_office_and_no_person(site, contact, codes):
    site.build()
    if codes:
        assert set(site.refused(contact=contact)) == codes
    else:
        assert site.codes(contact=contact) == []


def test_what_a_report_says_of_itself_and_another_of_its_unit_withholds_is_told_of(site):
    site.build(secrets=(name(),))
    site.build("bureau", 2021, keywords="王芳")
    assert site.codes() == ["U179"]


def test_other_unit_may_be_called_what_is_withheld_of_one(site):
    """A partner that one unit does not name is a unit of its own, and is called by its name."""
    site.build(secrets=(name("长青工厂"), amount("112家")))
    site.build("factory", name="长青工厂", keywords="112家")
    assert site.codes() == []


def test_units_proven_in_processes_are_told_of_as_in_one(site):
    """A leak in the last of many units, and one in a page of all units."""
    for number in range(12):
        site.build(f"unit{number:02}", name=f"第{number}局", secrets=(name(f"王芳{number}"),))
    site.make()
    site.build("unit11", name="第11局", secrets=(name(),), keywords="王 芳")
    site.build("unit03", name="第3局", secrets=(name("备案"),), keywords="改过")
    order, found = site.order(contact="备 案"), []
    for jobs in (1, 2):
        log = Diagnostics()
        assert make_site(replace(order, jobs=jobs), log) is None
        found.append(list(log))
    assert found[0] == found[1]
    assert {"U172"} == {each.code for each in found[0] if each.severity == "error"}


def test_site_of_units_whose_process_died_is_not_made(site, monkeypatch):
    site.build()

    def ends(*_):
        raise MemoryError

    monkeypatch.setattr(page_proof, "is_dataset", ends)  # of a file of a unit
    assert site.refused() == ["J108"]


def test_numbers_that_the_site_counts_are_nobodys_secrets(site):
    site.build(secrets=(amount("3份"), amount("2份"), amount("12份")))
    site.build(report="special-fund", kind="专项资金绩效自评报告")
    assert site.codes() == []


def test_sizes_and_hashes_of_files_are_nobodys_secrets(site):
    folder = site.build()
    size = (folder / "department.html").stat().st_size
    digest = hashlib.sha256((folder / "department.html").read_bytes()).hexdigest()
    site.build(secrets=(amount(f"{size}万元"), Secret("k", "", digest[:7], PLACE)))
    assert site.codes() == []


# What was published before


def codes_of(site, **settings_):
    log = Diagnostics()
    make_site(site.order(**settings_), log)
    return log


def test_older_version_that_holds_what_is_withheld_now_is_told_in_each_run(site):
    site.build(text="由王芳填报")
    site.make()
    site.build(text="由某人填报", secrets=(name(),))
    for _ in range(3):
        told = [each for each in codes_of(site) if each.code == "U176"]
        assert {each.params["file"].rpartition("/")[2] for each in told} >= {
            "department.html",
            "department.fragment.html",
        }
        assert all("/v1/" in each.params["file"] for each in told)
    assert "某人" in site.page("bureau/2023/department/index.html")
    assert site.codes(withdrawn=("bureau/2023/department/v1",)) == []


def test_page_that_is_published_is_searched_again_when_more_is_withheld(site):
    site.build(keywords="王芳")
    site.make()
    site.build(keywords="王芳", secrets=(name(),))
    assert "U172" in site.refused()


def test_text_that_another_report_of_the_unit_prints_is_told_of(site):
    site.build(secrets=(name(),))
    site.build(report="special-fund", kind="专项资金绩效自评报告", text="由王芳填报")
    assert site.codes() == ["U179"]
    assert site.codes() == ["U179"]


def test_search_names_no_word_that_is_not_public(site, tmp_path):
    site.build(text="由李雷填报，1,234.50万元，①②，2024.06.15，\uff12\uff13％")
    site.make()
    index = next((site.out / "search/2023").glob("*/[0-9]*.json"))
    words = json.loads(index.read_text("utf-8"))
    assert "李雷" in words and "1234.5" in words
    for planted in ("王芳", "7318.52", "王"):
        index.write_text(json.dumps({**words, planted: "0.1"}, ensure_ascii=False), "utf-8")
        log = Diagnostics()
        published = read_record(site.out, log).reports
        to_prove = SiteToProve(Site(default_settings(tmp_path), published), {}, site.out)
        path = index.relative_to(site.out).as_posix()
        prove_site(to_prove, [SiteFile(path, "0")], tmp_path / "memory.json", log)
        told = {each.params["word"] for each in log if each.code == "U174"}
        assert told == {planted}


# Not proven is never published


def spoiled(folder, how):
    path = folder.parent / "disclosure" / "department.proof.json"
    match how:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[:-20])
        case "without secrets":
            found = json.loads(path.read_text("utf-8"))
            path.write_text(json.dumps({**found, "secrets": []}), "utf-8")
        case "a folder":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize("how", ["missing", "cut", "without secrets", "a folder"])
def test_version_whose_record_is_not_the_one_that_was_proven_is_not_published(site, how):
    site.make()
    spoiled(site.build(secrets=(name(),)), how)
    assert site.refused() == ["U170"]


def test_record_that_no_program_can_read_is_refused(site):
    folder = site.build(secrets=(name(),)).parent / "disclosure"
    path = folder / "department.proof.json"
    path.write_text('{"secrets": 3}', "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["department"]["outputs"][path.name] = digest
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert site.refused() == ["U170"]


def test_reports_whose_builds_are_gone_are_told_of_and_kept(site):
    site.build(secrets=(name(),))
    site.make()
    shutil.rmtree(site.builds / "2023")
    assert site.codes() == ["U171"]
    assert (site.out / "bureau/2023/department/v1/department.html").exists()


# What is remembered


def test_nothing_that_stands_on_the_site_says_what_is_withheld(site):
    folder = site.build(secrets=(name(), amount())).parent / "disclosure"
    site.make()
    record = (folder / "department.proof.json").read_bytes()
    hidden = [hashlib.sha256(record).hexdigest().encode(), "王芳".encode(), b"7318.52"]
    hidden += [digest.encode() for digest in json.loads((site.builds / PROVEN).read_text())]
    for path, data in tree(site.out).items():
        assert not [each for each in hidden if each in data], path


def test_what_was_proven_is_not_opened_again(site):
    site.build(secrets=(name(),))
    site.make()
    before = (site.builds / PROVEN).stat().st_mtime_ns
    assert site.make().is_none
    assert (site.builds / PROVEN).stat().st_mtime_ns == before


@pytest.mark.parametrize("content", ["", "[", "{}", "[1, 2]", "null"])
def test_lost_memory_of_what_was_proven_costs_time_alone(site, content):
    site.build(secrets=(name(),))
    site.make()
    before = (site.builds / PROVEN).read_bytes()
    (site.builds / PROVEN).write_text(content)
    assert site.make().is_none
    assert (site.builds / PROVEN).read_bytes() == before


# Every kind of file, every spelling


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Return the records of a unit's report that withholds one name, code or amount each."""
    made = MadeUpSite(tmp_path_factory.mktemp("records"))
    found = {}
    for text in (*NAMES, *CODES, "amount"):
        secret = amount("7318.52万元") if text == "amount" else Secret("k", "", text, PLACE)
        folder = made.build(secrets=(secret,)).parent
        entry = manifests.public_entries(folder)["department"]
        of = report_secrets(folder, "department", "bureau/2023/department/", entry, Diagnostics())
        found[text] = of.path.read_bytes()
    return found


FILES = {
    "bureau/2023/department/index.html": "<!doctype html><p>{}</p>",
    "units/bureau/index.html": '<!doctype html><meta name="Keywords" content="{}">',
    "index.html": "<!doctype html><table><tr><td>{}</td></tr></table>",
    "years/2023/index.html": "<!doctype html><script type='application/ld+json'>{}</script>",
    "feed.xml": '<?xml version="1.0"?><feed><title>{}</title></feed>',
    "bureau/2023/department/v1/figures.json": "{}",
    "bureau/2023/department/v1/figures.csv": "名称,数\n{},1\n",
    "site.json": "{}",
}


def report():
    version = PublicVersion(1, "标题", "类别", "某局", "2024-05-06", "0")
    return PublishedReport("bureau", "某局", 2023, "department", (version,))


def written(path, text):
    """Return a text as the kind of file holds it."""
    if path.endswith(".json") or "script" in FILES[path]:
        return json.dumps([text]).replace("<", "\\u003c")
    return text if path.endswith(".csv") else html.escape(text)


def found_in(path, text, folder, record):
    """Return the codes of what is told of one file that says `text`."""
    data = FILES[path].format(written(path, text))
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(data, "utf-8")
    kept = folder / "kept.json"
    kept.write_bytes(record)
    of = ReportSecrets("bureau/2023/department/", kept, "0", frozenset())
    log = Diagnostics()
    to_prove = SiteToProve(Site(default_settings(folder), (report(),)), {of.address: of}, folder)
    prove_site(to_prove, [SiteFile(path, "0")], folder / path / "none.json", log)
    return {each.code for each in log}


def printable(text):
    return not any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in text)


@settings(max_examples=60, deadline=None)
@given(spellings(WAYS, st.sampled_from(NAMES)), st.sampled_from(list(FILES)))
def test_name_is_found_in_every_kind_of_file(records, tmp_path_factory, drawn, path):
    text, spelling = drawn
    if printable(spelling.text):
        folder = tmp_path_factory.getbasetemp()
        assert "U172" in found_in(path, spelling.text, folder, records[text]), spelling


@settings(max_examples=60, deadline=None)
@given(spellings(CODE_WAYS, st.sampled_from(CODES)), st.sampled_from(list(FILES)))
def test_code_is_found_in_every_kind_of_file(records, tmp_path_factory, drawn, path):
    text, spelling = drawn
    if printable(spelling.text):
        folder = tmp_path_factory.getbasetemp()
        assert "U172" in found_in(path, spelling.text, folder, records[text]), spelling


@settings(max_examples=50, deadline=None)
@given(spellings(MONEY, st.just(parse_quantity("7318.52万元").value)), st.sampled_from(list(FILES)))
def test_amount_is_found_in_every_kind_of_file(records, tmp_path_factory, drawn, path):
    _, spelling = drawn
    if printable(spelling.text):
        folder = tmp_path_factory.getbasetemp()
        assert "U172" in found_in(path, spelling.text, folder, records["amount"]), spelling


def test_file_that_nobody_can_read_is_not_published(tmp_path, records):
    path = "bureau/2023/department/index.html"
    (tmp_path / path).parent.mkdir(parents=True)
    broken = b"\x00\x01\x02 no page"
    (tmp_path / path).write_bytes(broken)
    log = Diagnostics()
    to_prove = SiteToProve(Site(default_settings(tmp_path), (report(),)), {}, tmp_path)
    prove_site(to_prove, [SiteFile(path, "0")], tmp_path / "memory.json", log)
    assert {each.code for each in log} == {"U171", "U177"}
