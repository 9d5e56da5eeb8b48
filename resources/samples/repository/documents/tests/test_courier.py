"""What courier promises, over folders and a server of its own."""

import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from courier import Message, Outbox, transport_for
from courier.backoff import Backoff
from courier.config import load
from courier.errors import Busy, DeliveryError
from courier.http import HttpTransport
from courier.lock import FileLock


class FlakyServer(BaseHTTPRequestHandler):
    """Refuses the first two requests."""

    asked = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked += 1
        self.send_response(503 if self.asked <= 2 else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class CourierTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_message_survives_its_encoding(self) -> None:
        message = Message.new("the boat is in")
        self.assertEqual(Message.decode(message.encode()), message)

    def test_the_outbox_delivers_each_message_once(self) -> None:
        outbox = Outbox(self.folder / "out")
        outbox.put("one")
        outbox.put("two")
        to_folder = transport_for(f"folder:{self.folder / 'in'}")
        self.assertEqual((outbox.flush(to_folder), outbox.flush(to_folder)), (2, 0))
        self.assertEqual(len(list((self.folder / "in").glob("*.json"))), 2)

    def test_a_flaky_server_is_asked_again(self) -> None:
        server = HTTPServer(("127.0.0.1", 0), FlakyServer)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        HttpTransport(f"http://127.0.0.1:{server.server_port}", attempts=3, backoff=Backoff(first_s=0.001)).send(Message.new("hello"))
        self.assertEqual(FlakyServer.asked, 3)

    def test_a_held_lock_is_busy(self) -> None:
        with FileLock(self.folder / "lock"), self.assertRaises(Busy), FileLock(self.folder / "lock", wait_s=0.0):
            self.fail("both hold it")

    def test_an_unknown_target_is_refused(self) -> None:
        with self.assertRaises(DeliveryError):
            transport_for("pigeon:home")

    def test_settings_are_read(self) -> None:
        path = self.folder / "courier.ini"
        path.write_text("[courier]\noutbox = /var/spool/courier\ntarget = mail:office\n", encoding="utf-8")
        self.assertEqual(load(path).retries, 3)


if __name__ == "__main__":
    unittest.main()
