"""`reportgen numbers --fix` writes references where the printed text stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.features.drafting.binding import bind, printed
from small_project import NARRATIVE, SmallProject, reportgen


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return SmallProject.copied(tmp_path_factory.mktemp("binding") / "project")


def narrative(project):
    path = min((project.root / NARRATIVE).glob("*.md"))
    return path.relative_to(project.root).as_posix()


@pytest.fixture
def prose(small):
    """Yield a function that puts a text below a narrative; the narrative is mended afterwards."""
    path = narrative(small)
    old = small.text(path)
    yield lambda text: small.write(path, f"{old.rstrip()}\n\n{text}\n") or path
    small.write(path, old)


def test_number_is_bound_and_the_report_prints_the_same(small, prose):
    rate = small.draft().ledger.figures["execution_rate"].text
    path = prose(f"2023年执行率{rate}，发放7431份。")
    before = printed(small.draft().internal)
    run = reportgen("numbers", "--root", small.root, "--fix")
    assert small.text(path).endswith("{{ year }}年执行率{{ execution_rate }}，发放7431份。\n")
    assert printed(small.draft().internal) == before
    assert run.code == 1
    assert "7431份" in run.out
    assert path in run.err


def test_number_that_several_figures_have_is_left_and_each_is_listed(small, prose):
    facts = "data/bureau/2023/facts.yaml"
    old = small.text(facts)
    small.write(facts, old.replace("facts:", "facts:\n  宣讲份数: 7431份\n  印发份数: 7431份", 1))
    path = prose("全年份数共7431份，印发份数7431份。")
    run = reportgen("numbers", "--root", small.root, "--fix")
    written = small.text(path)
    small.write(facts, old)
    assert written.endswith("全年份数共7431份，印发份数{{ 印发份数 }}。\n")
    for line, name in ((2, "宣讲份数"), (3, "印发份数")):
        assert f"{facts}:{line}:" in run.out
        assert f"{{{{ {name} }}}} {name} 7431份" in run.out


def test_list_names_the_place_and_the_expression(small, prose):
    rate = small.draft().ledger.figures["execution_rate"].text
    path = prose(f"执行率{rate}，见第3季度。")
    run = reportgen("numbers", "--root", small.root, "--all")
    assert run.code == 1
    rows = [line for line in run.out.split("\n") if line.startswith(f"{path}:")]
    assert any("{{ execution_rate }}" in row for row in rows)
    assert any("第3季度" in row or "3季度" in row for row in rows)


def test_nothing_is_listed_where_nothing_is_typed(small):
    run = reportgen("numbers", "--root", small.root)
    assert run.code == 0


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_binding_never_changes_what_is_printed_and_is_done_once(small, prose, data):
    figures = [f for f in small.draft().ledger.figures.values() if f.value is not None and f.text]
    parts = data.draw(
        st.lists(
            st.tuples(st.sampled_from(figures), st.sampled_from(["", "约", "增长", "共", "“"])),
            min_size=1,
            max_size=4,
        )
    )
    prose("".join(f"{f.title.replace('·', '')}{lead}{f.text}，" for f, lead in parts) + "完。")
    outcome = small.draft()
    before = printed(outcome.internal)
    for change in bind(outcome.draft):
        small.write(change.path, change.new)
    after = small.draft()
    assert printed(after.internal) == before
    assert bind(after.draft) == ()
