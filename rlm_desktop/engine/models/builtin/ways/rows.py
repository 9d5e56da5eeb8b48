"""Rows by their fields: those that meet conditions, and how often each value of a field stands. They use `rows_of` of the first look."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.choice import Chosen
from rlm_desktop.engine.models.builtin.ways.block import fill

_CONDITIONS = """\
conditions = @CONDITIONS@  # field (and other names for it), comparison, value
def value_in(row, fields):
    return next((row[field] for field in fields if field in row), None)

def as_number(value):
    digits = re.search(r"-?\\d[\\d,]*(?:\\.\\d+)?", value)
    return float(digits[0].replace(",", "")) if digits else None

def holds(row, fields, comparison, wanted):
    value = value_in(row, fields)
    if value is None or comparison in "<>" and as_number(value) is None:
        return False
    if comparison == ">":
        return as_number(value) > float(wanted)
    if comparison == "<":
        return as_number(value) < float(wanted)
    return (value.strip("\\"' .").casefold() == wanted.casefold()) == (comparison == "=")

def is_wanted(row):
    return all(holds(row, *condition) for condition in conditions)

"""

_ROWS_WHERE = """\
# every row that the question asks for, by its fields
@TESTS@found = []  # document, start, end, place
rows = 0
for name, text in chosen.items():
    for start, end, row in rows_of(text):
        rows += 1
        if is_wanted(row):
            found.append((name, start, end, start))
print(f"{rows:,} rows with fields")
"""

_VALUES = """\
# how often each value of a field stands, and where first
@TESTS@fields = @FIELDS@
groups = {}
found = []  # document, start, end, place
for name, text in chosen.items():
    for start, end, row in rows_of(text):
        value = value_in(row, fields)
        if value is not None and is_wanted(row):
            found.append((name, start, end, start))
            groups.setdefault(value, []).append(found[-1])
by_size = sorted(groups, key=lambda value: (-len(groups[value]), value))
print(f"{len(groups):,} different values")
"""


def rows_where(chosen: Chosen) -> str:
    """Return the code that leaves the rows which meet the conditions in `found`."""
    return fill(_ROWS_WHERE, TESTS=_tests(chosen))


def values_of(chosen: Chosen) -> str:
    """Return the code that leaves `groups`: value of the field -> its rows, of those that meet the conditions."""
    return fill(_VALUES, TESTS=_tests(chosen), FIELDS=repr(list(chosen.fields)))


def _tests(chosen: Chosen) -> str:
    return fill(_CONDITIONS, CONDITIONS=repr([(list(c.fields), c.comparison, c.value) for c in chosen.conditions]))
