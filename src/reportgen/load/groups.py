"""Groups of keys as classes: their fields, the types of what stands in these, what governs what.

A group is a class with annotated names. Libraries for such classes (pydantic, cattrs, msgspec) keep
no places and take a large part of a short run to be imported; what is left of them is this module.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from reportgen.model.frozen import frozen
from reportgen.project.yaml_nodes import YamlNode


class FieldError(Exception):
    """Why a value is none of its type: the code of a finding, and what it tells.

    `item`, the number of an item from 0, and `at`, that of a character, narrow the place.
    """

    def __init__(
        self, code: str, /, item: int | None = None, at: int | None = None, **params: str
    ) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, Any] = {**params}
        self.item = item
        self.at = at


class LeafType:
    """The type of a value without fields: how it is read, and its JSON Schema for editors.

    `unit` is the symbol of the unit in which numbers without unit count, empty for what is none.
    """

    def __init__(
        self, read: Callable[[YamlNode], object], schema: Mapping[str, Any], unit: str = ""
    ) -> None:
        self.read = read
        self.schema = schema
        self.unit = unit

    @property
    def is_of_days(self) -> bool:
        """Return whether values of this type are days."""
        return bool(self.schema.get("format") == "date")


class KeyRule:
    """What a key that authors choose has to be; it is FieldError otherwise."""

    def __init__(self, check: Callable[[str], None]) -> None:
        self.check = check


def _nothing() -> None:
    return None


@frozen
class GroupField:
    """A field of a group; a `title`, the label of the forms, is as good a key as its name."""

    title: str = ""
    description: str = ""
    default: Callable[[], object] = _nothing
    required: bool = True
    annotation: Any = None


def field(
    *,
    title: str = "",
    description: str = "",
    default: object = None,
    default_factory: Callable[[], object] | None = None,
) -> Any:  # noqa: ANN401 - it stands where a value of the field's own type will
    """Return what a class says of a field; with a default it may be left out."""
    if default_factory is not None:
        return GroupField(title, description, default_factory, required=False)
    if default is not None:
        return GroupField(title, description, lambda: default, required=False)
    return GroupField(title, description)


def blank_field(title: str, description: str = "") -> Any:  # noqa: ANN401 - as above
    """Return a field that is None where it is left out."""
    return GroupField(title, description, required=False)


@typing.dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(field, blank_field)
)
class GroupType(type):
    """The type of groups: each knows its fields, which are collected when they are asked for."""

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        cls.known: dict[str, GroupField] = {}


class KeyGroup(metaclass=GroupType):
    """A group of keys; what is left out has its default.

    `table` says that its fields are the rows of a table; `hoisted` gives fields whose content
    stands under another key, and `unlisted` those that hold no facts.
    """

    table: ClassVar[bool] = False
    hoisted: ClassVar[dict[str, str]] = {}
    unlisted: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **values: object) -> None:
        for name, stated in fields_of(type(self)).items():
            self.__dict__[name] = values[name] if name in values else stated.default()


def fields_of(model: type[KeyGroup]) -> Mapping[str, GroupField]:
    """Return the fields of a group by name, those of its bases before its own, the last first."""
    if not model.known:
        for base in reversed(model.__mro__):
            if isinstance(base, GroupType):
                model.known.update(_own_fields(base))
    return model.known


def _own_fields(model: GroupType) -> dict[str, GroupField]:
    fields: dict[str, GroupField] = {}
    for name, annotation in inspect.get_annotations(model, eval_str=True).items():
        origin: object = typing.get_origin(annotation)
        if origin is not ClassVar:
            stated = vars(model).get(name, GroupField())
            fields[name] = replace(stated, annotation=annotation)
    return fields


# Which group or type governs which part of a file, by name or by label


def bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations are of any type
    """Return `annotation` without `None` and without what says how it is read."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return bare(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return bare(arguments[1] if arguments[0] is type(None) else arguments[0])
    return annotation


def metadata(annotation: object) -> tuple[object, ...]:
    """Return what says how values of a type are read, `None` taken off the type."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        annotation = typing.get_args(annotation)[0]
    return getattr(annotation, "__metadata__", ())


def leaf_type(annotation: object) -> LeafType | None:
    """Return the type of a value without fields, None for a group, a list or a dict."""
    for item in metadata(annotation):
        if isinstance(item, LeafType):
            return item
    return None


@cache
def inside(annotation: object, part: int | str) -> object:
    """Return the annotation of what `part` (a key or a row number) names in `annotation`."""
    outer = bare(annotation)
    if is_model(outer):
        field = fields_of(outer).get(str(part))
        return field.annotation if field else None
    origin = typing.get_origin(outer)
    if origin is list:
        return typing.get_args(outer)[0]
    if origin is dict:
        return typing.get_args(outer)[1]
    return None


def innermost(annotation: object) -> object:
    """Return what a type holds: of a list or dict, what stands in it."""
    inner = bare(annotation)
    while typing.get_origin(inner) in {list, dict}:
        inner = bare(typing.get_args(inner)[-1])
    return inner


def is_open(annotation: object) -> bool:
    """Return whether `annotation` is a group whose keys authors choose themselves."""
    return typing.get_origin(bare(annotation)) is dict


def is_model(annotation: object) -> typing.TypeGuard[type[KeyGroup]]:
    """Return whether `annotation` is a schema model."""
    return isinstance(annotation, type) and issubclass(annotation, KeyGroup)


@cache
def labels(annotation: object) -> dict[str, str]:
    """Return the names of the fields of a model by their labels, but for a label that is a name."""
    model = bare(annotation)
    names: dict[str, str] = {}
    if is_model(model):
        for name, field in fields_of(model).items():
            if field.title and field.title not in fields_of(model):
                names[field.title] = name
    return names
