from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redacting import MARK, document, paragraph, redacted, table, term

from builders import codes, is_complete
from reportgen.disclose.terms import fold
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
    Chart,
    Cover,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
    plain,
)
from reportgen.model.publication import Publication

JMRH = term("军民融合", "JMRH")


def shown(text: str, *terms, **more) -> str:
    """Return what the public reads instead of `text`."""
    result, _, findings = redacted(document(paragraph(text)), *terms, **more)
    assert codes(findings) == []
    return plain(result.blocks[0].inlines)


def found(text: str, *terms, **more) -> list[str]:
    _, _, findings = redacted(document(paragraph(text)), *terms, **more)
    assert all(map(is_complete, findings))
    assert all(each.span == MARK for each in findings)
    return codes(findings)


def test_longest_term_counts_wherever_it_begins():
    terms = (term("军民", "甲"), term("军民融合", "乙"), term("推进军民融合发展", "丙"))
    assert shown("军民、军民融合、推进军民融合发展", *terms) == "甲、乙、丙"


def test_all_terms_are_replaced_at_once():
    _, _, findings = redacted(document(paragraph("甲乙")), term("甲", "丁"), term("乙", "丙"))
    assert codes(findings) == []
    assert shown("甲、乙", term("甲", "丁"), term("乙", "丙")) == "丁、丙"


def test_terms_are_replaced_in_what_is_drawn_and_said_of_charts():
    names = ("军民融合经费", "其他")
    values = ((Fraction(1),), (Fraction(2),))
    chart = Chart("c", "bars", names, ("军民融合",), values, (("1",), ("2",)), "元", "军民融合图")
    result, _, findings = redacted(document(chart), JMRH)
    (drawn,) = result.blocks
    assert codes(findings) == []
    assert (drawn.categories, drawn.series, drawn.alt) == (
        ("JMRH经费", "其他"),
        ("JMRH",),
        "JMRH图",
    )


def test_words_that_are_kept_stay():
    keep = term("军民融合", "JMRH", "军民融合产业园")
    assert shown("军民融合产业园推进军民融合", keep) == "军民融合产业园推进JMRH"


def test_a_kept_word_that_is_a_term_of_another_entry_is_replaced():
    terms = (term("军民融合", "JMRH", "军民融合办"), term("军民融合办", "某办"))
    assert shown("军民融合办和军民融合", *terms) == "某办和JMRH"


@pytest.mark.parametrize("written", ["军 民融合", "军民\n融合", "军民\u3000融\u200b合", "军民融合"])
def test_terms_are_found_however_they_are_broken(written):
    assert shown(f"推进{written}发展", JMRH) == "推进JMRH发展"


@pytest.mark.parametrize("written", ["Plan-A", "\uff50\uff4c\uff41\uff4e\uff0d\uff41", "PLAN-A"])
def test_terms_are_found_in_any_width_and_case(written):
    assert shown(f"实施{written}，", term("plan-a", "某计划")) == "实施某计划，"


def test_terms_are_replaced_over_inlines():
    line = (Text("推进军"), Strong((Text("民"), Break(), Value("融", "", "k"))), Text("合发展"))
    result, _, _ = redacted(document(Paragraph(line)), JMRH)
    assert result.blocks[0].inlines == (Text("推进JMRH"), Strong((Break(),)), Text("发展"))


def test_terms_are_replaced_over_the_lines_of_a_cell_and_of_a_title():
    cell = Cell(((Text("军民"),), (Text("融合办"),)))
    form = Table("form", "", (1,), (Row((cell,)),))
    result, _, _ = redacted(document(form, title=("推进军民", "融合情况")), JMRH)
    assert result.title == ("推进JMRH", "情况")
    assert result.blocks[0].rows[0].cells[0].lines == ((Text("JMRH"),), (Text("办"),))


def test_every_text_of_a_document_is_searched():
    x = (Text("密"),)
    blocks = (
        Cover((("密", x),), x),
        Title(("密",)),
        Heading(1, "密", x, "s1"),
        Paragraph(x),
        Items((ListItem("密", x),)),
        Table("form", "密", (1,), (Row((Cell((x,)),)),)),
        PageBreak(),
        AttachmentList((x,)),
        SignOff((x,)),
    )
    of = document(
        *blocks,
        title=("密",),
        subject="密",
        organization="密",
        annexes=(Annex("密", x, blocks, "annex-1"),),
        publication=Publication(name="密", keywords="密"),
    )
    result, (entry,), _ = redacted(of, term("密", "某"), properties={"creator": "密"})
    assert "密" not in repr(result)
    assert repr(result).replace("某", "密").replace("stated={'creator': '密'}", "stated={}") == (
        repr(of)
    )
    assert {"标题", "封面", "落款", "附件说明", "文件属性和网页信息"} <= set(entry.places)


def test_log_has_one_line_a_term_with_readable_places():
    of = document(
        Heading(1, "一、", (Text("军民融合"),), "s1"),
        paragraph("军民融合和军民融合"),
        table("栏", "军民融合", caption="基础数据表"),
    )
    _, (entry,), _ = redacted(of, JMRH)
    assert (entry.action, entry.subject, entry.before, entry.after) == (
        "replaced",
        "军民融合",
        "军民融合",
        "JMRH",
    )
    assert (entry.reason, entry.span) == ("不宜公开", MARK)
    assert entry.places == ("一、军民融合", "一、军民融合 表《基础数据表》 r2c1")


def test_other_audiences_read_the_term():
    of = document(paragraph("军民融合"), audience="internal")
    assert redacted(of, JMRH) == (of, (), ())


