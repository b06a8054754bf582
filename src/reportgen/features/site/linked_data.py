"""What pages say of their data to machines: JSON-LD in the words of schema.org.

A page of a report describes its dataset, the first page the catalogue of all of them. Addresses are
whole where the site's is known, else as seen from the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from reportgen.features.site.datasets import CSV, CSVW, JSON
from reportgen.features.site.planning import INDEX
from reportgen.features.site.versions import (
    PublicFile,
    PublishedReport,
    SiteSettings,
)

MEDIA_TYPES: Mapping[str, str] = {
    CSV: "text/csv",
    JSON: "application/json",
    CSVW: "application/csvm+json",
}
"""The files of a dataset in the order in which they are offered (csvm+json: W3C, CSVW)."""
LANGUAGE = "zh-CN"
_CONTEXT = "https://schema.org/"
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
"""What could end a script, or begin a comment, written so that JSON means the same by it."""


def dataset(settings: SiteSettings, report: PublishedReport) -> str:
    """Return what the page of a report says of its dataset; nothing where there is none."""
    current = report.current
    files = {file.name: file for file in current.files}
    if CSV not in files:
        return ""
    place = settings.url + quote(report.address) if settings.url else ""
    told = {
        "@type": "Dataset",
        "name": f"{current.title}数据",
        "description": f"{current.title}公开的数：名称、数值、单位、算式和印在哪里。",
        "url": place + INDEX if place else "",
        "publisher": _office(current.organization),
        "datePublished": current.publication.date,
        "dateCreated": "" if current.publication.date else current.date,
        "version": str(current.number),
        "temporalCoverage": str(report.year),
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "license": settings.license,
        "includedInDataCatalog": _named("DataCatalog", settings.name, settings.url),
        "distribution": [
            _download(files[name], media, f"{place}{current.folder}/")
            for name, media in MEDIA_TYPES.items()
        ],
    }
    return _script(told)


def catalog(settings: SiteSettings) -> str:
    """Return what the first page says of the catalogue that all datasets stand in."""
    told = {
        "@type": "DataCatalog",
        "name": settings.name,
        "description": "预算绩效自评报告公开版的数据，每份报告一个数据集。",
        "url": settings.url,
        "publisher": _office(settings.publisher),
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "license": settings.license,
    }
    return _script(told)


def _office(name: str) -> dict[str, str]:
    return _named("GovernmentOrganization", name) if name else {}


def _named(kind: str, name: str, url: str = "") -> dict[str, str]:
    told = {"@type": kind, "name": name, "url": url}
    return {key: text for key, text in told.items() if text}


def _download(file: PublicFile, media: str, place: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "encodingFormat": media,
        "contentUrl": place + quote(file.name),
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _script(told: Mapping[str, Any]) -> str:
    """Return JSON-LD that no text in it can break out of; what is not known is left out."""
    known = {key: value for key, value in told.items() if value not in ("", {}, [])}
    return json.dumps({"@context": _CONTEXT, **known}, ensure_ascii=False).translate(_ESCAPES)
