from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.inference.intervals import ANY
from reportgen.inference.recovery import MOST_FURTHER, MOST_TRIALS, Recovery, Step, fewest_further


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


def test_one_figure_that_every_way_uses_is_enough():
    told = telling(("total", "a"), ("total", "b"))
    assert fewest_further(told, used, by_name) == ("total",)


def test_the_cheapest_of_several_is_taken():
    told = telling(("a", "b", "c"))
    assert fewest_further(told, used, lambda chosen: chosen != ("b",)) == ("b",)


def test_two_where_one_is_not_enough():
    told = telling(("a", "b"), ("c", "d"))
    assert fewest_further(told, used, by_name) == ("a", "c")


def test_what_cannot_go_is_no_proposal():
    told = telling(("a", "b"))
    assert fewest_further(told, lambda each: [n for n in each.used if n != "a"], by_name) == ("b",)
    assert fewest_further(told, lambda _: [], by_name) is None


def test_more_than_three_are_not_proposed():
    ways = [(f"a{n}", f"b{n}") for n in range(MOST_FURTHER + 1)]
    assert fewest_further(telling(*ways), used, by_name) is None


def test_the_search_gives_up_in_time():
    tries = []
    long = tuple(f"r{n}" for n in range(400))

    def told(chosen):
        tries.append(chosen)
        return (recovery(*long),)

    assert fewest_further(told, used, by_name) is None
    assert len(tries) <= MOST_TRIALS + 1


sets = st.sets(st.sampled_from("abcde"), min_size=1, max_size=3).map(lambda s: tuple(sorted(s)))


@given(st.lists(sets, min_size=1, max_size=4))
def test_nothing_smaller_would_do(ways):
    told = telling(*ways)
    found = fewest_further(told, used, by_name)
    sizes = [
        size
        for size in range(1, MOST_FURTHER + 1)
        if any(not told(chosen) for chosen in combinations("abcde", size))
    ]
    assert (len(found) if found else None) == (sizes[0] if sizes else None)
    assert found is None or not told(found)
