from __future__ import annotations

from pathlib import Path

import docx
import pytest

from frames import with_element, with_field, with_relation
from logged import load_edition
from reportgen.wordfile.carried import carried, left_out
from reportgen.wordfile.package import WordFile
from small_project import PACK, spots

FORMATS = ("docx", "html", "pdf")


def edition(small):
    return load_edition(small.files, "small")


def test_shared_frames_are_used_unless_the_pack_has_its_own(small):
    shared, findings = edition(small)
    assert findings == ()
    assert shared.css == small.text("templates/shared/report.css")
    small.write(f"{PACK}/report.css", "p { color: red }")
    own, _ = edition(small)
    assert own.css == "p { color: red }"
    assert own.frame == shared.frame


@pytest.mark.parametrize("name", ["frame.docx", "page.html.j2", "report.css", "report.typ"])
def test_missing_frame_is_named(small, name):
    (small.root / "templates/shared" / name).unlink()
    found, findings = edition(small)
    assert found is None
    assert spots(findings) == [("L100", f"templates/shared/{name}", 1, 1)]


@pytest.mark.parametrize("name", ["page.html.j2", "report.css", "report.typ"])
def test_frame_that_is_not_utf_8_is_named(small, name):
    small.write(f"{PACK}/{name}", "甲".encode("gbk"))
    assert spots(edition(small)[1]) == [("L113", f"{PACK}/{name}", 1, 1)]


def test_link_of_a_frame_that_leaves_the_project_falls_back_to_the_shared_one(small, tmp_path):
    (tmp_path / "report.css").write_text("outside", "utf-8")
    (small.root / PACK / "report.css").symlink_to(tmp_path / "report.css")
    found, _ = edition(small)
    assert found.css == small.text("templates/shared/report.css")


LOADED = {
    "report.css": [
        "url(https://x.example/a.png)",
        'URL( "a.png" )',
        "u\\72l(a.png)",
        "\\75\\52 l(//x)",
        "u\\72\nl(a.png)",
        "@\\69 mport url(a.css)",
        "url(a b)",
        '@import "a.css"',
        "@\\69mport url(a.css)",
        'image-set("a.png" 1x)',
        '-webkit-image-set("a.png" 1x)',
        'cross-fade("a.png", red)',
        'image("a.png")',
        "src(var(--x))",
    ],
    "page.html.j2": [
        '<img src="https://x.example/a.png">',
        '<img src="logo.png">',
        '<img src="{{ document.name }}">',
        "<img srcset='a.png 1x'>",
        "<img/onerror=x>",
        "<script>x</script>",
        '<SCRIPT SRC="a.js">',
        '<link rel="stylesheet" href="a.css">',
        '<base href="https://x.example/">',
        '<iframe src="a">',
        '<object data="a">',
        '<embed src="a">',
        '<form action="https://x.example/">',
        '<meta http-equiv="refresh" content="0;url=a">',
        '<a href="javascript:x">',
        '<a href=" java\tscript:x">',
        '<a href="#a" ping="https://x.example">',
        '<a href="data:text/html,x">',
        '<svg><use xlink:href="https://x.example/a.svg#a"/></svg>',
        '<svg><image href="a.png"/></svg>',
        '<svg><rect fill="url(https://x.example/a.svg#a)"/></svg>',
        '<svg><set attributeName="href" to="a"/></svg>',
        '<p style="background: url(a.png)">',
        "<style>p { background: url(a.png) }</style>",
        '<video poster="a.png">',
        '<body background="a.png">',
        "<p onclick=x>",
        '<a href="#a" attributionsrc="https://x.example">',
        "<!-- <script> -->",
    ],
    "report.typ": [
        '#import "@preview/cetz:0.3.0": *',
        '#include "other.typ"',
        '#eval("1")',
        '#std.at("x")',
        '#let x = dictionary(std)',
        '$ x_std.eval("1") $',
        '/* */#import"@preview/cetz:0.3.0"',
    ],
    "chart.typ": ['#import "@local/x:0.1.0"'],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "written"), [(name, each) for name, listed in LOADED.items() for each in listed]
)
def test_what_a_pack_loads_or_runs_is_told_at_its_place(small, name, written):
    before = small.text(f"templates/shared/{name}").replace("\n", "\r\n")
    inside = f"p {{ x: {written} }}" if name == "report.css" and written[0] != "@" else written
    small.write(f"{PACK}/{name}", f"{before}\n  {inside}\n".encode())
    found, findings = edition(small)
    assert found is None
    line = before.count("\n") + 2
    assert {(each.code, each.span.path, each.span.line) for each in findings} == {
        ("P308", f"{PACK}/{name}", line)
    }
    assert all(each.span.column >= 3 for each in findings)


