"""The pages of the frame that `make_frame` makes: its tags, its two sections, their footers."""

from __future__ import annotations

from frame_styles import HEAD, PITCH, SIZE_4, SONG, W, fonts, size

TEXT_BOX = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMESPACES = (
    f'{W} xmlns:wps="{TEXT_BOX}" xmlns:a="{DRAWING}/main"'
    f' xmlns:wp="{DRAWING}/wordprocessingDrawing"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)

# Margins of 37, 26, 35 and 28 mm leave 156 by 225 mm of A4; on its side the sheet keeps them.
UPRIGHT = {"top": 2098, "right": 1474, "bottom": 1984, "left": 1588, "footer": 1307}
TURNED = {"top": 1588, "right": 2098, "bottom": 1474, "left": 1984, "footer": 797}
TEXT_WIDTH = 8844
CHARACTER = 280
"""Twips of a character of the page number, which stands one in from the edge of the text."""
BOX = 2800
EMU = 635
"""English metric units in a twip."""


def document() -> str:
    """Return document.xml: title and body on upright pages, then annexes laid on their side."""
    upright = section("rId4", "rId5", 'w:w="11906" w:h="16838"', UPRIGHT)
    turned = section("rId6", "rId7", 'w:w="16838" w:h="11906" w:orient="landscape"', TURNED)
    return (
        f"{HEAD}<w:document {W}><w:body>{tag('title')}{tag('body')}"
        f"<w:p><w:pPr>{upright}</w:pPr></w:p>{tag('turned')}{turned}</w:body></w:document>"
    )


def tag(name: str) -> str:
    """Return a paragraph in whose place docxtpl puts the paragraphs of `name`."""
    return f"<w:p><w:r><w:t>{{{{p {name} }}}}</w:t></w:r></w:p>"


def section(odd: str, even: str, paper: str, margins: dict[str, int]) -> str:
    """Return a section with the footers `odd` and `even`, on `paper` with `margins` in twips."""
    distances = "".join(f' w:{name}="{twips}"' for name, twips in margins.items())
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{odd}"/>'
        f'<w:footerReference w:type="even" r:id="{even}"/>'
        f'<w:pgSz {paper}/><w:pgMar{distances} w:header="851" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{PITCH}"/></w:sectPr>'
    )


def number() -> str:
    """Return the runs `— 1 —`, with the page's own number."""
    properties = f"<w:rPr>{fonts(SONG, SONG)}{size(SIZE_4)}</w:rPr>"
    contents = (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
    return "".join(f"<w:r>{properties}{content}</w:r>" for content in contents)


def footer(side: str) -> str:
    """Return the footer of upright pages whose outer edge is `side`."""
    return (
        f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:ind w:{side}="{CHARACTER}"/><w:jc w:val="{side}"/></w:pPr>{number()}</w:p></w:ftr>'
    )


def turned_footer(side: str) -> str:
    """Return the footer of turned pages: the number keeps its place on the sheet, so it lies.

    The sheet is turned to the left: its `right` edge is at the foot of the page on screen.
    """
    number_of_box = 1 if side == "right" else 2
    foot = TURNED["top"] + TEXT_WIDTH - CHARACTER - BOX
    x = UPRIGHT["footer"] * EMU
    y = (foot if side == "right" else TURNED["top"] + CHARACTER) * EMU
    extent = f'cx="{CHARACTER * EMU}" cy="{BOX * EMU}"'
    text = f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="{side}"/></w:pPr>{number()}</w:p>'
    shape = (
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        f"<a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{text}</w:txbxContent>"
        '</wps:txbx><wps:bodyPr vert="vert" lIns="0" tIns="0" rIns="0" bIns="0"/></wps:wsp>'
    )
    anchor = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
        ' behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:wrapNone/><wp:docPr id="{number_of_box}" name="页码"/>'
        f'<a:graphic><a:graphicData uri="{TEXT_BOX}">{shape}</a:graphicData></a:graphic>'
        "</wp:anchor>"
    )
    return (
        f'{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r>'
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing>'
        "</mc:Choice></mc:AlternateContent></w:r></w:p></w:ftr>"
    )
