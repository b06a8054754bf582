from __future__ import annotations

import pytest

from reportgen.model.publication import Publication


def test_only_what_is_known_is_said():
    assert Publication().block == ()
    assert Publication().metas == ()
    assert Publication(name="题", topic="财政").block == (("主题分类", "财政"), ("名称", "题"))


@pytest.mark.parametrize(
    ("time", "said"), [("", "2024-08-30 00:00"), ("09:30", "2024-08-30 09:30")]
)
def test_the_moment_of_publication_has_a_minute(time, said):
    metas = dict(Publication(date="2024-08-30", time=time).metas)
    assert metas == {"PubDate": said}


def test_a_time_without_a_day_says_nothing():
    assert Publication(time="09:30").metas == Publication(time="09:30").block == ()


def test_the_source_is_the_publisher_unless_it_is_another():
    assert dict(Publication(publisher="某局").metas)["ContentSource"] == "某局"
    assert dict(Publication(publisher="某局", source="市政府").metas)["ContentSource"] == "市政府"
