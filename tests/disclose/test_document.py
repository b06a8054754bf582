from __future__ import annotations

from redacting import document, paragraph, redacted, term, withhold

from reportgen.disclose.document import without_keys
from reportgen.model.document import (
    Annex,
    Cell,
    Heading,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Value,
)


def figure(key: str) -> Value:
    return Value("5万元", "5", key)


def test_figures_lose_their_keys_wherever_they_stand():
    def of(key: str):
        line = (Text("共"), Strong((figure(key),)), figure(key))
        form = Table("form", "表", (1,), (Row((Cell((line, (figure(key),))),)),))
        annex = Annex("附件1", (figure(key),), (Paragraph(line),), "annex-1")
        heading = Heading(1, "一、", line, "a1", section="one")
        return document(heading, Paragraph(line), form, SignOff((line,)), annexes=(annex,))

    assert without_keys(of("funds.x.v")) == of("")


def test_the_log_names_what_was_withheld_before_what_was_replaced():
    of = document(paragraph("某词"), SignOff(((Text("某局"),),)))
    result, entries, findings = redacted(of, term("某词", "另词"), withhold(block="sign-off"))
    assert [entry.action for entry in entries] == ["withheld", "replaced"]
    assert (result.blocks, findings) == ((paragraph("另词"),), ())


def test_a_term_in_a_part_that_is_withheld_is_nowhere():
    of = document(paragraph("文"), SignOff(((Text("某词"),),)))
    _, _, findings = redacted(of, term("某词", "另词"), withhold(block="sign-off"))
    assert [finding.code for finding in findings] == ["D137"]


def test_properties_that_a_policy_states_are_for_public_files():
    stated = {"creator": "某局办公室"}
    for audience, expected in (("public", stated), ("submit", {})):
        result, _, _ = redacted(document(audience=audience), properties=stated)
        assert result.stated == expected
