"""What belongs to a person: the names of fields that hold it, with the law, and what texts tell.

Beside numbers (`personal_numbers`) a text may hold mail, accounts of chats, passports, plates. Some
of it may be of nobody, such as an address of a building or a number of which half is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reportgen.language.folding import BORDER
from reportgen.language.personal_numbers import PersonalNumber, personal_numbers


@dataclass(frozen=True, slots=True)
class ProtectedKind:
    """A kind of protected field: its reason, its legal basis, the stems of its names.

    In the tables `tables`, fields named `columns` belong to it too.
    """

    reason: str
    basis: str
    names: tuple[str, ...]
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def covers(self, table: str, field: str) -> bool:
        """Return whether a `field`, of `table` if of any, belongs to this kind."""
        if table in self.tables and field in self.columns:
            return True
        return _has_stem(field, self.names)


PRIVACY = "《中华人民共和国个人信息保护法》第二十五条、《中华人民共和国政府信息公开条例》第十五条"
INTERNAL = "《中华人民共和国政府信息公开条例》第十六条"

PERSON = ProtectedKind(
    reason="个人信息",
    basis=PRIVACY,
    names=tuple(
        "姓名 填表人 填报人 填写人 联系人 经办人 经手人 承办人 负责人 法定代表人 法人代表 "
        "审核人 复核人 审批人 批准人 评价人 评审人 评分人 制表人 制单人 验收人 领款人 "
        "收款人 付款人 领取人 领用人 签收人 签字人 签名人 签批人 监护人 当事人 举报人 "
        "投诉人 报告人 汇报人 记录人 保管人 责任人 户主 签字 签名 签章 身份证 证件 护照 "
        "驾驶证 社保卡 住址 家庭地址 通讯地址 通信地址 联系地址 户籍地址 居住地址 "
        "出生日期 出生年月 生日 车牌 "
        "full_name contact contact_person person_in_charge preparer handler signature signatory "
        "signer payee payer applicant legal_representative id_card identity identity_card "
        "identity_number id_number id_no id_num passport home_address birth_date date_of_birth "
        "birthday license_plate plate_number".split()
    ),
    tables=tuple(
        "evaluators experts contacts signatories preparers persons people "
        "评价人员 评审专家 专家 联系人 填表人 签字人员 人员名单".split()
    ),
    columns=("name", "id_number", "名单"),
)
CONTACT = ProtectedKind(
    reason="个人联系方式",
    basis=PRIVACY,
    names=tuple(
        "电话 联系方式 手机 座机 传真 邮箱 邮件地址 微信 QQ qq "
        "phone telephone tel mobile cell cellphone fax email e_mail wechat qq".split()
    ),
)
ACCOUNT = ProtectedKind(
    reason="银行账户信息",
    basis=PRIVACY,
    names=tuple(
        "账号 帐号 账户 帐户 银行卡 卡号 开户行 "
        "bank_account bank_acct account_number account_no acct acct_no bank_card card_number "
        "card_no iban".split()
    ),
)
VOUCHER = ProtectedKind(
    reason="会计凭证号，内部财务信息",
    basis=INTERNAL,
    names=("凭证号", "凭证编号", "会计凭证", "记账凭证", "voucher"),
)
OFFICE_PHONE = ProtectedKind(
    reason="政策没有准予公开办公电话（office_phone）",
    basis="《中华人民共和国政府信息公开条例》第二十条第二项：可以公开，由单位决定",
    names=("办公电话", "值班电话", "office_phone"),
)

KINDS = (OFFICE_PHONE, PERSON, CONTACT, ACCOUNT, VOUCHER)
"""Every kind, in the order in which a name is held against them."""

_ADDED = re.compile(
    r"(?:\([^()]{0,20}\)|（[^（）]{0,20}）|〔[^〔〕]{0,20}〕|【[^【】]{0,20}】|[\d\s_:：、.]+|[一二三四五六]"
    r"|号码|号|姓名|名称|名字|名单|签字|签名|签章|盖章|信息|复印件"
    r"|(?<=[a-z])s|(?<=_)(?:no|num|numbers?|names?|id|code|info|list))$"
)
"""What may follow the stem of a name: 负责人1, 证件号码, 负责人（签字）, mobile_no."""
_NO_PERSON = re.compile("法人|老人|老年人|残疾人|机器人|个人|本人|他人|工人|军人|[每万人]人")
_NAME = re.compile("[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,5}·[\u4e00-\u9fff]{1,8}")


def kind_of(key: str, more: Iterable[str] = ()) -> ProtectedKind | None:
    """Return the kind that a fact is of by its key, None where nothing protects it.

    A Chinese name belongs to a kind where it ends as a name of the kind does (项目联系电话),
    whatever is added to that (联系电话2, 证件号码); an English one where its words do (site_phone,
    mobile_no, not headphone). `more` are further names.
    """
    return _kind(*_parts(key), tuple(more))


@lru_cache(maxsize=1 << 12)
def _kind(table: str, field: str, more: tuple[str, ...]) -> ProtectedKind | None:
    for kind in KINDS:
        if kind.covers(table, field):
            return kind
    return PERSON if _has_stem(field, more) else None


def may_be_person(key: str, text: str) -> bool:
    """Return whether a fact that no kind protects may name a person: 捐款人: 张三."""
    field = list(_forms(_parts(key)[1]))[-1]
    if not field.endswith("人") or _NO_PERSON.search(field):
        return False
    return _NAME.fullmatch(text) is not None


def _parts(key: str) -> tuple[str, str]:
    """Return the table and the name of a fact; an item of a list has the name of the list."""
    parts = key.split(".")
    if parts[-1].isdigit() and len(parts) > 1:
        parts.pop()
    return (parts[-3] if len(parts) > 2 else "", parts[-1])


def _has_stem(field: str, names: tuple[str, ...]) -> bool:
    """Return whether a field is named by one of `names`, with what may be added to it."""
    for form in _forms(field.lower()):
        if any(_ends_with(form, name.lower()) for name in names):
            return True
    return False


def _forms(field: str) -> Iterator[str]:
    """Yield a name, then the same without one addition after the other."""
    yield field
    while added := _ADDED.search(field):
        field = field[: added.start()]
        yield field


def _ends_with(field: str, name: str) -> bool:
    """Return whether `field` ends as `name` does, one of letters with a word of its own."""
    before = field.removesuffix(name)
    if before == field:
        return False
    return not (name.isascii() and before[-1:].isascii() and before[-1:].isalnum())


# What texts tell

_NAMED_BEFORE = rf" ?(?:号码?|id|账号|帐号|no|number)?(?:为|是)?[\W_{BORDER}]{{0,4}}"
_COUNT = "[\\d一二三四五六七八九十]"
_MASK = r"*×•●○#█"
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "@email": re.compile(
        r"(?: ?@|[(\[{<] ?at ?[)\]}>]| at ) ?[\w-]+(?: ?(?:\.|[(\[] ?dot ?[)\]]| dot ) ?[\w-]+)*"
        r" ?(?:\.|[(\[] ?dot ?[)\]]| dot ) ?[a-z]{2,}(?![\w-])",
        re.ASCII,
    ),
    "@chat": re.compile(
        rf"(?:微信|wechat|weixin|(?<![a-z])[wv]x|(?<![a-z])qq|企鹅号?|钉钉|抖音)(?:同号)?{_NAMED_BEFORE}"
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
        rf"(?:[路街巷道园苑村](?:小区)?|小区|花园)[^\W_]{{0,10}}?{_COUNT}{{1,5}}(?:号?[栋幢座]|号楼|号院)"
        rf"[^\W_]{{0,6}}?{_COUNT}{{1,5}}(?:室|号|户|单元)"
        rf"|[村社]{_COUNT}{{1,3}}(?:村民小)?[组队]{_COUNT}{{1,4}}号"
    ),
    "@masked": re.compile(
        rf"(?<!\w)\d{{3,10}} ?[{_MASK}][{_MASK} -]{{2,20}}\d{{2,4}}x?(?!\w)", re.ASCII
    ),
}
"""How marks of each kind, a label of `codes.yaml`, are written in an even text."""
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
