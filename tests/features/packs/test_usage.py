from __future__ import annotations

import pytest

from logged import load_pack, logged
from reportgen.features.packs.formula_names import names_in_formulas
from reportgen.features.packs.inspection import new_pack
from reportgen.features.packs.names import NamesUsed, key_and_groups, merged
from reportgen.features.packs.usage import names_in_templates
from reportgen.findings import Diagnostics
from reportgen.project.source_files import SourceFiles

NAME = "changsha/fund-2024"
PACK = f"templates/{NAME}"
SECTION = f"{PACK}/sections/funds.md"


@pytest.fixture
def root(tmp_path):
    new_pack(tmp_path, NAME, Diagnostics())
    return tmp_path


def in_section(root, text):
    """Return what a section of the pack names that has this text, and what is found."""
    (root / SECTION).write_text(text, "utf-8")
    pack, _ = load_pack(SourceFiles(root), NAME)
    uses, findings = logged(names_in_templates, SourceFiles(root), pack)
    return uses[SECTION], uses, findings


def in_formula(root, formula):
    """Return what a metric of the pack with this formula names."""
    text = f"metrics: {{spare: {{title: 多余, formula: '{formula}'}}}}\n"
    (root / PACK / "more.yaml").write_text(text, "utf-8")
    pack, _ = load_pack(SourceFiles(root), NAME)
    uses, findings = logged(names_in_formulas, pack)
    return uses.get("metric spare"), findings


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ a.b.c }}{{ a }}", {"a.b.c", "a"}),
        ("{{ (a | places(2)).b }}{{ f(c.d) }}", {"a", "f", "c.d"}),
        ("{% set a = b %}{{ a.c }}{% macro m(x) %}{{ x }}{% endmacro %}{{ m(d) }}", {"b", "d"}),
        ("{% for row in rows %}{{ row.x }}{% endfor %}", {"rows"}),
        ("{{ form('funds') }}", set()),
    ],
)
def test_names_of_a_template_are_those_it_does_not_set(root, text, names):
    assert in_section(root, text)[0].names == names


def test_loops_and_join_tell_lists_and_columns(root):
    text = "{% for r in t | sort %}{{ r.a }}{{ s.b }}{% endfor %}{{ u | join('、') }}"
    used = in_section(root, text)[0]
    assert (used.lists, used.columns) == ({"t", "u"}, {"t.a"})


def test_forms_and_includes_are_followed_and_a_broken_one_is_named(root):
    (root / PACK / "forms/other.html").write_text("{{ a }", "utf-8")
    (root / PACK / "part.md").write_text("{{ b }}", "utf-8")
    text = "{{ form('other') }}{% include '" + f"{PACK}/part.md" + "' %}"
    _, uses, findings = in_section(root, text)
    assert uses[f"{PACK}/part.md"].names == {"b"}
    assert uses[f"{PACK}/forms/other.html"] == NamesUsed()
    assert [(f.code, f.span.path) for f in findings] == [("T101", f"{PACK}/forms/other.html")]


@pytest.mark.parametrize(
    ("formula", "names", "columns", "lists"),
    [
        ("a.b + c", {"a.b", "a", "c"}, set(), set()),
        ("sum(t.x)", {"t.x", "t"}, {"t.x"}, {"t"}),
        ("count(t)", {"t"}, set(), {"t"}),
        ('sum(t[k == "甲" and x > m.n].x)', {"t", "k", "x", "m.n", "m"}, {"t.k", "t.x"}, {"t"}),
    ],
)
def test_names_of_a_formula_and_their_groups(root, formula, names, columns, lists):
    used, findings = in_formula(root, formula.replace("'", "''"))
    assert not findings
    assert (used.names, used.columns, used.lists) == (names, columns, lists)


def test_formula_that_cannot_be_read_names_nothing(root):
    used, findings = in_formula(root, "a +")
    assert used is None
    assert [each.code for each in findings] == ["F101"]


def test_uses_are_merged_and_keys_have_their_groups():
    one = NamesUsed(frozenset("a"), frozenset({"t.x"}), frozenset("t"))
    two = NamesUsed(frozenset("b"), frozenset({"t.y"}))
    together = NamesUsed(frozenset("ab"), frozenset({"t.x", "t.y"}), frozenset("t"))
    assert merged([one, two]) == together
    assert list(key_and_groups("a.b.c")) == ["a.b.c", "a.b", "a"]
