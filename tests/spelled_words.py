"""Ways to write a name that is kept back, each of a named class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.language.folding import BORDER
from reportgen.model.disclosed import Secret
from reportgen.model.source import NOWHERE
from spellings import Spelling, Ways, spelled

NAMES = ("湖南惠民农业发展有限公司", "欧阳国华", "军民融合", "王伟", "长青户外用品（怀化）厂")
ALIKE = str.maketrans(
    {"民": "⺠", "车": "⻋", "见": "⻅", "长": "⻓", "青": "⻘", "户": "⼾", "用": "⽤", "业": "業"}
)
OTHER = str.maketrans(
    {"发": "發", "国": "國", "华": "華", "军": "軍", "农": "農", "业": "業", "长": "長"}
)
VARIANT = str.maketrans({"户": "戸", "军": "軍", "伟": "偉"})
DOTS, DASHES, QUOTES, BRACKETS = "·•‧・．.∙", "-–—―－", "“”\"‘’'", "（）()[]【】《》〔〕"
LABELS = ("2.", "（2）", "二、", "• ")
SIGNS, UNSEEN = "_/|*+~\uff3f／\uff5c、", "\u200b\u200d\u2060\ufeff\u00ad\u202c"
SPACES = " \u3000\u2009\t\n"


def within(name: str, sign: str) -> str:
    """Return `name` with `sign` between its first two characters and the rest."""
    return name[:1] + sign + name[1:]


def parted_by(signs: str, name: str) -> Iterator[str]:
    for sign in signs:
        yield within(name, sign)
    yield signs[0].join(name)


def parted(name: str) -> Iterable[str]:
    return (within(name, BORDER), BORDER.join(name), within(name, "\n"))


def in_list(name: str) -> Iterable[str]:
    return tuple(f"1.{name[:1]}{BORDER}{label}{name[1:]}" for label in LABELS)


WAYS: Ways[str] = {
    "as it stands": lambda name: (name, f"与{name}签订", f"“{name}”"),
    "radicals": lambda name: (name.translate(ALIKE),),
    "traditional": lambda name: (name.translate(OTHER),),
    "variants": lambda name: (name.translate(VARIANT),),
    "dots": lambda name: parted_by(DOTS, name),
    "dashes": lambda name: parted_by(DASHES, name),
    "quotes": lambda name: (*parted_by(QUOTES, name), f"“{name[:2]}”{name[2:]}"),
    "brackets": lambda name: (*parted_by(BRACKETS, name), f"（{name[:2]}）{name[2:]}"),
    "signs": lambda name: parted_by(SIGNS, name),
    "ends of sentences": lambda name: (f"：{within(name, sign)}。" for sign in "，。；,!"),
    "unseen": lambda name: parted_by(UNSEEN, name),
    "spaces": lambda name: parted_by(SPACES, name),
    "cells, runs, paragraphs": parted,
    "items of a list": in_list,
    "marks above": lambda name: (within(name, "\u0301"), name + "\u20dd"),
}

LATIN = ("JMRH", "Acme-Top Ltd", "C919")
ALIKE_LATIN = str.maketrans("JMRHACo", "\u0408\u041c\u13a1\u041d\u0391\u0421\u043e")
"""Latin letters and those of Cyrillic, Cherokee and Greek that look like them."""

LATIN_WAYS: Ways[str] = {
    "other alphabets": lambda name: (name.translate(ALIKE_LATIN),),
    "full width": lambda name: ("".join(wide(char) for char in name),),
    "mathematical letters": lambda name: ("".join(bold(char) for char in name),),
    "letters parted": lambda name: (within(name, "."), within(name, "-"), " ".join(name)),
    "small and capital": lambda name: (name.lower(), name.upper()),
}


def wide(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


def bold(char: str) -> str:
    if char.isascii() and char.isalpha():
        return chr(0x1D400 + ord(char.upper()) - ord("A"))
    return char


CODES = ("2230000", "431202100012", "AB12-3456", "XM2023A0017", "11010519491231002X")
DIGITS = ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")


def in_digits(code: str) -> Iterator[str]:
    for digits in DIGITS if code.isdigit() else ():
        yield "".join(digits[int(char)] if char.isdigit() else char for char in code)
    yield "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(char)] if char.isdigit() else char for char in code)


CODE_WAYS: Ways[str] = {
    "as it stands": lambda code: (code, f"编号{code}。", code.lower()),
    "signs within": lambda code: (sign.join((code[:4], code[4:])) for sign in "-–—· ./_|"),
    "without signs": lambda code: (code.replace("-", ""), code.replace("-", " ")),
    "digits of other kinds": in_digits,
    "full width": lambda code: ("".join(map(wide, code)),),
    "unseen": lambda code: (within(code, "\u200b"), "\u200b".join(code)),
}


def trials() -> Iterator[tuple[Secret, Spelling]]:
    """Yield names with every way to write them."""
    for ways, names in ((WAYS, NAMES), (LATIN_WAYS, LATIN), (CODE_WAYS, CODES)):
        for name in names:
            for spelling in spelled(ways, name):
                yield Secret(name, "名称", name, NOWHERE), spelling
