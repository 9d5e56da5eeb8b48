from __future__ import annotations

import io
import random

import pytest

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import mailbox
from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted

BOX = b"""From ada@a.example Fri Mar 14 09:30:00 2025
From: Ada <ada@a.example>
Date: Fri, 14 Mar 2025 09:30:00 +0100
Subject: The road

It was long.
From here it goes on.
>From there, too.

From olaf@b.example Sat Mar 15 10:00:00 2025
From: Olaf <olaf@b.example>
Subject: =?utf-8?q?Re:_The_stra=C3=9Fe?=
Content-Type: text/html

<h1>Big</h1><p>It rained.</p>

From eva@b.example Sun Mar 16 10:00:00 2025
To: ada@a.example
Content-Type: application/pdf; name=map.pdf

From within, nothing.
"""


def numbered(count: int) -> bytes:
    return b"".join(
        b"From a@a.example Fri Mar 14 09:30:00 2025\nSubject: Number %d\n\nBody %d.\n\n" % (number, number) for number in range(count)
    )


def test_every_message_stands_under_its_subject() -> None:
    read = drafted("mailbox", BOX)
    assert read.text == (
        "# The road\n\nFrom: Ada <ada@a.example>\nDate: Fri, 14 Mar 2025 09:30:00 +0100\nSubject: The road\n\n"
        "It was long.\nFrom here it goes on.\nFrom there, too.\n\n"
        "# Re: The straße\n\nFrom: Olaf <olaf@b.example>\nSubject: Re: The straße\n\n# Big\n\nIt rained.\n\n"
        "# Without subject\n\nTo: ada@a.example\n\n"
    )
    assert read.outline == [
        (1, "The road", "# The road"),
        (1, "Re: The straße", "# Re: The straße"),
        (1, "Without subject", "# Without subject"),
    ]
    assert read.extent == "3 messages"
    assert read.notes == ["Attachments are not read: 1 (0.0 MB). Save those that matter, and add them."]


@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 20])
def test_messages_are_the_same_however_the_file_is_cut_in_reading(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "_PIECE", piece)
    for box in (BOX, BOX.replace(b"\n", b"\r\n")):
        read = drafted("mailbox", box)
        assert [title for _, title, _ in read.outline] == ["The road", "Re: The straße", "Without subject"]
        assert "From here it goes on.\nFrom there, too.\n" in read.text


def test_of_many_messages_the_outline_keeps_some_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MAX_MARKS", 500)
    read = drafted("mailbox", numbered(1_201))
    assert read.extent == "1,201 messages"
    assert [(title, line) for _, title, line in read.outline[:2]] == [("Number 0", "# Number 0"), ("Number 4", "# Number 4")]
    assert len(read.outline) == 301 and read.outline[-1][1] == "Number 1200"


def test_a_message_too_long_to_be_kept_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MAX_MESSAGE_BYTES", 40_000)
    monkeypatch.setattr(mailbox, "_PIECE", 10_000)
    long = b"From a@a.example Fri Mar 14 09:30:00 2025\nSubject: Long\n\n" + b"It was long.\n" * 20_000 + b"\n"
    read = drafted("mailbox", numbered(2) + long + numbered(2))
    assert [title for _, title, _ in read.outline] == ["Number 0", "Number 1", "Long", "Number 0", "Number 1"]
    assert len(read.text) < 50_000
    assert read.notes == ["Messages longer than 0 MB, of which only a part is read: 1."]


def test_reading_tells_how_far_it_is() -> None:
    shares: list[float] = []
    mailbox.read(io.BytesIO(numbered(10)), Draft(lambda text: None, on_share=shares.append))
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) >= 10


@pytest.mark.parametrize("data", [b"", b"Subject: x\n\nno mailbox\n", b"From nobody\n\nno head\n", bytes(range(256)) * 50])
def test_what_is_no_mailbox_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        drafted("mailbox", data)
    assert caught.value.kind == "damaged"


def test_damage_anywhere_ends_in_a_text_or_a_sentence() -> None:
    chance, refused = random.Random(13), 0
    for _ in range(300):
        data = bytearray(BOX[: chance.randrange(len(BOX))] if chance.random() < 0.3 else BOX)
        for _ in range(chance.randrange(20) if data else 0):
            data[chance.randrange(len(data))] = chance.choice((chance.randrange(256), 10, 61, 34, 59))
        try:
            drafted("mailbox", bytes(data))
        except RefusedError:
            refused += 1
    assert refused < 150
