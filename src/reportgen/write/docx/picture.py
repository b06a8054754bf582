"""Charts in Word: a picture in pixels with the vector graphics beside it, and its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reportgen.model.edition import Drawing
from reportgen.write.docx.text import attribute

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_POINT = 12700
"""English metric units in a point (ECMA-376, 20.1.2.1)."""


def picture(number: int, name: str, alt: str, drawing: Drawing) -> str:
    """Return the run that shows `drawing`, the `number`th picture of the file, from 1."""
    size = f'cx="{round(drawing.width * _POINT)}" cy="{round(drawing.height * _POINT)}"'
    named = f"name={attribute(name)} descr={attribute(alt)}"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0"'
        f' distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr id="{number}" {named}/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="{number}" {named}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{OFFICE}"'
        f' r:embed="{_id(name, "png")}"><a:extLst><a:ext uri="{_SVG_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{_id(name, "svg")}"/></a:ext></a:extLst>'
        "</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</w:r>"
    )


def media(
    names: Sequence[str], drawings: Mapping[str, Drawing]
) -> Iterator[tuple[str, str, bytes]]:
    """Yield the id, the path under word/ and the bytes of every part of the pictures named."""
    for name in names:
        for kind, data in (("png", drawings[name].png), ("svg", drawings[name].svg)):
            yield _id(name, kind), f"media/{name}.{kind}", data


def _id(name: str, kind: str) -> str:
    return f"rId_{name}_{kind}"
