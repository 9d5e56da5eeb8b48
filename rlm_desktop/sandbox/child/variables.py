"""What the namespace holds, told in a few hundred characters a variable and without running more of the model's code than a `repr`."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

MAX_VARIABLES = 200
MAX_LOOKED_AT = 5_000
"""The newest: after each block all are asked for their repr."""
SHORT_CHARS = 200
_NAME_CHARS = 100
_ITEMS = 6
_name_of = type.__dict__["__name__"].__get__
"""A class's name past its metaclass, which may have a property of that name."""
_SIZED = (str, bytes, bytearray, list, tuple, set, frozenset, dict, range)


def describe(namespace: dict[str, Any], hidden: Container[str], before: dict[str, tuple[int, Any, str]]) -> list[dict[str, Any]]:
    """Return the variables, those that this block changed first, then as they were made; renew `before`, which knows the last state."""
    changed: list[dict[str, Any]] = []
    same: list[dict[str, Any]] = []
    seen: dict[str, tuple[int, Any, str]] = {}
    for name, value in list(namespace.items())[-MAX_LOOKED_AT:]:
        if type(name) is not str or name.startswith("_") or name in hidden or isinstance(value, ModuleType):
            continue
        size, short = size_of(value), short_of(value)
        seen[name] = (id(value), size, short)
        is_changed = before.get(name) != seen[name]
        told = {"name": clean(name, _NAME_CHARS), "type": type_of(value), "short": short, "size": size, "changed": is_changed}
        (changed if is_changed else same).append(told)
    before.clear()
    before.update(seen)
    return (changed + same)[:MAX_VARIABLES]


def type_of(value: object) -> str:
    return clean(_name_of(type(value)), _NAME_CHARS)


def size_of(value: Any) -> int | None:
    if isinstance(value, type):
        return None
    try:
        size = len(value)
    except MemoryError:
        raise
    except BaseException:  # noqa: BLE001  (the object's own code)
        return None
    return size if type(size) is int and size <= 2**53 else None


def short_of(value: object) -> str:
    try:
        return clean(_short(value, 2), SHORT_CHARS)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  (the object's own code)
        return f"(its repr raised {type_of(error)})"


def _short(value: Any, depth: int) -> str:
    kind = type(value)
    if kind is str or kind is bytes:
        return repr(value) if len(value) <= SHORT_CHARS else repr(value[:SHORT_CHARS])[:-1] + "…"
    if kind is int and value.bit_length() > 4_000:
        return f"(an int of {value.bit_length():,} bits)"
    if kind in _SIZED and kind is not range:
        return _container(value, kind, depth)
    if kind is FunctionType or kind is BuiltinFunctionType or isinstance(value, type):
        return f"<{kind.__name__} {value.__name__}>"
    text = repr(value)
    start, found, rest = text[: SHORT_CHARS * 2].partition(" at 0x")
    return start + rest.lstrip("0123456789abcdefABCDEF") if found else text


def _container(value: Any, kind: type, depth: int) -> str:
    if kind is bytearray:
        return f"bytearray({_short(bytes(value[: SHORT_CHARS + 1]), depth)})"
    if not value:
        return repr(value)
    if depth == 0:
        return f"({kind.__name__} of {len(value):,})"
    more = ", …" if len(value) > _ITEMS else ""
    first = [item for item, _ in zip(value.items() if kind is dict else value, range(_ITEMS))]  # noqa: B905  (cut on purpose)
    if kind is dict:
        return "{" + ", ".join(f"{_short(k, depth - 1)}: {_short(v, depth - 1)}" for k, v in first) + more + "}"
    left, right = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}.get(kind.__name__, ("frozenset({", "})"))
    return left + ", ".join(_short(item, depth - 1) for item in first) + more + right


def clean(text: str, chars: int) -> str:
    """Cut, and without lone surrogates."""
    if len(text) > chars:
        text = text[: chars - 1] + "…"
    return text.encode("utf-8", "replace").decode("utf-8")
