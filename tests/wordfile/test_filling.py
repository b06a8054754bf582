from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.wordfile.filling import TagRange, with_tags
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import paragraphs
from word_files import cell, main_part, paragraph, row, table, word_file

TAG = '{% if a == "甲&乙" %}'
SOURCE_TAG = TAG.replace("&", "&amp;")


def put(data, number, start, end, tag=TAG):
    file = WordFile.read(data)
    target = list(paragraphs(file))[number]
    return with_tags(data, file, [TagRange(target, start, end, tag)])


def texts(data):
    return [each.text for each in paragraphs(WordFile.read(data))]


RUNS = st.lists(st.text("ab &<>甲_", min_size=1, max_size=4), min_size=1, max_size=4)


@given(RUNS, st.data())
@settings(max_examples=60, deadline=None)
def test_a_tag_takes_the_place_of_any_range_of_a_text_and_of_nothing_else(runs, data):
    text = "".join(runs)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    escaped = [each.replace("&", "&amp;").replace("<", "&lt;") for each in runs]
    file = word_file(paragraph("前") + paragraph(*escaped) + paragraph("后"))
    assert texts(put(file, 1, start, end)) == ["前", text[:start] + TAG + text[end:], "后"]


def test_every_byte_but_the_blank_stays_as_it_was():
    file = word_file(table(row(cell("名称"), cell("____ ____"))))
    filled = put(file, 1, 0, 4)
    assert main_part(filled) == main_part(file).replace("____", SOURCE_TAG, 1)
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(io.BytesIO(filled)) as new:
        assert old.namelist() == new.namelist()
        for name in set(old.namelist()) - {"word/document.xml"}:
            assert old.read(name) == new.read(name)


def test_an_empty_paragraph_gets_a_run_that_looks_like_what_is_typed_there():
    mark = "<w:pPr><w:rPr><w:b/></w:rPr></w:pPr>"
    body = f'<w:p/><w:p w:rsidR="1" /><w:p>{mark}</w:p>'
    for number, (old, new) in enumerate(
        [
            ("<w:p/>", "<w:p><w:r>TEXT</w:r></w:p>"),
            ('<w:p w:rsidR="1" />', '<w:p w:rsidR="1"><w:r>TEXT</w:r></w:p>'),
            (f"<w:p>{mark}</w:p>", f"<w:p>{mark}<w:r><w:rPr><w:b/></w:rPr>TEXT</w:r></w:p>"),
        ]
    ):
        typed = f'<w:t xml:space="preserve">{SOURCE_TAG}</w:t>'
        filled = main_part(put(word_file(body), number, 0, 0))
        assert filled == main_part(word_file(body.replace(old, new.replace("TEXT", typed))))


def test_a_box_of_a_symbol_font_is_replaced_as_a_whole():
    box = '<w:sym w:font="Wingdings" w:char="F06F"/>'
    body = f"<w:p><w:r>{box}<w:t>是</w:t></w:r></w:p>"
    assert texts(put(word_file(body), 0, 0, 1, "{{ a }}")) == ["{{ a }}是"]
