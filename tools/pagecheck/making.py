"""Has the pages of reports looked at: Word by LibreOffice, PDF, Chromium; each is opened once."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pagecheck import web
from pagecheck.examined import Examined, Fault, Insets
from pagecheck.faults import examine
from pagecheck.paper import read
from pagecheck.projects import Made

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
OFFICES = ("soffice", "libreoffice")
FONTS = {
    "Times New Roman": "a font as wide as Times New Roman (Debian: fonts-liberation)",
    "serif:lang=zh-cn": "a Chinese serif font (Debian: fonts-noto-cjk)",
}
"""What fontconfig, where there is one, is asked for, and how what is missing is named."""
FITTING = re.compile(r"Times New Roman|Liberation Serif|Tinos|Nimbus Roman|Termes|CJK|Song|SimSun")
"""The families that may stand in. With a wider one figures run over their columns and pages
break elsewhere: what is found then is a fault of the machine, not of the files."""
RULE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/AsianLayout/StartEndCharacters">
<node oor:name="zh-CN" oor:op="replace">
<prop oor:name="StartCharacters" oor:op="fuse"><value>{begins}</value></prop>
<prop oor:name="EndCharacters" oor:op="fuse"><value>{ends}</value></prop>
</node></item></oor:items>
"""
"""The settings of LibreOffice that say what may begin and end no line of Chinese."""
TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
MILLIMETRE = 72 / 25.4
PORTRAIT: Insets = tuple(each * MILLIMETRE for each in (28, 37, 26, 35))  # type: ignore[assignment]
"""The margins of GB/T 9704-2012, 5.2: left, top, right, bottom, in points."""
LANDSCAPE: Insets = tuple(each * MILLIMETRE for each in (35, 28, 37, 26))  # type: ignore[assignment]
"""The same page turned to the left (GB/T 9704-2012, 9)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A fault of a report: of which report, for whom, on paper or in a window of which width."""

    report: str
    audience: str
    medium: str
    fault: Fault

    @property
    def line(self) -> str:
        """Return how a list of faults names it: without page and measure, which move."""
        return f"{self.report} | {self.medium} | {self.fault.kind} | {self.fault.text}"


def lacking(*, office: bool = True) -> list[str]:
    """Return what is needed and not there, LibreOffice and the fonts only where `office` is."""
    missing = []
    try:
        import playwright.sync_api  # noqa: F401, PLC0415 (it is no dependency of the package)
    except ImportError:
        missing.append("playwright")
    if not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    if office and not any(map(shutil.which, OFFICES)):
        missing.append("LibreOffice")
    if office and (program := shutil.which("fc-match")):
        for wanted, name in FONTS.items():
            command = [program, "--format", "%{family}", wanted]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            if not FITTING.search(done.stdout):
                missing.append(name)
    return missing


def look(made: Sequence[Made], folder: Path) -> Iterator[Found]:
    """Yield what is wrong with the pages of reports; `folder` takes what is made on the way."""
    for each, examined in [*_word_pages(made, folder), *_own_pages(made)]:
        medium = "word" if examined.bound is not None else "pdf"
        for fault in examine(examined):
            yield Found(each.report, each.audience, medium, fault)
    with browser() as chromium:
        page = chromium.new_page(locale="zh-CN")
        for each in made:
            for medium, fault in _web_faults(page, each):
                yield Found(each.report, each.audience, medium, fault)


def _own_pages(made: Sequence[Made]) -> Iterator[tuple[Made, Examined]]:
    for each in made:
        if ".pdf" in each.files:
            yield each, Examined(read(each.files[".pdf"].read_bytes()), PORTRAIT, LANDSCAPE)


def _word_pages(made: Sequence[Made], folder: Path) -> Iterator[tuple[Made, Examined]]:
    """Yield the Word files as LibreOffice sets them."""
    named = {folder / f"{number}.docx": each for number, each in enumerate(made)}
    for path, each in named.items():
        shutil.copyfile(each.files[".docx"], path)
    convert(list(named), folder)
    for path, each in named.items():
        yield each, word_page(path, path.with_suffix(".pdf").read_bytes())


