from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from reportgen.findings import CODES, Code, blocks, finding, in_order
from reportgen.findings.codes import LABELS
from reportgen.findings.manual import LETTERS, codes_page, codes_table, document_code
from reportgen.findings.renderers import PARAMETER
from reportgen.model.source import SourceSpan

ANY = next(iter(CODES))
SOURCE = Path(__file__).resolve().parents[2] / "src/reportgen/findings/codes.yaml"


def parameters(text: str) -> set[str]:
    return set(PARAMETER.findall(text))


def failing(holds: Callable[[Code], object]) -> list[str]:
    """Return the codes of which something does not hold."""
    return [code.code for code in CODES.values() if not holds(code)]


def each_texts(*names: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield each code with its texts of these names, one after the other."""
    for code in CODES.values():
        for name in names:
            yield code.code, getattr(code, name)


class TestEveryCode:
    """Each test looks at all codes: a test a code cost more than what it looked at."""

    def test_is_a_letter_of_the_flow_and_three_digits(self):
        assert failing(lambda code: re.fullmatch(r"[A-Z]\d{3}", code.code)) == []
        assert failing(lambda code: code.code[0] in LETTERS) == []

    def test_has_a_name_of_small_words(self):
        assert failing(lambda code: re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)) == []

    def test_has_a_severity(self):
        assert failing(lambda code: code.severity in {"error", "warning", "note"}) == []

    def test_has_every_text_in_both_languages(self):
        for code, texts in each_texts("message", "help", "about"):
            assert set(texts) == {"zh", "en"}, code
            assert all(isinstance(text, str) for text in texts.values()), code
            assert bool(texts["zh"].strip()) == bool(texts["en"].strip()), code
        for code, texts in each_texts("message", "about"):
            assert texts["zh"].strip(), code

    def test_says_it_in_chinese_and_in_english(self):
        for code, texts in each_texts("message", "about"):
            assert re.search("[\u4e00-\u9fff]", texts["zh"]), code
            assert re.search("[a-z]", texts["en"]), code

    def test_takes_the_same_parameters_in_both_languages(self):
        for code, texts in each_texts("message", "help"):
            assert parameters(texts["zh"]) == parameters(texts["en"]), code

    def test_has_no_brace_that_is_neither_parameter_nor_template(self):
        for code, texts in each_texts("message", "help"):
            for text in texts.values():
                rest = re.sub(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}", "", PARAMETER.sub("", text))
                assert not set(rest) & set("{}"), (code, rest)

    def test_has_a_message_of_one_line_without_full_stop(self):
        for code, texts in each_texts("message"):
            for text in texts.values():
                assert "\n" not in text, code
                assert not text.endswith((".", "。")), code

    def test_avoids_empty_words(self):
        for code, texts in each_texts("message", "help"):
            assert not re.search(r"\b(invalid|please)\b", texts["en"], re.IGNORECASE), code
            assert not re.search("(?<!申)请(?!求)|非法|无效", texts["zh"]), code

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_is_explained_in_both_languages(self, language):
        for code in CODES.values():
            text = document_code(code.code, language)
            assert text.startswith(f"{code.code} {code.name} (")
            assert code.message[language] in text, code.code
            assert code.about[language].rstrip() in text, code.code


def test_table_stands_in_the_order_of_the_flow_each_code_once():
    # Read as text: YAML keeps the last of two entries of one code and says nothing.
    text = SOURCE.read_text("utf-8")
    written = re.findall(r"(?m)^  ([A-Z]\d{3}):$", text)
    assert written == sorted(CODES, key=lambda code: (list(LETTERS).index(code[0]), code))


def test_names_are_unique():
    names = [code.name for code in CODES.values()]
    assert sorted(names) == sorted(set(names))


def test_labels_are_in_both_languages():
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in LABELS.values())


def test_unknown_code_is_an_error_of_the_caller():
    with pytest.raises(KeyError):
        document_code("X999", "zh")


def test_table_has_one_line_a_code_in_columns():
    lines = codes_table("zh").splitlines()
    assert len(lines) == len(CODES)
    assert {line.partition(" ")[0] for line in lines} == set(CODES)
    severities = len("X999  ") + max(len(code.name) for code in CODES.values()) + len("  ")
    for line in lines:
        assert line[severities:].startswith(CODES[line[:4]].severity)


def test_page_has_a_heading_and_both_messages_for_every_code():
    page = codes_page(CODES.values(), {})
    assert page.endswith("\n")
    for code in CODES.values():
        assert page.count(f"\n### {code.code} {code.name}\n") == 1
    assert page.count("\n> ") == 2 * len(CODES)


def test_page_shows_angle_brackets_instead_of_html():
    assert not re.search(r"(?<!\\)<(?!!--)", re.sub("`[^`]*`", "", codes_page(CODES.values(), {})))


def test_waived_finding_does_not_block_and_strict_warning_does():
    warning = finding(ANY, SourceSpan("a"), severity="warning")
    error = finding(ANY, SourceSpan("a"), severity="error")
    assert not blocks([warning, error.with_waiver("因为")])
    assert blocks([warning.strict()])
    assert warning.with_waiver("因为").strict().severity == "note"


def test_findings_come_in_order_of_place_without_repetitions():
    spans = [
        SourceSpan("b", 1, 1),
        SourceSpan("a", 10, 1),
        SourceSpan("a", 9, 5),
        SourceSpan("a", 9, 2),
        SourceSpan("b", 1, 1),
    ]
    assert [str(f.span) for f in in_order(finding(ANY, span) for span in spans)] == [
        "a:9:2",
        "a:9:5",
        "a:10:1",
        "b:1:1",
    ]
