"""A TOML file is read as it is, and says where something stands in it."""

from __future__ import annotations

import pytest

from reportgen.project.toml_files import TomlError, read_toml

TEXT = """name = "a"  # unit = 1
 "year" = 2023

[[part]]
unit = "x"
[[part]]
year = 1
unit = "y"
[part.inner]
unit = "z"
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.toml"


def place(span):
    return span.line, span.column


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_keys_are_found_in_the_file_and_in_its_tables(path, newline, mark):
    path.write_bytes((mark + TEXT).replace("\n", newline).encode())
    file = read_toml(path)
    assert place(file.span("name")) == (1, 1)
    assert place(file.span("year")) == (2, 3)
    assert place(file.span("part")) == (1, 1)
    assert place(file.span("unit", "part", 0)) == (5, 1)
    assert place(file.span("unit", "part", 1)) == (8, 1)
    assert place(file.span("", "part", 1)) == (6, 1)
    assert place(file.span("lost", "part", 1)) == (6, 1)
    assert place(file.span("unit", "part", 2)) == (5, 1)
    assert file.values["part"][1]["inner"] == {"unit": "z"}


@pytest.mark.parametrize(
    ("data", "spot"),
    [
        (b"a = 1\nb = x\n", (2, 5)),
        (b"a = 'x\n\n", (1, 7)),
        (b"a = [1,\n", (1, 8)),
        (b"a = '\xff'", (0, 0)),
        (b"a = 1\n" * 2, (2, 6)),
        (b"a = " + b"[" * 10_000, (0, 0)),
        (b"#" * 10_000_000, (0, 0)),
    ],
)
def test_what_is_no_toml_is_told_where_it_stands(path, data, spot):
    path.write_bytes(data)
    with pytest.raises(TomlError) as caught:
        read_toml(path)
    assert place(caught.value.span) == spot
    assert caught.value.what


def test_missing_file_is_told(path):
    with pytest.raises(TomlError) as caught:
        read_toml(path)
    assert caught.value.what == "No such file or directory"
