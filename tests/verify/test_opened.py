from __future__ import annotations

import subprocess
import sys
from unittest.mock import patch

import pikepdf
import pytest
from finished import DOCUMENT, finished
from lxml import etree
from planted import disclosed

from reportgen.findings import Diagnostics
from reportgen.verify import pdf
from reportgen.verify.opened import OpenedFile
from reportgen.verify.outputs import verify
from reportgen.verify.proof import proof


def test_reading_and_searching_parse_each_file_once():
    to_prove = proof(DOCUMENT, disclosed(audience="public"), {}, Diagnostics())
    files = {name: finished()[name] for name in ("docx", "html", "pdf")}
    with (
        patch.object(pikepdf, "open", wraps=pikepdf.open) as opened,
        patch.object(pdf, "_read_pages", wraps=pdf._read_pages) as pages,
        patch.object(etree, "HTMLParser", wraps=etree.HTMLParser) as page,
        patch.object(etree, "XMLParser", wraps=etree.XMLParser) as xml,
    ):
        verify(DOCUMENT, files, to_prove)
    assert [opened.call_count, pages.call_count, page.call_count] == [1, 1, 1]
    entries = OpenedFile(files["docx"]).package.infolist()
    markup = [entry for entry in entries if entry.filename.endswith((".xml", ".rels", ".svg"))]
    assert xml.call_count == len(markup)


def test_libraries_of_formats_load_when_a_file_is_opened():
    libraries = "{'pikepdf', 'pypdfium2', 'lxml'}"
    code = f"import sys, reportgen.verify.outputs; print({libraries} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("data", [b"", b" ", b"<!-- x -->"])
def test_page_without_an_element_is_an_error(data):
    with pytest.raises(ValueError, match="Document is empty"):
        OpenedFile(data).page  # noqa: B018
