"""Secrets to plant into finished files, and the search for them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction

import pikepdf
from finished import DOCUMENT, finished

from logged import proof
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Fact, Ledger
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.verify.opened import OpenedFile
from reportgen.verify.search import prove

NAME, PHONE = "欧阳某某", "0000001"
PLACE = SourceSpan("data/x.yaml", 3, 9)


def secret(text, key="k", initials=()):
    """Return what is to be kept back: a quantity where it can be read as one with a unit."""
    try:
        read = parse_quantity(text)
    except QuantityError:
        return Secret(key, "标题", text, PLACE, initials=initials)
    if not read.unit.symbol:
        return Secret(key, "标题", text, PLACE, initials=initials)
    return Secret(key, "标题", text, PLACE, read.value, read.unit, read.shape, initials)


def disclosed(*secrets, told=(), audience="submit", **more):
    texts = {f"open.{n}": Fact(f"open.{n}", "", text, NOWHERE) for n, text in enumerate(told)}
    return Disclosed(Ledger(2023, texts=texts), audience, secrets=secrets, **more)


SILENT = replace(DOCUMENT, blocks=(), annexes=())
"""A document that prints no figure."""


def search(name, data, given, document=SILENT):
    """Return the findings on one file."""
    to_prove, _ = proof(document, given)
    return list(prove(name, OpenedFile(data), to_prove))


def leaks(name, data, *secrets, told=()):
    """Return the keys of the secrets that were found in a file, all of which could be read."""
    found = search(name, data, disclosed(*secrets, told=told))
    assert {each.code for each in found} <= {"D101", "D108"}, found
    return {each.subject for each in found if each.code == "D101"}


def in_page(written, *texts, told=()):
    """Return which of `texts` is found where a paragraph says `written`."""
    secrets = [secret(text, text) for text in texts]
    page = f"<!doctype html><p>{written}</p>".encode()
    return leaks("html", page, *secrets, told=told)


def members(data=None):
    with zipfile.ZipFile(io.BytesIO(data or finished()["docx"])) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(files, comment=b"", extra=b""):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.extra = extra
            package.writestr(info, part)
        package.comment = comment
    return data.getvalue()


def with_parts(more):
    """Return the Word file with further parts, by name."""
    return packed({**members(), **more})


def resaved(change, **options):
    """Return the PDF after `change`."""
    with pikepdf.open(io.BytesIO(finished()["pdf"])) as pdf:
        change(pdf)
        data = io.BytesIO()
        pdf.save(data, **options)
    return data.getvalue()


def page_with(markup):
    return finished()["html"].decode().replace("</main>", f"{markup}</main>").encode()


def exact(text):
    return Fraction(text)
