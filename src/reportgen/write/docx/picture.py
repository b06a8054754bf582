"""Pictures in Word: a chart in pixels with its vector graphics beside it, a picture in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.model.document import Chart, Picture
from reportgen.write.docx.text import DocxBuilder, attribute

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_POINT, _MILLIMETRE = 12700, 36000
"""English metric units in a point and in a millimetre (ECMA-376, 20.1.2.1)."""


def chart_picture(chart: Chart, builder: DocxBuilder) -> str:
    """Return the run that shows `chart` as it is drawn."""
    drawing = builder.drawings[chart.name]
    png, svg = f"{chart.name}.png", f"{chart.name}.svg"
    builder.media.update({png: drawing.png, svg: drawing.svg})
    vectors = (
        f'<a:extLst><a:ext uri="{_SVG_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{_id(svg)}"/></a:ext></a:extLst>'
    )
    size = round(drawing.width * _POINT), round(drawing.height * _POINT)
    return _shown(builder, chart.name, chart.alt, size, _blip(png, vectors))


def cell_picture(picture: Picture, builder: DocxBuilder) -> str:
    """Return the run that shows `picture`."""
    builder.media[picture.name] = picture.data
    size = round(picture.width * _MILLIMETRE), round(picture.height * _MILLIMETRE)
    name = picture.name.partition(".")[0]
    return _shown(builder, name, picture.alt, size, _blip(picture.name))


def _blip(name: str, inside: str = "") -> str:
    """Return the reference to the file of a picture, with what stands inside of it."""
    end = f">{inside}</a:blip>" if inside else "/>"
    return f'<a:blip xmlns:r="{OFFICE}" r:embed="{_id(name)}"{end}'


def _shown(builder: DocxBuilder, name: str, alt: str, extent: tuple[int, int], blip: str) -> str:
    """Return the run of a picture of `extent`, the next of the file."""
    builder.pictures.append(alt)
    number = len(builder.pictures)
    size = f'cx="{extent[0]}" cy="{extent[1]}"'
    named = f"name={attribute(name)} descr={attribute(alt)}"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0"'
        f' distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr id="{number}" {named}/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="{number}" {named}/>'
        f"<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>{blip}"
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</w:r>"
    )


def media(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Yield the id, the path under word/ and the bytes of every file of a picture."""
    for name, data in files.items():
        yield _id(name), f"media/{name}", data


def _id(name: str) -> str:
    return "rId_" + name.replace(".", "_")
