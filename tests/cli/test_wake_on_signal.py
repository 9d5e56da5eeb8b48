"""A signal that another thread, or no system call, takes is heeded by the loop at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

import pytest

from rlm_desktop.cli.wake_on_signal import wake_on_signal


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_that_interrupts_no_system_call_of_the_loop_wakes_it() -> None:
    """Another thread takes it here, which is to the loop what a signal just before its sleep is."""

    async def go() -> None:
        loop, heeded = asyncio.get_running_loop(), asyncio.Event()
        previous = signal.signal(signal.SIGUSR1, lambda _number, _frame: loop.call_soon_threadsafe(heeded.set))
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        asks = threading.Event()

        def taker() -> None:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
            asks.wait()
            os.kill(os.getpid(), signal.SIGUSR1)

        thread = threading.Thread(target=taker)
        try:
            with wake_on_signal():
                thread.start()
                loop.call_soon(asks.set)
                async with asyncio.timeout(30):
                    await heeded.wait()
        finally:
            thread.join()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
            signal.signal(signal.SIGUSR1, previous)

    asyncio.run(go())
