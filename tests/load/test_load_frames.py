from __future__ import annotations

import pytest

from logged import load_edition
from small_project import PACK, spots

FORMATS = ("docx", "html", "pdf")


def edition(small):
    return load_edition(small.files, "small")


def test_shared_frames_are_used_unless_the_pack_has_its_own(small):
    shared, findings = edition(small)
    assert findings == ()
    assert shared.css == small.text("templates/shared/report.css")
    small.write(f"{PACK}/report.css", "p { color: red }")
    own, _ = edition(small)
    assert own.css == "p { color: red }"
    assert own.frame == shared.frame


@pytest.mark.parametrize("name", ["frame.docx", "page.html.j2", "report.css", "report.typ"])
def test_missing_frame_is_named(small, name):
    (small.root / "templates/shared" / name).unlink()
    found, findings = edition(small)
    assert found is None
    assert spots(findings) == [("L100", f"templates/shared/{name}", 1, 1)]


@pytest.mark.parametrize("name", ["page.html.j2", "report.css", "report.typ"])
def test_frame_that_is_not_utf_8_is_named(small, name):
    small.write(f"{PACK}/{name}", "甲".encode("gbk"))
    assert spots(edition(small)[1]) == [("L113", f"{PACK}/{name}", 1, 1)]


def test_link_of_a_frame_that_leaves_the_project_falls_back_to_the_shared_one(small, tmp_path):
    (tmp_path / "report.css").write_text("outside", "utf-8")
    (small.root / PACK / "report.css").symlink_to(tmp_path / "report.css")
    found, _ = edition(small)
    assert found.css == small.text("templates/shared/report.css")
