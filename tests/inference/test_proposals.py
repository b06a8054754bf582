from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.inference import proposals
from reportgen.inference.linear_forms import ANY
from reportgen.inference.proposals import MOST_FURTHER, MOST_TRIALS
from reportgen.inference.recovery import Recovery, Step


def recovery(*used: str) -> Recovery:
    return Recovery("x", ANY, (Step("x", (), ANY, used),))


def telling(*ways: tuple[str, ...]):
    """Return what can be told while one of `ways` to tell it is left whole."""

    def told(chosen):
        return tuple(recovery(*way) for way in ways if not set(way) & set(chosen))

    return told


def used(each: Recovery):
    return each.used


def by_name(chosen):
    return sorted(chosen)


def alone(name: str):
    return {name}


def fewest_further(told, candidates=used, cost=by_name, lost_with=alone):
    return proposals.fewest_further(told, lost_with, candidates, cost)


def test_one_figure_that_every_way_uses_is_enough():
    told = telling(("total", "a"), ("total", "b"))
    assert fewest_further(told) == ("total",)


def test_the_cheapest_of_several_is_taken():
    told = telling(("a", "b", "c"))
    assert fewest_further(told, cost=lambda chosen: chosen != ("b",)) == ("b",)


def test_two_where_one_is_not_enough():
    told = telling(("a", "b"), ("c", "d"))
    assert fewest_further(told) == ("a", "c")


def test_what_cannot_go_is_no_proposal():
    told = telling(("a", "b"))
    assert fewest_further(told, lambda each: [n for n in each.used if n != "a"]) == ("b",)
    assert fewest_further(told, lambda _: []) is None


def test_more_than_three_are_proposed_too_where_fewer_do_not_do():
    ways = [(f"a{n}", f"b{n}") for n in range(MOST_FURTHER + 2)]
    assert fewest_further(telling(*ways)) == ("a0", "a1", "a2", "a3", "a4")


def test_what_goes_with_a_figure_goes_in_the_search_too():
    told = telling(("a", "b"), ("c", "d"))
    with_c = {"b": {"b", "c"}}

    def lost(name):
        return with_c.get(name, {name})

    def told_without(chosen):
        return told(set().union(*map(lost, chosen)))

    assert fewest_further(told_without, lost_with=lost) == ("b",)


def test_what_goes_along_must_not_be_worked_out_either():
    """Whoever withholds a takes y along, which p and q still tell."""

    def told(chosen):
        ways = [] if {"a", "b"} & set(chosen) else [recovery("a", "b")]
        if "a" in chosen and "p" not in chosen:
            ways.append(Recovery("y", ANY, (Step("y", (), ANY, ("p",)),)))
        return tuple(ways)

    with_y = {"a": {"a", "y"}}
    cost = len
    assert fewest_further(told, cost=cost, lost_with=lambda n: with_y.get(n, {n})) == ("b",)
    only_a = fewest_further(
        told, lambda each: [n for n in each.used if n != "b"], cost, lambda n: with_y.get(n, {n})
    )
    assert only_a == ("a", "p")


def test_the_search_gives_up_in_time():
    tries = []

    def told(chosen):
        tries.append(chosen)
        return (recovery(*(f"{len(tries)} {n}" for n in range(400))),)

    assert fewest_further(told) is None
    assert len(tries) <= MOST_TRIALS


sets = st.sets(st.sampled_from("abcde"), min_size=1, max_size=3).map(lambda s: tuple(sorted(s)))


@given(st.lists(sets, min_size=1, max_size=4))
def test_nothing_smaller_would_do(ways):
    told = telling(*ways)
    found = fewest_further(told)
    sizes = [
        size
        for size in range(1, 5)
        if any(not told(chosen) for chosen in combinations("abcde", size))
    ]
    assert found is not None
    assert not told(found)
    assert len(found) == sizes[0] or sizes[0] > MOST_FURTHER
