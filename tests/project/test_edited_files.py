from __future__ import annotations

from logged import logged
from reportgen.project.source_files import EditedFiles


def test_edits_stand_in_place_of_what_is_on_disk_and_beside_it(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("old", "utf-8")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yaml").write_text("old", "utf-8")
    edits = {"d/a.yaml": "new", "d/b.yaml": "fresh", "d/c.md": "text", "x/e.yaml": "far"}
    files = EditedFiles(tmp_path, edits=edits)
    assert files.names("d", ".yaml") == ("d/a.yaml", "d/b.yaml")
    assert [logged(files.text, path)[0] for path in ("a.yaml", "d/a.yaml", "d/b.yaml")] == [
        "old",
        "new",
        "fresh",
    ]
    assert (tmp_path / "d" / "a.yaml").read_text("utf-8") == "old"
