"""Every way in which what is kept back could be written, and what cannot be searched.

Texts, dates and codes are spelled out. Numbers are not: a finished file's numbers are read, and
held against those that are kept back (`amounts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import product
from typing import Protocol, TypeVar

from reportgen.language.folding import even, solid
from reportgen.language.numerals import by_digits, chinese
from reportgen.language.personal import PERSON, kind_of
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Ledger
from reportgen.model.frozen import frozen
from reportgen.model.policy import Policy
from reportgen.verify.amounts import AmountTargets, Manner, Why
from reportgen.verify.written_amounts import open_amounts

_SHORTEST, _SHORTEST_ASCII, _SHORTEST_CODE = 2, 3, 5
_SENTENCE = 12
"""Characters from which a piece of a withheld text is no chance."""
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CODE = re.compile(r"\+?[\d\s()./\-\u2010-\u2015]+")
_WITH_AREA = re.compile(r"^\(?0\d{2,3}[)\s\-\u2010-\u2015]{1,3}(\d{7,8})$")
_MIXED = re.compile(r"(?=.*\d.*\d)(?=.*[a-z])[a-z0-9]{5,40}", re.ASCII)
_BREAK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|[。；;！!？?\n]", re.DOTALL)


@frozen
class SearchWord:
    """A text to search for; it is none of those that stand inside one of `keep`.

    It is `mixed` where it is a code of letters and digits, which may be parted by any signs.
    """

    secret: Secret
    text: str
    manner: Manner
    keep: tuple[str, ...] = ()
    mixed: bool = False


@frozen
class LikelyName:
    """What people say in short for a secret name: its `forms` in a solid text.

    None stands within the texts of `keep`; `masked` finds a person of whom only the family name is
    told.
    """

    secret: Secret
    forms: tuple[str, ...] = ()
    masked: re.Pattern[str] | None = None
    keep: tuple[str, ...] = ()


@frozen
class SearchTargets:
    """What to search for: words, codes of digits, amounts by their digits; and what cannot be."""

    words: tuple[SearchWord, ...] = ()
    codes: tuple[SearchWord, ...] = ()
    amounts: AmountTargets = field(default_factory=AmountTargets)
    likely: tuple[LikelyName, ...] = ()
    unsearched: tuple[tuple[Secret, Why], ...] = ()

    def of(self, key: str) -> SearchTargets:
        """Return what of it is of the secrets of one key."""
        return SearchTargets(
            words=_of_key(key, self.words),
            codes=_of_key(key, self.codes),
            amounts=self.amounts.of(key),
            likely=_of_key(key, self.likely),
        )


class _OfSecret(Protocol):
    @property
    def secret(self) -> Secret: ...


_Wanted = TypeVar("_Wanted", bound=_OfSecret)


def _of_key(key: str, wanted: tuple[_Wanted, ...]) -> tuple[_Wanted, ...]:
    return tuple(each for each in wanted if each.secret.key == key)


def search_targets(disclosed: Disclosed, printed: Iterable[str] = ()) -> SearchTargets:
    """Return how to search for the secrets of `disclosed`.

    A secret that equals an open value cannot be told from it, and digits that are `printed` as
    a figure only by their unit.
    """
    builder = _Builder(disclosed, printed)
    for secret in disclosed.secrets:
        builder.add(secret)
    return builder.targets()


class _Builder:
    """Collects what to search for, one secret after the other."""

    def __init__(self, disclosed: Disclosed, printed: Iterable[str]) -> None:
        policy = disclosed.policy
        self._released = released_texts(policy)
        self._kept = {replacement.term: replacement.keep for replacement in policy.replacements}
        # Terms that are printed in other words are not open.
        replaced = set(map(_solid, self._kept))
        self._open_texts = set(map(_solid, open_texts(disclosed.ledger))) - replaced
        self._amounts = AmountTargets(open_amounts(disclosed.ledger, printed))
        self._words: list[SearchWord] = []
        self._codes: list[SearchWord] = []
        self._likely: list[LikelyName] = []
        self._personal = policy.personal
        shown = [mask.shown for mask in policy.masks]
        shown += [replacement.shown for replacement in policy.replacements]
        self._shown = tuple(map(_solid, shown))
        self._unsearched: list[tuple[Secret, Why]] = []

    def add(self, secret: Secret) -> None:
        """Add the ways to write a secret, or why it cannot be searched for."""
        kept = (*self._released, *self._kept.get(secret.text, ()))
        keep = tuple(map(_solid, kept))
        if secret.value is not None and secret.unit is not None:
            why = self._amounts.add(secret)
        else:
            why = self._add_text(secret, keep)
        if why is not None:
            self._unsearched.append((secret, why))
        self._words += _initials(secret, keep)

    def _add_text(self, secret: Secret, keep: tuple[str, ...]) -> Why | None:
        why = _unsearchable(secret.text, self._open_texts)
        if why is None:
            self._words += _words(secret, self._open_texts, keep)
            self._codes += _codes(secret, keep)
            keep += self._shown
            self._likely += _likely_names(secret, self._open_texts, keep, self._personal)
        return why

    def targets(self) -> SearchTargets:
        """Return what was added."""
        words, codes = tuple(self._words), tuple(self._codes)
        words, codes, likely = tuple(self._words), tuple(self._codes), tuple(self._likely)
        return SearchTargets(words, codes, self._amounts, likely, tuple(self._unsearched))


def released_texts(policy: Policy) -> tuple[str, ...]:
    """Return the texts that a policy releases whatever they hold."""
    return tuple(release.text for release in policy.releases if release.text)


def open_texts(ledger: Ledger) -> list[str]:
    """Return the texts and the words of figures that everybody may read."""
    texts = [str(text.value) for text in ledger.texts.values() if text.value]
    return texts + [figure.words for figure in ledger.figures.values() if figure.words]


def _solid(text: str) -> str:
    return solid(even(text))


# Texts


def _unsearchable(text: str, open_texts: set[str]) -> Why | None:
    """Return why a text cannot be searched for, None if it can."""
    plain = _solid(text)
    letters = re.sub(r"[\W_]", "", plain)
    if len(letters) < _shortest(letters):
        return "@short"
    return "@told" if plain in open_texts else None


def _shortest(letters: str) -> int:
    """Return the length from which such letters are no chance."""
    if not letters.isascii():
        return _SHORTEST
    return _SHORTEST_CODE if letters.isdigit() else _SHORTEST_ASCII


def _words(secret: Secret, open_texts: set[str], keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield a text as it was typed, a date in its forms, and the sentences of a text."""
    date = _DATE.fullmatch(secret.text.strip())
    if date is not None:
        for written in _dates(*map(int, date.groups())):
            yield SearchWord(secret, solid(written), "@date", keep)
        return
    if not _CODE.fullmatch(even(secret.text)):
        yield from _whole(secret, keep)
    for sentence in _sentences(secret.text):
        if not any(sentence in text for text in open_texts):
            yield SearchWord(secret, sentence, "@piece", keep)


