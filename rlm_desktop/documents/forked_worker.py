"""Workers that are forked, as the process that supervises them holds them (`zygote.py` is the one that they are forked from)."""

from __future__ import annotations

import os
import socket
import subprocess
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Final

from rlm_desktop.documents import zygote
from rlm_desktop.documents.worker_process import Ended, GoneError, not_started, send_descriptor
from rlm_desktop.program import keyless_environment

_ANSWER_S: Final = 60.0
"""It answers at once, unless the machine is on its knees or it imports a reader from a slow disk."""


class Zygote:
    """The process that workers are forked from. Any of these raises GoneError where it is gone."""

    def __init__(self, command: Sequence[str]) -> None:
        """Raises UserError where none can be started."""
        self.imported: set[str] = set()
        """Kinds whose readers those workers have that are forked from now on."""
        self._unanswered: deque[ForkedProcess] = deque()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_ANSWER_S)
        try:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=keyless_environment(os.environ)
            )
        except OSError as error:
            self._control.close()
            raise not_started(error) from error
        finally:
            theirs.close()

    def have(self, kind: str) -> None:
        """Let the workers that are forked from now on have the reader of this kind."""
        if kind not in self.imported:
            self.imported.add(kind)
            self.tell(zygote.IMPORT, kind.encode())

    def fork(self) -> ForkedProcess:
        """Return a worker at once: while it gets ready, there may be other things to do. Raises UserError, too."""
        asked, their_asked = socket.socketpair()
        with their_asked:
            try:
                answers, their_answers = os.pipe()
            except OSError as error:
                asked.close()
                raise not_started(error) from error
            process = ForkedProcess(self, asked, os.fdopen(answers, "rb"))
            try:
                socket.send_fds(self._control, [zygote.FORK], [their_asked.fileno(), their_answers])
            except OSError as error:
                process.close()
                raise GoneError from error
            finally:
                os.close(their_answers)
        self._unanswered.append(process)
        return process

    def tell(self, command: bytes, body: bytes) -> None:
        try:
            self._control.send(command + body)
        except OSError as error:
            raise GoneError from error

    def look(self, pid: int) -> Ended | None:
        """Return how a worker ended, None while it has not."""
        self.settle()
        self.tell(zygote.LOOK, zygote.NUMBER.pack(pid))
        found, code, peak_bytes = self._reply()
        return Ended(code, peak_bytes) if found else None

    def settle(self) -> None:
        """Take the numbers of all workers that were asked for. Raises UserError where the system made none."""
        while self._unanswered:
            number, _, _ = self._reply()
            self._unanswered.popleft().take_number(number)

    def exit_code(self) -> int:
        """Return that of one that is gone."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ANSWER_S)
        self.end()
        return self._process.returncode

    def end(self) -> None:
        """End it, and its workers with it."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _reply(self) -> tuple[int, int, int]:
        try:
            reply = self._control.recv(zygote.REPLY.size)
        except OSError as error:
            raise GoneError from error
        if not reply:
            raise GoneError
        number, code, peak_bytes = zygote.REPLY.unpack(reply)
        return number, code, peak_bytes


class ForkedProcess:
    """One worker."""

    takes_descriptors = True

    def __init__(self, source: Zygote, pipe: socket.socket, answers: IO[bytes]) -> None:
        self.answers = answers
        self._zygote = source
        self._pipe = pipe
        self._number = 0
        self._ended: Ended | None = None

    @property
    def pid(self) -> int:
        if not self._number:
            self._zygote.settle()
        if self._number < 0:
            raise not_started(OSError(-self._number, os.strerror(-self._number)))
        return self._number

    def take_number(self, number: int) -> None:
        """What the zygote says: the process's number, or that of an error, negative."""
        self._number = number

    def send(self, data: bytes) -> None:
        try:
            self._pipe.sendall(data)
        except OSError as error:
            raise GoneError from error

    def hand_over(self, descriptor: int) -> None:
        send_descriptor(self._pipe, descriptor)

    def kill(self) -> None:
        # Called where an answer of it is waited for, so its number is known by then.
        self._tell(zygote.KILL)

    def poll(self) -> Ended | None:
        if self._ended is None:
            try:
                self._ended = self._zygote.look(self.pid)
            except GoneError:
                self._ended = Ended(self._zygote.exit_code(), 0)
        return self._ended

    def close(self) -> None:
        self.answers.close()
        self._pipe.close()

    def end(self) -> None:
        # One whose number nobody has asked for was given nothing, and leaves as its pipes are closed. To ask now could be in vain: an
        # interrupt may have come between the answer and its being kept.
        self._tell(zygote.END)

    def _tell(self, command: bytes) -> None:
        if self._number > 0 and self._ended is None:
            try:
                self._zygote.tell(command, zygote.NUMBER.pack(self._number))
            except GoneError:
                return  # and this with it
