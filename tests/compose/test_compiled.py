from __future__ import annotations

from composing import composed, told
from jinja2 import Environment

from reportgen.compose.environment import MOST, Compiled
from reportgen.model.document import plain


def code_of(kept, name, text):
    environment = Environment(autoescape=True, bytecode_cache=kept)
    bucket = kept.get_bucket(environment, name, name, text)
    if bucket.code is None:
        bucket.code = environment.compile(text, name, name)
        kept.set_bucket(bucket)
    return bucket.code


def test_the_same_text_is_compiled_once_and_another_anew():
    kept = Compiled()
    first = code_of(kept, "a.md", "甲")
    assert code_of(kept, "a.md", "甲") is first
    assert code_of(kept, "b.md", "甲") is not first
    assert code_of(kept, "a.md", "乙") is not first
    assert code_of(kept, "a.md", "甲") is not first


def test_no_more_is_kept_than_a_process_needs():
    kept = Compiled()
    kept.kept = {
        str(number): ("", first) for number in range(MOST) if (first := compile("", "", "exec"))
    }
    code_of(kept, "a.md", "甲")
    assert len(kept.kept) == 1


def test_what_was_compiled_before_says_the_same_and_is_still_watched():
    texts = [plain(b.inlines) for _ in range(2) for b in composed("甲{{ total }}")[0].blocks]
    assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]
    assert told("甲 `乙`") == told("甲 `乙`") != []