def _whole(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield a text as it was typed, and one of letters and digits without what is between them."""
    yield SearchWord(secret, _solid(secret.text), "@typed", keep)
    code = re.sub(r"[\W_]", "", even(secret.text))
    if _MIXED.fullmatch(code):
        yield SearchWord(secret, code, "@digits", keep, mixed=True)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text that are no chance, each once, if there are several."""
    whole = _solid(text)
    for sentence in dict.fromkeys(map(_solid, _BREAK.split(text))):
        if len(sentence) >= _SENTENCE and sentence != whole:
            yield sentence


def _dates(year: int, month: int, day: int) -> Iterator[str]:
    """Yield a day in the forms that are not its eight digits."""
    for sign in "-./":
        yield f"{year}{sign}{month}{sign}{day}"
    for end in "日号":
        yield f"{year}年{month}月{day}{end}"
        yield f"{year}年{month:02}月{day:02}{end}"
        for written_year in (by_digits(year), by_digits(year, ring=False)):
            yield f"{written_year}年{chinese(month)}月{chinese(day)}{end}"


def _codes(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield what is written with digits alone, as telephones and days are."""
    text = even(secret.text).strip()
    if match := _DATE.fullmatch(text):
        yield SearchWord(secret, "".join(match.groups()), "@date", keep)
    elif _CODE.fullmatch(text):
        yield from _numbers(secret, text, keep)


def _numbers(secret: Secret, text: str, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield the digits of a number, and those of a telephone without its area code."""
    for number in (text, *_WITH_AREA.findall(text)):
        yield SearchWord(secret, re.sub(r"\D", "", number), "@digits", keep)


def _initials(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    for initials in secret.initials:
        letters = _solid(initials)
        if len(letters) >= _SHORTEST:
            yield SearchWord(secret, letters, "@initials", keep)


# Short forms

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 "
    "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西"
)
_PLACE = re.compile(rf"(?:{'|'.join(_PROVINCES.split())})(?:省|市|州|自治区)?")
_REGION = re.compile(rf"(?:{_PLACE.pattern}|[\u4e00-\u9fff]{{2,3}}[省市县区州])+")
_FIRM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限责任公司|有限公司|公司)|集团|(?:农民)?专业合作社|合作社|事务所|厂"
)
_TRADES = re.compile(
    "科技|技术|信息|网络|软件|电子|智能|建筑|建设|工程|路桥|市政|园林|装饰|设计|监理|咨询|管理|服务|物业|文化|"
    "传媒|广告|教育|旅游|餐饮|商贸|贸易|商务|实业|工业|制造|机械|机电|电气|能源|环保|环境|农业|农林|林业|畜牧|"
    "食品|生物|医药|药业|医疗|器械|化工|新材料|材料|物流|运输|投资|置业|地产|开发|发展|会计师|律师|控股|产业|"
    "精密|精工|重工|纺织|服饰|家具|陶瓷|印刷|包装|塑料|塑业|铸造|模具|光电|电力|水务|船舶|汽车|茶业|酒业|粮油|"
    "米业|木业|竹业|矿业|铝业|水泥|玻璃|金属|新能源|通信|测绘|造价|招标|评估|担保"
)
_TRADE = re.compile(rf"(?:{_TRADES.pattern})+$")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_TWO_CHARACTERS = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 夏侯 司徒".split()
_CALLED = (
    "同志|先生|女士|老师|副?[科处局股所站院校厅市县镇乡村队室]长|副?主任|副?书记|副?主席|副?总?经理|副?总"
    "|会计|医生|教授|工程师|专家|律师|工(?![作业程人会厂区地])"
)
_BEFORE_NAME = (
    r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[由请经和与及是为对向给让把将据如同跟员人长记任师]))"
)
_MASK = "*×●○x"
_SHORTEST_PROJECT = 5


