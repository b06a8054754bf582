"""A public report of the small project, and what a reader of it can work out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from builders import FORMATS, facts, ledger
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import help_text, message
from reportgen.flow.job import Job
from reportgen.flow.recoverable import check_recoverable
from reportgen.flow.staged import Derived, Version
from reportgen.model.disclosed import Disclosed, DisclosureEntry, Secret
from reportgen.model.document import Document, Paragraph, Value
from reportgen.model.rules import Rules
from small_project import DATA, HOME, PACK, SmallProject

SURVEY = f"{DATA}/funds.yaml"


@pytest.fixture
def project(tmp_path):
    """Return the project with a text that prints totals only; the form prints all rows."""
    project = SmallProject.copied(tmp_path / "project")
    project.write(
        f"{HOME}/narrative/spending.md",
        "{% if expenditure.total.outturn is not blank %}\n"
        "全年支出{{ expenditure.total.outturn }}。\n"
        "{% endif %}\n",
    )
    return project


def policy(project, *, withhold=(), release=(), extra=""):
    """Write the report's own policy, beside its facts."""
    lines = ["disclosure:"]
    for name, keys in (("withhold", withhold), ("release", release)):
        lines += [f"  {name}:"] if keys else []
        lines += [f"    - {{key: {key}, reason: 试, basis: 试}}" for key in keys]
    project.write(f"{HOME}/disclosure.yaml", "\n".join(lines) + "\n" + extra)


def told(outcome):
    return [each for each in outcome.findings if each.code in {"D160", "D161", "D162", "D163"}]


TOTALS = ("expenditure", "execution_rate", "project")


def test_a_row_beside_its_total_is_told_with_the_equation_and_the_least_to_withhold(project):
    policy(project, withhold=["funds.survey.outturn"], release=TOTALS)
    outcome = project.draft(audience="public")
    (found,) = told(outcome)
    assert outcome.failed
    assert (found.code, found.severity, found.subject) == ("D160", "error", "funds.survey.outturn")
    assert (found.span.path, found.places[1].span.path) == (
        SURVEY,
        "templates/small/metrics.yaml",
    )
    assert found.places[1].note.endswith("＝ 各项决算数之和")
    assert message(found, "zh") == (
        "行业普查经费·决算数（12.5万元）不公开，却能从公开的数算出来：行业普查经费·决算数 ＝ "
        "项目支出 127.2万元 － 业务培训经费 18.4万元 － 产业链专项资金 96.3万元 ＝ "
        "12.5万元"
    )
    assert "最少再隐去 funds.chains.outturn，" in help_text(found, "zh")


def test_what_is_proposed_is_enough(project):
    policy(project, withhold=["funds.survey.outturn", "funds.chains.outturn"], release=TOTALS)
    assert told(project.draft(audience="public")) == []


def test_withholding_a_key_of_every_year_may_give_an_earlier_year_away(project):
    """What is left of last year's total is one row, printed as the total."""
    policy(project, withhold=["funds.survey.outturn", "funds.training.outturn"], release=TOTALS)
    (found,) = told(project.draft(audience="public"))
    assert found.subject == "prior.funds.training.outturn"
    assert "最少再隐去 expenditure.project.last，" in help_text(found, "zh")


def test_a_whole_row_withheld_beside_the_total_is_told(project):
    policy(project, withhold=["funds.chains"], release=TOTALS)
    subjects = [each.subject for each in told(project.draft(audience="public"))]
    assert subjects == ["funds.chains.initial", "funds.chains.outturn"]


def test_nothing_is_told_where_the_totals_go_along(project):
    policy(project, withhold=["funds.survey.outturn"])
    assert told(project.draft(audience="public")) == []


def test_the_change_of_last_year_tells(project):
    policy(
        project,
        withhold=["three_public.reception.outturn"],
        release=["three_public.reception.growth"],
    )
    project.write(
        f"{HOME}/narrative/spending.md",
        "{% if three_public.reception.last is not blank %}\n"
        "上年{{ three_public.reception.last }}，\n{% endif %}\n"
        "增加{{ three_public.reception.growth }}。\n",
    )
    found = told(project.draft(audience="public"))
    # Both years are withheld by one key, so a difference alone says nothing.
    assert found == []
    policy(
        project,
        withhold=["three_public.reception.outturn"],
        release=[
            "three_public.reception.growth",
            "three_public.reception.last",
            "prior.three_public.reception.outturn",
        ],
    )
    (found,) = told(project.draft(audience="public"))
    assert found.subject == "three_public.reception.outturn"
    assert "较上年决算数 -0.25万元" in message(found, "zh")


