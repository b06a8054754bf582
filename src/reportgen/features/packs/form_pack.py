"""Starts a pack from a blank form: the author's own Word file, with tags put into its blanks."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reportgen.features.packs.blank_cells import read_tables
from reportgen.features.packs.blanks import Blank, Blanks, FormReader
from reportgen.findings import Diagnostics, finding
from reportgen.findings.renderers import place_text
from reportgen.load.fields import is_name
from reportgen.model import limits
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError, read_foreign, reason
from reportgen.wordfile.filling import TagRange, with_tags
from reportgen.wordfile.package import WordFile

_OLD_PACKAGE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files begin that Word wrote before 2007, and those with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONVERSION_SECONDS = 120
_PREPARER = re.compile(r"report\.preparer\.\w+")
"""Who filled in the form, which not every report says."""
_KINDS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"<": "HTML, XML",
}


def form_pack(path: Path, log: Diagnostics) -> dict[str, bytes] | None:
    """Return the files of a pack that is the blank form at `path`, or None; the log says why."""
    try:
        data = _word_data(path)
        file = WordFile.read(data)
        reader = FormReader(file)
        read_tables(reader)
        reader.read_texts()
    except (ForeignFileError, OSError) as error:
        log.add(finding("P320", SourceSpan(str(path), 0, 0), **reason(error)))
        return None
    blanks = reader.blanks
    if not blanks.found:
        log.add(finding("P321", SourceSpan(str(path), 0, 0)))
    ranges = map(_range, blanks.found)
    name = path.stem if is_name(path.stem) else "sheet"
    return {
        f"forms/{name}.docx": with_tags(data, file, ranges, blanks.copies),
        "pack.yaml": _pack_text(name, _form_title(reader), blanks).encode(),
        "fields.md": _fields_text(name, blanks).encode(),
    }


def _range(blank: Blank) -> TagRange:
    return TagRange(blank.paragraph, blank.start, blank.end, blank.tag)


def _word_data(path: Path) -> bytes:
    """Return the Word file at `path`; an old one is converted where LibreOffice is there.

    Raises `OSError`, and `ForeignFileError` for what is none.
    """
    data = read_foreign(path, limits.SOURCE_BYTES)
    if data.startswith(b"PK"):
        return data
    _refuse_other_kinds(data)
    return _converted(data)


def _refuse_other_kinds(data: bytes) -> None:
    """Raise `ForeignFileError` for what is no old Word file that can be converted."""
    if _ENCRYPTED in data:
        raise ForeignFileError("@encrypted")
    for start, kind in _KINDS.items():
        if data.lstrip().startswith(start):
            raise ForeignFileError("@other_kind", kind=kind)
    if not data.startswith(_OLD_PACKAGE):
        raise ForeignFileError("@no_word_file")


def _converted(data: bytes) -> bytes:
    """Return an old Word file as Word writes them since 2007."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ForeignFileError("@old_word")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "form.doc")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "docx", "--outdir", folder]
        try:
            subprocess.run(  # noqa: S603
                [*command, str(source)],
                check=True,
                capture_output=True,
                timeout=_CONVERSION_SECONDS,
            )
            return read_foreign(source.with_suffix(".docx"), limits.SOURCE_BYTES)
        except (subprocess.SubprocessError, FileNotFoundError):
            raise ForeignFileError("@old_word") from None


def _form_title(reader: FormReader) -> str:
    """Return the first words of a form outside its tables: its title."""
    for paragraph in reader.paragraphs:
        words = "".join(paragraph.text.split())
        if words and paragraph.place.startswith("p") and not set(words) & set("{}"):
            return words[:60]
    return ""


def _pack_text(name: str, title: str, blanks: Blanks) -> str:
    lines = [
        "# 由 reportgen new-pack --from 写成：报告就是 forms/ 里的 Word 文件。见 docs/packs.md",
        f"name: {_quoted(title or name)}",
        "authority: 某市财政局                      # 制定机关",
        "basis: 通知文号                            # 依据",
        f"subject: {_quoted(title or name)}",
        "kind: form",
        f"form: {name}",
    ]
    wanted = dict(_wanted(blanks))
    if wanted:
        lines += [
            "",
            "# 没有就不能成稿的事实，照表里的空格取名。可以留空的删去；改名要连表里的标记一起改",
            "requires:",
        ]
        width = max(map(len, wanted)) + 2
        lines += [f"  - {key:<{width}}# {title}" for key, title in wanted.items()]
    return "\n".join(lines) + "\n"


def _key_asked(blank: Blank) -> str:
    """Return the key of the fact that a blank asks for, of its preparer where it names one."""
    preparer = _PREPARER.search(blank.tag)
    return preparer[0] if preparer is not None else blank.key


def _wanted(blanks: Blanks) -> Iterator[tuple[str, str]]:
    """Yield the facts and tables that a form asks for, each with what the form calls it."""
    for blank in blanks.found:
        key = _key_asked(blank)
        if key:
            yield key, f"{blank.title or '?'}（{_place(blank)}）"
    for table, columns in blanks.tables.items():
        yield table, "逐行：" + "、".join(f"{key} {title}" for key, title in columns.items())


def _place(blank: Blank) -> str:
    return place_text(SourceSpan("-", place=blank.paragraph.place), "zh")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fields_text(name: str, blanks: Blanks) -> str:
    """Return the list of the blanks for the author of the pack."""
    lines = [
        f"# forms/{name}.docx 里的空格",
        "",
        "名称可以改：在 Word 里改标记，在 pack.yaml 里改 requires。这份清单只供对照，程序不读。",
        "Rename them in Word and in pack.yaml; this list is for you, the program does not read it.",
        "",
        "| 位置 place | 栏目 label | 标记 tag |",
        "|---|---|---|",
    ]
    for blank in blanks.found:
        tag = blank.tag.replace("|", "\\|")
        lines.append(f"| {_place(blank)} | {blank.title} | `{tag}` |")
    for paragraph, words in blanks.signed.items():
        place = place_text(SourceSpan("-", place=paragraph.place), "zh")
        lines.append(f"| {place} | {words} | 手签或盖章，留空 by hand |")
    return "\n".join(lines) + "\n"
