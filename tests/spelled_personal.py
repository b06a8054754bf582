"""Ways to write telephones, identity numbers, cards, mail and the like, each of a named class.

The numbers are made up by rule: their check digits are worked out here, not by the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.language.folding import even
from reportgen.language.personal_marks import personal_data
from spellings import Spelling, Ways, spelled

MOBILES = ("13800000000", "19912345678")
LANDLINES = ("0745-2230000", "010-62230000")
FREE_PHONES = ("4001234567", "8008123456")
MAILS = ("a.b-c@example.gov.cn", "name_1@qq.com")
PLATES = ("湘N12345", "京AD12345", "湘N1A2B3")
PASSPORTS = ("E12345678", "G87654321", "EA1234567")
CHATS = ("hh_12345", "zhangsan2023")
DASHES = "-\u2010\u2011–—―－"
SIGNS = (*DASHES, " ", "\u3000", "\u2009", ".", "·", "/", "_", " - ", "\u200b", "\u00a0", "|")
NAMES = ("Tel.", "Tel:", "电话", "手机：", "联系电话为", "mobile ", "电  话：", "（手机）", "HP:")


def with_identity_check(body: str) -> str:
    """Return 17 digits with the check character of GB 11643-1999, 4.3."""
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def with_card_check(body: str) -> str:
    """Return digits with the check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        double = int(digit) * (2 - at % 2)
        total += double // 10 + double % 10
    return body + str(-total % 10)


IDENTITIES = tuple(
    with_identity_check(body)
    for body in ("11010519491231002", "43120219900307001", "43120219851112345")
)
OLD_IDENTITIES = ("110105491231002", "431202900307001")
CARDS = tuple(
    with_card_check(body) for body in ("622200000000000000", "400000000000000", "521234567890123")
)


def groups(text: str, *sizes: int) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(text[at : at + size])
        at += size
    return [*found, text[at:]] if text[at:] else found


def joined(text: str, *sizes: int) -> Iterator[str]:
    for sign in SIGNS:
        yield sign.join(groups(text, *sizes))


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def circled(text: str) -> str:
    return "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(char)] for char in text)


def raised(text: str) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(char)] for char in text)


def chinese(text: str, digits: str = "〇一二三四五六七八九") -> str:
    return "".join(digits[int(char)] if char.isdigit() else char for char in text)


def in_chinese(text: str) -> Iterable[str]:
    for digits in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "○幺二三四五六七八九"):
        yield chinese(text, digits)
    yield " ".join(chinese(text))
    yield text[:3] + chinese(text[3:])


def abroad(text: str) -> Iterable[str]:
    for country in ("+86", "+86 ", "0086", "0086-", "(86)", "86-", "(+86)", "+86-"):
        yield country + text


