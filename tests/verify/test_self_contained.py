"""Finished files are read for what they load, run or hold, whatever made them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from finished import DOCUMENT, EDITION

from frames import with_element, with_field, with_relation
from reportgen.verify.opened import OpenedFile
from reportgen.verify.outputs import verify
from reportgen.verify.self_contained import outside
from reportgen.write.docx import write_docx
from reportgen.write.html import write_html

PAGE = "<!doctype html><html><head>{}</head><body>{}</body></html>"
LOADING = [
    '<img src="https://x.example/a.png">',
    '<img src="a.png">',
    "<img src=//x.example/a>",
    '<img srcset="a.png 2x" src="data:image/png;base64,aa">',
    "<IMG SRC=a.png>",
    '<img src="data:text/html,x">',
    "<script>x</script>",
    "<scr\0ipt src=x></script><script src=x></script>",
    "<p onclick=x>a</p>",
    '<svg onload="x"></svg>',
    '<a href="javascript:x">a</a>',
    '<a href="JaVaScRiPt&#58;x">a</a>',
    '<a href="\tjava\nscript:x">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="#a" ping="x">a</a>',
    '<form action="x"></form>',
    '<iframe srcdoc="x"></iframe>',
    '<object data="x"></object>',
    '<embed src="x">',
    '<video src="x"></video>',
    '<svg><use xlink:href="https://x.example/#a"></use></svg>',
    '<svg><image href="x.png"></image></svg>',
    '<svg><rect fill="url(//x.example/#a)"></rect></svg>',
    '<p style="background: url(x.png)">a</p>',
    '<p style="background: u\\72 l(x.png)">a</p>',
    "<p style=\"background: image-set('x.png' 1x)\">a</p>",
    "<table background=x.png></table>",
    "<!-- --!><script>x</script> -->",
]
IN_HEAD = [
    '<link rel="stylesheet" href="x.css">',
    '<base href="https://x.example/">',
    '<meta http-equiv="refresh" content="0;url=x">',
    "<style>@import 'x.css';</style>",
    "<style>@font-face { src: url(x.woff2) }</style>",
    "<style>p { background: URL( 'x.png' ) }</style>",
]


def found(page: str) -> tuple[str, ...]:
    return tuple(outside(OpenedFile(page.encode())))


@pytest.mark.parametrize("written", LOADING)
def test_page_that_loads_or_runs_something_is_found_out(written):
    assert found(PAGE.format("", written))


@pytest.mark.parametrize("written", IN_HEAD)
def test_head_that_loads_something_is_found_out(written):
    assert found(PAGE.format(written, ""))


@pytest.mark.parametrize(
    "written",
    [
        '<a href="https://www.example.gov.cn/">a</a><a href="x.docx">a</a><a href="#a">a</a>',
        '<img src="data:image/svg+xml;base64,aa">',
        "<p>&lt;script&gt; onclick=x src=x url(x) @import</p>",
        '<p title="src=x">a</p>',
        "<style>p { background: url(data:image/png;base64,aa); filter: url(#a) }</style>",
    ],
)
def test_page_that_stays_by_itself_is_let_pass(written):
    assert found(PAGE.format("", written)) == ()


def test_files_of_ours_stay_by_themselves():
    for write in (write_docx, write_html):
        assert tuple(outside(OpenedFile(write(DOCUMENT, EDITION)))) == ()


def word(changed: tuple[bytes, str]) -> bytes:
    return write_docx(DOCUMENT, replace(EDITION, frame=changed[0]))


@pytest.mark.parametrize(
    "changed",
    [
        with_relation("document", "hyperlink", "file://server/x", external=True),
        with_field("footer1", "INCLUDE", "PICTURE x"),
        with_element("footer1", '<w:fldSimple w:instr="DDE x"/>'),
        with_element("footer1", "<w:object/>"),
        with_element("styles", "<w:vanish/>"),
        with_element("settings", "<w:attachedTemplate/>"),
        with_element("footer1", "<w:ins/>"),
    ],
)
def test_word_file_that_loads_or_hides_something_is_found_out(changed):
    data = word(changed)
    if changed[1].endswith(".rels"):  # only what is referred to comes into a file
        data = word(with_reference(changed))
    assert tuple(outside(OpenedFile(data)))


def with_reference(linked: tuple[bytes, str]) -> tuple[bytes, str]:
    """Return a frame whose first footer refers to the relation that was added."""
    element = '<w:p><w:hyperlink r:id="rIdX"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>'
    return with_element("document", element, linked[0])


@pytest.mark.parametrize("audience", ["internal", "submit"])
def test_whoever_a_file_is_for_it_is_not_published(audience):
    page = EDITION.page.replace("</main>", "<script>x</script></main>")
    document = replace(DOCUMENT, audience=audience)
    files = {"html": write_html(document, replace(EDITION, page=page))}
    told = verify(document, files, None)
    assert ("V110", "<script") in {(each.code, each.params.get("what")) for each in told}
