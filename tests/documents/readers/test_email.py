from __future__ import annotations

import random
from email.message import EmailMessage

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted

HEAD = b"From: Ada <ada@a.example>\nTo: olaf@b.example\nSubject: The road\n"


def letter(subject: str = "The road", body: str = "It was long.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Bjørk <ada@a.example>"
    message["To"] = "Olaf <olaf@b.example>, Eva <eva@b.example>"
    message["Date"] = "Fri, 14 Mar 2025 09:30:00 +0100"
    message["Subject"] = subject
    message.set_content(body)
    return message


LETTER_HEAD = "From: Ada Bjørk <ada@a.example>\nTo: Olaf <olaf@b.example>, Eva <eva@b.example>\nDate: Fri, 14 Mar 2025 09:30:00 +0100\n"


def refusal(data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        drafted("email", data)
    return caught.value


def text(data: bytes) -> str:
    return drafted("email", data).text


def test_a_message_is_its_head_and_its_body() -> None:
    read = drafted("email", letter("Über die Straße nach Tromsø, 字", "Sie war länger als gedacht.\n").as_bytes())
    assert read.text == f"{LETTER_HEAD}Subject: Über die Straße nach Tromsø, 字\n\nSie war länger als gedacht.\n"
    assert read.outline == [(1, "Über die Straße nach Tromsø, 字", "From: Ada Bjørk <ada@a.example>")]


def test_of_two_versions_the_plain_one_is_read() -> None:
    message = letter()
    message.add_alternative("<p>It was <b>long</b>.</p>", subtype="html")
    assert text(message.as_bytes()) == f"{LETTER_HEAD}Subject: The road\n\nIt was long.\n"


def test_a_plain_version_that_says_nothing_gives_way_to_the_page() -> None:
    message = letter(body="Your program shows no pages.\n")
    message.add_alternative(f"<h2>News</h2><p>{'It was long. ' * 300}</p>", subtype="html")
    assert text(message.as_bytes()).startswith(f"{LETTER_HEAD}Subject: The road\n\n## News\n\nIt was long. It")
    body = message.get_body(("html",))
    assert body is not None
    body.add_related(bytes(90), maintype="image", subtype="png", cid="<logo>")
    assert text(message.as_bytes()).startswith(f"{LETTER_HEAD}Subject: The road\n\n## News\n\nIt was long. It")


def test_a_message_that_is_only_a_page_is_read_as_one() -> None:
    data = (
        HEAD
        + b'Content-Type: text/html; charset="windows-1252"\nContent-Transfer-Encoding: quoted-printable\n\n<p>Gr=F6=DFe<br>=80 5</p>\n'
    )
    assert text(data) == "From: Ada <ada@a.example>\nTo: olaf@b.example\nSubject: The road\n\nGröße\n€ 5\n"


def test_texts_and_messages_that_are_attached_are_read_and_other_files_are_named() -> None:
    message = letter()
    message.add_attachment("a,b\n1,2\n", subtype="csv", filename="números.csv")
    message.add_attachment(bytes(250_000), maintype="application", subtype="pdf", filename="map.pdf")
    message.add_attachment(bytes(90), maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(letter("Before", "It rained.\n"))
    read = drafted("email", message.as_bytes())
    assert read.text == (
        f"{LETTER_HEAD}Subject: The road\n\nIt was long.\n\n## Attachment: números.csv\n\na,b\n1,2\n\n"
        f"## Attached message: Before\n\n{LETTER_HEAD}Subject: Before\n\nIt rained.\n"
    )
    assert read.notes == ["Attachments are not read: map.pdf (0.2 MB), logo.png (1 KB). Save them and add them."]


def test_a_page_that_a_browser_saved_whole_is_read_without_its_pictures() -> None:
    data = (
        b'From: <Saved by a browser>\nSubject: Harbours\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n'
        b"--x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"<h1>Harbours</h1><p>Two=20of them<img src=3D'a'></p>\n"
        b"--x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: a\n\niVBORw0KGgo=\n"
        b"--x\nContent-Type: text/css\n\np { }\n--x--\n"
    )
    read = drafted("email", data)
    assert read.text == "From: <Saved by a browser>\nSubject: Harbours\n\n# Harbours\n\nTwo of them\n"
    assert read.notes == []


def test_letters_without_a_declared_encoding_are_told_by_their_bytes() -> None:
    latin = "Die Größe der Häuser, die über dem Fluß stehen, wäre schön für Köln."
    for encoding in ("utf-8", "cp1252"):
        subject, body = latin.encode(encoding), latin.encode(encoding)
        data = b"From: a@a.example\nSubject: " + subject + b"\n\n" + body
        assert text(data) == f"From: a@a.example\nSubject: {latin}\n\n{latin}\n"


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        (b"Content-Transfer-Encoding: base64\n\nSXQgd2Fz IGxvbmcu!!\n", "It was long."),
        (b"Content-Transfer-Encoding: quoted-printable\n\nIt was=20long=\n, =ZZ it was=", "It was long, =ZZ it was"),
        (b"Content-Type: text/plain; charset=nonsense\n\nIt was long.", "It was long."),
        (b"Content-Type: text/plain; charset=utf-8\n\nIt was l\xf6ng for the gr\xfcn.", "It was löng for the grün."),
        (b'Content-Type: multipart/mixed; boundary="gone"\n\n--other\n\nIt was long.\n--other--\n', "It was long."),
        (b"Content-Type: multipart/mixed\n\nIt was long.", "It was long."),
        (b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nIt was long.', "It was long."),
        (b"Content-Type: ;;;=?\nContent-Disposition: =?x\n\nIt was long.", "It was long."),
    ],
)
def test_a_message_that_breaks_the_rules_is_read_as_far_as_it_goes(rest: bytes, body: str) -> None:
    assert text(HEAD + rest) == f"From: Ada <ada@a.example>\nTo: olaf@b.example\nSubject: The road\n\n{body}\n"


@pytest.mark.parametrize("wrap", ["Content-Type: message/rfc822\n\n", 'Content-Type: multipart/mixed; boundary="{0}"\n\n--{0}\n'])
def test_messages_within_messages_without_end_are_read_to_some_depth_or_refused(wrap: str) -> None:
    def nested(depth: int) -> bytes:
        return HEAD + "".join(wrap.format(number) for number in range(depth)).encode() + b"\nIt was long.\n"

    assert text(nested(10)).endswith("\n\nIt was long.\n")
    assert drafted("email", nested(100)).notes[0].startswith("Attachments are not read: ")
    # Python's own limit on recursion ends its parser.
    assert refusal(nested(5_000)).kind == "damaged"


def test_an_address_list_of_thousands_is_read() -> None:
    many = b",\n ".join(b"Name %d <n%d@a.example>" % (number, number) for number in range(20_000))
    assert text(b"From: a@a.example\nTo: " + many + b"\n\nHello.").endswith("\n\nHello.\n")


@pytest.mark.parametrize("name", [b"Content-Type", b"content-disposition"])
def test_a_field_with_parameters_without_end_is_nothing_to_wait_for(name: bytes) -> None:
    assert text(HEAD + name + b": text/plain" + b";\n a=b" * 300_000 + b"\n\nIt was long.").startswith("From: Ada")


def test_a_megabyte_of_spaces_is_nothing_to_wait_for() -> None:
    assert text(HEAD + b"\nIt was" + b" " * 1_000_000 + b"long. " + b"\n" * 100_000 + b"So long." + b" \t" * 500_000).endswith(
        "\n\n\nSo long.\n"
    )


def test_what_is_encrypted_empty_or_no_message_is_refused() -> None:
    assert refusal(HEAD + b'Content-Type: multipart/encrypted; boundary="x"\n\n--x--').kind == "encrypted"
    assert refusal(b"").kind == "damaged"
    assert refusal(b"\x00\xff\x00 no message").kind == "damaged"
    assert refusal(b"X-Empty: yes\n\n").kind == "no text"


def test_damage_anywhere_ends_in_a_text_or_a_sentence() -> None:
    message = letter()
    message.add_alternative("<p>It was <b>long</b>.</p>", subtype="html")
    message.add_attachment("a,b\n1,2\n", subtype="csv", filename="números.csv")
    message.add_attachment(letter("Before", "Schön.\n"))
    whole, chance, refused = message.as_bytes(), random.Random(11), 0
    for _ in range(400):
        data = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(30) if data else 0):
            data[chance.randrange(len(data))] = chance.choice((chance.randrange(256), 10, 61, 34, 59))
        try:
            drafted("email", bytes(data))
        except RefusedError:
            refused += 1
    assert refused < 100
