from __future__ import annotations

import pytest

from reportgen.flow.build_causes import causes


def entry(**changed):
    font = {"family": "Noto Serif SC", "file": "a.otf", "version": "2.003", "sha256": "aa" * 32}
    base = {
        "reportgen": "0.1.0",
        "program": "p" * 64,
        "engines": {"packages": {"typst": "0.14.0", "lxml": "6"}, "fonts": [font]},
        "inputs": {"data/a.yaml": "1", "data/b.yaml": "2"},
        "options": {"formats": ["pdf"], "comments": False},
    }
    return {**base, **changed}


def engines(packages=None, **font):
    base = entry()["engines"]
    fonts = [{**base["fonts"][0], **font}]
    return {"packages": {**base["packages"], **(packages or {})}, "fonts": fonts}


def told(old, new):
    return [(f.code, f.params.get("part") or f.params["paths"]) for f in causes(old, new)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (entry(), []),
        (entry(engines=engines({"typst": "0.15.0"})), [("G111", "typst")]),
        (entry(engines=engines(version="2.004")), [("G111", "Noto Serif SC")]),
        (entry(engines=engines(sha256="bb" * 32)), [("G111", "Noto Serif SC")]),
        (
            entry(engines=engines(family="Fandol")),
            [("G111", "Fandol"), ("G111", "Noto Serif SC")],
        ),
        (entry(reportgen="0.2.0", program="q" * 64), [("G111", "reportgen")]),
        (entry(program="q" * 64), [("G111", "reportgen")]),
        (entry(options={"formats": ["pdf"], "comments": True}), [("G111", "options")]),
        (entry(inputs={"data/a.yaml": "9", "data/b.yaml": "2"}), [("G112", "data/a.yaml")]),
        (entry(inputs={"data/a.yaml": "1", "c": "3"}), [("G112", "c、data/b.yaml")]),
        (entry(inputs={"data/a.yaml": "9", "c": "3"}), [("G112", "data/a.yaml")]),
    ],
    ids=(
        "same engine font-version font-bytes font-missing version code options input added both"
    ).split(),
)
def test_each_cause_is_named(new, expected):
    assert told(entry(), new) == expected


def test_versions_are_told_old_and_new():
    (found,) = causes(entry(), entry(engines=engines({"typst": "0.15.0"})))
    assert (found.params["old"], found.params["new"]) == ("0.14.0", "0.15.0")


def test_entry_that_tells_nothing_names_no_cause():
    assert causes({"outputs": {}}, entry()) == ()
