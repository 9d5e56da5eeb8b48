"""Append-only numpy columns that grow by doubling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class GrowingTable:
    """Columns of equal length. `table[name]` is a view of the rows that exist; take it anew after the table has grown."""

    def __init__(self, columns: Mapping[str, tuple[DTypeLike, int | float]]) -> None:
        """`columns`: name -> dtype and the value a new row starts with."""
        self._defaults = {name: default for name, (_, default) in columns.items()}
        self._arrays: dict[str, NDArray[Any]] = {name: np.full(64, default, dtype) for name, (dtype, default) in columns.items()}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name][: self._length]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def room(self, count: int) -> dict[str, NDArray[Any]]:
        """Return the whole arrays, with room for `count` more rows; rows past the length hold their defaults. Write, then `grow`."""
        end = self._length + count
        if end > len(next(iter(self._arrays.values()))):
            capacity = max(end, 2 * self._length)
            for name, array in self._arrays.items():
                grown = np.full(capacity, self._defaults[name], array.dtype)
                grown[: self._length] = array[: self._length]
                self._arrays[name] = grown
        return self._arrays

    def grow(self, length: int) -> None:
        """Count the rows up to `length` as existing."""
        self._length = length
