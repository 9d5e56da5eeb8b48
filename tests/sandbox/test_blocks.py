"""Blocks in one namespace: what lasts, what is put back, what an exception leaves."""

from __future__ import annotations

import asyncio

import pytest

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Answer, ContextPart, Executed
from tests.sandbox.box import echo, execute, in_sandbox, run


def output(*codes: str) -> str:
    return run(*codes)[-1].stdout


def test_names_last_from_block_to_block() -> None:
    assert output("n = len(context)", "print(n)") == "11\n"


def test_only_what_is_printed_is_shown() -> None:
    assert output("context") == ""


def test_overwriting_the_scaffold_lasts_one_block() -> None:
    spoilt = "context = 'x'\ndel llm_query, history\nrlm_query = print = SHOW_VARS = None"
    after = "print(context, callable(llm_query), callable(rlm_query), callable(SHOW_VARS), type(history).__name__)"
    assert output(spoilt, "del print", after) == "the context True True True list\n"


@pytest.mark.parametrize(
    "spoilt",
    [
        "import builtins, sys, json\nbuiltins.print = None\ndel builtins.len\nsys.stdout = None\njson.dumps = None\nsys.stdin.close()",
        "import sys\nsys.stdout.close()\nsys.stderr.close()",
        "import os, threading, signal\nos.write = os.getpid = threading.current_thread = signal.signal = None",
        "import sys\nsys.modules.clear()",
        "import sys\nsys.modules.clear()\n1/0",
        "globals().clear()",
        "__builtins__ = None",
        "import sys\nsys.path.clear()\nsys.setrecursionlimit(60)",
        "import gc\ngc.disable()\ngc.callbacks.append(lambda *a: 1/0)",
    ],
)
def test_what_a_block_spoils_lasts_no_longer_than_it(spoilt: str) -> None:
    assert output(spoilt, "print(len('abc'), llm_query is not None)") == "3 True\n"


def test_an_exception_is_shown_with_its_line_and_variables_survive() -> None:
    first, second = run("kept = 1\nraise KeyError('no such thing')", "print(kept)")
    assert (first.is_error, first.error_type, second.stdout) == (True, "KeyError", "1\n")
    assert first.stderr.splitlines()[1:] == [
        '  File "<repl 0.0>", line 2, in <module>', "    raise KeyError('no such thing')", "KeyError: 'no such thing'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Odd(BaseException): pass\nraise Odd", "Odd"),
        ("class Odd(Exception):\n def __str__(self): raise ValueError\nraise Odd", "Odd"),
        ("class Odd(Exception):\n def __str__(self): return 'x' * 3 * 10**8\nraise Odd", "Odd"),
        ("class Odd(Exception):\n def __str__(self): return 7\nraise Odd", "Odd"),
        (
            "class Meta(type):\n @property\n def __name__(cls): raise ValueError\nclass Odd(Exception, metaclass=Meta): pass\nraise Odd",
            "Odd",
        ),
        ("def f(): f()\nf()", "RecursionError"),
        ("1 +", "SyntaxError"),
        ("x = '\0'", "SyntaxError"),
        ("(" * 5_000 + ")" * 5_000, "SyntaxError"),
        ("-" * 200_000 + "1", "RecursionError"),
        ("input()", "EOFError"),
        ("open('/dev/is-not-made', 'w')", "PermissionError"),
        ("raise Exception(chr(0xD800))", "Exception"),
    ],
)
def test_whatever_a_block_raises_is_an_error_of_the_block(code: str, error_type: str) -> None:
    first, second = run(code, "print('alive')")
    told = first.error_type
    assert first.is_error and first.stderr != "" and second.stdout == "alive\n"
    assert told == error_type or (error_type in ("SyntaxError", "RecursionError") and told in ("SyntaxError", "MemoryError", "ValueError"))


def test_standard_input_is_at_its_end() -> None:
    assert output("import sys; print(repr(sys.stdin.read()))", "print(repr(sys.stdin.readline()))") == "''\n"


