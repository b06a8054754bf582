"""Every limit of what is read, worked out and written, in one table: its size, unit and reason.

A guard takes its limit from here when it runs; what passes one is a finding at its place. The
limits lie far above what a bureau needs and far below what would stop the machine. docs/limits.md
is made of this table.
"""

from __future__ import annotations

from typing import Self


class Limit(int):
    """The most that is accepted, a whole number of `unit`.

    `codes` are those of the findings for what passes it; `subject` and `reason` say in Chinese and
    English what is counted and why there is an end to it.
    """

    unit: str
    codes: str
    subject: tuple[str, str]
    reason: tuple[str, str]

    def __new__(  # noqa: D102 - the table below says what it takes
        cls, most: int, unit: str, codes: str, subject: tuple[str, str], reason: tuple[str, str]
    ) -> Self:
        limit = super().__new__(cls, most)
        limit.unit, limit.codes, limit.subject, limit.reason = unit, codes, subject, reason
        return limit


# Numbers

NUMBER_DIGITS = Limit(
    40,
    "位 digits",
    "S209 F107",
    ("数据和公式里的一个数", "a number in data or in a formula"),
    ("再长就是多按了键，不是预算", "a longer one is a slip of the keyboard, and no budget"),
)
DIGIT_RUN = Limit(
    100,
    "位 digits",
    "L133",
    ("任何文件里连着写的数字", "digits that stand together in any file"),
    ("没有这样的号码，逐位换算却很慢", "no number of anything is as long, and to read it is slow"),
)
DERIVED_DIGITS = Limit(
    100,
    "位 digits",
    "F115",
    ("算出的数的整数部分", "the whole part of a derived number"),
    ("两个最长的数相乘也不到", "the product of two of the longest numbers has fewer"),
)
EXACT_DIGITS = Limit(
    4_000,
    "位 digits",
    "F115",
    ("算出的数化成分数，分子或分母", "numerator or denominator of a derived number, exact"),
    (
        "几百个比率相加也不到；逐级相乘每级加倍",
        "sums of hundreds of ratios have fewer; squares of squares double at each step",
    ),
)
EXACT_DECIMALS = Limit(
    1_000,
    "位 digits",
    "—",
    (
        "figures.json 里一个数的小数，再多写成分数",
        "decimals of a value in figures.json; with more it is written as a fraction",
    ),
    ("小数位数是分母的好几倍", "decimals are several times as long as the denominator"),
)
FORMULA_CHARACTERS = Limit(
    4_000,
    "字符 characters",
    "F114",
    ("一个公式", "a formula"),
    ("再长没有人能复核", "nobody can review a longer one"),
)
FORMULA_DEPTH = Limit(
    20,
    "层 levels",
    "F114",
    ("公式里括号和正负号的嵌套", "brackets and signs inside each other in a formula"),
    ("计算按嵌套逐层进行", "evaluation recurses as deep"),
)

# Files

SOURCE_BYTES = Limit(
    4_000_000,
    "字节 bytes",
    "L111",
    ("data/ 和 templates/ 里的一个文件", "a file in data/ or templates/"),
    ("一个单位一年的数据约 50 千字节", "a year of a bureau is some 50 kB"),
)
YAML_DEPTH = Limit(
    32,
    "层 levels",
    "L109",
    ("数据文件的嵌套", "groups and lists inside each other in a data file"),
    ("最多需要六层", "six are needed"),
)