MOBILE: Ways[str] = {
    "as it stands": lambda text: (text, f"联系人{text}。", f"({text})", f"{text}（微信同号）"),
    "3 4 4": lambda text: joined(text, 3, 4, 4),
    "3 3 5": lambda text: joined(text, 3, 3, 5),
    "3 8": lambda text: (
        " ".join(groups(text, 3)),
        "-".join(groups(text, 3)),
        f"({text[:3]}){text[3:]}",
    ),
    "one by one": lambda text: (" ".join(text), "-".join(text), ".".join(text)),
    "country": abroad,
    "named": lambda text: (name + text for name in NAMES),
    "named, in odd groups": lambda text: (f"手机：{' '.join(groups(text, 2, 3, 1))}",),
    "full width": lambda text: (wide(text), wide("-".join(groups(text, 3, 4)))),
    "circled and raised": lambda text: (circled(text), raised(text)),
    "Chinese digits": in_chinese,
    "letters for digits": lambda text: (
        text[:3] + text[3:].replace("0", "O"),
        text[0] + text[1:].replace("1", "l"),
        "手机l" + text[1:],
    ),
    "two together": lambda text: (f"{text}、{text}", f"{text}/{text}", f"1.{text}"),
}
LANDLINE: Ways[str] = {
    "as it stands": lambda text: (text, f"拨打{text}", text.replace("-", "")),
    "signs": lambda text: (text.replace("-", sign) for sign in (*DASHES, " ", ".", "/", "·", "——")),
    "brackets": lambda text: (
        "({}){}".format(*text.split("-")),
        "（{}） {}".format(*text.split("-")),
    ),
    "country": lambda text: (
        f"+86 {text[1:]}",
        f"+86{text[1:].replace('-', '')}",
        f"+86 {text[1:].replace('-', ' ')}",
    ),
    "extension": lambda text: (f"{text}转8", f"{text}-801", f"{text} ext. 12"),
    "without area, named": lambda text: (
        f"电话：{text.split('-')[1]}",
        f"Tel {text.split('-')[1]}",
    ),
    "one by one, named": lambda text: (f"电话：{' '.join(text.split('-')[1])}",),
    "groups": lambda text: (f"{text[:-4]} {text[-4:]}", f"{text[:-4]}-{text[-4:]}"),
    "Chinese digits": lambda text: (chinese(text), chinese(text.replace("-", "—")), wide(text)),
}
FREE_PHONE: Ways[str] = {
    "named": lambda text: (f"热线{text}", f"服务热线：{text}"),
    "groups": lambda text: (
        "-".join(groups(text, 3, 3)),
        "-".join(groups(text, 3, 4)),
        " ".join(groups(text, 3, 3)),
    ),
}
ABROAD: Ways[str] = {
    "as it stands": lambda text: (text, text.replace(" ", ""), text.replace(" ", "-"))
}
IDENTITY: Ways[str] = {
    "as it stands": lambda text: (text, text.lower(), f"身份证号{text}。", f"张某（{text}）"),
    "6 8 4": lambda text: joined(text, 6, 8, 4),
    "6 4 4 4": lambda text: joined(text, 6, 4, 4, 4),
    "odd groups": lambda text: (" ".join(groups(text, 3, 7, 2)), "-".join(groups(text, 10, 4))),
    "one by one": lambda text: (" ".join(text), "-".join(text)),
    "full width": lambda text: (wide(text), wide(text.lower())),
    "wrong digit, named": lambda text: (
        f"身份证号：{text[:-2]}{(int(text[-2]) + 1) % 10}{text[-1]}",
    ),
}
OLD_IDENTITY: Ways[str] = {
    "as it stands": lambda text: (text, f"身份证{text}"),
    "6 6 3": lambda text: joined(text, 6, 6, 3),
    "named, in odd groups": lambda text: (f"证件号码：{' '.join(groups(text, 4, 5))}",),
}
CARD: Ways[str] = {
    "as it stands": lambda text: (text, f"卡号{text}", f"账号：{text}"),
    "fours": lambda text: joined(text, 4, 4, 4, 4),
    "6 and the rest": lambda text: (
        ("-".join(groups(text, 6)), " ".join(groups(text, 6))) if len(text) == 19 else (text,)
    ),
    "full width": lambda text: (wide(text), circled(text)),
    "no check digit, named": lambda text: (
        f"银行账号：{text[:-1]}{(int(text[-1]) + 1) % 10}",
        f"账号 {text[:17]}",
    ),
}
MAIL: Ways[str] = {
    "as it stands": lambda text: (text, f"发至{text}。", f"<{text}>", text.upper()),
    "signs": lambda text: (
        text.replace("@", sign)
        for sign in ("\uff20", "(at)", "[at]", "{at}", " at ", "（at）", " @ ", "﹫")
    ),
    "dots": lambda text: (
        text.replace("@", "(at)").replace(".", "[dot]"),
        text.replace("@", " at ").replace(".", " dot "),
        text.replace("@", " [at] ").replace(".", " [dot] "),
    ),
    "full width": lambda text: (wide(text),),
}
PLATE: Ways[str] = {
    "as it stands": lambda text: (text, text.lower(), f"车牌{text}。"),
    "signs": lambda text: (
        text[:2] + sign + text[2:] for sign in ("·", " ", "-", "•", "・", "．", "－")
    ),
    "full width": lambda text: (text[0] + wide(text[1:]),),
}
PASSPORT: Ways[str] = {
    "named": lambda text: (
        f"护照号码：{text}",
        f"护照{text}",
        f"passport no. {text}",
        f"护照号{wide(text)}",
    )
}
CHAT: Ways[str] = {
    "named": lambda text: (
        f"{name}{text}"
        for name in ("微信：", "微信号", "微信号：", "WeChat: ", "wx:", "加微信 ", "微信号为")
    ),
    "full width": lambda text: (f"微信：{wide(text)}",),
}
QQ: Ways[str] = {
    "named": lambda text: (f"QQ：{text}", f"QQ号{text}", f"qq {text}", f"QQ号码为{text}")
}
MASKED: Ways[str] = {
    "middle": lambda text: (
        f"{text[:3]}{mask * (len(text) - 7)}{text[-4:]}" for mask in "*\uff0a×●"
    )
}
ADDRESS: Ways[str] = {"as it stands": lambda text: (text, wide(text), f"家住{text}。")}
ADDRESSES = (
    "迎丰中路12号3栋2单元402室",
    "长青小区3栋402室",
    "大坪村3组12号",
    "迎丰路十二号三栋四〇二室",
)

KINDS: tuple[tuple[str, str, Ways[str], tuple[str, ...]], ...] = (
    ("mobile", "@mobile", MOBILE, MOBILES),
    ("landline", "@landline", LANDLINE, LANDLINES),
    ("free phone", "@landline", FREE_PHONE, FREE_PHONES),
    ("phone abroad", "@landline", ABROAD, ("+852 9123 4567", "+1 202 555 0143")),
    ("identity", "@identity", IDENTITY, IDENTITIES),
    ("identity of 15", "@identity", OLD_IDENTITY, OLD_IDENTITIES),
    ("card", "@card", CARD, CARDS),
    ("mail", "@email", MAIL, MAILS),
    ("plate", "@plate", PLATE, PLATES),
    ("passport", "@passport", PASSPORT, PASSPORTS),
    ("chat", "@chat", CHAT, CHATS),
    ("QQ", "@chat", QQ, ("12345678", "1234567890")),
    ("masked", "@masked", MASKED, (*MOBILES, *IDENTITIES[1:])),
    ("address", "@address", ADDRESS, ADDRESSES),
)
"""What is written, its kind, the ways to write it, and texts of it."""


def trials() -> Iterator[tuple[str, str, Spelling]]:
    """Yield (kind, what is written, spelling) for every way to write all of it."""
    for name, kind, ways, texts in KINDS:
        for text in texts:
            for label, written in spelled(ways, text):
                yield kind, text, Spelling(f"{name}: {label}", written)


def is_found(kind: str, written: str) -> bool:
    """Return whether a number of `kind`, or of the account that a card has, is found in a text."""
    kinds = {found.kind for found in personal_data(even(written))}
    return kind in kinds or (kind == "@card" and "@account" in kinds)
