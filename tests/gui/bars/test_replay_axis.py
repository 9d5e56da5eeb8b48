"""Every entry has its place on the bar, and the place leads back to the entry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.gui.bars.replay_axis import Axis
from rlm_desktop.gui.replay import Clock

TIMES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(sorted)


@given(times=TIMES, clock=st.sampled_from(["time", "events"]), are_gaps_shortened=st.booleans(), bins=st.integers(1, 40))
def test_the_density_counts_every_entry_once(times: list[float], clock: Clock, are_gaps_shortened: bool, bins: int) -> None:
    axis = Axis(np.array(times), clock=clock, are_gaps_shortened=are_gaps_shortened)
    counts = axis.density(bins)
    assert len(counts) == bins and counts.min() >= 0
    assert counts.sum() == len(times)


@given(times=TIMES, clock=st.sampled_from(["time", "events"]), are_gaps_shortened=st.booleans())
def test_a_place_leads_back_to_its_entry_or_one_at_the_same_place(times: list[float], clock: Clock, are_gaps_shortened: bool) -> None:
    axis = Axis(np.array(times), clock=clock, are_gaps_shortened=are_gaps_shortened)
    for seq in range(len(times)):
        found = axis.seq_at(axis.share(seq))
        assert found == seq or abs(axis.share(found) - axis.share(seq)) < 1e-6


def test_a_long_wait_takes_two_seconds_when_gaps_are_shortened() -> None:
    axis = Axis(np.array([0.0, 1.0, 1_001.0, 1_002.0]), clock="time", are_gaps_shortened=True)
    assert [axis.share(seq) for seq in range(4)] == pytest.approx([0.0, 0.25, 0.75, 1.0])


def test_entries_of_one_instant_lie_apart_by_number() -> None:
    axis = Axis(np.zeros(5), clock="time", are_gaps_shortened=False)
    assert [axis.share(seq) for seq in range(5)] == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_an_empty_trace_has_no_place() -> None:
    axis = Axis(np.zeros(0), clock="time", are_gaps_shortened=True)
    assert (axis.seq_at(0.5), axis.share(-1), axis.density(3).tolist()) == (-1, 0.0, [0, 0, 0])
