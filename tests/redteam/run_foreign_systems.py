"""`python -m tests.redteam.run_foreign_systems` tries this system's own attacks, first unconfined, then confined, and prints what worked.

Run it on macOS or Windows as an ordinary user; it says so where the sandbox does not start confined.
"""

from __future__ import annotations

import asyncio
import http.server
import os
import re
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Confinement, SandboxDied, SubReply, SubRequest
from tests.redteam.foreign_attack import ForeignAttack
from tests.redteam.foreign_systems import FOREIGN_ATTACKS

_ERROR = re.compile(r"[\w.]+: ")
"""The line of a traceback that names what was raised."""

TIME_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the attacks are after."""

    word: str
    secret: Path
    token: Path
    port: int

    def prelude(self) -> str:
        names = {"WORKED": self.word, "secret": str(self.secret), "token": str(self.token), "parent": os.getpid(), "port": self.port}
        return "".join(f"{name} = {value!r}\n" for name, value in names.items())


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Plant a secret below a folder that nobody confined may read, and serve a page."""
    word = secrets.token_hex(16)
    secret = folder / "outer" / "Schlüssel" / "secret.txt"
    secret.parent.mkdir(parents=True)
    secret.write_text(word, "utf-8")

    token = folder / "token"

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(word)))
            self.end_headers()
            self.wfile.write(word.encode())

        def do_OPTIONS(self) -> None:  # Windows asks this of a share on the web
            token.touch()
            self.send_error(405)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield World(word=word, secret=secret, token=token, port=server.server_port)
        finally:
            server.shutdown()
            thread.join()


async def attack(one: ForeignAttack, of: World, confinement: Confinement) -> tuple[bool, str]:
    """Run one in a process of its own. Returns whether it worked, and the last line of what came of it."""

    async def no_requests(_request: SubRequest) -> Sequence[SubReply]:
        return [SubReply(error="nobody answers here")]

    try:
        async with await Sandbox.start(confinement=confinement) as sandbox:
            code = of.prelude() + one.code
            done = await sandbox.execute(code, iteration=0, block=0, on_request=no_requests, time_limit_s=TIME_LIMIT_S)
        printed = done.stdout + done.stderr
        said = next((line for line in done.stderr.splitlines() if _ERROR.match(line)), "")
    except SandboxDied as error:
        if error.cause == "confinement":
            raise
        printed, said = "", error.reason
    worked = of.word in printed or of.token.exists()
    of.token.unlink(missing_ok=True)
    return worked, said


def main(attacks: Sequence[ForeignAttack], home: Path) -> int:
    """Try all, in a folder of their own in `home`. Return how many worked confined."""
    worked_confined = 0
    with tempfile.TemporaryDirectory(prefix="rlm-desktop-try-", dir=home) as folder, world(Path(folder)) as of:
        for one in attacks:
            unconfined, _ = asyncio.run(attack(one, of, "unconfined"))
            confined, said = asyncio.run(attack(one, of, "required"))
            worked_confined += confined
            before = "worked" if unconfined else "failed" + (f" ({one.fails_anyway})" if one.fails_anyway else "")
            print(f"{one.number:>4} {one.name}: unconfined {before}; confined {'WORKED' if confined else 'failed'} {said}".rstrip())
    print(f"{len(attacks)} attacks; {worked_confined} worked confined")
    return worked_confined


if __name__ == "__main__":
    sys.exit(main([one for one in FOREIGN_ATTACKS if one.system == sys.platform], Path.home()) != 0)
