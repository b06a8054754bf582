"""Names of fields that hold what belongs to a person, or is for the file only, and the law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class ProtectedKind:
    """A kind of protected field: its reason, its legal basis, the ends of its names.

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
        return _ends_with_any(field, self.names)


PRIVACY = "《中华人民共和国个人信息保护法》第二十五条、《中华人民共和国政府信息公开条例》第十五条"
INTERNAL = "《中华人民共和国政府信息公开条例》第十六条"

PERSON = ProtectedKind(
    reason="个人信息",
    basis=PRIVACY,
    names=tuple(
        "姓名 填表人 填报人 联系人 经办人 负责人 审核人 复核人 评价人 制表人 "
        "签字 签名 签章 签字人 签名人 身份证 身份证号 身份证号码 住址 家庭地址 出生日期 出生年月 "
        "full_name contact preparer handler signature signatory "
        "id_card home_address birth_date birthday".split()
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
        "电话 电话号码 联系方式 手机 手机号 手机号码 邮箱 电子邮箱 微信号 QQ QQ号 "
        "phone phone_number telephone mobile email wechat".split()
    ),
)
ACCOUNT = ProtectedKind(
    reason="银行账户信息",
    basis=PRIVACY,
    names=("账号", "银行账号", "银行卡号", "卡号", "bank_account", "account_number", "bank_card"),
)
VOUCHER = ProtectedKind(
    reason="会计凭证号，内部财务信息",
    basis=INTERNAL,
    names=("凭证号", "凭证号码", "凭证编号", "会计凭证", "记账凭证", "voucher", "voucher_number"),
)
OFFICE_PHONE = ProtectedKind(
    reason="政策没有准予公开办公电话（office_phone）",
    basis="《中华人民共和国政府信息公开条例》第二十条第二项：可以公开，由单位决定",
    names=("办公电话", "值班电话", "office_phone"),
)

KINDS = (OFFICE_PHONE, PERSON, CONTACT, ACCOUNT, VOUCHER)
"""Every kind, in the order in which a name is held against them."""


def kind_of(key: str, more: Iterable[str] = ()) -> ProtectedKind | None:
    """Return the kind that a fact is of by its key, None where nothing protects it.

    A Chinese name belongs to a kind where it ends as a name of the kind does (项目联系电话); an
    English one where its last words do (site_phone, not headphone). `more` are further names.
    """
    return _kind(*_parts(key), tuple(more))


@lru_cache(maxsize=1 << 12)
def _kind(table: str, field: str, more: tuple[str, ...]) -> ProtectedKind | None:
    for kind in KINDS:
        if kind.covers(table, field):
            return kind
    return PERSON if _ends_with_any(field, more) else None


def _parts(key: str) -> tuple[str, str]:
    """Return the table and the name of a fact; an item of a list has the name of the list."""
    parts = key.split(".")
    if parts[-1].isdigit() and len(parts) > 1:
        parts.pop()
    return (parts[-3] if len(parts) > 2 else "", parts[-1])


def _ends_with_any(field: str, names: tuple[str, ...]) -> bool:
    return any(_ends_with(field, name) for name in names)


def _ends_with(field: str, name: str) -> bool:
    if name.isascii():
        return field == name or field.endswith(f"_{name}")
    return field.endswith(name)