def _likely_names(
    secret: Secret, open_texts: set[str], keep: tuple[str, ...], personal: tuple[str, ...]
) -> Iterator[LikelyName]:
    """Yield what people say in short for a secret: a person, a firm, a project."""
    name = _solid(secret.text)
    if kind_of(secret.key, personal) is PERSON:
        if re.fullmatch("[\u4e00-\u9fff]{2,4}", name):
            yield LikelyName(secret, masked=_masked_name(name), keep=keep)
        return
    short = [form for form in dict.fromkeys(_short_forms(name)) if form not in {name, *open_texts}]
    if short:
        yield LikelyName(secret, tuple(short), keep=(name, *keep))


def _masked_name(name: str) -> re.Pattern[str]:
    family = name[:2] if name[:2] in _TWO_CHARACTERS else name[:1]
    masked = rf"{family}(?:某{{1,2}}|[{_MASK}]{{1,2}}{name[-1]}?|{_CALLED})"
    given = name[len(family) :]
    called = rf"(?!.(?:{_CALLED})){given}(?:{_CALLED})"  # one character is chance
    return re.compile(rf"{_BEFORE_NAME}(?:{masked}|{name[:-1]}[{_MASK}某]|{called})")


def _short_forms(name: str) -> Iterator[str]:
    """Yield a firm without its place, its kind, its trade; a project without its year."""
    if firm := _FIRM.search(name):
        yield from _forms_of_firm(name, firm.start())
    project = _YEAR.sub("", name)
    if len(project) >= _SHORTEST_PROJECT and not project.isascii():
        yield project


def _forms_of_firm(name: str, end: int) -> Iterator[str]:
    """Yield a firm, whose kind begins at `end`, without its place, without its trade."""
    core, brand = _core_and_brand(name, end)
    yield core + name[end:]
    with_place = name[: max(name.find(core), 0)] + brand
    trades = (brand + trade for trade in _TRADES.findall(core, len(brand)))
    in_short = (name[:end], core, core[: len(brand) + 2], with_place, *trades)
    yield from (short for short in in_short if len(short) > _SHORTEST)
    for short, called in product((core, brand), ("公司", "集团", "合作社", "厂")):
        yield short + called


def _core_and_brand(name: str, end: int) -> tuple[str, str]:
    """Return a firm without its places and its kind, then without its trade as well."""
    place = _REGION.match(name)
    begin = place.end() if place and place.end() < end - 1 else 0
    core = _PLACE.sub("", name[begin:end]) or name[begin:end]
    return core, _TRADE.sub("", core) or core
