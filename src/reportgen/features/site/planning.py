"""What all pages of a site have in common: what they are made of, their frame, links to files.

What a template is given is plain data, whose hash says whether a page has to be made anew. The text
of a report is read when its page is made, from the finished fragment that was published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2

from reportgen.features.site.datasets import CSV, CSVW, JSON
from reportgen.features.site.versions import PublicFile, PublicVersion, SiteSettings
from reportgen.flow.up_to_date import program
from reportgen.model.frozen import frozen
from reportgen.write.html.look import page_style

INDEX = "index.html"
STYLE = "site.css"
FRAGMENT = "fragment.html"
FORMATS: Mapping[str, str] = {
    "docx": "Word",
    "pdf": "PDF",
    "html": "网页",
    FRAGMENT: "正文片段（供其他网站转载）",
}
"""What is offered of a report, in this order; what is in other formats comes after."""
DATA: Mapping[str, str] = {
    CSV: "CSV（Excel 可以打开）",
    JSON: "JSON",
    CSVW: "各栏的说明（CSVW）",
}
"""What is offered of a dataset, in this order."""
_KILO = 1024


@frozen
class PlannedPage:
    """A file that a site makes: its path, the hash of all that it is made of, and how it is made.

    `make` takes the folder in which the published versions stand.
    """

    path: str
    made_of: str
    make: Callable[[Path], bytes]


PageValues = dict[str, Any]
"""What a template is given: texts, numbers, lists and groups of them."""
Crumbs = Sequence[tuple[str, str]]
"""The pages above one: what each is called, and its path."""


def frame(
    settings: SiteSettings,
    path: str,
    title: str,
    above: Crumbs = (),
    metas: Iterable[tuple[str, str]] = (),
) -> PageValues:
    """Return what the frame of a page at `path` is given: its title, the pages above it, <meta>."""
    top = "../" * path.count("/")
    return {
        "site": {
            "name": settings.name,
            "publisher": settings.publisher,
            "contact": settings.contact,
        },
        "top": top,
        "title": title,
        "crumbs": [[text, top + quote(address)] for text, address in above],
        "metas": [*map(list, metas)],
    }


def planned(
    path: str,
    template: str,
    values: PageValues,
    read: Callable[[Path], PageValues] = lambda _: {},
) -> PlannedPage:
    """Return a page to be made by a template of `values`.

    `read` returns more of them, from published files whose hashes are among these.
    """
    told = json.dumps([program(), template, values], ensure_ascii=False, sort_keys=True)

    def make(top: Path) -> bytes:
        return rendered(template, {**values, **read(top)})

    return PlannedPage(path, hashlib.sha256(told.encode()).hexdigest(), make)


def rendered(template: str, values: Mapping[str, Any]) -> bytes:
    """Return a page of a template of the assets."""
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "assets"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["size"] = size_text
    return environment


def size_text(size: int) -> str:
    """Return a number of bytes as people read it."""
    if size < _KILO:
        return f"{size} 字节"
    if size < _KILO**2:
        return f"{(size * 10 // _KILO + 5) // 10} KB"
    return f"{(size * 100 // _KILO**2 + 5) // 10 / 10} MB"


def style_sheet() -> PlannedPage:
    """Return the style sheet of all pages."""
    data = page_style(asset(STYLE).decode(), dark=False).encode()
    return PlannedPage(STYLE, hashlib.sha256(data).hexdigest(), lambda _: data)


def asset(name: str) -> bytes:
    """Return a file of the assets."""
    return resources.files(__package__).joinpath("assets", name).read_bytes()


def site_metas(settings: SiteSettings, column: str = "") -> list[tuple[str, str]]:
    """Return the <meta> elements of a page that is no article (国办发〔2017〕47号)."""
    metas = [("SiteName", settings.name)]
    if settings.url:
        metas.append(("SiteDomain", urlsplit(settings.url).hostname or ""))
    if settings.site_code:
        metas.append(("SiteIDCode", settings.site_code))
    if column:
        words = f"{column};预算绩效;绩效自评"
        metas += [("ColumnName", column), ("ColumnType", "信息公开"), ("ColumnKeywords", words)]
        metas.append(("ColumnDescription", f"{settings.name}：{column}"))
    return metas


# Links


def kind_path(kind: str) -> str:
    """Return the path of the page of a kind of report.

    Its name is of letters and digits alone, which every server and archive keeps, and is the same
    whatever other kinds there are.
    """
    return f"kinds/{hashlib.sha256(kind.encode()).hexdigest()[:8]}/{INDEX}"


def offered(
    report: str, version: PublicVersion, place: str, formats: Sequence[str]
) -> list[PageValues]:
    """Return the files of a report in some formats, as links."""
    labels = {f"{report}.{name}": FORMATS.get(name, name.upper()) for name in formats}
    return links(version, labels, place)


def links(version: PublicVersion, labels: Mapping[str, str], place: str) -> list[PageValues]:
    """Return those of some files that a version has, as links, `labels` by their names."""
    files = {file.name: file for file in version.files}
    return [_link(files[name], text, place) for name, text in labels.items() if name in files]


def _link(file: PublicFile, label: str, place: str) -> PageValues:
    return {
        "label": label,
        "href": place + quote(file.name),
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
    }
