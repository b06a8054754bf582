"""The names of fields that hold what belongs to a person, with the law that protects it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reportgen.model.frozen import frozen


@frozen
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
        "驾驶证 驾照 军官证 社保卡 住址 家庭地址 "
        "通讯地址 通信地址 联系地址 户籍地址 户籍地 居住地 居住地址 "
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
        "电话 联系方式 联络方式 通讯方式 通信方式 手机 座机 固话 传真 邮箱 邮件 邮件地址 微信 qq "
        "phone telephone tel mobile cell cellphone fax email e_mail wechat qq".split()
    ),
)
ACCOUNT = ProtectedKind(
    reason="银行账户信息",
    basis=PRIVACY,
    names=tuple(
        "账号 帐号 账户 帐户 银行卡 卡号 开户行 户名 "
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

_ADDED = (
    r"(?:\([^()]{0,20}\)|〔[^〔〕]{0,20}〕|【[^【】]{0,20}】|[\d_:、.]+|[一二三四五六]|(?<=人)员"
    r"|号码|号|姓名|名称|名字|名单|签字|签名|签章|盖章|信息|复印件"
    r"|(?<=[a-z])s|(?<=_)(?:no|num|numbers?|names?|id|code|info|list))$"
)
"""What may follow the stem of a name: 负责人1, 证件号码, 负责人（签字）, mobile_no."""
_NO_PERSON = "法人|老人|老年人|残疾人|机器人|个人|本人|他人|工人|军人|[每万人]人"
_NAME = "[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,5}·[\u4e00-\u9fff]{1,8}"


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
    field = list(_forms(_plain_name(_parts(key)[1])))[-1]
    if not field.endswith("人") or re.search(_NO_PERSON, field):
        return False
    return re.fullmatch(_NAME, text) is not None


def _parts(key: str) -> tuple[str, str]:
    """Return the table and the name of a fact; an item of a list has the name of the list."""
    parts = key.split(".")
    if parts[-1].isdigit() and len(parts) > 1:
        parts.pop()
    return (parts[-3] if len(parts) > 2 else "", parts[-1])


def _has_stem(field: str, names: tuple[str, ...]) -> bool:
    """Return whether a field is named by one of `names`, with what may be added to it."""
    for form in _forms(_plain_name(field)):
        if any(_ends_with(form, name.lower()) for name in names):
            return True
    return False


def _plain_name(field: str) -> str:
    """Return a name in one form: not in full width, small letters, English words parted by _."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", "".join(field.split()))
    return unicodedata.normalize("NFKC", parted).lower().replace("-", "_")


def _forms(field: str) -> Iterator[str]:
    """Yield a name, then the same without one addition after the other."""
    yield field
    while added := re.search(_ADDED, field):
        field = field[: added.start()]
        yield field


def _ends_with(field: str, name: str) -> bool:
    """Return whether `field` ends as `name` does, one of letters with a word of its own."""
    before = field.removesuffix(name)
    if before == field:
        return False
    return not (name.isascii() and before[-1:].isascii() and before[-1:].isalnum())