def test_stdout_and_stderr_are_kept_apart() -> None:
    (done,) = run("import sys; print('out'); print('err', file=sys.stderr)")
    assert (done.stdout, done.stderr, done.stdout_chars, done.stderr_chars) == ("out\n", "err\n", 4, 4)


def test_history_holds_the_blocks_before() -> None:
    assert output("print('one')", "print(history)") == """[("print('one')", 'one\\n')]\n"""


def test_a_dataclass_and_a_pickle_work() -> None:
    code = "import dataclasses, pickle\n@dataclasses.dataclass\nclass P:\n    x: int\nprint(pickle.loads(pickle.dumps(P(1))))"
    assert output(code) == "P(x=1)\n"


def test_a_lone_surrogate_is_printed_escaped() -> None:
    assert output("print('a\\ud800b')") == "a\\ud800b\n"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("answer['content'] = 'yes'; answer['ready'] = True", Answer(content="yes", ready=True)),
        ("answer = {'content': 'yes', 'ready': 1}", Answer(content="yes", ready=True)),
        ("answer['content'] = 'draft'", Answer(content="draft", ready=False)),
        ("FINAL('yes')", Answer(content="yes", ready=True)),
        ("x = 12\nFINAL_VAR('x')", Answer(content="12", ready=True)),
        ("x = 'text'\nFINAL_VAR(x)", Answer(content="text", ready=True)),
        ("FINAL({'a': [1, 'é']})", Answer(content='{"a": [1, "é"]}', ready=True)),
        ("FINAL({1: {2}})", Answer(content="{1: {2}}", ready=True)),
        ("x = []; x.append(x); FINAL(x)", Answer(content="[[...]]", ready=True)),
        ("FINAL('a\\ud800')", Answer(content="a?", ready=True)),
        ("FINAL('x' * 10_000_000)", Answer(content="x" * 10_000_000, ready=True)),
        ("answer = 'only text'", None),
        ("pass", None),
    ],
)
def test_the_answer(code: str, answer: Answer | None) -> None:
    (done,) = run(code)
    assert done.answer == answer
    assert done.answer_changed == (answer is not None)


def test_an_answer_whose_own_code_raises_ends_nothing() -> None:
    odd = "class Odd:\n def __str__(self): raise ValueError\n def __bool__(self): raise ValueError\n"
    first, second = run(odd + "answer = {'content': Odd(), 'ready': Odd()}", "FINAL('fine')")
    assert first.answer is None
    assert first.stderr == "answer is not taken: reading it raised ValueError. Put a str into answer['content'].\n"
    assert second.answer == Answer(content="fine", ready=True)


def test_an_answer_is_told_as_changed_only_when_it_is() -> None:
    done = run("answer['content'] = 'a'", "pass", "answer['ready'] = True")
    assert [d.answer_changed for d in done] == [True, False, True]
    assert done[1].answer == Answer(content="a", ready=False)


def test_the_answer_keeps_its_identity() -> None:
    assert output("mine = answer", "mine['content'] = 'x'", "print(answer is mine, answer['content'])") == "True x\n"


def test_variables_are_told_with_type_size_and_change() -> None:
    codes = "import re\ntexts = ['a', 'b']\nn = 3\ndef f(): pass\n_hidden = 1", "texts.append('c')\nbig = 'x' * 1000"
    first, second = run(*codes)
    assert [(v.name, v.type, v.size, v.short) for v in first.variables] == [
        ("texts", "list", 2, "['a', 'b']"), ("n", "int", None, "3"), ("f", "function", None, "<function f>"),
    ]  # fmt: skip
    assert {v.name for v in second.variables if v.is_changed} == {"texts", "big"}
    assert all(len(v.short) <= 200 for v in second.variables)


