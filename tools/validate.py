"""Has other people's validators look at everything that the reports are published as.

`make validate` builds all reports for every audience in a copy of the project, makes the site of
all public versions, corrects one of them, and writes overviews, comparisons and audits of what was
built, in both languages. Then it runs, each over all files that are of its kind, and none of which
may have anything against one:

- vnu, the W3C's checker of HTML, from npm's vnu-jar; it needs Java. A fragment is checked in the
  smallest page that can hold it.
- openxml-audit (schemas and what makes Word repair a file) and ooxml-integrity (parts, relations).
- pdfua (tags of PDF/UA-1).

Each is first shown a file with a fault planted: one that finds nothing there checks nothing.
Exits 1 if anything was found, 2 if something that is needed is missing.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import docx

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
AUDIENCES = ("internal", "submit", "public")
VNU = "vnu-jar@26.9.27"
VNU_HASH = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
"""The SHA-256 of vnu.jar in that package."""
UNKNOWN_TO_VNU = re.compile(
    r"CSS: “(anchor-name|anchor-scope|position-anchor|position-area|position-try-fallbacks"
    r"|container-type)”: Property “\1” doesn't exist\."
    r"|CSS: “inline-size”: Unknown dimension\."
    r"|CSS: “paint-order”: Property “paint-order” doesn't exist\."
)
"""What vnu does not know yet: CSS Anchor Positioning, which sets notes beside their figures, the
size of a container (CSS Containment 3), which a caption has in view while its table scrolls, and
the order of painting (SVG 2), by which a text in a chart is read before lines."""
FAILS_IN_PDFUA = "UA-14-001"
"""A rule that trips over lists of objects, whatever the file: that no level of headings is left
out. `reportgen` looks at that itself when it reads a PDF back."""
NOTICE = "notice.docx"
"""A signed notice; a bureau writes it, and no validator is asked about it."""
SETTINGS = """
name = "绩效公开"
url = "https://example.org/jixiao/"
publisher = "某局"
contact = "某科"
site_code = "4312000000"
license = "https://example.org/xuke/"
"""
CORRECTION = f"""
[[correction]]
unit = "huaihua"
year = 2023
report = "department"
date = 2024-09-12
notice = "{NOTICE}"
"""
CHANGED = "data/huaihua/2023/department/narrative/problems.md"
AUDITED = tuple(f"build/2023/huaihua/submit/department.{kind}" for kind in ("docx", "pdf"))
COMPARED = ("build/2022", "build/2023")
FRAGMENT = ".fragment.html"
FRAME = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>t</title></head>'
    "<body>\n{}</body></html>\n"
)
Faults = Iterator[str]


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it printed, whatever its exit code says."""
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603


def make(root: Path) -> None:
    """Make all that is published, in a project at `root` that is like this one."""
    for part in ("data", "templates"):
        shutil.copytree(ROOT / part, root / part)
    (root / "site.toml").write_text(SETTINGS, "utf-8")
    for audience in AUDIENCES:
        reportgen(root, "build", "--audience", audience)
    reportgen(root, "site")
    correct(root)
    reportgen(root, "site")
    for lang in ("zh", "en"):
        beside = ("--lang", lang, "--out", f"build/overview-{lang}", "--html")
        for audience in AUDIENCES:
            reportgen(root, "overview", "--audience", audience, *beside)
        out = ("--lang", lang, "--out", f"build/audit-{lang}")
        reportgen(root, "audit", *AUDITED, *out, "--html", "--docx", codes=(0, 1))
        compared = ("diff", *COMPARED, "--lang", lang, "--output-format", "html")
        page = reportgen(root, *compared, codes=(0, 1))
        (root / "build" / f"diff-{lang}.html").write_text(page, "utf-8")


def correct(root: Path) -> None:
    """Change a report that was published, and sign a notice of it."""
    narrative = root / CHANGED
    narrative.write_text(
        f"{narrative.read_text('utf-8').rstrip()}三是资料归集不够及时。\n", "utf-8"
    )
    reportgen(root, "build", "--audience", "public", "--unit", "huaihua", "--year", "2023")
    page = (root / "build/2023/huaihua/public/department.html").read_text("utf-8")
    title = re.search("<title>(.*?)</title>", page)
    assert title is not None
    notice = docx.Document()
    notice.core_properties.author = ""
    notice.core_properties.comments = ""  # python-docx names itself there
    for text in (f"关于《{title[1]}》的更正说明", "补充一个问题。", "某局　2024年9月12日"):
        notice.add_paragraph(text)
    notice.save(str(root / NOTICE))
    with (root / "site.toml").open("a", encoding="utf-8") as settings:
        settings.write(CORRECTION)


def reportgen(root: Path, command: str, *words: str, codes: Sequence[int] = (0,)) -> str:
    """Run a command in a project and return what it prints; another exit code ends the program."""
    done = run(sys.executable, "-m", "reportgen.cli", command, *words, cwd=root)
    if done.returncode not in codes:
        raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def vnu() -> Path:
    """Return vnu.jar, installed by npm beside this Python where it is not there yet."""
    folder = BIN.parent / "vnu"
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        folder.mkdir(exist_ok=True)
        npm = shutil.which("npm") or missing("npm")
        run(npm, "install", "--no-save", "--silent", "--prefix", folder, VNU, cwd=folder)
    if not jar.exists() or hashlib.sha256(jar.read_bytes()).hexdigest() != VNU_HASH:
        missing(VNU)
    return jar


