from __future__ import annotations

import io
from zlib import crc32

import pytest
from composing import composed, pack
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pictures import CARRIED, jpeg, png
from reportgen.compose.errors import TemplateError
from reportgen.compose.pictures import read_picture
from reportgen.model import limits

FORM = "templates/p/forms/f.html"
FILES = {"seal.png": png(), "标志.jpg": jpeg()}


def shown(inner, files=FILES):
    """Return the first cell of a form with `inner` in it, and the findings."""
    html = f"<table>\n<caption>名</caption>\n<tr><td>\n{inner}\n</td></tr>\n</table>"
    document, findings = composed('{{ form("f") }}', files={FORM: html}, rules=pack(pictures=files))
    return document and document.blocks[1].rows[0].cells[0], findings


def test_picture_stands_in_its_cell_in_millimetres_and_its_proportions():
    cell, findings = shown('盖章<img src="标志.jpg" alt="市标志" width="40">')
    assert findings == ()
    assert [text.text for text in cell.lines[0]] == ["盖章"]
    assert (cell.picture.alt, cell.picture.width, cell.picture.height) == ("市标志", 40, 10)
    assert cell.picture.name.endswith(".jpg")


def test_what_it_says_to_those_who_cannot_see_it_may_be_a_value():
    cell, _ = shown('<img src="seal.png" alt="{{ funds.road.name }}公章" width="40">')
    assert cell.picture.alt == "修路公章"


@pytest.mark.parametrize("data", [png(), png(mode="P"), png(mode="LA"), jpeg(), jpeg(mode="L")])
def test_its_pixels_are_kept_and_nothing_beside_them(data):
    picture = read_picture("a", "b", 10, {"a": data})
    assert CARRIED.encode() in data
    assert CARRIED.encode() not in picture.data
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(picture.data))
    assert (after.format, after.size, after.mode) == (before.format, before.size, before.mode)
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert read_picture("a", "b", 10, {"a": bytes(bytearray(data))}) == picture


def test_photograph_is_turned_as_the_camera_was_held():
    picture = read_picture("a", "b", 10, {"a": jpeg(turned=6)})
    image = Image.open(io.BytesIO(picture.data)).convert("L")
    assert image.size == (20, 80)
    assert (image.getpixel((10, 5)) > 200, image.getpixel((10, 75)) < 60) == (True, True)


def test_colours_of_printers_become_those_of_screens():
    picture = read_picture("a", "b", 10, {"a": jpeg(mode="CMYK")})
    assert Image.open(io.BytesIO(picture.data)).mode == "RGB"


WIDE = png(int(limits.PICTURE_PIXELS) // 100 + 1, 100, mode="1")
HEADER = b"IHDR\0\xff\xff\xff\0\xff\xff\xff\x08\2\0\0\0"
HUGE = b"\x89PNG\r\n\x1a\n\0\0\0\r" + HEADER + crc32(HEADER).to_bytes(4) + png()[33:]
UNFIT = [
    (None, "@picture_missing"),
    (b"", "@picture_kind"),
    (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "@picture_kind"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "@picture_kind"),
    (png()[:-40], "@picture_damaged"),
    (jpeg()[:-100], "@picture_damaged"),
    (WIDE, "@picture_large"),
    (HUGE, "@picture_large"),
    (png()[:20] + b"?" + png()[21:], "@picture_damaged"),
]


@pytest.mark.parametrize(("data", "detail"), UNFIT)
def test_file_that_is_no_fit_picture_is_told_at_its_line(data, detail):
    files = {} if data is None else {"a.png": data}
    cell, (found,) = shown('<img src="a.png" alt="章" width="40">', files)
    assert cell is None
    assert (found.code, found.span.path, found.span.line) == ("T160", FORM, 4)
    assert (found.params["name"], found.params["detail"]) == ("a.png", detail)


def test_picture_higher_than_a_page_is_refused():
    assert shown('<img src="seal.png" alt="章" width="150">')[1] == ()
    _, (found,) = shown('<img src="seal.png" alt="章" width="151">')
    assert (found.code, found.params["detail"]) == ("T160", "@picture_high")


REFUSED = [
    ('<img src="seal.png" width="40">', "<img>, alt ∅"),
    ('<img src="seal.png" alt=" " width="40">', "<img>, alt ∅"),
    ('<img src="seal.png" alt="章">', "<img>, width ∅"),
    ('<img alt="章" width="40">', "<img>, src ∅"),
    ('<img src="seal.png" alt="章" width="40%">', 'width="40%"'),
    ('<img src="seal.png" alt="章" width="40" style="x">', '<img style="x">'),
    (
        '<img src="seal.png" alt="章" width="40"><img src="标志.jpg" alt="章" width="4">',
        '<img src="标志.jpg">',
    ),
]


@pytest.mark.parametrize(("inner", "part"), REFUSED)
def test_picture_says_what_it_shows_and_how_wide_it_is(inner, part):
    _, (found,) = shown(inner)
    assert (found.code, found.params["part"], found.span.line) == ("T111", part, 4)


@pytest.mark.parametrize("name", ["../frame.docx", "/etc/passwd", "https://example.org/a.png"])
def test_only_files_beside_the_forms_are_shown(name):
    _, (found,) = shown(f'<img src="{name}" alt="章" width="40">')
    assert (found.code, found.params["known"]) == ("T160", "seal.png、标志.jpg")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([png(), jpeg(), png(mode="P")]), st.data())
def test_any_damage_is_told_or_does_no_harm(data, drawn):
    spoilt = bytearray(data)
    for _ in range(drawn.draw(st.integers(1, 8))):
        spoilt[drawn.draw(st.integers(0, len(data) - 1))] = drawn.draw(st.integers(0, 255))
    spoilt = spoilt[: drawn.draw(st.integers(0, len(data)))]
    try:
        picture = read_picture("a", "b", 10, {"a": bytes(spoilt)})
    except TemplateError as error:
        picture = None
        told = error.code
    if picture is None:
        assert told == "T160"
    else:
        Image.open(io.BytesIO(picture.data)).load()
