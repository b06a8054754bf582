"""Computed figures are compared with what a published text printed."""

from __future__ import annotations

from logged import derive
from reportgen.check.published import check_published
from reportgen.model.document import Document, Paragraph, Value
from reportgen.model.figures import Fact, Facts
from reportgen.model.pack import Formats
from reportgen.model.quantity import Shape, parse_quantity
from reportgen.model.rules import Metric, Published
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import UNITS, find_unit

FORMATS = Formats(find_unit("万元"), Shape(2), Shape(2))


def facts(**texts):
    """Return facts with quantities by key."""
    return {
        key: Fact(key, key, parse_quantity(text), SourceSpan("data.yaml", line, 1))
        for line, (key, text) in enumerate(texts.items(), 1)
    }


def test_published_figure_is_compared_at_the_digits_it_shows():
    metric = Metric(
        "rate",
        "率",
        Formula("a / b", SourceSpan("p", 1, 1)),
        SourceSpan("p", 1, 1),
        unit=UNITS["%"],
    )
    made, _ = derive(Facts(2023, facts(a="3241.81万元", b="2392.94万元")), (), (metric,), FORMATS)

    def compared(text, remark="", key="rate", computed=""):
        entry = Published(key, text, "一", remark, SourceSpan("published.yaml", 2, 3), computed)
        return [(f.code, f.severity) for f in check_published(made, None, [entry])]

    assert compared("135.47%") == []
    assert compared("135.5%") == []
    assert compared("135%") == []
    assert compared("") == []
    assert compared("135.42%") == [("R301", "warning")]
    assert compared("135.42%", "算错", computed="135.47%") == [("R301", "note")]
    assert compared("135.42%", "算错", computed="135.5%") == [("R305", "warning")]
    assert compared("135.42%", "算错", computed="136.47%") == [("R305", "warning")]
    assert compared("135.42%", "算错") == [("R305", "warning")]
    assert compared("135.47%", "算错") == [("R302", "warning")]
    assert compared("1", key="rat") == [("R303", "error")]
    assert compared("3241.81", key="a") == []
    assert compared("0.324181亿元", key="a") == []
    assert compared("3241.82", key="a") == [("R301", "warning")]


def test_published_figure_that_was_rounded_down_at_the_half_differs():
    metric = Metric(
        "r", "率", Formula("a / b", SourceSpan("p", 1, 1)), SourceSpan("p", 1, 1), unit=UNITS["%"]
    )
    made, _ = derive(Facts(2020, facts(a="8077家", b="4000家")), (), (metric,), FORMATS)
    assert made.figures["r"].text == "201.93%"
    entry = Published("r", "201.92%", "一", "", SourceSpan("published.yaml", 2, 3))
    assert [f.code for f in check_published(made, None, [entry])] == ["R301"]


def test_derived_figure_that_a_comparison_leaves_out_is_named_where_it_is_printed():
    metric = Metric(
        "r", "率", Formula("a / b", SourceSpan("p", 7, 1)), SourceSpan("p", 7, 1), unit=UNITS["%"]
    )
    made, _ = derive(Facts(2023, facts(a="1家", b="2家")), (), (metric,), FORMATS)
    printed = Paragraph((Value("50%", "50", "r"), Value("1", "1", "a")))
    document = Document(("题",), "zh-CN", "", "", "2023-01-01", "internal", (printed,))

    def compared(*keys):
        entries = [Published(key, "", "一", "", SourceSpan("published.yaml", 2, 3)) for key in keys]
        return [(f.code, f.span.line) for f in check_published(made, document, entries)]

    assert compared("a") == [("R304", 7)]
    assert compared("r") == [("R306", 2)]
    assert compared("a", "r") == []
    assert compared() == []


def test_printed_facts_that_a_comparison_leaves_out_are_counted_in_one_note():
    names = [f"f{n}" for n in range(20)]
    made, _ = derive(Facts(2023, facts(**dict.fromkeys(names, "1家"))), (), (), FORMATS)
    printed = Paragraph(tuple(Value("1家", "1", name) for name in (*names, "f3")))
    document = Document(("题",), "zh-CN", "", "", "2023-01-01", "internal", (printed,))

    def compared(keys):
        entries = [Published(key, "", "一", "", SourceSpan("published.yaml", 2, 3)) for key in keys]
        return check_published(made, document, entries)

    (found,) = compared(["f0"])
    assert (found.code, found.severity, str(found.span)) == ("R306", "note", "published.yaml:2:3")
    counts = (found.params["count"], found.params["total"], found.params["share"])
    assert counts == ("19", "20", "5%")
    assert found.params["keys"].split("、")[:2] == ["f1", "f2"]
    assert compared(names) == ()
    assert compared([]) == ()
