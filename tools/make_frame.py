"""Make templates/shared/frame.docx: page, styles and footers of GB/T 9704-2012, and three tags.

Run `python tools/make_frame.py [FILE]`; the same source always gives the same bytes. Whoever
adapts the frame for a pack opens it in Word: the writer finds the styles by their names.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from frame_pages import DRAWING, document, footer, turned_footer
from frame_styles import FANG, HEAD, OFFICE, W, font_table, styles

FRAME = Path(__file__).parent.parent / "templates" / "shared" / "frame.docx"

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CORE = f"{PACKAGE}/metadata/core-properties"
OPEN_PACKAGE = "application/vnd.openxmlformats-package"
OFFICE_TYPES = "application/vnd.openxmlformats-officedocument"
MAIN = f"{OFFICE_TYPES}.wordprocessingml"
FOOTERS = {
    "footer1.xml": footer("right"),
    "footer2.xml": footer("left"),
    "footer3.xml": turned_footer("right"),
    "footer4.xml": turned_footer("left"),
}


def settings() -> str:
    """Return settings.xml: two-sided footers, and the layout of Word since 2013."""
    compat = (
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/>'
    )
    return (
        f'{HEAD}<w:settings {W}><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:useFELayout/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def theme() -> str:
    """Return theme1.xml, which Word wants to find: black on white, and the fonts of the styles."""
    black, white = '<a:srgbClr val="000000"/>', '<a:srgbClr val="FFFFFF"/>'
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    colours = "".join(
        f"<a:{name}>{white if name.startswith('lt') else black}</a:{name}>" for name in names
    )
    face = f'<a:latin typeface="Times New Roman"/><a:ea typeface="{FANG}"/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'{HEAD}<a:theme xmlns:a="{DRAWING}/main" name="公文"><a:themeElements>'
        f'<a:clrScheme name="公文">{colours}</a:clrScheme>'
        f'<a:fontScheme name="公文"><a:majorFont>{face}</a:majorFont>'
        f"<a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
        f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def relations(*targets: tuple[str, str]) -> str:
    """Return a part of relationships; each target comes with its type."""
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def content_types() -> str:
    """Return [Content_Types].xml."""
    kinds = {
        "/word/document.xml": f"{MAIN}.document.main+xml",
        "/word/styles.xml": f"{MAIN}.styles+xml",
        "/word/settings.xml": f"{MAIN}.settings+xml",
        "/word/fontTable.xml": f"{MAIN}.fontTable+xml",
        **{f"/word/{name}": f"{MAIN}.footer+xml" for name in FOOTERS},
        "/word/theme1.xml": f"{OFFICE_TYPES}.theme+xml",
        "/docProps/core.xml": f"{OPEN_PACKAGE}.core-properties+xml",
    }
    rows = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{OPEN_PACKAGE}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def members() -> dict[str, str]:
    """Return the parts of the frame by name."""
    kind = f"{OFFICE}/relationships/"
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(
            ("word/document.xml", f"{kind}officeDocument"),
            ("docProps/core.xml", f"{PACKAGE}/relationships/metadata/core-properties"),
        ),
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{CORE}"/>',
        "word/_rels/document.xml.rels": relations(
            ("styles.xml", f"{kind}styles"),
            ("settings.xml", f"{kind}settings"),
            ("fontTable.xml", f"{kind}fontTable"),
            *((name, f"{kind}footer") for name in FOOTERS),
            ("theme1.xml", f"{kind}theme"),
        ),
        "word/document.xml": document(),
        "word/fontTable.xml": font_table(),
        **{f"word/{name}": text for name, text in FOOTERS.items()},
        "word/settings.xml": settings(),
        "word/styles.xml": styles(),
        "word/theme1.xml": theme(),
    }


def frame() -> bytes:
    """Return the bytes of the frame, stored and not packed: no version of zlib changes them."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as package:
        for name, text in members().items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            package.writestr(entry, text)
    return data.getvalue()


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else FRAME).write_bytes(frame())