def convert(files: Sequence[Path], folder: Path) -> None:
    """Have LibreOffice make tagged PDFs of Word files, in `folder`.

    What a file says may begin or end no line is a setting of LibreOffice: it does not read that
    from Word files, which Word does. So the files of each such rule are converted by one of its
    own.
    """
    by_rule: dict[LineEnds, list[str]] = {}
    for file in files:
        by_rule.setdefault(line_ends(file), []).append(str(file))
    program = next(filter(None, map(shutil.which, OFFICES)))
    for number, (rule, paths) in enumerate(by_rule.items()):
        profile = folder / f"profile{number}"
        _set_up(profile, rule)
        place = f"-env:UserInstallation={profile.as_uri()}"
        command = [program, place, "--headless", "--convert-to", TAGGED, "--outdir", str(folder)]
        subprocess.run([*command, *paths], check=True, capture_output=True)  # noqa: S603


LineEnds = tuple[str, str]
"""The characters that begin no line, and those that end none; empty where a file has no rule."""


def line_ends(file: Path) -> LineEnds:
    """Return the rule of line ends in the settings of a Word file (ISO/IEC 29500-1, 17.15.1.58)."""
    import docx  # noqa: PLC0415 (slow to load)
    from docx.oxml.ns import qn  # noqa: PLC0415

    settings = docx.Document(str(file)).settings.element
    before = settings.find(qn("w:noLineBreaksBefore"))
    after = settings.find(qn("w:noLineBreaksAfter"))
    return (
        "" if before is None else before.get(qn("w:val"), ""),
        "" if after is None else after.get(qn("w:val"), ""),
    )


def _set_up(profile: Path, rule: LineEnds) -> None:
    """Make a profile of LibreOffice with a rule of line ends."""
    (profile / "user").mkdir(parents=True, exist_ok=True)
    if any(rule):
        begins, ends = map(escape, rule)
        settings = RULE.format(begins=begins, ends=ends)
        (profile / "user" / "registrymodifications.xcu").write_text(settings, "utf-8")


def word_page(path: Path, pdf: bytes) -> Examined:
    """Return a Word file as it was set in `pdf`, with the margins that its sections have."""
    import docx  # noqa: PLC0415 (slow to load)
    from docx.oxml.ns import qn  # noqa: PLC0415

    document = docx.Document(str(path))
    insets = {False: PORTRAIT, True: LANDSCAPE}
    for section in document.sections:
        turned = section.page_width > section.page_height
        sides = (
            section.left_margin.pt,
            section.top_margin.pt,
            section.right_margin.pt,
            section.bottom_margin.pt,
        )
        insets[turned] = sides
    paper = read(pdf)
    bound = set()
    rows = list(document.element.body.iter(qn("w:tr")))
    for number, (row, node) in enumerate(zip(rows, paper.nodes("TR"), strict=True)):
        unbroken = row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}")
        if unbroken is not None and unbroken.get(qn("w:val")) not in {"0", "false", "off"}:
            bound.add(number)
        # Where cells span rows over a page break, LibreOffice tags empty cells that are not there.
        while len(node.children) > _beginning(row) and not node.children[-1].text:
            node.children.pop()
    return Examined(paper, insets[False], insets[True], frozenset(bound))


def _beginning(row: Any) -> int:  # noqa: ANN401
    """Return how many cells begin in a row of a Word file; the others span from above."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    spans = (cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") for cell in row.findall(qn("w:tc")))
    return sum(1 for each in spans if each is None or each.get(qn("w:val")) == "restart")


@contextmanager
def browser() -> Iterator[Any]:
    """Hold a headless Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    program = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


def _web_faults(page: Any, made: Made) -> Iterator[tuple[str, Fault]]:  # noqa: ANN401
    """Yield what is wrong with a page in windows and in print, each with its medium."""
    if ".html" not in made.files:
        return
    page.goto(made.files[".html"].as_uri())
    for width in web.WIDTHS:
        for fault in web.measured(page, width):
            yield str(width), fault
    for fault in web.narrow_in_print(page):
        yield "print", fault
    printed = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    for fault in examine(Examined(read(printed), PORTRAIT, LANDSCAPE)):
        yield "print", fault
