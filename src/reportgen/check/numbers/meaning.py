"""Says which one figure a typed number means, if any: by its value and the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from reportgen.check.numbers.candidates import Bigrams, Surroundings, bigrams, said_share
from reportgen.formula.names import PRIOR
from reportgen.language.numbers import WrittenNumber
from reportgen.model.figures import Figure

_NO_RATIO = "(?!.*(?:率|占比|比重|增减|变动|增速))"
"""A rate or a change takes its name from both sides: 预算执行率."""
_OPPOSITES = (
    ("收入", "支出"),
    (
        f"(?:(?<!公共)预算|批复|计划|安排|下达|目标|任务){_NO_RATIO}",
        f"(?:到位|到账){_NO_RATIO}",
        f"(?:决算|支出|列支|实际|完成|使用|支付){_NO_RATIO}",
    ),
    ("年初|期初", "年中", "年末|年底|期末", "全年"),
    ("上年|去年|上一年", "本年|今年|当年"),
    ("编制", "在职|实有|在岗|在编"),
    ("基本支出", "项目支出"),
    ("人员[经支]", "公用[经支]"),
    ("一般公共", "政府性基金", "国有资本"),
    ("全国", "全省|省级", "全市|市级|[我本]市", "全县|县级"),
    ("中央", "省级", "市级", "县级"),
    ("受理", "办结|解决|化解"),
    ("申请|申报", "获批|批准|认定|立项"),
    ("在谈|洽谈", "签约", "在建|开工", "投产|竣工|建成"),
    ("新增", "累计|现有|总数|存量"),
    ("出国|出境", "公务接待|接待费", "购置", "运行|运维|维护"),
    ("男", "女"),
    ("进口", "出口"),
    ("资产", "负债"),
    ("最高", "最低"),
)
"""Words that exclude each other in what a figure is; where a title has two, the last is meant."""
_LAST_YEAR = re.compile("(?<![较比同与])(?:上年|去年|上一年|前年|往年)")
_ON_LAST_YEAR = re.compile("上年|去年|结转|增减|增长|增加|增[速幅]|减少|下降|降幅|变动")
"""A figure of this year of which a sentence about last year may speak."""
_NEEDED = (0.5, 0.4, 0.4, 0.25)
"""How much of its title must stand there for a number of 0, 1, 2, 3 digits; of more, a word."""
_NEEDED_OF_SEVERAL = 0.5


def meant_figure(
    number: WrittenNumber, equal: Iterable[Figure], context: Surroundings, *, last_year: bool
) -> Figure | None:
    """Return the one of the `equal` figures that fits in meaning, None where none does alone.

    `last_year` says that the sentence speaks of the year before.
    """
    last_year = last_year or _LAST_YEAR.search(context.near) is not None
    left = [figure for figure in equal if not is_opposed(figure, context.near)]
    if not left:
        return None
    near, wide = context.bigrams()
    best = max(left, key=lambda figure: _closeness(figure, near, wide))
    if not _is_of_year(best, last_year=last_year) or is_opposed(best, context.near, context.wide):
        return None
    if not _is_named(number, left, said_share(best.title, near, wide)):
        return None
    rivals = (figure for figure in left if figure is not best)
    alone = all(_stands_apart(best.title, rival.title, near) for rival in rivals)
    return best if alone else None


def is_opposed(figure: Figure, *texts: str) -> bool:
    """Return whether the first of `texts` that says it says another kind than `figure` is."""
    # Last year's figures have the titles of this year's.
    title = f"{figure.title}上年" if figure.key.startswith(PRIOR) else figure.title
    of_texts = zip(*map(_kinds_said, texts), strict=True)
    return any(map(_excludes, _kinds_said(title), of_texts))


_KindsSaid = Mapping[str, int]


def _excludes(named: _KindsSaid, of_texts: Iterable[_KindsSaid]) -> bool:
    """Return whether a text says one kind of a group, and a title names another."""
    if not named:
        return False
    said = next(filter(None, of_texts), named)
    return max(named, key=named.__getitem__) not in said


@lru_cache(maxsize=1 << 12)
def _kinds_said(text: str) -> tuple[_KindsSaid, ...]:
    """Return of each group the kinds that a text says, each with where it says it last."""
    return tuple(_said(kinds, text) for kinds in _OPPOSITES)


def _said(kinds: Iterable[str], text: str) -> _KindsSaid:
    said: dict[str, int] = {}
    for kind in kinds:
        said.update((kind, match.start()) for match in re.finditer(kind, text))
    return said


def _closeness(figure: Figure, near: Bigrams, wide: Bigrams) -> tuple[float, int, int]:
    """Return what is greatest for the figure whose title stands there most fully."""
    title = bigrams(figure.title)
    return said_share(figure.title, near, wide), len(title & near), -len(title)


def _is_of_year(figure: Figure, *, last_year: bool) -> bool:
    if not last_year or figure.key.startswith(PRIOR):
        return True
    return _ON_LAST_YEAR.search(figure.title) is not None


def _is_named(number: WrittenNumber, left: Sequence[Figure], share: float) -> bool:
    """Return whether enough of the title stands there: of a telling number alone, one word."""
    if len(left) > 1:
        return share >= _NEEDED_OF_SEVERAL
    return share > 0 if number.weight >= len(_NEEDED) else share >= _NEEDED[number.weight]


def _stands_apart(title: str, rival: str, near: Bigrams) -> bool:
    """Return whether what only `title` has is said beside the number, and nothing of a rival's."""
    own, others = _words(title) - _words(rival), _words(rival) - _words(title)
    if near & others:
        return False
    return bool(near & own) or (not own and bool(others))


def _words(title: str) -> Bigrams:
    """Return the pairs of Chinese letters of a title: no sentence has the name of a field."""
    return frozenset(pair for pair in bigrams(title) if not pair.isascii())
