"""No file of a site made of a poisoned project holds what is withheld, data and feeds included."""

from __future__ import annotations

from scanner import scan
from small_project import reportgen
from test_poisoned import SECRETS, poisoned


def test_no_secret_stands_in_any_file_of_the_site(tmp_path):
    root = tmp_path / "project"
    poisoned(root)
    (root / "site.toml").write_text('url = "https://example.org/"\n', "utf-8")
    assert reportgen("build", "--root", root, "--year", 2023, "--audience", "public").code == 0
    assert reportgen("site", "--root", root).code == 0
    files = {
        path.relative_to(root).as_posix(): scan(path.read_bytes())
        for path in sorted((root / "site").rglob("*"))
        if path.is_file()
    }
    data = [name for name in files if name.endswith((".csv", ".json", ".xml"))]
    assert len(data) > 6
    for name, text in files.items():
        for spellings in SECRETS.values():
            assert [spelled for spelled in spellings if spelled in text] == [], name