def test_others_than_the_public_are_looked_after_as_well(project):
    policy(
        project,
        extra="  withhold:\n    - {key: funds.survey.outturn, reason: 试, basis: 试, "
        "audience: [submit]}\n  release:\n    - {key: expenditure, reason: 试, "
        "audience: [submit]}\n    - {key: execution_rate, reason: 试, audience: [submit]}\n",
    )
    assert [each.code for each in told(project.draft(audience="submit"))] == ["D160"]
    assert told(project.draft(audience="internal")) == []
    assert told(project.draft(audience="public")) == []


def test_a_total_that_is_typed_in_a_text_is_known_as_if_it_were_printed(project):
    policy(project, withhold=["funds.survey.outturn"])
    project.write(f"{HOME}/narrative/spending.md", "支出见附件。\n")
    form = f"{PACK}/forms/overview.html"
    assert told(project.draft(audience="public")) == []
    policy(project, withhold=["funds.survey.outturn"], release=["expenditure.project.outturn"])
    project.write(
        form, project.text(form).replace("{{ expenditure.project.outturn | number }}", "")
    )
    assert told(project.draft(audience="public")) == []
    typed(project, "全年项目支出127.20万元。")
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.subject) == ("D160", "funds.survey.outturn")


def test_who_gets_figures_json_and_the_workbook_knows_what_no_document_prints(project):
    """The rows stand in no document; the workbook of the finance bureau holds all but one."""
    project.write(f"{PACK}/annex.md", "自评表。\n")
    pack = project.text(f"{PACK}/pack.yaml")
    start, end = pack.index("    forms:"), pack.index("requires:")
    project.write(f"{PACK}/pack.yaml", pack[:start] + pack[end:])
    for audience, codes in (("public", []), ("submit", ["D160"])):
        lines = "".join(
            f"    - {{key: {key}, reason: 试, basis: 试, audience: [{audience}]}}\n"
            for key in TOTALS
        )
        entry = f"{{key: funds.survey.outturn, reason: 试, basis: 试, audience: [{audience}]}}"
        policy(project, extra=f"  withhold:\n    - {entry}\n  release:\n{lines}")
        assert [each.code for each in told(project.draft(audience=audience))] == codes


def waive(project, code, subject, judged):
    project.replace(
        f"{HOME}/report.yaml",
        "waivers:\n",
        f"waivers:\n  - {{code: {code}, subject: {subject}, judged: [{judged}], reason: 知道}}\n",
    )


def test_it_can_be_waived_and_the_waiver_is_no_matter_of_the_internal_version(project):
    policy(project, withhold=["funds.survey.outturn"], release=TOTALS)
    (recovered,) = told(project.draft(audience="public"))
    waive(project, "D160", "funds.survey.outturn", recovered.params["text"])
    outcome = project.draft(audience="public")
    assert [each.waived for each in told(outcome)] == ["知道"]
    assert not outcome.failed
    assert "R103" not in [each.code for each in project.draft().findings]


def another(project, narrative):
    """Add a second report of the same year, with a policy of its own."""
    home = f"{DATA}/second"
    (project.root / home / "narrative").mkdir(parents=True)
    for name in ("report.yaml", "ratings.yaml"):
        project.write(f"{home}/{name}", project.text(f"{HOME}/{name}"))
    for name in ("opening", "spending", "results", "staffing"):
        project.write(f"{home}/narrative/{name}.md", project.text(f"{HOME}/narrative/{name}.md"))
    project.write(f"{home}/narrative/results.md", narrative)


def test_another_report_of_the_year_that_prints_it_is_named(project):
    policy(project, withhold=["funds.survey.outturn"])
    another(project, project.text(f"{HOME}/narrative/results.md"))
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.severity) == ("D162", "error")
    assert "2023/second" in message(found, "zh")


def test_another_report_that_cannot_be_composed_is_not_passed_over(project):
    policy(project, withhold=["funds.survey.outturn"])
    another(project, "{{ nothing }}\n")
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.subject) == ("D161", "2023/second")


def typed(project, text):
    """Add a sentence without any figure to the report's text."""
    path = f"{HOME}/narrative/results.md"
    project.write(path, f"{project.text(path)}\n\n{text}\n")


def test_numbers_typed_beside_each_other_that_give_a_secret_are_told_with_the_arithmetic(project):
    policy(project, withhold=["funds.chains.outturn"])
    typed(project, "链条建设共投入130.62万元，其中企业自筹34.32万元。")
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.severity, found.subject) == ("D163", "error", "funds.chains.outturn")
    assert found.params["working"] == "130.62万元 － 34.32万元 ＝ 96.3万元"
    assert found.params["keys"] == "@typed_numbers"
    assert "2023/department" in message(found, "zh")


