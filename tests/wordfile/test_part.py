from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reportgen.wordfile.part import WordPart, declaration, spans

SOURCE = """<?xml version="1.0"?>
<a x="1>2" y='/>'><!-- <b> --><b/><c >t<![CDATA[<d>]]><d e="f"/></c><?p <q>?></a>"""


def test_every_element_knows_where_it_stands_in_the_source() -> None:
    part = WordPart.read("a.xml", SOURCE.encode())
    cut = {each.tag: part.source[slice(*part.span(each)[::3])] for each in part.root.iter("*")}
    assert cut["b"] == "<b/>"
    assert cut["c"] == '<c >t<![CDATA[<d>]]><d e="f"/></c>'
    assert cut["a"] == part.source.removeprefix(declaration(part.source)).strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_part_keeps_its_encoding(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{name}"?><a>表</a>'.encode(encoding)
    part = WordPart.read("a.xml", data)
    assert part.root.text == "表"
    assert etree.fromstring(part.bytes(part.source)).text == "表"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)


@settings(max_examples=80, deadline=None)
@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_spans_agree_with_the_tree_whatever_it_holds(tree: object) -> None:
    root = etree.Element("r", {"a": "<>'\"/"})
    _fill(root, tree)
    source = etree.tostring(root, encoding="unicode")
    elements = list(etree.fromstring(source).iter("*"))
    for element, span in zip(elements, spans(source), strict=True):
        alone = etree.fromstring(source[span.start : span.end])
        assert etree.tostring(alone) == etree.tostring(element, with_tail=False)


def _fill(parent: etree._Element, tree: object) -> None:
    child = etree.SubElement(parent, "c")
    if isinstance(tree, list):
        for each in tree:
            _fill(child, each)
    else:
        child.text = str(tree)
        child.set("v", str(tree))
