"""Writes language/equivalents.txt: which characters stand for which in a search.

    python tools/make_equivalents.py RADICALS OPENCC CONFUSABLES

RADICALS is EquivalentUnifiedIdeograph of the Unicode Character Database as perl installs it
(`unicore/To/EqUIdeo.pl`), OPENCC the folder `opencc/dictionary` of the wheel
opencc-python-reimplemented 0.1.7, CONFUSABLES `confusables.json` of the wheel
confusable-homoglyphs 3.3.1 (UTS 39). None of them is needed to run the program.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/reportgen/language/equivalents.txt"
VARIANTS = ("HKVariants.txt", "TWVariants.txt", "JPVariants.txt")
NUMERALS = "參"
"""Numerals whose simplified form is an ordinary word, so that numbers are read as they stand."""
ALPHABETS = {"GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "LATIN"}
LIKE_HAN = {"KATAKANA", "BOPOMOFO", "HANGUL"}
Pair = tuple[str, str]


def main() -> None:
    """Collect the pairs of every source, follow each to its end, write a line for each end."""
    radicals, opencc, confusables = map(Path, sys.argv[1:])
    step: dict[str, str] = {}
    for pairs in (_radicals(radicals), _opencc(opencc), _look_alikes(confusables)):
        for source, target in pairs:
            if unicodedata.is_normalized("NFKC", source) and source not in NUMERALS:
                step.setdefault(source, target)
    ends: dict[str, list[str]] = {}
    for source in step:
        end = _end(source, step)
        if end != source:
            ends.setdefault(end, []).append(source)
    lines = [end + "".join(sorted(sources)) for end, sources in sorted(ends.items())]
    version = re.search(r"Version (\d+\.\d+)", radicals.read_text())
    unicode = version[1] if version else "?"
    head = f"""\
# EquivalentUnifiedIdeograph of Unicode {unicode}; OpenCC TSCharacters and variants; UTS 39.
# Written by tools/make_equivalents.py. A line: a character, then those that stand for it.
"""
    OUT.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def _one(text: str) -> bool:
    return len(text) == 1 and not text.isascii()


def _end(source: str, step: dict[str, str]) -> str:
    """Return what `source` stands for in the end; of a circle the first in code order."""
    seen = [source]
    while (following := step.get(seen[-1], "")) and following not in seen:
        seen.append(following)
    return min(seen[seen.index(following) :]) if following else seen[-1]


def _radicals(file: Path) -> Iterator[Pair]:
    """Yield radicals and strokes with the ideograph that each stands for."""
    for first, last, target in re.findall(r"^(\w+)\t(\w*)\t(\w+)$", file.read_text(), re.MULTILINE):
        for code in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(code), chr(int(target, 16))


def _opencc(folder: Path) -> Iterator[Pair]:
    """Yield traditional characters with the simplified, variants with the traditional.

    A variant that GB 2312 has is a character in its own right in simplified Chinese.
    """
    for traditional, simplified in _table(folder / "TSCharacters.txt"):
        yield traditional, simplified[0]
    for name in VARIANTS:
        for standard, variants in _table(folder / name):
            for variant in variants:
                if not _in_gb2312(variant):
                    yield variant, standard


def _table(file: Path) -> Iterator[tuple[str, list[str]]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        source, *targets = line.split()
        yield source, targets


def _look_alikes(file: Path) -> Iterator[Pair]:
    """Yield letters that look like Latin ones, kana like ideographs, ideographs of one shape."""
    for source, entries in json.loads(file.read_text(encoding="utf-8")).items():
        for entry in entries:
            if _one(source) and len(entry["c"]) == 1 and _is_alike(source, entry["c"]):
                yield source, entry["c"].lower()


def _is_alike(source: str, target: str) -> bool:
    script = unicodedata.name(source, "").partition(" ")[0]
    if target.isascii():
        return script in ALPHABETS and target.isalpha()
    if not unicodedata.name(target, "").startswith("CJK UNIFIED") or not _in_gb2312(target):
        return False
    return script in LIKE_HAN or (script == "CJK" and not _in_gb2312(source))


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    main()
