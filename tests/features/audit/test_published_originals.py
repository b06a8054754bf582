"""The published originals (../shared/seeds): what people printed wrong in them, found by audit.

Each was worked out by hand in the text. They are audited as the texts they are, as Word files made
of them, and as the PDFs that LibreOffice makes of these.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from published_originals import FOLDER, NUMBERS, path_of, word_of
from reportgen.features.audit.files import AuditedFile, AuditRequest, audit_file
from reportgen.findings import Finding

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the originals are not in this clone")
Read = Callable[[str, str], AuditedFile]

PRINTED = {
    ("000", "A105", "145家"): "6条链的企业数加起来是 146",
    ("000", "A105", "4.86亿元"): "6条链的税收加起来是 4.91",
    ("000", "A103", "117.39%"): "27 ÷ 25 是 108%",
    ("001", "A103", "135.42%"): "3241.81 ÷ 2392.94 是 135.47%",
    ("001", "A109", "135.42%"): "自评表里的执行率，同上",
    ("001", "A104", "848.86万元"): "3241.81 − 2392.94 是 848.87",
    ("001", "A204", "附件2"): "附件目录只有附件1",
    ("001", "A120", "5"): "指标值照抄完成值，连“全年数据未出”也一样",
    ("002", "A116", "规模以上工业增加值"): "扣1分没有原因",
    ("003", "A101", "17.83%"): "以总支出为分母，写的是占基本支出",
    ("003", "A101", "14.18%"): "同上",
    ("003", "A101", "8.76%"): "同上",
    ("003", "A101", "12.54%"): "同上",
    ("003", "A119", "3326.76万元"): "“其中”的一项比基本支出还大，占比又只写到 46.%",
    ("003", "A105", "4929.99万元"): "四项加起来是 4929.98",
    ("003", "A116", "支付进度"): "扣1分没有原因",
    ("003", "A116", "资金结余"): "同上",
    ("003", "A107", "100"): "项目评分表各项得分加起来是 99",
    ("004", "A101", "69.1%"): "1993 ÷ 2851 是 69.91%",
    ("004", "A102", "352.13%"): "4125 ÷ 1171 是 352.26%",
    ("004", "A310", "150万平方千米"): "与 128.93万平方米 说的是同样的厂房",
}
"""What of each original its own numbers contradict, and what it prints there."""
NOT_FOUND = {
    (
        "000",
        "2109.5",
    ): "预算2208.68（表1）与全年预算2109.5（表2）；无结余、执行率100% 与使用率95.51%",
    ("000", "222"): "批复专项资金，一处 2208.68，一处 222（年初数）",
    ("003", "7048.24"): "一般公共预算财政拨款收入，表中公共财政拨款 2499.6，另加上年结转",
    ("004", "142"): "新建标准厂房142万平方米，另一处预计全年150",
}
"""What is not: one word for two things, which only who knows the field sees."""
NOT_IN = {
    "txt": {("003", "A107", "100"), ("003", "A116", "支付进度"), ("003", "A116", "资金结余")},
    "docx": set[tuple[str, str, str]](),
    "pdf": {("001", "A204", "附件2")},
}
"""The web page as text has no tables; in the PDF the line 附件2 runs on from the one above it."""
BESIDE = {"A120", "A404"}
"""A count of copied targets, and the properties of the library that writes the files here."""
FORMATS = ("txt", "docx", "pdf")
FORMAL = {"A202", "A301", "A302", "A303", "A304", "A305", "A308", "A309"}
"""Slips of form, each looked at: all of them stand in the originals."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Return a function that audits an original in one of the formats."""
    folder = tmp_path_factory.mktemp("originals")
    made: dict[tuple[str, str], AuditedFile] = {}

    def audited(number: str, suffix: str) -> AuditedFile:
        if (number, suffix) not in made:
            path = path_of(number) if suffix == "txt" else written(folder, number, suffix)
            made[number, suffix] = audit_file(AuditRequest(path, path.name, "zh"))
        return made[number, suffix]

    return audited


def written(folder: Path, number: str, suffix: str) -> Path:
    """Return the Word file of an original, or the PDF that LibreOffice makes of it."""
    path = folder / f"{number}.{suffix}"
    if path.is_file():
        return path
    words = [folder / f"{each}.docx" for each in NUMBERS]
    for each, word in zip(NUMBERS, words, strict=True):
        word.write_bytes(word_of(each))
    if suffix == "pdf":
        convert(folder, words)
    return path


def convert(folder: Path, words: list[Path]) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *words]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def printed(found: Finding) -> str:
    """Return what a finding says is printed."""
    params = found.params
    named = ("stated", "text", "part", "label", "count", "of")
    return next((str(params[name]) for name in named if name in params), "")


def told(audited: AuditedFile, number: str) -> set[tuple[str, str, str]]:
    return {(number, found.code, printed(found)) for found in audited.findings}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_printed_wrong_is_found(read: Read, number: str, suffix: str) -> None:
    wanted = {each for each in PRINTED if each[0] == number} - NOT_IN[suffix]
    missing = wanted - told(read(number, suffix), number)
    assert missing == set()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_that_is_right_is_told(read: Read, number: str, suffix: str) -> None:
    others = {each for each in told(read(number, suffix), number) if each[1] not in FORMAL}
    assert {each for each in others - set(PRINTED) if each[1] not in BESIDE} == set()


def test_four_of_five_contradictions_that_can_be_seen_are_found() -> None:
    assert len(PRINTED) >= 0.8 * (len(PRINTED) + len(NOT_FOUND))