KEPT = {
    "report.css": [
        "p { background: url(data:image/png;base64,aaaa) }",
        "p { filter: url(#own) }",
        '@font-face { font-family: x; src: local("Times New Roman") }',
        "p { color: red !important; content: '\\201C' }",
        "/* url( @import */",
    ],
    "page.html.j2": [
        '<a href="https://www.example.gov.cn/">法规</a>',
        '<a href="mailto:x@example.org">x</a>',
        '<a href="#a">x</a>',
        '<a href="a.docx" download>x</a>',
        '<a href="{{ document.name | urlencode }}">x</a>',
        '<img src="data:image/png;base64,aaaa" alt="x">',
        '<svg><use href="#a"/></svg>',
        "{# <script> #}",
        '{% if document.name == "<script>" %}{% endif %}',
    ],
    "report.typ": ['#let important = 1', "// medieval inclusion"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "written"), [(name, each) for name, listed in KEPT.items() for each in listed]
)
def test_what_loads_nothing_may_stand_in_a_pack(small, name, written):
    small.write(f"{PACK}/{name}", small.text(f"templates/shared/{name}") + written)
    found, findings = edition(small)
    assert found is not None
    assert findings == ()


def test_place_of_an_attribute_is_its_own(small):
    path = f"{PACK}/page.html.j2"
    small.write(path, '<p>\n<a title="{{ x }}" ping="y">\n')
    (told,) = edition(small)[1]
    assert (told.span.line, told.span.column, told.subject) == (2, 20, 'ping="y"')


CARRIED = {
    "template": with_relation("settings", "attachedTemplate", "file:///c:/x.dotm", external=True),
    "picture": with_relation("document", "image", "https://x.example/a.png", external=True),
    "ole-link": with_relation("document", "oleObject", "file:///c:/x.xlsx", external=True),
    "file-link": with_relation("document", "hyperlink", "file://server/x", external=True),
    "script-link": with_relation("document", "hyperlink", "javascript:x", external=True),
    "frame-set": with_relation("webSettings", "frame", "https://x.example/", external=True),
    "macros": with_relation("document", "vbaProject", "vbaProject.bin"),
    "package": with_relation("document", "package", "embeddings/x.xlsx"),
    "control": with_relation("document", "control", "activeX/activeX1.xml"),
    "html": with_relation("document", "aFChunk", "a.html"),
    "unknown": with_relation("document", "telemetry", "t.xml"),
    "comments": with_relation("document", "comments", "comments.xml"),
    "dde": with_field("document", " DDEAUTO c:\\\\x cmd "),
    "include": with_field("footer1", ' INCLUDETEXT "c:/x.docx" '),
    "picture-field": with_field("footer1", "INCLUDE", 'PICTURE "https://x.example/a.png" '),
    "simple-field": with_element("footer1", '<w:fldSimple w:instr=" LINK x "/>'),
    "asking-field": with_field("document", " FILLIN x "),
    "object": with_element("document", "<w:object/>"),
    "chunk": with_element("document", "<w:altChunk/>"),
    "insertion": with_element("document", '<w:ins w:author="张三"/>'),
    "deletion": with_element("document", "<w:del/>"),
    "revised-look": with_element("footer1", '<w:pPr><w:pPrChange w:author="张三"/></w:pPr>'),
    "editor": with_element("document", '<w:permStart w:ed="a@example.org"/>'),
    "address-of-a-part": with_relation("document", "image", "https://x.example/a.png"),
    "hidden": with_element("footer1", "<w:vanish/>"),
    "macro-on-entry": with_element("document", '<w:entryMacro w:val="x"/>'),
    "vml": with_element("footer1", '<w:pict src="https://x.example/a.png"/>'),
    "mail-merge": with_element("settings", "<w:mailMerge/>"),
}


@pytest.mark.parametrize("kind", CARRIED)
def test_what_a_word_frame_carries_into_every_report_is_told_with_its_part(small, kind):
    frame, part = CARRIED[kind]
    small.write(f"{PACK}/frame.docx", frame)
    found, findings = edition(small)
    assert found is None
    assert [(each.code, each.span.path) for each in findings] == [("P309", f"{PACK}/frame.docx")]
    assert findings[0].subject == part


HARMLESS = [
    with_relation("document", "hyperlink", "https://www.example.gov.cn/", external=True),
    with_relation("document", "customXml", "../customXml/item1.xml"),
    with_relation("document", "people", "people.xml"),
    with_field("footer1", " PAGE \\\\* MERGEFORMAT "),
    with_element("styles", '<w:vanish w:val="0"/>'),
]


@pytest.mark.parametrize(("frame", "part"), HARMLESS)
def test_what_word_adds_by_itself_is_no_matter(small, frame, part):
    small.write(f"{PACK}/frame.docx", frame)
    assert edition(small)[1] == ()


def test_frame_that_word_made_may_be_used(small):
    made = Path(docx.__file__).parent / "templates/default.docx"
    frame = WordFile.read(made.read_bytes())
    assert carried(frame) == ()
    assert {"customXml", "creator python-docx"} <= set(left_out(frame))
