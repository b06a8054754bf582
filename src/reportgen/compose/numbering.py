"""Numbers headings and list items as the pack says: 一、 （一） 1. （1）."""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = 4
"""How deep headings go."""
_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return `number` in Chinese numerals up to 99, 十二, and in digits beyond."""
    if not 0 < number < 100:
        return _DIGITS[0] if number == 0 else str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


@dataclass(slots=True)
class Numbering:
    """The count at each heading level; `styles` are texts with {cn} or {n}, level by level.

    `prefix` begins the anchors, which must be unique in the document.
    """

    styles: tuple[str, ...]
    prefix: str = "s"
    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)

    def next(self, level: int) -> tuple[str, str]:
        """Return the number and the anchor of the next heading at `level` (1 is the highest)."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (LEVELS - level)
        anchor = self.prefix + "-".join(str(count) for count in self.counts[:level])
        return self.label(level, self.counts[level - 1]), anchor

    def label(self, level: int, number: int) -> str:
        """Return `number` as printed at `level`; without styles there are no numbers."""
        if not self.styles:
            return ""
        style = self.styles[min(level, len(self.styles)) - 1]
        return style.replace("{n}", str(number)).replace("{cn}", chinese(number))
