"""Tells what should not be public: numbers and names of persons, what a file carries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.folding import even
from reportgen.language.personal_marks import personal_data
from reportgen.model.reading import FileProperty, Reading, ReadTable
from reportgen.model.source import SourceSpan

_NAMED = re.compile(
    r"(?P<who>联系人|填表人|填报人|经办人|负责人|审核人|项目负责人|单位负责人|制表人|复核人|评价人员)"
    r"\s*(?:[（(][^（()）]{0,10}[)）])?\s*[:：]\s*(?P<name>[\u4e00-\u9fff](?:\s{0,3}[\u4e00-\u9fff]){1,3})(?![\u4e00-\u9fff])"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂"
    "成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫"
    "费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
"""The surnames of nearly all Chinese (公安部《全国姓名报告》)."""
_OTHER = re.compile("单位|部门|电话|日期|签")
_MASKED = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:[×xX*\uff0a○●]{1,6})(?:[\u4e00-\u9fff]{1,4})?(?:同志|局长|主任|科长|书记|电话)|[0-9]{3}[*\uff0a×]{2,8}[0-9]{2,4}"
)


def check_disclosure(reading: Reading) -> Iterator[Finding]:
    """Yield what of a document no public version may hold."""
    for text, span in _texts(reading):
        for found in personal_data(even(text)):
            yield finding("A401", span, kind=found.kind, text=found.hint)
        for who, name in _names(text):
            yield finding("A402", span, who=who, name=name[0] + "某")
        for match in _MASKED.finditer(text):
            yield finding("A403", span, text=match[0])


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Yield what persons are called who are named beside what they do: 联系人：王小明."""
    for match in _NAMED.finditer(text):
        name = re.sub(r"\s", "", match["name"])
        if name[0] in _SURNAMES and not _OTHER.search(name):
            yield match["who"], name


_TRACES = frozenset("@b_comments @b_revisions @b_hidden @b_permissions @b_people".split())
"""What editing has left in a file; who made it, and what runs in it, are other matters."""
_RUNS = frozenset(
    (
        "@b_macros @b_controls @b_objects @b_external @b_fields @b_merge @b_template @p_script"
        " @p_attachment @p_field"
    ).split()
)
_MOST_PLACES = 4


def check_properties(reading: Reading) -> Iterator[Finding]:
    """Yield what a file carries beside its text: one finding a kind, or a property with a text.

    What stands in the text as well is told to every reader: the name of the unit.
    """
    groups = _groups(reading.properties)
    said = "".join(text for text, _ in _texts(reading)) if groups else ""
    for (_, text), found in groups.items():
        if not text or text not in said:
            yield _property(found)


def _groups(properties: Iterable[FileProperty]) -> dict[tuple[str, str], list[FileProperty]]:
    """Return properties by kind and text, those of a kind that comes often by the kind alone."""
    groups: dict[tuple[str, str], list[FileProperty]] = defaultdict(list)
    for each in properties:
        is_many = each.kind in _TRACES or each.kind in _RUNS
        groups[each.kind, "" if is_many else each.text].append(each)
    return groups


def _property(found: list[FileProperty]) -> Finding:
    """Return the finding that tells of properties of one kind, with the first places of it."""
    first = found[0]
    code = "A405" if first.kind in _TRACES else "A406" if first.kind in _RUNS else "A404"
    others = [RelatedLocation(each.span, each.text[:40]) for each in found[1 : _MOST_PLACES + 1]]
    text = f"：{first.text[:60]}" if first.text else ""
    return finding(code, first.span, *others, kind=first.kind, text=text, count=len(found))


def _texts(reading: Reading) -> Iterator[tuple[str, SourceSpan]]:
    """Yield what belongs together: a paragraph, or a cell with the one before it in its row."""
    for block in reading.blocks:
        if isinstance(block, ReadTable):
            yield from _cells(block)
        else:
            yield block.text, block.span


def _cells(table: ReadTable) -> Iterator[tuple[str, SourceSpan]]:
    label = ""
    for cell in table.cells:
        text = cell.text.strip()
        yield f"{label.rstrip('：:')}：{text}" if _is_label(label) else text, cell.span
        label = text


def _is_label(text: str) -> bool:
    return 0 < len(text) <= 12 and not text[-1].isdigit()
