"""Proves a dataset: it has no number that its public version does not print, digit for digit.

A figure with more digits than are printed would tell what was kept back from it, and is no secret
that anybody searches for by its own. So the numbers are held to those that are printed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reportgen.features.site.datasets import COLUMNS, CSV, JSON
from reportgen.language.even_numbers import even_numbers
from reportgen.language.folding import BORDER
from reportgen.language.numbers import canonical, find_numbers
from reportgen.project.foreign_files import parsed_json

NUMBER = "value"
"""The column that holds the number of a figure, in its unit."""
_HEADS = {column.name: column.head for column in COLUMNS}


def is_dataset(path: str) -> bool:
    """Return whether a file of a site holds the figures of a version."""
    return path.rpartition("/")[2] in {CSV, JSON}


def unprinted(path: str, data: bytes, printed: Iterable[str]) -> Iterator[str]:
    """Yield the numbers of a dataset that none of the `printed` figures has."""
    known = _known(tuple(printed))
    for text in _numbers(path, data):
        if text and canonical(text.lstrip("-")) not in known:
            yield text


@lru_cache(maxsize=1)  # a version has its dataset in two formats
def _known(printed: tuple[str, ...]) -> frozenset[str]:
    numbers = find_numbers(even_numbers(BORDER.join(printed)))
    return frozenset(canonical(number.digits) for number in numbers)


def _numbers(path: str, data: bytes) -> Iterator[str]:
    if path.endswith(JSON):
        for figure in parsed_json(data)["figures"]:
            yield str(figure[NUMBER])
    else:
        for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"))):
            yield row[_HEADS[NUMBER]]
