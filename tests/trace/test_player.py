from __future__ import annotations

import numpy as np

from rlm_desktop.trace.player import LONGEST_GAP_S, Player

TIMES = np.array([0.0, 1.0, 1.0, 4.0, 100.0])


def test_it_moves_by_recorded_time_and_speed() -> None:
    player = Player(TIMES)
    player.seek(0)
    assert player.advance(0.5) == 0
    assert player.advance(0.5) == 2
    player.speed = 4.0
    assert player.advance(0.75) == 3


def test_time_within_a_gap_is_not_lost_between_two_advances() -> None:
    player = Player(TIMES, speed=0.25)
    player.seek(2)
    assert [player.advance(1.0) for _ in range(12)][-1] == 3


def test_shortened_gaps_end_sooner() -> None:
    player = Player(TIMES, are_gaps_shortened=True)
    player.seek(3)
    assert player.advance(LONGEST_GAP_S) == 4
    assert player.is_at_end


def test_it_starts_at_the_end_and_seeks_within_the_trace() -> None:
    player = Player(TIMES)
    assert player.seq == 4
    assert player.seek(-9) == -1
    assert player.seek(99) == 4
    assert player.advance(10.0) == 4


def test_from_before_the_first_entry_it_starts_at_once() -> None:
    player = Player(TIMES)
    player.seek(-1)
    assert player.advance(0.0) == 0


def test_it_follows_a_trace_that_grows() -> None:
    player = Player(TIMES[:2])
    player.seek(1)
    player.follow(TIMES)
    assert player.advance(0.0) == 2
