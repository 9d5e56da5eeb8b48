from __future__ import annotations

import random

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted

PAGE = """<!DOCTYPE html>
<html><head><title>Harbours &mdash; an overview</title><style>p { color: red }</style><script>var a = "<p>no</p>";</script></head>
<body>
<nav><a href="#a">To the text</a></nav>
<h1 id=a>The&nbsp;harbours<a class="headerlink" href="#a">¶</a></h1>
<p>There are <b>t</b>wo &lt;large&gt; harbours,
   and some   small ones.<br>All are <em>old</em>.</p>
<h2>The north</h2>
<ul><li>Bergen <ol start=3><li>its quay<li>its hall</ol><li><p>Tromsø</p><p>and beyond</p></ul>
<table><caption>Ships</caption>
<thead><tr><th>Port<th>Ships<th>Of | them</thead>
<tr><td rowspan=2>Bergen<td>12<td>sail<br>steam
<tr><td colspan=2>none
<tr><td>Tromsø<td>3<td></tr></table>
<pre>
one
  two &amp; <b>three</b>

four</pre>
<blockquote><p>It rained.</p><p>It rained<br>again.</p></blockquote>
<p hidden>unseen</p><div style="color:red; display: none">unseen</div><template>unseen</template><noscript>unseen</noscript>
<dl><dt>Quay<dd>Where ships lie.</dl>
<p>Seen <img src="a.png" alt="The
 quay at night"> and 10<sup>6</sup> times the 2<sup>nd</sup> note<sup><a href="#n">4</a></sup>.</p>
</body></html>
"""


def refusal(data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        drafted("html", data)
    return caught.value


def body(markup: str) -> str:
    return drafted("html", markup.encode()).text


def test_a_page_reads_from_top_to_bottom_with_its_headings_lists_and_tables() -> None:
    read = drafted("html", PAGE.encode())
    assert (
        read.text
        == """\
To the text

# The harbours

There are two <large> harbours, and some small ones.
All are old.

## The north

- Bergen
  3. its quay
  4. its hall
- Tromsø
  and beyond

Ships

| Port | Ships | Of \\| them |
| Bergen | 12 | sail steam |
|  | none |  |
| Tromsø | 3 |  |

one
  two & three

four

> It rained.

> It rained
> again.

Quay
  Where ships lie.

Seen [The quay at night] and 10^6 times the 2nd note4.
"""
    )
    assert read.outline == [(1, "The harbours", "# The harbours"), (2, "The north", "## The north")]
    assert read.encoding == "utf-8"


def test_the_title_is_the_heading_of_a_page_without_one() -> None:
    assert body("<title>On  ships</title><p>They float.") == "# On ships\n\nThey float.\n"


def test_the_address_of_another_site_is_said_once_and_where_the_text_does_not_say_it() -> None:
    links = (
        '<base href="https://a.example/x"><p><a href="https://b.example/1">One</a>, <a href="https://b.example/1">again</a>, '
        '<a href="https://www.a.example/2">here</a>, <a href="c.html">there</a>, <a href="https://d.example/">d.example</a>.</p>'
    )
    assert body(links) == "One (https://b.example/1), again, here, there, d.example.\n"


def test_a_table_that_arranges_a_page_is_no_table() -> None:
    nested = "<table><tr><td><h2>Left</h2><p>One</p><td><table><tr><td>a<td>b<tr><td>c<td>d</table></table>"
    assert body(nested) == "## Left\n\nOne\n\n| a | b |\n| c | d |\n\n"
    assert body("<table><tr><td>One<tr><td>Two</table>") == "One\nTwo\n"


def test_words_in_blocks_do_not_run_together_and_those_in_a_line_do() -> None:
    assert body("<div>one</div><div>two<span>th</span>ree</div>four<p>five") == "one\ntwothree\nfour\n\nfive\n"


def test_xhtml_with_empty_elements_is_read_to_its_end() -> None:
    page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a"/></head>'
    assert body(f'{page}<body><p>One<br/>two <a id="x"/>three</p></body></html>') == "One\ntwo three\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("<meta charset=utf-8><p>Größe 字".encode(), "utf-8"),
        ("<p>Größe 字".encode("utf-16"), "utf-16-le"),
        ("\ufeff<p>Größe 字".encode(), "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GB2312"><p>Größe 字'.encode("gb18030"), "gb18030"),
        ("<meta charset=iso-8859-1><p>Größe 字".encode(), "utf-8"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><p>Größe 字".encode("cp932", "ignore"), "cp932"),
    ],
)
def test_the_encoding_is_that_of_the_mark_the_declaration_or_the_bytes(data: bytes, encoding: str) -> None:
    read = drafted("html", data)
    assert read.text in ("Größe 字\n", "Gre 字\n") and read.encoding == encoding


def test_an_older_encoding_that_nothing_declares_is_told_by_its_letters_and_the_chosen_one_has_the_last_word() -> None:
    data = "<p>Die Größe der Häuser, die über dem Fluß stehen, wäre schön für Köln.</p>".encode("cp1252")
    read = drafted("html", data)
    assert (read.encoding, read.text) == ("cp1252", "Die Größe der Häuser, die über dem Fluß stehen, wäre schön für Köln.\n")
    assert drafted("html", data, encoding="koi8-r").encoding == "koi8-r"
    with pytest.raises(RefusedError, match="There is no encoding 'nonsense'"):
        drafted("html", data, encoding="nonsense")


def test_a_page_without_text_is_refused() -> None:
    assert refusal(b"<html><body><script>draw()</script><img src=a.png></body></html>").kind == "no text"
    assert refusal(b"").kind == "no text"
    assert refusal(bytes(range(256)) * 40).kind == "damaged"


@pytest.mark.parametrize("opened", ["<div>", "<b>", "<p><font color={}>", "<ul><li>", "<table><tr><td>"])
def test_a_page_nested_a_hundred_thousand_deep_is_read(opened: str) -> None:
    times = 100_000 if opened == "<div>" else 20_000
    deep = "".join(opened.format(number) for number in range(times)) + "deep"
    text = body(deep + "</div>" * times + "<p>after</p>")
    assert "deep" in text and text.rstrip().endswith("after")


def test_tags_in_scripts_do_not_count_as_depth() -> None:
    script = f"<script>var rows = '{'<div>' * 2_000}';</script>"
    assert body(f"<body>{script}<h2>Title</h2><p>text</p>{script}") == "## Title\n\ntext\n"


def test_a_tag_with_a_hundred_thousand_attributes_is_read() -> None:
    assert body(f"<p {' '.join(f'a{number}' for number in range(100_000))}>text") == "text\n"


def test_damage_anywhere_ends_in_a_text_or_a_sentence() -> None:
    chance = random.Random(5)
    whole = PAGE.encode()
    refused = 0
    for _ in range(200):
        data = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(20) if data else 0):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            drafted("html", bytes(data))
        except RefusedError:
            refused += 1
    assert refused < 150
