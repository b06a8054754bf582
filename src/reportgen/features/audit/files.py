"""Audits files, one or a hundred: in processes, in the order of the files, with what each gives."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from pathlib import Path

from reportgen.features.audit.auditing import Audit, audit
from reportgen.features.audit.key_figures import key_figures
from reportgen.findings import Diagnostics, Finding, in_order
from reportgen.findings.codes import Language
from reportgen.flow.fault import Fault, attempted
from reportgen.flow.parallel import ParallelRun, Workers, worker_lost
from reportgen.model.frozen import frozen
from reportgen.model.reading import KeyFigures, Reading, ReadParagraph
from reportgen.reading.opening import open_document

SUFFIXES = frozenset(".docx .docm .doc .wps .pdf .html .htm .txt .ofd .odt .rtf".split())
"""Names of files in a folder that are audited."""
_TEMPORARY = ("~$", ".")
RECORD = ".audit.json"
"""The file in a folder that says which files in it an audit wrote, by their SHA-256."""


@frozen
class AuditRequest:
    """A file to audit, the name to tell it by, what is to be made of it, the file of last year.

    `prescribed` tells what of a document is not as its pack has it.
    """

    path: Path
    name: str
    language: Language
    page: bool = False
    word: bool = False
    last: Path | None = None
    prescribed: Callable[[Reading], tuple[Finding, ...]] | None = None


@frozen
class AuditedFile:
    """What an audit of a file gave: findings, key figures, how many numbers were held to others.

    `text` has a line for each line that findings name; `page` and `word` are empty unless asked
    for, or where the file could not be read. `fault` is a failure of the program itself.
    """

    name: str
    findings: tuple[Finding, ...]
    text: str = ""
    checked: int = 0
    unchecked: int = 0
    told: KeyFigures = field(default_factory=KeyFigures)
    page: str = ""
    word: bytes = b""
    fault: Fault | None = None

    @property
    def score(self) -> str:
        """Return the score of the whole report as it is written, "" where there is none."""
        return self.told.score.text if self.told.score is not None else ""

    def count(self, severity: str) -> int:
        """Return how many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


def _page(result: Audit, language: Language) -> str:
    from reportgen.features.audit.page import as_page  # noqa: PLC0415 - seldom asked for

    return as_page(result, language)


def _word(reading: Reading, findings: Sequence[Finding], request: AuditRequest) -> bytes:
    from reportgen.features.audit.word_comments import commented  # noqa: PLC0415 - as the page

    return commented(reading, request.path.read_bytes(), findings, request.language)


def files_of(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file asked for with the name to tell it by; of a folder, what may be audited.

    A name that stands for two files is told with what they lie in.
    """
    found = list(_found(paths))
    counted = Counter(name for _, name in found)
    for path, name in found:
        yield path, name if counted[name] == 1 else "/".join(path.absolute().parts[1:])


def _found(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - of what may not be looked at the reader tells
            yield from _in_folder(path)
        else:
            yield path, path.name


def _in_folder(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield what may be audited in a folder: not what an audit wrote there, and nobody changed."""
    every = sorted(folder.rglob("*"))
    own: dict[Path, str] = {}
    for record in every:
        if record.name == RECORD:
            for name, told in _written(record).items():
                own[record.parent / name] = told
    for file in every:
        if file.suffix.lower() not in SUFFIXES or file.name.startswith(_TEMPORARY):
            continue
        if file not in own or own[file] != _hash(file):
            yield file, file.relative_to(folder).as_posix()


def with_record(contents: Mapping[Path, bytes], out: Path) -> dict[Path, bytes]:
    """Return the files that an audit writes below `out` with the record that they are its own."""
    written = _written(out / RECORD)
    for path, data in contents.items():
        written[path.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    text = json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True)
    return {**contents, out / RECORD: text.encode("utf-8", "backslashreplace")}


def _written(record: Path) -> dict[str, str]:
    """Return the hashes that a record has, by name; none of one that is not there, or damaged."""
    try:
        told = json.loads(record.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: str(told[name]) for name in told} if isinstance(told, dict) else {}


def _hash(file: Path) -> str:
    """Return the SHA-256 of a file, "" of one that cannot be read: its reader tells why."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def audit_files(requests: Iterable[AuditRequest], workers: Workers) -> Generator[AuditedFile]:
    """Yield what each file gives, in the order of the requests."""
    run = ParallelRun(audit_file, _lost, workers)
    yield from run.results((request,) for request in requests)


def _lost(request: AuditRequest, error: Exception) -> AuditedFile:
    """Return what is said of a file whose worker died."""
    return AuditedFile(request.name, (worker_lost(request.name, error),))


def audit_file(request: AuditRequest) -> AuditedFile:
    """Return what an audit of one file gives, whatever happens in it: the other files go on."""

    def failed(findings: tuple[Finding, ...], fault: Fault | None) -> AuditedFile:
        return AuditedFile(request.name, findings, fault=fault)

    return attempted(partial(_audited, request), failed, request.path)


def _audited(request: AuditRequest) -> AuditedFile:
    """Return what an audit of one file gives; of a file that cannot be read, why."""
    log = Diagnostics()
    reading = open_document(request.path, log, request.name)
    if reading is None:
        return AuditedFile(request.name, in_order(log))
    last = open_document(request.last, log) if request.last is not None else None
    result = audit(reading, last)
    if request.prescribed is not None:
        result = replace(result, findings=(*result.findings, *request.prescribed(reading)))
    findings = in_order((*log, *result.findings))
    told = key_figures(reading, result.statements)
    page = _page(result, request.language) if request.page else ""
    word = _word(reading, findings, request) if request.word else b""
    checked, unchecked = result.checked, result.unchecked
    text = _lines(reading)
    return AuditedFile(request.name, findings, text, checked, unchecked, told, page, word)


def _lines(reading: Reading) -> str:
    """Return the text of a document, a line for each line that findings may name."""
    lines: dict[int, str] = {}
    for block in reading.blocks:
        for part in (block,) if isinstance(block, ReadParagraph) else block.cells:
            lines.setdefault(part.span.line, " ".join(part.text.split("\n")))
    last = max(lines, default=0)
    return "\n".join(lines.get(number, "") for number in range(1, last + 1))
