"""A chart for the public: what is withheld, masked and replaced is so in its drawing, too."""

from __future__ import annotations

import io
import re
import zipfile

import pypdfium2
import pytest

from outcome import build
from reportgen.model.document import Chart
from small_project import DATA, HOME, PACK, SmallProject

CHART = """
charts:
  - id: funds
    title: 专项经费
    kind: %s
    audience: [public]
    rows: funds
    series: [{key: 'funds.*.outturn', title: 决算数}]
"""
POLICY = """\
disclosure:
  withhold:
    - {key: funds.survey.outturn, reason: 试, basis: 试}
  mask:
    - {key: funds.chains.outturn, shown: 若干, reason: 试, basis: 试}
  replace:
    - {term: 业务培训经费, shown: 某项经费, reason: 试, basis: 试}
"""
MORE = """\
  - id: devices
    name: 设备购置经费
    category: 业务工作经费
    source: 市级
    initial: 7.7
    outturn: 7.6
"""
TAG = re.compile(r"<[^<>]*>")
FORMATS = ("docx", "html", "fragment.html", "pdf")


@pytest.fixture(scope="module", params=["bars", "share"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def outcome(kind, tmp_path_factory):
    """Return a public build with a chart of four figures, of which two are told as they are."""
    project = SmallProject.copied(tmp_path_factory.mktemp("chart") / "project")
    project.write(f"{PACK}/pack.yaml", project.text(f"{PACK}/pack.yaml") + CHART % kind)
    project.write(f"{HOME}/narrative/spending.md", "支出见附件。\n")
    # What is withheld must not be printed as another figure, its budget.
    project.replace(f"{DATA}/funds.yaml", "initial: 12.5, outturn", "initial: 13.1, outturn")
    funds = project.text(f"{DATA}/funds.yaml")
    project.write(f"{DATA}/funds.yaml", funds + MORE)
    project.write(f"{HOME}/disclosure.yaml", POLICY)
    job = project.job(audience="public", formats=("docx", "html", "pdf"))
    return build(job)


def texts(outcome) -> dict[str, str]:
    """Return everything that stands in each file, by format, as an independent reader sees it."""
    files = {name.partition(".")[2]: data for name, data in outcome.files.items()}
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as package:
        parts = [package.read(n) for n in package.namelist() if n.endswith(("xml", "svg", "rels"))]
    pages = pypdfium2.PdfDocument(files["pdf"])
    return {
        "docx": "".join(TAG.sub(" ", part.decode()) for part in parts),
        "html": TAG.sub(" ", files["html"].decode()),
        "fragment.html": TAG.sub(" ", files["fragment.html"].decode()),
        "pdf": "".join(page.get_textpage().get_text_range() for page in pages),
    }


def test_it_is_built_in_every_format(outcome):
    assert not outcome.failed, outcome.findings
    assert {name.partition(".")[2] for name in outcome.files} >= set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_no_file_holds_what_is_kept_back_and_each_holds_the_rest(outcome, name):
    text = texts(outcome)[name]
    assert "18.4" in text
    assert "若干" in text
    assert "某项经费" in text
    for secret in (r"(?<!\d)12\.5(?!\d)", r"(?<!\d)96\.3(?!\d)", "业务培训经费"):
        assert not re.search(secret, text)


def test_the_drawing_itself_knows_nothing_of_it(outcome, kind):
    annexes = [each for each in outcome.document.annexes if each.label == "附图"]
    charts = [block for each in annexes for block in each.blocks if isinstance(block, Chart)]
    if not charts:
        assert kind == "share"  # of a whole that is not told there are none
        return
    assert [chart.categories for chart in charts] == [("某项经费", "设备购置经费")]
    assert "业务培训经费" not in repr(charts)
