"""The command about numbers that are typed in texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from reportgen.check.numbers.classify import Kind, Number
from reportgen.cli import options
from reportgen.cli.options import HERE, Face, Lang
from reportgen.cli.show import chosen, drafted, say, show
from reportgen.edit.binding import bind
from reportgen.findings.columns import aligned, clean
from reportgen.saving import save_texts

WORDS: Mapping[Kind, Mapping[str, str]] = {
    "plain": {"zh": "可手填", "en": "plain"},
    "allowed": {"zh": "已认可", "en": "allowed"},
    "year": {"zh": "年份", "en": "year"},
    "bind": {"zh": "应引用", "en": "bind"},
    "near": {"zh": "差一点", "en": "near"},
    "stale": {"zh": "上年的数", "en": "stale"},
    "unsourced": {"zh": "没有来源", "en": "unsourced"},
}
"""What each kind of number is called."""

Fix = Annotated[bool, typer.Option("--fix", help="改写为引用，印出的文字不变 · write references")]
All = Annotated[bool, typer.Option("--all", help="连可以手填的也列出 · plain ones too")]


def list_numbers(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    fix: Fix = False,
    every: All = False,
) -> None:
    """列出正文里手填的数：是什么，该引用哪个数。List numbers typed in texts; bind them."""
    left = 0
    for each in chosen(root, unit, year, report, lang, Face.full):
        outcome = drafted(root, each, "internal", strict=False)
        if outcome.failed:
            # Where nothing is composed, nobody knows which texts a report has.
            show(outcome.findings, lang, Face.full, root, verbose=False, title=str(each))
            raise typer.Exit(1)
        if fix:
            changes, _ = bind(outcome.job, outcome)
            save_texts(root, {change.path: change.new for change in changes})
            for change in changes:
                say(("改写 " if lang == Lang.zh else "written: ") + change.path)
            outcome = drafted(root, each, "internal", strict=False)
        told = [n for n in outcome.numbers if every or n.kind not in {"plain", "allowed"}]
        left += sum(n.kind not in {"plain", "allowed", "year"} for n in outcome.numbers)
        print(f"{each}  {_counted(outcome.numbers, lang)}")
        print(*_rows(told, lang), sep="\n", end="\n" if told else "")
    if left:
        raise typer.Exit(1)


def _counted(numbers: Iterable[Number], lang: Lang) -> str:
    kinds = [number.kind for number in numbers]
    between = "，" if lang == Lang.zh else ", "
    told = (f"{words[lang.value]} {kinds.count(k)}" for k, words in WORDS.items() if k in kinds)
    return between.join(told)


def _rows(numbers: Iterable[Number], lang: Lang) -> list[str]:
    """Return a line a number: where it stands, what it is, what it should be."""
    rows = [(str(n.mark), n.text, WORDS[n.kind][lang.value], _advice(n)) for n in numbers]
    return aligned([[clean(cell) for cell in row] for row in rows])


def _advice(number: Number) -> str:
    figure = number.current or number.figure
    parts = (
        number.why,
        number.wording.expression if number.wording else "",
        f"{figure.title} {figure.text}" if figure else "",
    )
    return "  ".join(filter(None, parts))
