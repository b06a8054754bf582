"""The styles and fonts of the frame that `make_frame` makes: GB/T 9704-2012 in Word's terms."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SONG, SMALL_TITLE, HEI, KAI, FANG = "宋体", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
SIZE_2, SIZE_3, SIZE_4, SMALL_4, SIZE_5 = 44, 32, 28, 24, 21
PITCH = 579
"""Twips between lines: 22 of them fill the 225 mm (12756 twips) of the text block; 580 do not."""
CONDENSED = '<w:spacing w:val="-5"/>'
"""1/4 pt less after each character of 16 pt puts 28 of them on the 156 mm (442 pt) of a line.

A grid of characters (`linesAndChars`) would say the same, but LibreOffice gives a character that
is wider than its place in that grid two places: 14 to a line.
"""

# Word on a machine without the official fonts takes the alternatives before it guesses.
ALTERNATIVES = {
    SONG: "SimSun",
    HEI: "SimHei",
    SMALL_TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S",
    FANG: "仿宋,FangSong",
    KAI: "楷体,KaiTi",
}

INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
NO_GRID = '<w:snapToGrid w:val="0"/>'
CENTER, RIGHT, BOTH = (f'<w:jc w:val="{side}"/>' for side in ("center", "right", "both"))


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: id, name, properties of its paragraphs, font and size of its text."""

    id: str
    name: str
    paragraph: str
    font: str = ""
    size: int = SIZE_3
    latin: str = "Times New Roman"
    base: str = "Normal"
    next: str = ""

    def xml(self) -> str:
        """Return the style as WordprocessingML."""
        own = "" if self.name in BUILT_IN else ' w:customStyle="1"'
        after = f'<w:next w:val="{self.next}"/>' if self.next else ""
        narrow = CONDENSED if self.size == SIZE_3 else ""
        text = fonts(self.font, self.latin) + narrow + size(self.size)
        return (
            f'<w:style w:type="paragraph"{own} w:styleId="{self.id}"><w:name w:val="{self.name}"/>'
            f'<w:basedOn w:val="{self.base}"/>{after}<w:qFormat/>'
            f"<w:pPr>{self.paragraph}</w:pPr><w:rPr>{text}</w:rPr></w:style>"
        )


def fonts(east_asia: str, latin: str = "Times New Roman") -> str:
    """Return the font element: Chinese characters in `east_asia`, digits and letters in `latin`."""
    if not east_asia:
        return ""
    return (
        f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asia}" w:cs="{latin}"/>'
    )


def size(half_points: int) -> str:
    """Return the elements that set the size of text."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


BUILT_IN = {"Title", "caption", "footer", "annotation text", *(f"heading {n}" for n in range(1, 5))}


def heading(level: int, font: str) -> Style:
    """Return the style of headings of `level`, which stand in the outline of the document."""
    paragraph = f'<w:keepNext/>{INDENT}{BOTH}<w:outlineLvl w:val="{level - 1}"/>'
    return Style(f"Heading{level}", f"heading {level}", paragraph, font, next="GwBody")


def title(style: str, name: str, before: int = 0, outline: str = "") -> Style:
    """Return a title's style: exact lines keep the page at 22 of them, one blank line follows."""
    spacing = (
        f'<w:spacing w:before="{before}" w:after="{PITCH}" w:line="{PITCH}" w:lineRule="exact"/>'
    )
    paragraph = f"<w:keepNext/>{NO_GRID}{spacing}{CENTER}{outline}"
    return Style(style, name, paragraph, SMALL_TITLE, SIZE_2, SMALL_TITLE, next="GwBody")


STYLES = (
    title("Title", "Title"),
    heading(1, HEI),
    heading(2, KAI),
    heading(3, FANG),
    heading(4, FANG),
    Style("GwBody", "公文正文", INDENT + BOTH),
    Style("GwPlain", "公文顶格", BOTH),
    Style("GwCenter", "公文居中", CENTER),
    Style("GwRight", "公文居右", RIGHT),
    Style(
        "GwAttachments",
        "附件说明",
        '<w:ind w:leftChars="500" w:left="1600" w:hangingChars="300" w:hanging="960"/>',
    ),
    Style(
        "GwSignOff",
        "署名和成文日期",
        f'<w:keepLines/><w:ind w:rightChars="200" w:right="640"/>{RIGHT}',
    ),
    Style("GwAnnexLabel", "附件序号", "<w:keepNext/><w:pageBreakBefore/>", HEI),
    title("GwAnnexTitle", "附件标题", PITCH, '<w:outlineLvl w:val="0"/>'),
    Style("Caption", "caption", f"<w:keepNext/>{CENTER}", HEI, SMALL_4),
    Style("GwNote", "表下说明", f'{NO_GRID}<w:spacing w:before="60"/>{BOTH}', size=SIZE_5),
    Style("GwCell", "表格文字", NO_GRID, size=SMALL_4),
    Style("GwCellSmall", "表格小字", NO_GRID, size=SIZE_5),
    Style("GwCellHead", "表头文字", "", HEI, SMALL_4, base="GwCell"),
    Style("GwCellHeadSmall", "表头小字", "", HEI, SIZE_5, base="GwCellSmall"),
    Style("GwGap", "表间隔", f'{NO_GRID}<w:spacing w:line="20" w:lineRule="exact"/>', size=2),
    Style(
        "Footer", "footer", f'{NO_GRID}<w:spacing w:line="280" w:lineRule="exact"/>', size=SIZE_4
    ),
    Style("CommentText", "annotation text", NO_GRID, size=SIZE_5),
)


def styles() -> str:
    """Return styles.xml."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}"
        f'<w:kern w:val="2"/>{size(SIZE_3)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
        '<w:style w:type="character" w:styleId="CommentReference">'
        '<w:name w:val="annotation reference"/><w:rPr><w:sz w:val="21"/></w:rPr></w:style>'
    )
    paragraphs = "".join(map(Style.xml, STYLES))
    return f"{HEAD}<w:styles {W}>{defaults}{normal}{table_style()}{paragraphs}</w:styles>"


def table_style() -> str:
    """Return the styles of tables: the default one, and that of prescribed forms."""
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 28), ("left", 57), ("bottom", 28), ("right", 57))
    )
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:tblPr/></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="GwTable"><w:name w:val="公文表格"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
    )


def font_table() -> str:
    """Return fontTable.xml."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    return f"{HEAD}<w:fonts {W}>{rows}</w:fonts>"
