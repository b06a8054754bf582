"""The schema of `disclosure:` sections, and the reading of their layers into one `Policy`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from typing import Annotated, cast

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.fields import (
    Leaf,
    RequiredTextField,
    TextField,
    WordField,
    YesNoField,
    choice,
)
from reportgen.load.groups import KeyGroup, blank_field, field, fields_of
from reportgen.model import limits
from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.policy import Ground, Mask, Policy, Release, Replacement, Withhold
from reportgen.model.source import SourceSpan


class PolicyEntry(KeyGroup):
    """An entry of a policy: why, by which law, for whom."""

    reason: RequiredTextField = field(title="理由")
    basis: TextField | None = blank_field("法律依据", "法规名称和条款；默认不公开的内容可不写")
    audience: list[Annotated[str, choice("public", "submit")]] = field(
        default_factory=lambda: ["public"],
        title="对象",
        description="对谁：public 公开版、submit 报送版；不写就是 [public]",
    )


class OtherNames(KeyGroup):
    """Other names of what is kept back."""

    aliases: list[WordField] = field(
        default_factory=list,
        title="别名",
        description="简称、曾用名、代号等别的叫法，成品里也不得出现",
    )


# The targets are bases of their own, since fields stand in the order of the bases, the last first:
# what, then why.
class WithholdTarget(KeyGroup):
    """What is withheld: exactly one of key, section, form and block."""

    key: TextField | None = blank_field("键", "一个值、一行、一张表；* 代表任意一行")
    section: TextField | None = blank_field("章节", "提纲里的标识")
    form: TextField | None = blank_field("表", "模板包里的表名")
    column: TextField | None = blank_field("列", "只隐去 form 的这一列，写表头文字")
    row: TextField | None = blank_field("行", "只隐去 form 的这一行，写行首栏目的文字")
    block: TextField | None = blank_field("部分", "sign-off 落款、signatures 签字栏、cover 封面")


class MaskTarget(KeyGroup):
    """A value and the words that are printed for it."""

    key: RequiredTextField = field(title="键")
    shown: RequiredTextField = field(
        title="印作", description="不得带出原值的任何一段，也不得看出位数"
    )


class ReplaceTarget(KeyGroup):
    """A term and the words that are printed for it."""

    term: RequiredTextField = field(title="词语")
    shown: RequiredTextField = field(title="印作")
    initials: list[WordField] = field(
        default_factory=list, title="缩写", description="成品里也不得留下的写法，如拼音首字母"
    )
    keep: list[WordField] = field(
        default_factory=list, title="保留", description="含有该词语而照印的更长的名称"
    )


class ReleaseTarget(KeyGroup):
    """What is disclosed: a key or a text."""

    key: TextField | None = blank_field("键")
    text: TextField | None = blank_field("文字", "成品里可以出现的文字，如公开的值班电话")


class WithholdEntry(PolicyEntry, OtherNames, WithholdTarget):
    """不公开: left out, with all that is worked out from it."""


class MaskEntry(PolicyEntry, OtherNames, MaskTarget):
    """遮盖: a value that is printed in other words."""


class ReplaceEntry(PolicyEntry, OtherNames, ReplaceTarget):
    """替换: a term that is printed in other words wherever it stands."""


class ReleaseEntry(PolicyEntry, ReleaseTarget):
    """准予公开: what a default or a wider policy keeps back."""


class PropertiesEntry(KeyGroup):
    """文件属性 of the public files."""

    creator: TextField | None = blank_field("作者")
    title: TextField | None = blank_field("标题")
    subject: TextField | None = blank_field("主题")
    keywords: TextField | None = blank_field("关键词")


class Disclosure(KeyGroup):
    """公开: what is kept back from whom, and on what ground."""

    withhold: list[WithholdEntry] = field(default_factory=list, title="不公开")
    mask: list[MaskEntry] = field(default_factory=list, title="遮盖")
    replace: list[ReplaceEntry] = field(default_factory=list, title="替换")
    release: list[ReleaseEntry] = field(default_factory=list, title="准予公开")
    personal: list[RequiredTextField] = field(
        default_factory=list,
        title="个人信息栏目",
        description="除默认词表外，名称以这些词结尾（后面可带序号、括号）的事实和列也按个人信息处理",
    )
    office_phone: YesNoField | None = blank_field("公开办公电话", "不写就是不公开")
    properties: PropertiesEntry | None = blank_field("文件属性")


def read_policy(section: Disclosure | None, layer: int, log: Diagnostics) -> Policy:
    """Return the policy of one layer: 0 pack, 1 unit, 2 year, 3 report.

    The log gets D113 for an entry that names no target or several, D115 for a target named twice,
    D164 where more is named than the limit; then nothing of it is read.
    """
    if section is None or _is_too_long(section, log):
        return Policy()
    reader = _PolicyReader(layer, log)
    policy = Policy(
        withhold=tuple(reader.withheld(section)),
        masks=tuple(reader.masks(section)),
        replacements=tuple(reader.replacements(section)),
        releases=tuple(reader.releases(section)),
        office_phone=section.office_phone,
        properties=_properties(section.properties),
        personal=tuple(map(_text, section.personal)),
    )
    _check_named_once(section, log)
    return policy


def _is_too_long(section: Disclosure, log: Diagnostics) -> bool:
    """Return whether `section` names more than is searched for, with D164 where it passes that."""
    places = [*(entry.reason for entry in _entries(section)), *section.personal]
    counts = [*map(_terms_of, _entries(section)), *repeat(1, len(section.personal))]
    for leaf, total in zip(places, accumulate(counts), strict=True):
        if total > limits.POLICY_TERMS:
            log.add(finding("D164", leaf.span, limit=limits.POLICY_TERMS))
            return True
    return False


def _terms_of(entry: PolicyEntry) -> int:
    """Return how many terms `entry` names: itself, and its further words."""
    return 1 + sum(len(getattr(entry, name, ())) for name in _NAMES)


def _entries(section: Disclosure) -> tuple[PolicyEntry, ...]:
    return (*section.withhold, *section.mask, *section.release, *section.replace)


def _properties(entry: PropertiesEntry | None) -> dict[str, str]:
    """Return the properties that are given, by name."""
    properties: dict[str, str] = {}
    if entry is not None:
        for name in fields_of(PropertiesEntry):
            leaf = getattr(entry, name)
            if leaf is not None:
                properties[name] = _text(leaf)
    return properties


@frozen
class _PolicyReader:
    """Reads the entries of one layer."""

    layer: int
    log: Diagnostics

    def ground(self, entry: PolicyEntry, target: Leaf) -> Ground:
        audiences = cast(tuple[Audience, ...], tuple(entry.audience))
        return Ground(_text(entry.reason), _text(entry.basis), target.span, audiences, self.layer)

    def masks(self, section: Disclosure) -> Iterator[Mask]:
        for entry in section.mask:
            ground = self.ground(entry, entry.key)
            yield Mask(ground, _text(entry.key), _text(entry.shown), tuple(entry.aliases))

    def replacements(self, section: Disclosure) -> Iterator[Replacement]:
        for entry in section.replace:
            ground = self.ground(entry, entry.term)
            term, shown = _text(entry.term), _text(entry.shown)
            yield Replacement(
                ground,
                term,
                shown,
                initials=tuple(entry.initials),
                keep=tuple(entry.keep),
                aliases=tuple(entry.aliases),
            )

    def withheld(self, section: Disclosure) -> Iterator[Withhold]:
        for entry in section.withhold:
            target = self._target(entry, _WITHHOLD_TARGETS, _stray_lines(entry))
            if target is not None:
                ground = self.ground(entry, target)
                yield Withhold(
                    ground,
                    key=_text(entry.key),
                    section=_text(entry.section),
                    form=_text(entry.form),
                    column=_text(entry.column),
                    row=_text(entry.row),
                    block=_text(entry.block),
                    aliases=tuple(entry.aliases),
                )

    def releases(self, section: Disclosure) -> Iterator[Release]:
        for entry in section.release:
            target = self._target(entry, _RELEASE_TARGETS)
            if target is not None:
                ground = self.ground(entry, target)
                yield Release(ground, _text(entry.key), _text(entry.text))

    def _target(
        self, entry: PolicyEntry, names: Sequence[str], stray: Sequence[str] = ()
    ) -> Leaf | None:
        """Return the one target that `entry` names, or None with D113; nothing may be `stray`."""
        given = _given(entry, names)
        if len(given) == 1 and not stray:
            return cast(Leaf, getattr(entry, given[0]))
        span = getattr(entry, given[0]).span if given else entry.reason.span
        found = " + ".join([*given, *stray]) or "—"
        self.log.add(finding("D113", span, found=found, wanted=" / ".join(names)))
        return None


_WITHHOLD_TARGETS = ("key", "section", "form", "block")
_RELEASE_TARGETS = ("key", "text")
_TARGETS = ("key", "section", "form", "block", "text", "term")
"""The fields by which any entry names its target."""

_NAMES = ("aliases", "initials", "keep")
"""The fields by which an entry names further words."""

_LINES = ("column", "row")
"""The fields that narrow a form to a part of it."""


def _given(entry: PolicyEntry, names: Iterable[str]) -> list[str]:
    """Return those of the fields `names` that `entry` fills in."""
    return [name for name in names if _text(getattr(entry, name, None))]


def _stray_lines(entry: WithholdEntry) -> list[str]:
    """Return the column and row of an entry, unless it is one of them and the form is named."""
    lines = _given(entry, _LINES)
    allowed = 1 if entry.form else 0
    return lines if len(lines) > allowed else []


def _check_named_once(section: Disclosure, log: Diagnostics) -> None:
    """Log D115 for each key, term, text or part that `section` names a second time."""
    first: dict[tuple[str, ...], SourceSpan] = {}
    for entry in _entries(section):
        for name in _given(entry, _TARGETS):
            leaf = getattr(entry, name)
            column, row = (_text(getattr(entry, line, None)) for line in _LINES)
            target = (name, _text(leaf), column, row)
            if target in first:
                place = RelatedLocation(first[target], "first")
                log.add(finding("D115", leaf.span, place, key=_text(leaf)))
            else:
                first[target] = leaf.span


def _text(leaf: Leaf | None) -> str:
    """Return the text of a leaf, empty where it is left out or blank."""
    if leaf is None or leaf.value is None:
        return ""
    return str(leaf.value).strip()
