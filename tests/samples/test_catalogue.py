"""Every sample: the same each time, true in itself, and answered by the built-in model where it is said to be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from rlm_desktop.paths import resource
from rlm_desktop.samples.catalogue import TAKES, Wanted, entries, make
from rlm_desktop.samples.inbox import KINDS
from rlm_desktop.samples.made import Made

SMALL = Wanted(tokens=100_000)


def made_of(name: str, wanted: Wanted | None = None) -> Made:
    return make(name, wanted or (SMALL if name == "needle" else Wanted()))


def texts(made: Made) -> dict[str, str]:
    return {name: "".join(pieces) for name, pieces in made.documents}


def test_the_list_names_each_sample_that_can_be_made_and_no_other() -> None:
    names = [entry.name for entry in entries()]
    assert sorted(names) == sorted(TAKES)
    for entry in entries():
        assert entry.title and entry.about


@pytest.mark.parametrize("name", TAKES)
def test_a_sample_is_the_same_each_time_and_has_a_question_and_an_answer(name: str) -> None:
    one, other = made_of(name), made_of(name)
    assert (one.question, one.answer) == (other.question, other.answer)
    assert texts(one) == texts(other)
    assert one.question.endswith(("?", "."))
    assert isinstance(one.answer["answer"], str) and one.answer["answer"]


@pytest.mark.parametrize("name", sorted(name for name, fields in TAKES.items() if "seed" in fields))
def test_another_seed_makes_another_text(name: str) -> None:
    tokens = SMALL.tokens if name == "needle" else None
    assert texts(made_of(name, Wanted(seed=1, tokens=tokens))) != texts(made_of(name, Wanted(seed=2, tokens=tokens)))


@pytest.mark.parametrize("name", TAKES)
def test_no_gap_of_a_sentence_was_left_open(name: str) -> None:
    if name == "repository":
        return
    for text in texts(made_of(name)).values():
        assert not re.search(r"\{\w*\}|\bNone\b", text)


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_needle_stands_once_where_it_is_said_to_among_others_of_its_kind(seed: int) -> None:
    made = made_of("needle", Wanted(tokens=200_000, seed=seed))
    (text,) = texts(made).values()
    place = str(made.answer["answer"]).rstrip(".")
    door = re.fullmatch(r"Where is the spare key to (.+) kept\?", made.question)
    assert door is not None
    needle = f"the spare key to {door[1]} is kept {place[0].lower()}{place[1:]}"
    assert text.count(f"spare key to {door[1]}") == text.count(needle) == 1
    share = made.answer["stands_at_share"]
    assert isinstance(share, float) and abs(text.index(needle) / len(text) - share) < 0.01
    assert text.count("spare key to ") > 5
    assert abs(len(text) - 800_000) < 5_000


def test_even_the_shortest_day_book_holds_its_needle() -> None:
    (text,) = texts(made_of("needle", Wanted(tokens=1_000))).values()
    assert "signal tower is kept" in text
    assert len(text) < 8_000


def test_the_day_book_says_nothing_twice_in_a_day_and_keeps_its_offices() -> None:
    (text,) = texts(made_of("needle", Wanted(tokens=400_000))).values()
    watchmen = re.findall(r"(?<=\. )([A-Z]\w+ [A-Z]\w+) reports all quiet\.", text)
    successions = text.count("laid down the office of night watchman")
    assert len({name for name, before in zip(watchmen[1:], watchmen, strict=False) if name != before}) <= successions + 1
    assert len(watchmen) > 50


def test_the_counts_of_labels_are_those_in_the_lines() -> None:
    made = made_of("aggregate")
    lines = texts(made)["inbox.txt"].splitlines()
    counts = Counter(line.split(" | ")[2].removeprefix("label: ") for line in lines)
    assert made.answer["counts"] == counts and set(counts) == set(KINDS)
    asked = made.question.removeprefix("How many entries have the label ").rstrip("?")
    assert made.answer["answer"] == str(counts[asked])


def test_hidden_labels_stand_nowhere_and_are_counted_all_the_same() -> None:
    shown, hidden = made_of("aggregate"), made_of("aggregate", Wanted(is_hidden=True))
    assert "label" not in texts(hidden)["inbox.txt"]
    assert hidden.answer["counts"] == shown.answer["counts"]
    assert all(kind in hidden.question for kind in KINDS)


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_pairs_are_all_of_the_users_with_both_kinds(seed: int) -> None:
    made = made_of("pairs", Wanted(seed=seed))
    users = made.answer["users"]
    assert isinstance(users, list) and 2 <= len(users) <= 40
    assert made.answer["pairs"] == [list(pair) for pair in combinations(users, 2)]
    lines = texts(made)["inbox.txt"].splitlines()
    assert len(lines) == 240
    assert all(sum(f"user {user} " in line for line in lines) >= 2 for user in users)


@pytest.mark.parametrize("seed", range(1, 13))
def test_the_two_steps_of_research_stand_in_two_papers_and_in_no_single_one(seed: int) -> None:
    made = made_of("research", Wanted(seed=seed))
    papers = texts(made)
    assert len(papers) == 100
    steps, person = made.answer["stands_in"], made.answer["person"]
    assert isinstance(steps, list) and len(steps) == 2
    answer = str(made.answer["answer"]).rstrip(".").removeprefix("The ")
    deed = re.search(r"the person who (.+?)(?: born\?| come to Hallmere\?| leave to )", made.question)
    assert deed is not None
    tell_deed = {name for name, text in papers.items() if deed[1] in text}
    tell_life = {name for name, text in papers.items() if answer.lower() in text.lower() and str(person) in text}
    assert len(tell_deed) == 1 and tell_deed < set(steps)
    assert set(steps) - tell_deed <= tell_life and not tell_deed & tell_life


def test_the_two_contracts_differ_in_the_clauses_that_the_answer_names() -> None:
    made = made_of("contract")
    old, new = ({m[1]: m[2] for m in re.finditer(r"(?ms)^(\d+\.\d+) (.+?)(?=\n\n)", text)} for text in texts(made).values())
    changes = made.answer["changes"]
    assert isinstance(changes, list) and len(changes) == 12
    moved_on = {"5.4": "5.3", "9.3": "9.4", "9.4": "9.5", "12.4": "12.3", "12.5": "12.4", "12.6": "12.5"}
    gone = {change["clause_2023"] for change in changes} | set(moved_on)
    assert {number for number in old if old[number] != new.get(number)} == gone - {None}
    for change in changes:
        was, now = old.get(change["clause_2023"], ""), new.get(change["clause_2025"], "")
        if change["kind"] == "whitespace":
            assert was != now and was.split() == now.split()
        elif change["kind"] == "moved":
            assert was == now
        else:
            assert was.split() != now.split()
    for number, other in moved_on.items():
        assert old[number].split() == new[other].split() or number == "9.3"


def test_the_code_base_works_and_the_files_of_the_answer_define_classes(tmp_path: Path) -> None:
    made = made_of("repository")
    files = texts(made)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "-m", "unittest"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    named = made.answer["files"]
    assert isinstance(named, list) and all("\nclass " in files[name] and "sleep(" in files[name] for name in named)
    assert "__pycache__" not in "".join(files)


def test_what_the_window_reads_of_the_samples_is_what_stands_in_the_list() -> None:
    listed = json.loads(resource("samples", "catalogue.json").read_text("utf-8"))
    assert [set(entry) for entry in listed] == [{"name", "title", "about", "needs_language_model"}] * len(listed)
