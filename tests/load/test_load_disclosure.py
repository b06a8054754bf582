"""The `disclosure:` sections of pack, unit, year and report become one policy."""

from __future__ import annotations

import pytest

from builders import codes
from logged import load
from reportgen.model import limits
from small_project import DATA, HOME, PACK, REPORT, UNIT, YEAR

UNIT_FILE = f"data/{UNIT}/unit.yaml"


def policy(small):
    loaded, findings = load(small.files, UNIT, YEAR, REPORT)
    assert loaded is not None, findings
    return loaded.policy


def appended(small, path, text):
    small.write(path, small.text(path) + text)


def found(small, section, path=f"{DATA}/disclosure.yaml"):
    """Return the findings of loading `section` as the year's policy."""
    small.write(path, f"disclosure:\n{section}")
    return load(small.files, UNIT, YEAR, REPORT)[1]


def test_layers_stand_from_the_widest_to_the_narrowest(small):
    appended(small, UNIT_FILE, "disclosure: {withhold: [{key: 工业投资, reason: 甲}]}\n")
    small.write(f"{DATA}/disclosure.yaml", "disclosure: {withhold: [{key: funds, reason: 乙}]}\n")
    appended(small, f"{HOME}/report.yaml", "disclosure: {withhold: [{key: visits, reason: 丙}]}\n")
    lines = [(line.key, line.ground.layer) for line in policy(small).withhold]
    assert lines == [
        ("report.preparer.name", 0),
        ("report.preparer.phone", 0),
        ("report.preparer.date", 0),
        ("工业投资", 1),
        ("funds", 2),
        ("visits", 3),
    ]


def test_line_knows_its_place_reason_basis_and_audiences(small):
    section = "  withhold:\n    - {key: funds, reason: 某理由, basis: 某法, audience: [submit]}\n"
    found(small, section)
    ground = policy(small).withhold[-1].ground
    assert (ground.reason, ground.basis, ground.audiences) == ("某理由", "某法", ("submit",))
    assert str(ground.span) == f"{DATA}/disclosure.yaml:3:13"


def test_public_is_the_audience_that_is_meant_where_none_is_named(small):
    assert {line.ground.audiences for line in policy(small).withhold} == {("public",)}


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ("  withhold:\n" + "    - {key: funds, reason: 甲}\n" * 4, (6, 28)),
        ("  mask:\n" + "    - {key: funds, shown: 若干, reason: 甲}\n" * 4, (6, 39)),
        ("  release:\n" + "    - {text: 乙, reason: 甲}\n" * 4, (6, 25)),
        ("  replace: [{term: 丙, shown: 乙, keep: [丁, 戊, 己], reason: 甲}]\n", (2, 58)),
        ("  replace: [{term: 丙, shown: 乙, initials: [A, B, C], reason: 甲}]\n", (2, 62)),
        ("  withhold: [{key: funds, aliases: [丁, 戊, 己], reason: 甲}]\n", (2, 55)),
        ("  personal: [甲, 乙, 丙, 丁]\n", (2, 23)),
    ],
)
def test_policy_that_is_too_long_is_told_where_it_passes_the_limit(
    small, monkeypatch, section, place
):
    monkeypatch.setattr(limits, "POLICY_TERMS", 3)
    findings = [each for each in found(small, section) if each.code == "D164"]
    assert [(each.span.line, each.span.column) for each in findings] == [place]
    assert {each.span.path for each in findings} == {f"{DATA}/disclosure.yaml"}


def test_every_kind_of_line_is_read(small):
    section = """  withhold:
    - {section: results, reason: 理由}
    - {form: overview, column: 得分, reason: 理由}
    - {block: sign-off, reason: 理由}
  mask: [{key: 增速排名, shown: 前列, reason: 理由}]
  replace: [{term: 工业, shown: 某业, initials: [GY], keep: [工业投资], reason: 理由}]
  release: [{key: report.preparer.name, reason: 理由}, {text: 0000-0000, reason: 理由}]
  personal: [法人]
  office_phone: true
  properties: {creator: 某局, keywords: 绩效}
"""
    assert codes(found(small, section)) == []
    read = policy(small)
    parts = [(w.section, w.form, w.column, w.block) for w in read.withhold[3:]]
    assert parts == [
        ("results", "", "", ""),
        ("", "overview", "得分", ""),
        ("", "", "", "sign-off"),
    ]
    assert [(m.key, m.shown) for m in read.masks] == [("增速排名", "前列")]
    (term,) = read.replacements
    assert (term.term, term.shown, term.initials, term.keep) == (
        "工业",
        "某业",
        ("GY",),
        ("工业投资",),
    )
    assert [(r.key, r.text) for r in read.releases] == [
        ("report.preparer.name", ""),
        ("", "0000-0000"),
    ]
    assert (read.personal, read.office_phone) == (("法人",), True)
    assert read.properties == {"creator": "某局", "keywords": "绩效"}