def test_facts_without_a_formula_that_give_a_secret_are_told_with_one_to_hide(project):
    facts = f"{DATA}/facts.yaml"
    lines = "  本年投入: 801.6万元\n  上年投入: 482.9万元\n  新增投入: 318.7万元\n"
    project.write(facts, project.text(facts).replace("facts:\n", "facts:\n" + lines))
    policy(project, withhold=["新增投入"])
    typed(project, "投入{{ 本年投入 }}，上年{{ 上年投入 }}。")
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.severity, found.subject) == ("D163", "error", "新增投入")
    assert found.params["working"] == "801.6万元 － 482.9万元 ＝ 318.7万元"
    assert found.params["keys"] == "本年投入、上年投入"
    assert found.params["lines"] == "mask: 本年投入"
    policy(
        project,
        extra="  mask:\n"
        + "".join(
            f"    - {{key: {key}, reason: 试, basis: 试, shown: 若干}}\n"
            for key in ("新增投入", "本年投入")
        ),
    )
    assert told(project.draft(audience="public")) == []


def test_they_are_a_warning_in_different_places(project):
    policy(project, withhold=["funds.chains.outturn"])
    typed(project, "链条建设共投入130.62万元。此外企业自筹34.32万元。")
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.severity) == ("D163", "warning")


def test_numbers_that_give_no_digits_of_a_secret_are_not_told(project):
    policy(project, withhold=["funds.chains.outturn"])
    typed(project, "链条建设共投入130.62万元，其中企业自筹31.32万元。")
    assert told(project.draft(audience="public")) == []


def test_numbers_of_another_report_count_as_well(project):
    policy(project, withhold=["funds.chains.outturn"])
    project.write(f"{HOME}/narrative/results.md", "自评得分高。\n")
    another(project, "链条建设共投入130.62万元，其中企业自筹34.32万元。\n")
    home = f"{DATA}/second"
    project.write(f"{home}/disclosure.yaml", project.text(f"{HOME}/disclosure.yaml"))
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.subject) == ("D163", "funds.chains.outturn")
    assert "2023/second" in found.params["where"]


def test_a_public_document_carries_no_keys(project):
    policy(project, withhold=["funds.survey.outturn"])
    document = project.draft(audience="public").document
    assert "key='" in repr(project.draft().document).replace("key=''", "")
    assert "key='" not in repr(document).replace("key=''", "")


def test_a_column_left_out_whose_figures_follow_is_a_warning(project):
    part = "  withhold:\n    - {form: overview, column: 年初预算, reason: 试, basis: 试}\n"
    policy(project, extra=part)
    assert told(project.draft(audience="public")) == []  # all of it goes, so nothing follows
    project.write(
        f"{HOME}/narrative/spending.md",
        "年初预算{{ funds.chains.initial }}、{{ funds.survey.initial }}，"
        "项目支出共{{ expenditure.project.initial }}。\n",
    )
    (found,) = told(project.draft(audience="public"))
    assert (found.code, found.severity, found.subject) == (
        "D160",
        "warning",
        "funds.training.initial",
    )


def test_with_too_many_equations_it_says_so(project, monkeypatch):
    monkeypatch.setattr("reportgen.flow.recoverable.MOST_EQUATIONS", 0)
    policy(project, withhold=["funds.survey.outturn"], release=TOTALS)
    assert told(project.draft(audience="public"))[0].code == "D161"


def test_a_printed_score_that_a_rule_works_out_from_a_secret_is_to_be_looked_at():
    of = ledger(facts({"a": "5分"}))
    score = replace(
        of.figures["a"], key="ratings.x.score", kind="score", formula="value = a", inputs=("a",)
    )
    of = replace(of, figures={**of.figures, score.key: score})
    secret = Secret("a", "a", "5分", value=Fraction(5))
    disclosed = Disclosed(
        of, "public", entries=(DisclosureEntry("withheld", "a", "a", "试"),), secrets=(secret,)
    )
    document = Document(
        title=("题",),
        language="zh-CN",
        subject="",
        organization="",
        date="2024-01-01",
        audience="public",
        blocks=(Paragraph((Value("5分", "5", score.key),)),),
    )
    inputs = SimpleNamespace(rules=Rules(), pack=SimpleNamespace(formats=FORMATS))
    derived = Derived(Job(Path(), Path(), "u", 2023, "a"), inputs, of)
    log = Diagnostics()
    check_recoverable(Version(derived, disclosed, document), document, (), log)
    assert [(f.code, f.subject) for f in log] == [("D161", score.key)]
