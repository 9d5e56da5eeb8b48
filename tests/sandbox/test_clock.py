"""The block's wall clock, by a clock of the test's."""

from __future__ import annotations

import asyncio

import pytest

from rlm_desktop.sandbox.clock import BlockClock


class Hand:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_only_time_that_nobody_holds_is_counted() -> None:
    hand = Hand()
    clock = BlockClock(hand)
    hand.at += 2
    with clock.held():
        hand.at += 10
        clock.hold()
        hand.at += 10
        clock.release()
        hand.at += 10
        assert clock.elapsed_s == 2
    hand.at += 3
    assert clock.elapsed_s == 5
    clock.restart()
    assert clock.elapsed_s == 0


def test_a_release_without_a_hold_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        BlockClock().release()


def test_waiting_ends_when_the_time_has_been_counted() -> None:
    async def go() -> None:
        clock = BlockClock()
        clock.hold()
        waiting = asyncio.create_task(clock.wait_until(0.05))
        done, _ = await asyncio.wait([waiting], timeout=0.15)
        assert not done
        clock.release()
        async with asyncio.timeout(5):
            await waiting
        assert clock.elapsed_s >= 0.05

    asyncio.run(go())
