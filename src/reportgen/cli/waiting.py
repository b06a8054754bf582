"""What is shown to who waits: a line on the terminal once a second has gone by.

It says what is being worked on and for how long, and is gone before anything else is printed. A
pipe or a file gets none of it.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Event, Thread
from typing import TypeVar

from reportgen.cli.usage_errors import typed_language
from reportgen.findings.excerpt import clean, width

_Item = TypeVar("_Item")

PATIENCE = 1.0
"""Seconds after which a person wants to know that something happens, and how often it is said."""
_WORKING = {"zh": "正在处理 {title}，{seconds} 秒", "en": "working on {title}, {seconds} s"}
_OF_MANY = {
    "zh": "{title}（{done}/{total}，每分钟 {rate}，还要约 {rest} 秒）",
    "en": "{title} ({done}/{total}, {rate} a minute, about {rest} s left)",
}


def is_watched() -> bool:
    """Return whether a person sees both what is printed and what is printed beside it."""
    return sys.stdout.isatty() and sys.stderr.isatty()


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """Say what is being worked on as long as that lasts; nothing may be printed meanwhile."""
    if not is_watched():
        yield
        return
    done = Event()
    line = Thread(target=_say, args=(clean(title), done), daemon=True)
    line.start()
    try:
        yield
    finally:
        done.set()
        line.join()


def waited(items: Iterable[_Item], title: Callable[[], str]) -> Iterator[_Item]:
    """Yield `items`, with `title` shown while the next one is made: they may be printed."""
    rest = iter(items)
    while True:
        with waiting(title()):
            made = tuple(islice(rest, 1))
        if not made:
            return
        yield from made


def waited_in_turn(items: Iterable[_Item], names: Sequence[str]) -> Iterator[_Item]:
    """Yield `items`, of which there is one for each of `names`.

    Shown are the name of the next, how many are done, how fast, and how long the rest will take.
    """
    started = time.perf_counter()
    done = 0

    def title() -> str:
        name = names[min(done, len(names) - 1)]
        return _of_many(name, done, len(names), time.perf_counter() - started) if done else name

    for item in waited(items, title):
        done += 1
        yield item


def _of_many(name: str, done: int, total: int, seconds: float) -> str:
    """Return a name with how many are done after some seconds, and when all will be."""
    rate, rest = 60 * done / seconds, seconds / done * (total - done)
    words = _OF_MANY[typed_language(sys.argv[1:]).value]
    return words.format(title=name, done=done, total=total, rate=f"{rate:.0f}", rest=f"{rest:.0f}")


def _say(title: str, done: Event) -> None:
    """Say what is worked on, again each second, until it is `done`; then take it away."""
    words = _WORKING[typed_language(sys.argv[1:]).value]
    started, taken = time.perf_counter(), 0
    while not done.wait(PATIENCE):
        seconds = time.perf_counter() - started
        line = _cut(words.format(title=title, seconds=f"{seconds:.0f}"))
        _write(f"\r{line}{' ' * (taken - width(line))}")
        taken = width(line)
    if taken:
        _write(f"\r{' ' * taken}\r")


def _cut(text: str) -> str:
    """Return as much of `text` as stands on one line of the terminal."""
    room = shutil.get_terminal_size().columns - 1
    while width(text) > room:
        text = f"{text[:-2]}…"
    return text


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
