"""Reads personal data in a text: numbers of persons, mail, accounts of chats, passports, plates.

Some of it may be of nobody, such as an address of a building or a number of which half is masked.
Every check loads the names of protected fields (`personal`); only a proof reads texts with this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.language.folding import BORDER
from reportgen.language.personal_numbers import PersonalNumber, personal_numbers

_NAMED_BEFORE = rf" ?(?:号码?|id|账号|帐号|no|number)?(?:为|是)?[\W_{BORDER}]{{0,4}}"
_COUNT = "[\\d一二三四五六七八九十]"
_MASK = r"*×x•●○#█"
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "@email": re.compile(
        r"[ @(\[{<](?:(?<=@)|(?<=[(\[{<]) ?at ?[)\]}>]|(?<= )(?:@|[(\[{<] ?at ?[)\]}>]|at ))"
        r" ?[\w-]+(?: ?(?:[.。]|[(\[] ?dot ?[)\]]| dot ) ?[\w-]+)*"
        r" ?(?:[.。]|[(\[] ?dot ?[)\]]| dot ) ?[a-z]{2,}(?![\w-])",
        re.ASCII,
    ),
    "@chat": re.compile(
        r"[微wvq企钉抖](?:(?<=微)信|(?<=w)(?:echat|eixin)|(?<=[wv])(?<![a-z].)x|(?<=q)(?<![a-z].)q"
        rf"|(?<=企)鹅号?|(?<=钉)钉|(?<=抖)音)(?:同号)?{_NAMED_BEFORE}"
        r"(?!wechat|weixin)([a-z0-9][a-z0-9_-]{4,19})(?![a-z0-9_-]|[ ]?[元万亿%人户])"
    ),
    "@passport": re.compile(
        rf"(?:护照|通行证|passport){_NAMED_BEFORE}([a-z]{{1,2}}\d{{7,9}})(?![0-9a-z])"
    ),
    # GA 36-2018: province, office, five characters or (new energy) six.
    "@plate": re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        r"[a-hj-np-z][^\w\x1f]{0,2}(?=(?:[a-z]?\d){2})"
        r"(?:[a-hj-np-z\d]{5,6}|[a-hj-np-z\d]{4}[学警挂])(?![0-9a-z])"
    ),
    "@address": re.compile(
        r"[路街巷道园苑村社小花](?:(?:(?<=[路街巷道园苑村])(?:小区)?|(?<=小)区|(?<=花)园)"
        rf"[^\W_]{{0,10}}?{_COUNT}{{1,5}}(?:号?[栋幢座]|号楼|号院)"
        rf"[^\W_]{{0,6}}?{_COUNT}{{1,5}}(?:室|号|户|单元)"
        rf"|(?<=[村社]){_COUNT}{{1,3}}(?:村民小)?[组队]{_COUNT}{{1,4}}号)"
    ),
    "@masked": re.compile(
        rf"\d(?<!\w.)\d{{2,9}} ?[{_MASK}][{_MASK} -]{{2,20}}\d{{2,4}}x?(?!\w)", re.ASCII
    ),
}
"""How marks of each kind, a label of `codes.yaml`, are written in an even text.

Each begins with a set of characters: the engine passes over all others at once.
"""
_LOCAL = re.compile(r"[\w.+-]{1,64}$", re.ASCII)
_MASKED_LENGTHS = (11, 15, 16, 17, 18, 19)
DOUBTFUL = frozenset({"@address", "@masked", "@person"})
"""Kinds that may be of nobody."""


def personal_data(text: str, *, technical: bool = False) -> Iterator[PersonalNumber]:
    """Yield the numbers of persons in an even text, then what else points to one."""
    yield from personal_numbers(text, technical=technical)
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            found = _mark(kind, match)
            if found is not None:
                yield found


def _mark(kind: str, match: re.Match[str]) -> PersonalNumber | None:
    """Return what a pattern found, with all that belongs to it; None where it is by chance."""
    if kind == "@email":
        local = _LOCAL.search(match.string, max(0, match.start() - 64), match.start())
        return PersonalNumber(kind, local[0] + match[0]) if local else None
    if kind == "@masked" and len(re.sub(r"[ -]", "", match[0])) not in _MASKED_LENGTHS:
        return None
    return PersonalNumber(kind, match[match.lastindex or 0])
