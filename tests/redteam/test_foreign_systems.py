"""The attacks of other systems can be read and run there; and what runs them tells one that works from one that does not."""

from __future__ import annotations

import ast
import builtins
import dis
import re
import sys
import types
from collections import Counter
from pathlib import Path

import pytest

from tests.redteam.foreign_attack import NAMES, ForeignAttack
from tests.redteam.foreign_systems import FOREIGN_ATTACKS
from tests.redteam.run_foreign_systems import main

ids = [f"{one.system}-{one.number}" for one in FOREIGN_ATTACKS]


def all_code(code: types.CodeType) -> list[types.CodeType]:
    return [code, *(inner for value in code.co_consts if isinstance(value, types.CodeType) for inner in all_code(value))]


@pytest.mark.parametrize("one", FOREIGN_ATTACKS, ids=ids)
def test_each_compiles_and_uses_only_names_that_it_is_given(one: ForeignAttack) -> None:
    code = compile(one.code, one.name, "exec")
    steps = [step for part in all_code(code) for step in dis.get_instructions(part)]
    made = {step.argval for step in steps if step.opname in ("STORE_NAME", "STORE_GLOBAL")}
    used = {step.argval for step in steps if step.opname in ("LOAD_NAME", "LOAD_GLOBAL")}
    assert used - made <= set(NAMES) | set(dir(builtins))


@pytest.mark.parametrize("one", FOREIGN_ATTACKS, ids=ids)
def test_each_can_be_seen_to_have_worked(one: ForeignAttack) -> None:
    names = {node.id for node in ast.walk(ast.parse(one.code)) if isinstance(node, ast.Name)}
    asks_for_a_share = "@{port}" in one.code  # of which the engine's own server tells
    assert names & {"WORKED", "token", "secret"} or asks_for_a_share


@pytest.mark.parametrize("one", FOREIGN_ATTACKS, ids=ids)
def test_each_imports_only_what_is_there_on_its_system(one: ForeignAttack) -> None:
    for node in ast.walk(ast.parse(one.code)):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= sys.stdlib_module_names


@pytest.mark.parametrize(("system", "numbers"), [("darwin", {25, 27, 42, 43, 44, 62, 77}), ("win32", {26, 27, 41, 43, 44, 61, 76})])
def test_each_number_of_the_list_is_tried_where_it_belongs(system: str, numbers: set[int]) -> None:
    found = {int(re.sub(r"\D", "", one.number)) for one in FOREIGN_ATTACKS if one.system == system}
    assert numbers <= found


def test_no_two_have_the_same_number_on_a_system() -> None:
    assert [key for key, count in Counter((one.system, one.number) for one in FOREIGN_ATTACKS).items() if count > 1] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the confinement that is tried here is Linux's")
def test_what_works_unconfined_alone_is_told_from_what_fails_always(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads = ForeignAttack(number="1", name="read it", system="darwin", code="print(open(secret).read())")
    writes = ForeignAttack(number="2", name="write it", system="darwin", code="open(token, 'x').close()")
    asks = ForeignAttack(
        number="3", name="ask for it", system="darwin",
        code="import urllib.request\nprint(urllib.request.urlopen(f'http://127.0.0.1:{port}/').read())",
    )  # fmt: skip
    never = ForeignAttack(number="4", name="want it", system="win32", code="print('WORKED')", fails_anyway="wishing does not help")
    says = ForeignAttack(number="5", name="say it", system="win32", code="print(WORKED)")
    assert main([reads, writes, asks, never, says], tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    for line in lines[:3]:
        assert "unconfined worked; confined failed" in line and "Error" in line, line
    assert "unconfined failed (wishing does not help); confined failed" in lines[3]
    assert "confined WORKED" in lines[4] and lines[5] == "5 attacks; 1 worked confined"
    assert list(tmp_path.iterdir()) == []
