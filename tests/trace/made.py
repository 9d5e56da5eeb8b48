"""Events of every kind, by hypothesis."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from rlm_desktop.trace import events as ev

short = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


def value_for(annotation: Any) -> st.SearchStrategy[Any]:
    """Return values that a field of this type may hold."""
    if annotation is str:
        return short
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(-1_000, 1_000)
    if annotation is float:
        return st.floats(0, 1e6, allow_nan=False)
    if annotation is type(None):
        return st.none()
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return struct(annotation)
    metadata = getattr(annotation, "__metadata__", None)
    if metadata is not None:
        meta = metadata[0]
        low, high = meta.ge, meta.le
        if annotation.__origin__ is float:
            return st.floats(low, min(high, 1e9), allow_nan=False)
        return st.integers(low, min(high, 2**53))
    origin, arguments = getattr(annotation, "__origin__", None), get_args(annotation)
    if origin is tuple:
        return st.lists(value_for(arguments[0]), max_size=3).map(tuple)
    if origin is not None and str(origin) == "typing.Literal":
        return st.sampled_from(arguments)
    return st.one_of([value_for(argument) for argument in arguments])


def struct(cls: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints = {field.name: field.type for field in msgspec.structs.fields(cls)}
    return st.builds(cls, **{name: value_for(hint) for name, hint in hints.items()})


any_event = st.sampled_from(ev.KnownEvent.__args__).flatmap(struct)
