"""The styles a frame must hold. They are found by name: Word changes ids, never names."""

from __future__ import annotations

from enum import StrEnum


class Style(StrEnum):
    """A style by its name in Word; `tools/make_frame.py` says how the common frame sets it."""

    TITLE = "Title"
    HEADING_1 = "heading 1"
    HEADING_2 = "heading 2"
    HEADING_3 = "heading 3"
    HEADING_4 = "heading 4"
    BODY = "公文正文"
    PLAIN = "公文顶格"
    CENTER = "公文居中"
    RIGHT = "公文居右"
    NOTE = "表下说明"
    ATTACHMENTS = "附件说明"
    SIGN_OFF = "署名和成文日期"
    ANNEX_LABEL = "附件序号"
    ANNEX_TITLE = "附件标题"
    CAPTION = "caption"
    TABLE = "公文表格"
    CELL = "表格文字"
    CELL_SMALL = "表格小字"
    CELL_HEAD = "表头文字"
    CELL_HEAD_SMALL = "表头小字"
    GAP = "表间隔"
    COMMENT = "annotation text"
    COMMENT_MARK = "annotation reference"


HEADINGS = (Style.HEADING_1, Style.HEADING_2, Style.HEADING_3, Style.HEADING_4)
