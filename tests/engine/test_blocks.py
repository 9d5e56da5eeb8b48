"""The spellings of code that models use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.engine.blocks import End, parse


@pytest.mark.parametrize(
    ("reply", "blocks"),
    [
        ("```repl\nprint(1)\n```", ["print(1)"]),
        ("```python\nprint(1)\n```", ["print(1)"]),
        ("```REPL\nprint(1)\n```", ["print(1)"]),
        ("```Python\nprint(1)\n```", ["print(1)"]),
        ("``` py \nprint(1)\n```", ["print(1)"]),
        ("~~~repl\nprint(1)\n~~~", ["print(1)"]),
        ("````repl\nprint('```')\n````", ["print('```')"]),
        ("```repl\nprint(1)", ["print(1)"]),
        ("text\n  ```repl\n  if x:\n      print(1)\n  ```\nmore", ["if x:\n    print(1)"]),
        ("1. first\n   ```repl\n   a = 1\n   ```\n2. then\n   ```repl\n   b = 2\n   ```", ["a = 1", "b = 2"]),
        ("```repl\na = 1\n```\n\n```repl\nb = 2\n```", ["a = 1", "b = 2"]),
        ("```repl\r\nprint(1)\r\n```\r\n", ["print(1)"]),
        ('```repl\nprompt = """\n```json\n{}\n```\n"""\nprint(prompt)\n```', ['prompt = """\n```json\n{}\n```\n"""\nprint(prompt)']),
        ("```repl\nx = '''never closed\n```\nafter", ["x = '''never closed"]),
        ("```repl\n# it's a comment with ''' in it\nprint(1)\n```", ["# it's a comment with ''' in it\nprint(1)"]),
        ("```\nnot said to be code\n```", []),
        ("```json\n{}\n```", []),
        ("```text\nprint(1)\n```\n```repl\nprint(2)\n```", ["print(2)"]),
        ("```repl\n\n```", []),
        ("`print(1)` inline", []),
        ("", []),
    ],
)
def test_blocks_are_found(reply: str, blocks: list[str]) -> None:
    assert list(parse(reply).blocks) == blocks


@pytest.mark.parametrize(
    ("reply", "end"),
    [
        ("FINAL(42)", End(text="42")),
        ("  FINAL('42')", End(text="42")),
        ("So:\nFINAL(a (b) c)\nbye", End(text="a (b) c")),
        ("FINAL(an unclosed answer\nof two lines", End(text="an unclosed answer\nof two lines")),
        ("FINAL(smile :( here)", End(text="smile :( here")),
        ('FINAL("""two\nlines""")', End(text="two\nlines")),
        ("FINAL_VAR(result)", End(variable="result")),
        ('- FINAL_VAR("result")', End(variable="result")),
        ("I will call FINAL(x) later", None),
        ("```repl\nFINAL(x)\n```", None),
        ("nothing", None),
    ],
)
def test_ends_outside_of_code_are_found(reply: str, end: End | None) -> None:
    assert parse(reply).final == end


@given(st.text(alphabet="`~repl\n '\"#(FINAL)", max_size=80))
def test_no_reply_breaks_the_parser(reply: str) -> None:
    parse(reply)
