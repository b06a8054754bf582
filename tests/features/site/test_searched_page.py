from __future__ import annotations

from reportgen.features.site.searched_page import searched_page
from reportgen.verify.part import Part
from sealed_pdf import page, rewritten

NAME = "甲乙丙丁戊己庚辛壬"


def pieces(path, data):
    parts = (part for part in searched_page(path, data).parts if isinstance(part, Part))
    return [piece for part in parts for piece in part.pieces]


def test_hash_in_a_page_is_no_number():
    assert not any(
        "13800000000" in each for each in pieces("a.json", b'["%b"]' % (b"13800000000" * 4)[:40])
    )


def test_name_of_as_many_digits_as_a_hash_is_searched_in_a_pdf():
    written = ("\ufeff" + NAME).encode("utf-16-be").hex().encode()
    assert len(written) == 40
    data = rewritten(page("notice"), b"/Span<</ActualText<%b>>>BDC EMC" % written)
    assert NAME in pieces("notice.pdf", data)
