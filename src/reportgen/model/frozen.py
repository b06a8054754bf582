"""Frozen values: `@frozen` is `@dataclass(frozen=True, slots=True)`, made in a third of the time.

A command imports some two hundred such classes before it has read a file, and the standard
library compiles six methods for each, one by one. Here one is compiled, `__init__`, and that only
when the first object is made: a run makes none of every third class. The others are the same for
all. What is made is a dataclass: `fields`, `replace`, `match`, `pickle` and type checkers take it
as one. It bears no class with an order or with other options.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import wraps
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")
_Result = TypeVar("_Result")
_Method = Callable[..., Any]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: _Class) -> _Class:
    """Return `cls` with slots and with the methods of a frozen dataclass that it lacks itself."""
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    members = fields(made)
    compared = [member.name for member in members if member.compare]
    methods: dict[str, object] = {
        "__init__": _InitWhenUsed(made, members),
        "__repr__": _repr([member.name for member in members if member.repr]),
        **_comparisons(attrgetter(*compared) if compared else type),
        **_SAME_FOR_ALL,
    }
    for name, method in methods.items():
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    return cast("_Class", made)


class _InitWhenUsed:
    """Stands for `__init__` of a class until it is asked for, and puts it in its own place then."""

    def __init__(self, cls: type, members: Sequence[Field[Any]]) -> None:
        self._cls = cls
        self._members = members

    def __get__(self, instance: object, owner: type) -> _Method:
        """Return the function, bound to an `instance` if there is one."""
        init = _init(self._cls, self._members)
        setattr(self._cls, "__init__", init)  # noqa: B010 - a type checker knows no such method
        bound: _Method = init.__get__(instance, owner)
        return bound


def _init(cls: type, members: Sequence[Field[Any]]) -> _Method:
    """Return the function that takes the fields and sets each by its slot, as only it can."""
    names: dict[str, Any] = {"MISSING": MISSING}
    positional, keywords, lines = ["self"], ["*"], []
    for member in members:
        names[f"set_{member.name}"] = getattr(cls, member.name).__set__
        names[f"default_{member.name}"] = member.default
        names[f"make_{member.name}"] = member.default_factory
        if member.init:
            (keywords if member.kw_only else positional).append(_parameter(member))
            lines.append(f"set_{member.name}(self, {_argument(member)})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join(positional + (keywords if len(keywords) > 1 else []))
    body = "\n ".join(lines or ["pass"])
    exec(f"def __init__({parameters}):\n {body}", names)  # noqa: S102 - names of fields alone
    init: _Method = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _parameter(member: Field[Any]) -> str:
    """Return a field as a parameter, with its default."""
    if member.default_factory is not MISSING:
        return f"{member.name}=MISSING"
    return member.name if member.default is MISSING else f"{member.name}=default_{member.name}"


def _argument(member: Field[Any]) -> str:
    """Return the expression of what a field is set to: its argument, or what its factory makes."""
    name = member.name
    made = member.default_factory is not MISSING
    return f"make_{name}() if {name} is MISSING else {name}" if made else name


def _repr(names: Sequence[str]) -> _Method:
    """Return the function that shows an object as the call that makes it."""

    def shown(self: object) -> str:
        parts = [f"{name}={getattr(self, name)!r}" for name in names]
        return f"{type(self).__qualname__}({', '.join(parts)})"

    return shown


def _comparisons(compared: Callable[[Any], object]) -> dict[str, _Method]:
    """Return the functions that tell whether two objects of a class are the same by `compared`."""

    def equal(self: object, other: object) -> Any:  # noqa: ANN401 - a bool or NotImplemented
        same_class = other.__class__ is self.__class__
        return compared(self) == compared(other) if same_class else NotImplemented

    def hashed(self: object) -> int:
        return hash(compared(self))

    return {"__eq__": equal, "__hash__": hashed}


def _state(self: Any) -> list[object]:  # noqa: ANN401 - any frozen value
    """Return what a pickle keeps of an object."""
    return [getattr(self, member.name) for member in fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:  # noqa: ANN401
    """Take what a pickle has kept."""
    for member, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, member.name, value)


def _refuse_to_set(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SAME_FOR_ALL: dict[str, _Method] = {
    "__getstate__": _state,
    "__setstate__": _restore,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
}


def remembered(
    most: int,
) -> Callable[[Callable[[_Value], _Result]], Callable[[_Value], _Result]]:
    """Return a decorator of a function that keeps its results for the last frozen values, `most`.

    They are told apart by which object they are: to hash a document, or to compare two, takes as
    long as to read one.
    """

    def decorate(function: Callable[[_Value], _Result]) -> Callable[[_Value], _Result]:
        known: tuple[tuple[_Value, _Result], ...] = ()

        @wraps(function)
        def result(value: _Value) -> _Result:
            nonlocal known
            for other, kept in known:
                if other is value:
                    return kept
            made = function(value)
            known = ((value, made), *known[: most - 1])  # a new one, since threads may look
            return made

        return result

    return decorate
