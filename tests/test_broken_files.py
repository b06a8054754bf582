"""Files as desktops, mail and git leave them: each told as what it is, in two languages.

A row spoils the small project and says what `check` makes of it. In both languages the exit code
and the place must be the same, and every word of the finding be of the language chosen.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import pytest

from reportgen.findings import CODES
from reportgen.findings.renderers import PARAMETER
from small_project import DATA, HOME, NARRATIVE, PACK, reportgen

FUNDS = f"{DATA}/funds.yaml"
STAFFING = f"{DATA}/staffing.yaml"
FACTS = f"{DATA}/facts.yaml"
REPORT = f"{HOME}/report.yaml"
RATINGS = f"{HOME}/ratings.yaml"
PROSE = f"{NARRATIVE}/staffing.md"
DUTIES = f"{PACK}/sections/duties.md"
OUTLINE = f"{PACK}/pack.yaml"
TEXTS = (FUNDS, REPORT, PROSE, DUTIES, OUTLINE)
LOCK = b"\x05clerk\x00\x00\x00"

ENCODINGS = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-32": "UTF-32",
    "gbk": "GBK (ANSI)",
}
KINDS = {
    b"PK\x03\x04\x14\x00": "ZIP (.xlsx, .docx)",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "OLE (.xls, .doc)",
    b"%PDF-1.7\n": "PDF",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff\xe0": "JPEG",
}
BREAKS = {"cr": b"\r", "crlf": b"\r\n", "crcrlf": b"\r\r\n"}
KEPT = ("~${}.yaml", ".{}.yaml.swp", ".~lock.{}.yaml#", "Thumbs.db", "desktop.ini", ".DS_Store")
COPIES = (
    *(
        "{} - 副本{}",
        "{} - 副本 (2){}",
        "{} 副本{}",
        "{}的副本{}",
        "{}(1){}",
        "{} (1){}",
        "{}（1）{}",
    ),
    *("{} - Copy{}", "{} copy 2{}", "{}_BACKUP_12{}", "{}.sync-conflict-20240102-030405-ABC{}"),
)
SUFFIXES = (".bak", ".txt", "~", ".orig", ".rej")


def sentence(text, lang):
    """Return what a message looks like: its own words, and where it takes others what may stand.

    In Chinese no sentence of a library stands there, in English none of the program's.
    """
    words = r"(?:(?![a-z]+ [a-z]+ [a-z]+).)*" if lang == "zh" else ".*"
    return re.compile(words.join(map(re.escape, PARAMETER.split(text)[::2])))


SENTENCES = {
    (code, lang): sentence(text, lang)
    for code, entry in CODES.items()
    for lang, text in entry.message.items()
}


def told(project, code):
    """Return exit code and place of the one finding of `code`, held to both languages."""
    runs = {
        lang: reportgen("check", "--root", project.root, "--lang", lang) for lang in ("zh", "en")
    }
    places = set()
    for lang, run in runs.items():
        assert "internal error" not in run.out + run.err
        assert run.err == ""
        (found,) = re.findall(rf"^(\S.*?): (?:error|warning)\[{code}\] (.*)", run.out, re.MULTILINE)
        assert SENTENCES[code, lang].fullmatch(found[1]), found
        places.add((run.code, found[0]))
    (place,) = places
    return *place, runs["zh"].out


def quiet(project):
    """Return whether a check has nothing to say."""
    run = reportgen("check", "--root", project.root)
    return (run.code, run.err, len(run.out.splitlines())) == (0, "", 1)


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_encoding_is_named(small, path, encoding):
    small.write(path, small.text(path).replace("duty }}", "duty }}（完）"))
    small.write(path, small.text(path).encode(encoding))
    code, place, out = told(small, "L113")
    assert (code, place.startswith(f"{path}:")) == (1, True)
    assert f"多半是 {ENCODINGS[encoding]}：" in out


@pytest.mark.parametrize("path", [FUNDS, PROSE])
@pytest.mark.parametrize("start", KINDS)
def test_a_file_that_is_no_text_is_told_as_what_it_is(small, path, start):
    small.write(path, start + bytes(range(256)))
    code, place, out = told(small, "L135")
    assert (code, place) == (1, f"{path}:1:1")
    assert KINDS[start] in out


@pytest.mark.parametrize("path", [*TEXTS, RATINGS])
@pytest.mark.parametrize("ends", BREAKS)
def test_any_line_ends_are_read(small, path, ends):
    small.write(path, small.text(path).encode().replace(b"\n", BREAKS[ends]))
    assert quiet(small)


@pytest.mark.parametrize("path", TEXTS)
def test_marks_of_a_conflict_are_told_with_their_lines(small, path):
    text = small.text(path)
    small.write(path, f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n")
    assert told(small, "L132")[:2] == (1, f"{path}:1:1")


@pytest.mark.parametrize("folder", [DATA, HOME, NARRATIVE, PACK])
@pytest.mark.parametrize("name", KEPT)
def test_what_systems_keep_beside_a_file_is_passed_over(small, folder, name):
    small.write(f"{folder}/{name.format('funds')}", LOCK)
    assert quiet(small)


@pytest.mark.parametrize("path", [FUNDS, RATINGS, PROSE, OUTLINE])
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_beside_a_file_is_passed_over_and_told(small, path, name):
    stem, dot, suffix = path.rpartition(".")
    copy = name.format(stem, dot + suffix)
    small.write(copy, small.text(path))
    code, place, out = told(small, "L136")
    assert (code, place) == (0, f"{copy}:1:1")
    assert f"像是 {path.rpartition('/')[2]} 的副本" in out


@pytest.mark.parametrize("name", ["funds(1).yaml", "项目（2）.yaml"])
def test_a_file_that_is_no_copy_of_any_is_read_whatever_its_name(small, name):
    (small.root / FUNDS).rename(small.root / DATA / name)
    assert quiet(small)


@pytest.mark.parametrize("path", [FUNDS, RATINGS, PROSE])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_name_that_is_almost_right_is_told(small, path, suffix):
    small.write(path + suffix, small.text(path))
    assert told(small, "L126")[:2] == (0, f"{path}{suffix}:1:1")


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (FUNDS, "{id: training", "｛id: training", "L114"),
        (FUNDS, "outturn: 18.4}", "outturn: 18.4｝", "L114"),
        (PROSE, "{{ staffing.quota }}", "｛｛ staffing.quota ｝｝", "T125"),
        (PROSE, "{{ staffing.quota }}", "{{ staffing.quota ｝｝", "T125"),
        (DUTIES, "{{", "｛｛", "T125"),
        (OUTLINE, "{{ report.date", "｛｛ report.date", "T125"),
        (RATINGS, "{{ execution_rate }}", "｛｛ execution_rate ｝｝", "T125"),
    ],
)
def test_full_width_braces_are_told_as_such(small, path, old, new, code):
    text = small.text(path)
    small.write(path, text.replace(old, new, 1))
    wide = next(char for char in new if char in "｛｝")
    line = text[: text.index(old)].count("\n")
    column = small.text(path).split("\n")[line].index(wide) + 1
    status, place, out = told(small, code)
    assert (status, place) == (1, f"{path}:{line + 1}:{column}")
    assert "全角" in out


@pytest.mark.parametrize("path", [FUNDS, PROSE])
def test_a_folder_named_like_a_file_is_told(small, path):
    (small.root / path).unlink()
    (small.root / path).mkdir()
    code, place, out = told(small, "L101")
    assert (code, place.startswith(path)) == (1, True)
    assert "是文件夹，不是文件" in out


@pytest.mark.parametrize("path", [f"{DATA}/pipe.yaml", PROSE])
def test_a_pipe_in_place_of_a_file_is_told_as_none(small, path):
    (small.root / path).unlink(missing_ok=True)
    os.mkfifo(small.root / path)
    code, place, out = told(small, "L101")
    assert (code, place.startswith(path)) == (1, True)
    assert "不是普通文件" in out


@pytest.mark.parametrize("name", ["2023年", "2023 - 副本", "\uff12\uff10\uff12\uff14", "2023.bak"])
def test_a_folder_named_almost_like_a_year_is_told(small, name):
    shutil.copytree(small.root / DATA, small.root / "data/bureau" / name)
    code, place, _ = told(small, "L140")
    assert (code, place) == (0, f"data/bureau/{name}:1:1")


@pytest.mark.parametrize("name", ["附件", "archive", "_2022"])
def test_a_folder_that_is_like_no_year_is_passed_over(small, name):
    shutil.copytree(small.root / DATA, small.root / "data/bureau" / name)
    assert quiet(small)


@pytest.mark.parametrize("folder", ["bur\x1bow", "a\x07"])
def test_a_folder_whose_name_no_page_could_show_is_told_at_the_folder(small, folder):
    (small.root / "data/bureau").rename(small.root / "data" / folder)
    run = small.run("check")
    assert (run.code, {each["code"] for each in run.findings}) == (1, {"L105"})
    assert all(each["path"].startswith(f"data/{folder}/") for each in run.findings)


REFUSALS = {errno.EACCES: "没有权限", errno.EIO: "磁盘读写出错", errno.ESTALE: "已经失效"}


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("number", REFUSALS)
def test_what_the_system_says_is_told_in_the_language(small, monkeypatch, path, number):
    read = Path.read_bytes

    def refused(file):
        if file == small.root / path:
            raise OSError(number, os.strerror(number), str(file))
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", refused)
    code, place, out = told(small, "L101")
    assert (code, place.startswith(path)) == (1, True)
    assert REFUSALS[number] in out
    assert not re.search(r"[a-z]{3,} [a-z]{2,} ", out.split("\n")[0].partition("error[")[2])


# Slips of YAML, habits of Excel: what is typed, the code, the exit code, and the column

SLIPS = [
    (STAFFING, "quota: 30人", "quota：30人", "L114", 8),
    (STAFFING, "quota: 30人", "quota:30人", "L115", 8),
    (STAFFING, "quota: 30人", 'quota: "30人', "L116", 10),
    (STAFFING, "quota: 30人", "qouta: 30人", "S202", 3),
    (STAFFING, "  quota: 30人", "\tquota: 30人", "L106", 1),
    (STAFFING, "quota: 30人", "quota: 30.0.0人", "S207", 10),
    (STAFFING, "quota: 30人", "quota: 30佳", "S208", 10),
    (STAFFING, "quota: 30人", "quota: 30万元", "S211", 10),
    (STAFFING, "quota: 30人", "quota: 30人/年", "S211", 10),
    (STAFFING, "quota: 30人", "quota: 30/人", "S208", 10),
    (STAFFING, "quota: 30人", "quota: 30人。", "S208", 10),
    (STAFFING, "quota: 30人", "quota: 3O人", "S208", 10),
    (STAFFING, "quota: 30人", "quota: 3 0人", "S210", 10),
    (STAFFING, "quota: 30人", "quota: 3\u30000人", "S210", 10),
    (STAFFING, "quota: 30人", "quota: 30人 次", "S207", 10),
    (FACTS, "规模企业: 12家", "规模企业: 12 家 次", "S240", 9),
    (FACTS, "规模企业: 12家", "规模企业: 1 2家", "S240", 9),
    (FACTS, "规模企业: 12家", "规模企业: 12/家", "S208", 9),
    (STAFFING, "quota: 30人", "quota: '#REF!'", "S207", 10),
    (STAFFING, "quota: 30人", "quota: '#DIV/0!'", "S207", 10),
    (STAFFING, "quota: 30人", "quota: =A1+B1", "S207", 10),
    (STAFFING, "quota: 30人", "quota: 1.2E+03", "S207", 10),
    (STAFFING, "quota: 30人", "quota: N/A", "S207", 10),
    (STAFFING, "quota: 30人", "quota: 无", "S207", 10),
    (STAFFING, "quota: 30人", "quota: 约三十人", "S207", 10),
    (STAFFING, "quota: 30人", "quota: [30人]", "S204", 10),
    (STAFFING, "quota: 30人", "quota: 30人\n  quota: 31人", "L110", 3),
    (STAFFING, "quota: 30人", "quota: *a", "L108", 10),
    (STAFFING, "quota: 30人", "quota: @30", "L120", 10),
    (STAFFING, "quota: 30人", "quota: !!int 30", "L122", 10),
    (FUNDS, "outturn: 18.4}", "outturn: -18.4}", "S212", None),
    (FUNDS, "outturn: 18.4}", "outturn: 18,4}", "S202", None),
    (FUNDS, "outturn: 18.4}", "outturn: 18.4人}", "S211", None),
    (FUNDS, "outturn: 18.4}", "outturn: 1 8.4}", "S210", None),
    (FUNDS, "outturn: 18.4}", "outturn: 18.4", "L117", None),
    (FUNDS, "id: survey", "id: training", "S214", None),
    (REPORT, "2024-06-28", "2024-02-30", "S206", 7),
    (REPORT, "2024-06-28", "2024.6.28", "S206", 7),
    (REPORT, "2024-06-28", "45471", "S206", 7),
    (REPORT, "pack: small", "pack: smal", "L127", 7),
    (PROSE, "{{ staffing.quota }}", "{{ staffing.qouta }}", "T102", None),
    (PROSE, "{{ staffing.quota }}", "{{ staffing.quota * 2 }}", "T104", None),
    (PROSE, "{{ staffing.quota }}", "{{ staffing.quota }", "T101", None),
    (PROSE, "{{ staffing.quota }}", "{{ staffing.quota | nubmer }}", "T115", None),
]


@pytest.mark.parametrize(("path", "old", "new", "code", "column"), SLIPS)
def test_a_slip_is_told_in_both_languages_at_its_place(small, path, old, new, code, column):
    text = small.text(path)
    small.write(path, text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1 + (code == "L110")
    found = told(small, code)
    assert found[0] == 1
    where, row, at = found[1].split(":")
    assert (where, int(row)) == (path, line)
    assert column in {None, int(at)}


@pytest.mark.parametrize("path", [FUNDS, PROSE])
def test_a_file_that_goes_while_it_is_read_is_told(small, monkeypatch, path):
    read = Path.read_bytes

    def gone(file):
        if file == small.root / path:
            raise FileNotFoundError(2, "No such file or directory", str(file))
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", gone)
    code, place, _ = told(small, "L101")
    assert (code, place.startswith(path)) == (1, True)