@pytest.mark.parametrize(
    "code",
    [
        "class Odd:\n def __repr__(self): raise SystemExit\n def __len__(self): return 10**30\nx = Odd()",
        "class Odd:\n def __repr__(self): return 'x' * 10**8\n def __len__(self): return -1\nx = Odd()",
        "x = 10 ** 100_000",
        "x = []\nfor _ in range(100_000): x = [x]",
        "globals().update({f'v{i}': i for i in range(5_000)})",
        "globals()[7] = 1\nglobals()['\\ud800'] = 2\nx = '\\ud800'",
        "x = {'a' * 10**6: 'b' * 10**6}",
        "x = type('T' * 10_000, (), {})()",
    ],
)
def test_odd_variables_are_told_in_few_characters(code: str) -> None:
    first, second = run(code, "print('alive')")
    assert not first.is_error and second.stdout == "alive\n" and len(first.variables) <= 200


def test_show_vars_lists_the_variables() -> None:
    assert output("texts = ['a', 'b']\nn = 3", "print(SHOW_VARS())") == "texts: list (2)\nn: int\n"


def test_a_variable_is_looked_up_by_name() -> None:
    async def act(sandbox: Sandbox) -> list[str | None]:
        await execute(sandbox, "n = [1, 2]\ntext = 'long' * 3_000_000\nclass Odd:\n def __str__(self): raise ValueError\nodd = Odd()")
        return [await sandbox.lookup(name) for name in ("n", "'n'", "no", "odd", "text")]

    n, quoted, absent, odd, text = in_sandbox(act)
    assert (n, quoted, absent, odd) == ("[1, 2]", "[1, 2]", None, "(the variable's str() raised ValueError)")
    assert text == "long" * 3_000_000


def test_the_context_is_given_as_str_list_or_dict() -> None:
    parts = [ContextPart(name="a.txt", text="one"), ContextPart(name="b/ü.txt", text="zwei ☃ 🙂"), ContextPart(name="c", text="")]
    assert run("print(context)", parts=parts, kind="dict")[0].stdout == "{'a.txt': 'one', 'b/ü.txt': 'zwei ☃ 🙂', 'c': ''}\n"
    assert run("print(context)", parts=parts, kind="list")[0].stdout == "['one', 'zwei ☃ 🙂', '']\n"
    assert run("print(repr(context))", parts=[ContextPart(text="\0" * 3)])[0].stdout == "'\\x00\\x00\\x00'\n"


def test_the_child_lives_on_nothing_of_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-4711")
    code = (
        "import os, sys\nprint(sorted(os.environ))\nprint(os.getcwd(), 'canary' in open('/proc/self/environ').read())\n"
        "print([n for n in sys.modules if n.startswith('rlm_desktop') and 'sandbox.child' not in n], sys.argv)\n"
        "links = [os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{fd}')]\n"
        "print(sorted(link.partition(':')[0] for link in links if '/libffi.so' not in link))"
    )
    (done,) = run(code, confinement="unconfined")  # confined, it could not even look
    environment, place, modules, descriptors = done.stdout.splitlines()
    assert not any(f"'{name}'" in environment for name in ("OPENAI_API_KEY", "HOME", "PATH", "USER"))
    assert place == "/ False"
    assert modules == "['rlm_desktop', 'rlm_desktop.sandbox'] ['']"
    # What is printed, and the two ends of the protocol. Newer versions of libffi hold themselves open.
    assert descriptors == "['/dev/null', 'pipe', 'pipe', 'pipe', 'pipe']"


def test_a_block_needs_no_context() -> None:
    async def go() -> Executed:
        async with await Sandbox.start() as sandbox:
            return (await execute(sandbox, "print(repr(context))", on_request=echo))[0]

    assert asyncio.run(go()).stdout == "''\n"


def test_what_a_block_puts_into_a_module_goes_after_it_whatever_it_says_it_equals() -> None:
    code = (
        "import os\nclass Same:\n    def __eq__(self, other): return True\n    def __call__(self): return 1\n"
        "os.getpid = Same()\nprint(os.getpid())"
    )
    first, second = run(code, "import os; print(type(os.getpid).__name__)")
    assert (first.stdout, second.stdout) == ("1\n", "builtin_function_or_method\n")
