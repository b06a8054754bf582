"""Numbers headings and list items as the pack says: 一、 （一） 1. （1）."""

from __future__ import annotations

from dataclasses import dataclass, field

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return `number` (1–99) in Chinese numerals: 十二."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


@dataclass(slots=True)
class Numbering:
    """The count at each heading level; `styles` are templates with {cn} or {n}, level by level."""

    styles: tuple[str, ...]
    counts: list[int] = field(default_factory=lambda: [0] * 6)

    def next(self, level: int) -> tuple[str, str]:
        """Return the number and the anchor of the next heading at `level` (1 is the highest)."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (len(self.counts) - level)
        anchor = "s" + "-".join(str(count) for count in self.counts[:level])
        return self.label(level, self.counts[level - 1]), anchor

    def label(self, level: int, number: int) -> str:
        """Return `number` as printed at `level`."""
        style = self.styles[min(level, len(self.styles)) - 1]
        return style.format(n=number, cn=chinese(number) if number < 100 else number)
