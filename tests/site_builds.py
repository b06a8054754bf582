"""Public versions as builds leave them, made up in no time, and the site that is made of them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Self

from reportgen.features.site.existing import SiteOrder
from reportgen.features.site.making import make_site
from reportgen.features.site.settings import default_settings
from reportgen.features.site.versions import SiteSettings, Withdrawal
from reportgen.findings import Diagnostics, Finding
from reportgen.flow.publish import FolderChange, digests, publish
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Ledger
from reportgen.verify.proof import Proof
from reportgen.verify.proof_record import proof_json
from reportgen.verify.spellings import SearchTargets

FRAGMENT = """<div><h1 style="text-align:center">{title}</h1>
<h2>一、概况</h2>
<p style="text-indent:2em">{text}</p>
<h3>（一）表</h3>
<div style="overflow-x:auto;margin:1em 0"><table><tbody><tr><td>甲</td></tr></tbody></table></div>
</div>
"""


def build_public(  # noqa: PLR0913 - all that a version may differ in
    builds: Path,
    unit: str = "bureau",
    year: int = 2023,
    report: str = "department",
    text: str = "正文",
    *,
    name: str = "某局",
    kind: str = "部门整体支出绩效自评报告",
    date: str = "2024-05-06",
    formats: tuple[str, ...] = ("docx", "fragment.html", "html", "pdf"),
    engine: str = "",
    secrets: tuple[Secret, ...] = (),
    figures: bytes | None = None,
    **publication: str,
) -> Path:
    """Publish a public version and its record in `builds`; return the folder of its files.

    `engine` is in its files but for the text: another makes other bytes of the same content. The
    `secrets` are withheld of it; nobody looks here whether its files tell them. `figures` is the
    record of its figures.
    """
    title = f"{name}{year}年度{kind}"
    files = {}
    for format_ in formats:
        files[f"{report}.{format_}"] = f"{format_} {title} {text} {engine}".encode()
    if "fragment.html" in formats:
        files[f"{report}.fragment.html"] = FRAGMENT.format(title=title, text=text).encode()
    about = {
        "title": title,
        "subject": kind,
        "organization": name,
        "date": date,
        "language": "zh-CN",
        "text": hashlib.sha256(f"{title} {text}".encode()).hexdigest(),
        "publication": {"name": title, "publisher": name, "date": date, **publication},
    }
    record = {"published": digests(files), "report": about, "commit": "c" * 40}
    withheld = Disclosed(Ledger(year), "public", secrets=secrets)
    proven = proof_json(
        Proof(SearchTargets(), public=True, printed=("12.5", "10", "125")), withheld
    )
    folder = builds / str(year) / unit
    kept = {
        f"{report}.yaml": b"",
        f"{report}.figures.json": figures_record(text) if figures is None else figures,
        f"{report}.proof.json": proven.encode(),
    }
    publish(
        folder,
        FolderChange("public", report, files, {}),
        FolderChange("disclosure", report, kept, record),
    )
    return folder / "public"


def figures_record(text: str) -> bytes:
    """Return the record of two figures called after `text`, and of one worked out from them."""
    rows = []
    cells = (("a", "12.5", "万元", ""), ("b", "10", "万元", ""), ("rate", "125", "%", "a / b"))
    for order, (key, value, unit, formula) in enumerate(cells, 1):
        place = {
            "text": value,
            "where": "x r1c1",
            "spoken": f"附件 表1 第{order}行第1列",
            "order": order,
        }
        row = {"key": key, "title": f"{text}之{key}", "text": value, "value": value, "unit": unit}
        row |= {"kind": "derived" if formula else "fact", "formula": formula, "places": [place]}
        rows.append(row | {"inputs": ["a", "b"] if formula else []})
    return json.dumps(rows, ensure_ascii=False).encode()


class MadeUpSite:
    """A folder of builds and the site that is made of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.builds, self.out = root, root / "build", root / "site"

    def copied(self, root: Path) -> Self:
        """Return a copy at `root`, which a test may change."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return type(self)(root)

    def build(self, *arguments: object, **options: object) -> Path:
        """Build a public version, as `build_public` says."""
        return build_public(self.builds, *arguments, **options)  # type: ignore[arg-type]

    def order(self, **settings: object) -> SiteOrder:
        """Return the order of this site, with some settings."""
        usual = default_settings(self.builds)
        given = {"name": usual.name, "builds": usual.builds, **settings}
        said = given.get("withdrawn", ())
        given["withdrawn"] = tuple(
            Withdrawal(each) if isinstance(each, str) else each for each in said
        )
        return SiteOrder(SiteSettings(**given), (), self.root, self.out)  # type: ignore[arg-type]

    def make(self, **settings: object):
        """Make the site; return what changed, which is something."""
        log = Diagnostics()
        change = make_site(self.order(**settings), log)
        assert change is not None, [each.code for each in log]
        return change

    def refused(self, **settings: object) -> list[str]:
        """Try to make the site, which is not made and stays as it was; return the codes."""
        before, log = tree(self.out), Diagnostics()
        assert make_site(self.order(**settings), log) is None
        assert tree(self.out) == before
        return [each.code for each in log if each.severity == "error"]

    def found(self, **settings: object) -> list[Finding]:
        """Try to make the site and return what was found."""
        log = Diagnostics()
        make_site(self.order(**settings), log)
        return list(log)

    def codes(self, **settings: object) -> list[str]:
        """Make the site and return the codes of what was found."""
        log = Diagnostics()
        assert make_site(self.order(**settings), log) is not None
        return [each.code for each in log]

    def page(self, path: str = "index.html") -> str:
        return (self.out / path).read_text("utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files in and below a folder by path, hidden ones too."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def inodes(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of all files in and below a folder by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns)
    return found
