"""`@frozen` makes what the standard library makes of a frozen dataclass with slots."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.frozen import frozen, remembered

standard = dataclass(frozen=True, slots=True)


def _classes(decorate: Any) -> tuple[type, type, type]:
    """Return a class, one derived from it, and one without fields."""

    @decorate
    class Base:
        first: object
        unseen: object = field(default=0, compare=False, repr=False)

    @decorate
    class Sum(Base):
        second: object = ""
        several: list[object] = field(default_factory=list, hash=False, compare=False)
        named: object = field(default=None, kw_only=True)

        @property
        def both(self) -> tuple[object, object]:
            return self.first, self.second

    @decorate
    class Empty:
        pass

    return Base, Sum, Empty


OURS, THEIRS = _classes(frozen), _classes(standard)
VALUES = st.one_of(st.none(), st.integers(-3, 3), st.text(max_size=2))
ARGUMENTS = st.fixed_dictionaries(
    {"first": VALUES},
    optional={"unseen": VALUES, "second": VALUES, "several": st.just([1]), "named": VALUES},
)


@frozen
class Kept:
    """A class that a pickle finds by its name."""

    left: int
    right: tuple[int, ...] = ()


@given(ARGUMENTS, ARGUMENTS)
def test_values_are_shown_compared_hashed_and_replaced_alike(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    a, b = OURS[1](**one), OURS[1](**other)
    c, d = THEIRS[1](**one), THEIRS[1](**other)
    assert repr(a) == repr(c)
    assert (a == b) is (c == d)
    assert (a != b) is (c != d)
    assert (hash(a) == hash(b)) or a != b
    assert repr(replace(a, **other)) == repr(replace(c, **other))
    assert copy.copy(a) == a
    assert a.both == c.both


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_class_has_the_same_fields_slots_and_parameters(index: int) -> None:
    ours, theirs = OURS[index], THEIRS[index]
    assert [each.name for each in fields(ours)] == [each.name for each in fields(theirs)]
    assert ours.__slots__ == theirs.__slots__
    assert ours.__match_args__ == theirs.__match_args__
    assert is_dataclass(ours)
    mine, standards = (inspect.signature(each).parameters.values() for each in (ours, theirs))
    kinds = [(each.name, each.kind) for each in standards]
    assert [(each.name, each.kind) for each in mine] == kinds


def test_a_value_without_fields_equals_only_those_of_its_class() -> None:
    assert OURS[2]() == OURS[2]()
    assert hash(OURS[2]()) == hash(OURS[2]())
    assert OURS[2]() != THEIRS[2]()
    assert OURS[0](1) != OURS[1](1)


def test_nothing_can_be_set_or_deleted() -> None:
    value = Kept(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'left'"):
        value.left = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'left'"):
        del value.left
    with pytest.raises(FrozenInstanceError):
        value.other = 2  # type: ignore[attr-defined]
    assert value == Kept(1)


def test_a_pickle_gives_it_back() -> None:
    value = Kept(1, (2, 3))
    assert pickle.loads(pickle.dumps(value)) == value
    assert copy.deepcopy(value) == value


def test_what_a_factory_makes_is_made_for_each() -> None:
    assert OURS[1](1).several is not OURS[1](1).several


def test_a_missing_or_unknown_argument_is_told_with_the_name_of_the_class() -> None:
    with pytest.raises(TypeError, match=r"Kept.__init__\(\) missing 1 required .* 'left'"):
        Kept()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'middle'"):
        Kept(1, middle=2)  # type: ignore[call-arg]


def test_methods_of_the_class_itself_stay() -> None:
    @frozen
    class Named:  # noqa: PLW1641 - its hash is made
        text: str
        number: int = 0

        def __repr__(self) -> str:
            return self.text

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and other.text == self.text

        def __post_init__(self) -> None:
            if not self.text:
                raise ValueError(self.number)

    assert repr(Named("a")) == "a"
    assert Named("a", 1) == Named("a", 2)
    with pytest.raises(ValueError, match="7"):
        Named("", 7)


def test_a_result_is_remembered_for_an_object_but_for_no_other_that_equals_it() -> None:
    asked: list[int] = []

    @remembered(2)
    def left_of(value: Kept) -> list[int]:
        asked.append(value.left)
        return [value.left]

    one, same = Kept(1), Kept(1)
    assert left_of(one) is left_of(one)
    assert left_of(one) is not left_of(same)
    assert asked == [1, 1]


def test_only_the_last_results_are_remembered() -> None:
    asked: list[int] = []
    last = remembered(2)(lambda value: asked.append(value.left))
    values = [Kept(number) for number in range(3)]
    for value in (*values, values[2], values[1], values[0]):
        last(value)
    assert asked == [0, 1, 2, 0]


def test_what_fails_is_tried_again() -> None:
    asked: list[int] = []
    value = Kept(1)

    @remembered(2)
    def failing(value: Kept) -> None:
        asked.append(value.left)
        raise ValueError(value.left)

    for _ in range(2):
        with pytest.raises(ValueError, match="1"):
            failing(value)
    assert asked == [1, 1]