def test_d130_says_that_terms_overlap_a_kept_word():
    kept = term("融合", "X", "民融合作")
    assert found("融合，推进军民融合作，军民融", kept, term("军民融", "乙")) == ["D130"]
    two = (term("军民融合", "X"), term("融合发展", "Y"))
    assert found("军民融合发展，融合发展", *two) == ["D130"]


def test_d131_says_that_a_replacement_makes_a_term():
    assert found("甲乙乙丙", term("乙乙", "丁"), term("甲丁", "戊")) == ["D137", "D131"]


def test_d132_says_that_a_replacement_makes_a_secret():
    assert found("张军民融合", term("军民融合", "三"), secrets=("张三",)) == ["D132"]
    assert found("张三和军民融合", term("军民融合", "三"), secrets=("张三",)) == []


def test_d133_says_that_initials_are_typed_by_hand():
    by_hand = term("军民融合", "某工作", initials=("JMRH",))
    assert found("推进jmrh深度发展、军民融合", by_hand) == ["D133"]
    assert found("推进AJMRHB、军民融合", by_hand) == []


@pytest.mark.parametrize("text", ["推进军JMRH深度发展", "推进JMRH合发展", "推进军\nJ M R H发展"])
def test_d134_says_that_a_hand_masked_by_half(text):
    assert "D134" in found(text + "，军民融合", term("军民融合", "某", initials=("JMRH",)))
    assert "D134" in found(text + "，军民融合", JMRH)


def test_d134_says_that_a_fragment_stands_beside_what_was_replaced():
    assert found("军民军民融合", JMRH) == ["D134"]
    assert found("海军军民融合", JMRH) == []


def test_d135_says_that_a_term_cuts_a_figure():
    line = (Text("共"), Value("126人", "126"), Text("次"))
    _, _, findings = redacted(document(Paragraph(line)), term("人次", "X"))
    assert codes(findings) == ["D135"]
    result, _, findings = redacted(document(Paragraph(line)), term("共126人次", "若干"))
    assert (result.blocks[0].inlines, findings) == ((Text("若干"),), ())


def test_d136_says_that_a_term_is_part_of_a_longer_word():
    assert found("GRAIN", term("AI", "某")) == ["D136"]
    assert found("G AI N", term("AI", "某")) == []
    assert found("GRAIN AI", term("AI", "某", "grain")) == []


def test_d137_notes_a_term_that_does_not_occur():
    _, entries, findings = redacted(document(paragraph("无")), JMRH)
    assert (codes(findings), entries) == (["D137"], ())
    assert findings[0].severity == "note"


def test_d131_also_says_that_what_is_shown_holds_the_term():
    assert found("军民融合", term("军民融合", "军民融合工作")) == ["D131"]


def test_one_finding_a_term_counts_its_places():
    of = document(paragraph("军JMRH"), paragraph("军JMRH"), paragraph("军民融合"))
    _, _, (finding,) = redacted(of, JMRH)
    assert finding.params["count"] == "2"
    assert finding.params["where"] == "报告"


LETTERS = "甲乙丙 \n"
pieces = st.text(LETTERS, max_size=6)
words = st.text("甲乙丙", min_size=1, max_size=3)
texts = st.one_of(pieces.map(Text), pieces.map(lambda text: Value(text, "", "")))
inlines = st.lists(
    st.one_of(texts, st.just(Break()), st.lists(texts, max_size=2).map(tuple).map(Strong)),
    max_size=4,
).map(tuple)
blocks = st.one_of(
    inlines.map(Paragraph),
    st.tuples(pieces, inlines).map(lambda each: Items((ListItem(*each),))),
    st.lists(inlines, max_size=3).map(tuple).map(SignOff),
    st.lists(inlines, max_size=3).map(
        lambda lines: Table("form", "", (1,), (Row((Cell(tuple(lines)),)),))
    ),
)
documents = st.lists(blocks, max_size=4).map(lambda each: document(*each))
replacements = st.lists(
    st.builds(
        lambda word, put, kept: term(word, put, *(a + word + b for a, b in kept)),
        words,
        st.text("甲乙丁戊", max_size=3),
        st.lists(st.tuples(st.text("甲乙", max_size=1), st.text("乙丙", max_size=1)), max_size=1),
    ),
    min_size=1,
    max_size=3,
)


def lines_of(of) -> list[str]:
    """Return each text of a document that is read on, line breaks and all."""
    lines: list[str] = []
    for block in of.blocks:
        match block:
            case Paragraph(line):
                lines.append(plain(line))
            case Items((item,)):
                lines.append(item.label + plain(item.inlines))
            case SignOff(every):
                lines.append("".join(map(plain, every)))
            case Table(rows=(Row((cell,)),)):
                lines.append("".join(map(plain, cell.lines)))
    return lines


@given(documents, replacements)
def test_no_term_is_left_and_nothing_else_is_touched(of, terms):
    result, _, findings = redacted(of, *terms)
    if any(each.severity == "error" for each in findings):
        return
    active = {fold(each.term): each for each in terms}
    kept = [fold(word) for each in active.values() for word in each.keep]
    kept = [word for word in kept if word not in active]
    for before, after in zip(lines_of(of), lines_of(result), strict=True):
        bare = fold(after)
        for word in sorted(kept, key=len, reverse=True):
            bare = bare.replace(word, "|")
        assert not any(word in bare for word in active)
        if not any(word in fold(before) for word in active):
            assert after == before
    again, _, _ = redacted(result, *terms)
    assert again == result
