"""Parameters are read as people write them, and come back the same."""

from __future__ import annotations

import pytest

from rlm_desktop.errors import UsageError
from rlm_desktop.servers.parameters import as_written, parameters_in


@pytest.mark.parametrize("written", ["temperature=NaN", "temperature=Infinity", "temperature=-Infinity", "temperature=1e999"])
def test_a_number_that_settings_could_not_hold_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="has an end"):
        parameters_in([written])


@pytest.mark.parametrize(
    "written", ['seed="5"', 'stop="true"', "seed=5", "logprobs=true", "reasoning_effort=low", "stop=null", 'user="NaN"']
)
def test_a_parameter_that_is_shown_is_read_as_what_it_was(written: str) -> None:
    found = parameters_in([written])
    again = parameters_in([as_written(found)])
    assert again == found
    assert [type(value) for value in again.values()] == [type(value) for value in found.values()]