def test_labels_are_accepted_as_keys(small):
    small.write(f"{DATA}/disclosure.yaml", "公开: {不公开: [{键: 工业投资, 理由: 甲}]}\n")
    assert policy(small).withhold[-1].key == "工业投资"


def test_narrower_layer_decides_about_office_phone_and_properties(small):
    appended(
        small,
        UNIT_FILE,
        "disclosure: {office_phone: true, properties: {creator: 甲, title: 乙}}\n",
    )
    small.write(
        f"{DATA}/disclosure.yaml",
        "disclosure: {office_phone: false, properties: {creator: 丙}}\n",
    )
    read = policy(small)
    assert read.office_phone is False
    assert read.properties == {"creator": "丙", "title": "乙"}


def test_policy_holds_no_facts(small):
    found(small, "  office_phone: true\n")
    loaded, _ = load(small.files, UNIT, YEAR, REPORT)
    assert not [key for key in loaded.facts.facts if "disclosure" in key]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("  withhold: [{key: 工业投资}]\n", ["S201"]),
        ("  withhold: [{key: 工业投资, reason: }]\n", ["S218"]),
        ("  withhold: [{key: 工业投资, reason: 甲, audience: [internal]}]\n", ["S217"]),
        ("  mask: [{key: 工业投资, reason: 甲}]\n", ["S201"]),
        ("  withold: []\n", ["S202"]),
        ("  withhold: [{reason: 甲}]\n", ["D113"]),
        ("  withhold: [{key: 工业投资, section: results, reason: 甲}]\n", ["D113"]),
        ("  withhold: [{key: 工业投资, column: 得分, reason: 甲}]\n", ["D113"]),
        ("  release: [{reason: 甲}]\n", ["D113"]),
        ("  withhold: [{key: 工业投资, reason: 甲}, {key: 工业投资, reason: 乙}]\n", ["D115"]),
        (
            (
                "  withhold: [{key: 工业投资, reason: 甲}]\n"
                "  mask: [{key: 工业投资, shown: 若干, reason: 乙}]\n"
            ),
            ["D115"],
        ),
        (
            (
                "  withhold: [{form: overview, column: 一, reason: 甲},"
                " {form: overview, column: 二, reason: 甲}]\n"
            ),
            [],
        ),
    ],
)
def test_slips_in_a_policy_are_told(small, section, told):
    assert codes(found(small, section)) == told


def test_target_named_twice_is_told_with_both_places(small):
    section = "  withhold:\n    - {key: funds, reason: 甲}\n    - {key: funds, reason: 乙}\n"
    (twice,) = found(small, section)
    assert [str(place.span) for place in twice.places] == [
        f"{DATA}/disclosure.yaml:4:13",
        f"{DATA}/disclosure.yaml:3:13",
    ]


def test_two_layers_may_name_the_same_key(small):
    assert codes(found(small, "  release: [{key: report.preparer.name, reason: 甲}]\n")) == []
    assert small.text(f"{PACK}/pack.yaml").count("report.preparer.name") > 1


def test_policy_of_an_earlier_year_speaks_of_its_own_figures(small):
    small.write(
        f"data/{UNIT}/{YEAR - 1}/disclosure.yaml",
        "disclosure: {withhold: [{key: staffing.quota, reason: 甲}]}\n",
    )
    read = policy(small)
    assert [line.key for line in read.past] == ["prior.staffing.quota"]
    assert "staffing.quota" not in [line.key for line in read.withhold]


def test_policies_of_an_earlier_years_reports_speak_of_its_figures_too(small):
    folder = small.root / f"data/{UNIT}/{YEAR - 1}/summary"
    folder.mkdir()
    kept = "disclosure: {mask: [{key: staffing.quota, shown: 若干, reason: 甲}]}\n"
    home = f"data/{UNIT}/{YEAR - 1}/summary/report.yaml"
    small.write(home, f"pack: small\ndate: 2023-06-30\n{kept}")
    (line,) = policy(small).past
    assert (line.key, line.ground.span.path) == ("prior.staffing.quota", home)


def test_earlier_report_that_cannot_be_read_is_told(small):
    folder = small.root / f"data/{UNIT}/{YEAR - 1}/summary"
    folder.mkdir()
    small.write(f"data/{UNIT}/{YEAR - 1}/summary/report.yaml", "pack: [\n")
    assert {each.span.path for each in small.draft().findings if each.severity == "error"} == {
        f"data/{UNIT}/{YEAR - 1}/summary/report.yaml"
    }
