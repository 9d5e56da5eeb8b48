"""Another program of the same person: it has secrets in its memory, listens on sockets, and tells what was done to it.

It reads lines on stdin: after each it prints one JSON line, what happened since the last. The first line that it prints says where all is.
"""

from __future__ import annotations

import ctypes
import json
import os
import selectors
import signal
import socket
import sys
from pathlib import Path

IPC_CREAT, IPC_RMID = 0o1000, 0
USER_KEYRING, SET_TIMEOUT, KEY_LASTS_S = -4, 15, 120
KEYS = {"x86_64": (248, 250), "aarch64": (217, 219)}
"""The numbers of add_key and keyctl."""
HEARD = (signal.SIGWINCH, signal.SIGUSR1, signal.SIGIO, signal.SIGTERM, signal.SIGCONT)


class Neighbour:
    def __init__(self, home: Path, token: str) -> None:
        self.events: list[str] = []
        self.selector = selectors.DefaultSelector()
        self.secret = os.environ["NEIGHBOUR_SOCKET_SECRET"].encode()
        self.memory = ctypes.create_string_buffer(os.environ.pop("NEIGHBOUR_MEMORY_SECRET").encode())
        self.held = os.memfd_create("held")
        os.write(self.held, os.environ.pop("NEIGHBOUR_FILE_SECRET").encode())
        self.pipe = os.pipe()
        os.write(self.pipe[1], self.secret)
        self.sockets: list[socket.socket] = []
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.libc.shmat.restype = ctypes.c_void_p
        self.shm = self.share_memory(os.environ.pop("NEIGHBOUR_SHARED_SECRET").encode())
        self.add_key(f"redteam-{token}", os.environ.pop("NEIGHBOUR_KEY_SECRET").encode())
        self.where = {
            "neighbour": os.getpid(), "address": ctypes.addressof(self.memory), "length": len(self.memory) - 1, "shm": self.shm,
            "held_fd": self.held, "pipe_fd": self.pipe[0],
            "tcp": self.listen("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": self.listen("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "unix": self.listen("unix stream", socket.AF_UNIX, socket.SOCK_STREAM, str(home / "docker.sock")),
            "bus": self.listen("session bus", socket.AF_UNIX, socket.SOCK_STREAM, str(home / "bus")),
            "unix_dgram": self.listen("unix datagram", socket.AF_UNIX, socket.SOCK_DGRAM, str(home / "log.sock")),
            "unix_seqpacket": self.listen("unix seqpacket", socket.AF_UNIX, socket.SOCK_SEQPACKET, str(home / "seq.sock")),
            "abstract": self.listen("abstract", socket.AF_UNIX, socket.SOCK_STREAM, f"\0redteam-{token}"),
            "abstract_dgram": self.listen("abstract datagram", socket.AF_UNIX, socket.SOCK_DGRAM, f"\0redteam-dgram-{token}"),
        }  # fmt: skip

    def share_memory(self, secret: bytes) -> int:
        """Return the id of a SysV segment that holds the secret, -1 where the kernel has none."""
        identifier: int = self.libc.shmget(0, 4096, IPC_CREAT | 0o600)
        if identifier >= 0:
            place = ctypes.c_void_p(self.libc.shmat(identifier, None, 0))
            ctypes.memmove(place, secret, len(secret))
            self.libc.shmctl(identifier, IPC_RMID, None)  # it goes with this process, however that ends, and is there until then
        return identifier

    def add_key(self, name: str, secret: bytes) -> None:
        """Put a key where the person's programs share them, if the kernel keeps keys."""
        if os.uname().machine not in KEYS:
            return
        add_key, keyctl = KEYS[os.uname().machine]
        key = self.libc.syscall(add_key, b"user", name.encode(), secret, ctypes.c_size_t(len(secret)), USER_KEYRING)
        self.libc.syscall(keyctl, SET_TIMEOUT, key, KEY_LASTS_S)

    def listen(self, name: str, family: int, kind: int, address: str | tuple[str, int]) -> str | int:
        made = socket.socket(family, kind)
        if isinstance(address, str) and not address.startswith("\0"):
            Path(address).unlink(missing_ok=True)
        made.bind(address)
        made.setblocking(False)
        if kind != socket.SOCK_DGRAM:
            made.listen(64)
        self.selector.register(made, selectors.EVENT_READ, (name, kind))
        self.sockets.append(made)
        place = made.getsockname()
        return place[1] if isinstance(place, tuple) else place.decode("latin-1") if isinstance(place, bytes) else place

    def take(self, listener: socket.socket, name: str, kind: int) -> None:
        self.events.append(f"the {name} socket was reached")
        if kind == socket.SOCK_DGRAM:
            sender = listener.recvfrom(4096)[1]
            if sender:
                listener.sendto(self.secret, sender)
            return
        connection, _ = listener.accept()
        connection.sendall(self.secret)
        connection.close()

    def take_all(self) -> None:
        while waiting := [key for key, _ in self.selector.select(0) if key.fileobj is not sys.stdin]:
            for key in waiting:
                assert isinstance(key.fileobj, socket.socket)
                self.take(key.fileobj, *key.data)

    def serve(self) -> None:
        for number in HEARD:
            signal.signal(number, lambda got, _frame: self.events.append(f"it got {signal.Signals(got).name}"))
        before = self.memory.value
        print(json.dumps(self.where), flush=True)
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            if any(key.fileobj is sys.stdin for key, _ in self.selector.select()):
                if not sys.stdin.buffer.readline():
                    break
                self.take_all()
                if self.memory.value != before:
                    before = self.memory.value
                    self.events.append("its memory was changed")
                told, self.events = self.events, []
                print(json.dumps(told), flush=True)
            else:
                self.take_all()


if __name__ == "__main__":
    Neighbour(Path(sys.argv[1]), sys.argv[2]).serve()
