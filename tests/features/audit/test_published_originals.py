"""The published originals (../shared/seeds), which hold contradictions that people printed."""

from __future__ import annotations

import pytest

from real_report import ROOT
from reportgen.features.audit.files import AuditRequest, audit_file

SEEDS = ROOT.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the originals are not in this clone")

PRINTED: dict[str, set[tuple[str, str]]] = {
    "000": {
        ("A105", "145家"),
        ("A105", "4.86亿元"),
        ("A103", "117.39%"),
        ("A301", "99.14%%"),
        ("A301", "98.4%%"),
    },
    "001": {("A103", "135.42%")},
    "003": {
        ("A101", "17.83%"),
        ("A101", "14.18%"),
        ("A101", "8.76%"),
        ("A101", "12.54%"),
        ("A301", "46.%"),
    },
    "004": {("A101", "69.1%"), ("A102", "352.13%")},
}
"""What of each original is wrong by its own numbers, and what it prints there."""


@pytest.mark.parametrize("number", sorted(PRINTED))
def test_what_was_printed_wrong_is_found(number: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    audited = audit_file(AuditRequest(path, path.name, "zh"))
    found = {
        (told.code, told.params.get("stated") or told.params.get("text", ""))
        for told in audited.findings
    }
    assert PRINTED[number] <= found


def test_no_number_that_is_right_is_called_wrong() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        audited = audit_file(AuditRequest(path, path.name, "zh"))
        wrong = {
            (told.code, told.params["stated"])
            for told in audited.findings
            if told.code < "A113" and told.severity == "error"
        }
        assert wrong <= PRINTED.get(path.name[:3], set())