def missing(what: str) -> NoReturn:
    """End the program because `what` is not there."""
    print(f"{what} is missing: the files are not validated", file=sys.stderr)
    raise SystemExit(2)


def page_faults(files: Sequence[Path]) -> Faults:
    """Yield what vnu calls an error, once fragments stand in pages."""
    java, jar = shutil.which("java") or missing("java"), vnu()
    with TemporaryDirectory() as folder:
        pages: list[Path] = []
        for number, file in enumerate(files):
            text = file.read_text("utf-8")
            page = Path(folder, f"{number}.html")
            page.write_text(FRAME.format(text) if file.name.endswith(FRAGMENT) else text, "utf-8")
            pages.append(page)
        said = run(java, "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", *pages)
    yield from vnu_faults(said.stdout, files)


def vnu_faults(said: str, files: Sequence[Path]) -> Faults:
    """Yield the errors among the messages of vnu, of a page that is named by its number."""
    for message in json.loads(said)["messages"]:
        if message["type"] == "info" or UNKNOWN_TO_VNU.match(message["message"]):
            continue
        file = files[int(Path(message["url"]).stem)]
        yield f"{file}:{message.get('lastLine', '')}: {message['message']}"


def schema_faults(files: Sequence[Path]) -> Faults:
    """Yield what openxml-audit finds, warnings too, and the files that Word would repair."""
    for file in files:
        said = run(BIN / "openxml-audit", "--policy", "strict", "-m", "0", "-o", "json", file)
        (result,) = json.loads(said.stdout)
        for error in result["errors"]:
            yield f"{file}: {error['part_uri']}: {error['description']}"
        if not result["valid"] or result["verdict"]["prediction"] != "opens-clean":
            yield f"{file}: {result['verdict']['headline']}"


def package_faults(files: Sequence[Path]) -> Faults:
    """Yield what ooxml-integrity finds of any weight."""
    said = run(BIN / "ooxml-integrity", "check", "--no-config", "--json", *files)
    for result in json.loads(said.stdout)["files"]:
        for found in result["findings"]:
            yield f"{result['path']}: {found['code']} {found['part']}: {found['message']}"


def tag_faults(files: Sequence[Path]) -> Faults:
    """Yield what pdfua finds of any weight, and the rules that it could not try."""
    for file in files:
        result = json.loads(run(BIN / "pdfua", "check", "--format", "json", file).stdout)
        for found in result["findings"]:
            yield f"{file}: {found['rule_id']}: {found['message']}"
        for rule in result["skipped"]:
            if rule["rule_id"] != FAILS_IN_PDFUA:
                yield f"{file}: {rule['rule_id']}: {rule['reason']}"


def with_value_lost(page: bytes) -> bytes:
    """Return a page with a figure that has no value."""
    return page.replace(b"</main>", b"<p><data>1</data></p></main>")


def with_id_twice(word: bytes) -> bytes:
    """Return a Word file of which two drawings have one id, and with a relation without use."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b'docPr id="2"', b'docPr id="1"')
            new.writestr(name, data.replace(b'Id="rId_chart', b'Id="rIdLost_chart'))
    return changed.getvalue()


def without_headers(pdf: bytes) -> bytes:
    """Return a PDF whose tables have no header cells."""
    return pdf.replace(b"/StructElem/S/TH", b"/StructElem/S/TD")


@dataclass(frozen=True)
class Validator:
    """A validator: the files it reads, how it is asked, and what plants a fault that it finds."""

    name: str
    suffix: str
    faults: Callable[[Sequence[Path]], Faults]
    plant: Callable[[bytes], bytes]


VALIDATORS = (
    Validator(VNU, ".html", page_faults, with_value_lost),
    Validator("openxml-audit", ".docx", schema_faults, with_id_twice),
    Validator("ooxml-integrity", ".docx", package_faults, with_id_twice),
    Validator("pdfua", ".pdf", tag_faults, without_headers),
)
MADE = ("build", "site")
"""The folders of a project where what is made stands."""
PLANTED = Path("build", "2023", "huaihua", "internal", "department")
"""The file, without its suffix, that faults are planted in: it has tables, figures and charts."""


def made(root: Path, suffix: str) -> list[Path]:
    """Return the files of a kind that were made, each content once: a site has copies of builds."""
    found: dict[bytes, Path] = {}
    for folder in MADE:
        for file in sorted((root / folder).rglob(f"*{suffix}")):
            if file.name != NOTICE:
                found.setdefault(file.read_bytes(), file)
    return list(found.values())


def validated(validator: Validator, root: Path) -> list[str]:
    """Return what a validator has against the files of a project; nothing, if they are sound."""
    with TemporaryDirectory() as folder:
        damaged = Path(folder, "planted").with_suffix(validator.suffix)
        sound = root / PLANTED.with_suffix(validator.suffix)
        damaged.write_bytes(validator.plant(sound.read_bytes()))
        if not list(validator.faults([damaged])):
            return [f"{validator.name} sees no fault where one is planted"]
    files = made(root, validator.suffix)
    faults = list(validator.faults(files))
    print(f"{validator.name}: {len(files)} files, {len(faults)} faults")
    return faults


def main() -> int:
    """Validate everything; return the exit code."""
    faults: list[str] = []
    with TemporaryDirectory() as folder:
        root = Path(folder)
        make(root)
        for validator in VALIDATORS:
            faults += validated(validator, root)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
