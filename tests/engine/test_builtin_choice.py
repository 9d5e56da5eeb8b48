"""Which way the built-in model takes, from the question, the names of the documents and the fields of their rows."""

from __future__ import annotations

import pytest

from rlm_desktop.engine.models.builtin.choice import Chosen, Condition
from rlm_desktop.engine.models.builtin.choose import choose
from rlm_desktop.engine.models.builtin.fields import seen_fields

ORDERS = {
    "status": {"shipped": 30, "cancelled": 12, "open": 9},
    "customer": {"Nils Aune": 20, "Ida Moreau": 31},
    "amount": {"10.00": 25, "200.00": 26},
    "label": {"location": 20, "person": 31},
    "closed": {"true": 20, "false": 31},
}
TWO = ("lease_v1.txt", "lease_v2.txt")


def chosen(question: str, names: tuple[str, ...] = ("a.txt",), seen: dict[str, dict[str, int]] | None = None) -> Chosen:
    return choose(question, names, seen or {})


@pytest.mark.parametrize(
    ("question", "unit", "phrases"),
    [
        ("How many lines mention the steamer?", "line", ("steamer",)),
        ("How many lines contain the word ERROR?", "line", ("ERROR",)),
        ('In how many paragraphs does "cod liver oil" occur?', "paragraph", ("cod liver oil",)),
        ("How many times does Anna Lindqvist appear?", "occurrence", ("Anna Lindqvist",)),
        ("How often is the word war used?", "occurrence", ("war",)),
        ("How many documents mention a heron?", "document", ("heron",)),
        ("How many lines mention both rain and snow?", "line", ("rain", "snow")),
        ("Wie viele Zeilen erwähnen den Dampfer?", "line", ("Dampfer",)),
        ("Wie oft kommt das Wort Mühle vor?", "occurrence", ("Mühle",)),
        ("In wie vielen Dokumenten steht das Wort Otter?", "document", ("Otter",)),
        ("Combien de lignes mentionnent le vapeur ?", "line", ("vapeur",)),
        ("Combien de fois le mot « neige » apparaît-il ?", "occurrence", ("neige",)),
        ("¿Cuántas líneas mencionan el vapor?", "line", ("vapor",)),
        ("¿Cuántas veces aparece la palabra nieve?", "occurrence", ("nieve",)),
        ("有多少行提到轮船？", "line", ("轮船",)),
        ("“雪”出现了多少次？", "occurrence", ("雪",)),
        ("有多少个文件提到苍鹭？", "document", ("苍鹭",)),
    ],
)
def test_words_are_counted_by_the_unit_that_is_named(question: str, unit: str, phrases: tuple[str, ...]) -> None:
    way = chosen(question)
    assert (way.way, way.what, way.unit, way.phrases) == ("count", "words", unit, phrases)


@pytest.mark.parametrize(
    "question",
    [
        "How many casks of cod liver oil were in the hold?",
        "How many people live in Plön?",
        "How many litres does the tank hold?",
        "How often must the filter be replaced?",
        "Wie viele Besucher kamen zum Sommerfest?",
        "Combien de peaux de mouton a-t-il fallu ?",
        "¿Cuántos pesos costó el barco?",
        "古井有多深？",
        "What is the date of the meeting?",
        "Which airline ships the telescope?",
        "Who wrote the summary?",
        "What is the name of the captain's daughter?",
        "When did the prices change?",
    ],
)
def test_stated_fact_is_no_count_and_no_list(question: str) -> None:
    assert chosen(question).way == "fact"


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("How many entries have the label 'location'?", [("label", "=", "location")]),
        ("How many rows have status cancelled?", [("status", "=", "cancelled")]),
        ("How many orders were shipped?", [("status", "=", "shipped")]),
        ("How many open orders are there?", [("status", "=", "open")]),
        ("How many orders did Nils Aune place?", [("customer", "=", "Nils Aune")]),
        ("How many rows have an amount above 1,000?", [("amount", ">", "1000")]),
        ("How many cases are closed?", [("closed", "=", "true")]),
        ("How many rows of Ida Moreau have the status open?", [("status", "=", "open"), ("customer", "=", "Ida Moreau")]),
        ("Wie viele Zeilen haben das Label 'person'?", [("label", "=", "person")]),
        ("Combien d'entrées ont l'étiquette « person » ?", [("label", "=", "person")]),
        ("¿Cuántas filas tienen el status open?", [("status", "=", "open")]),
        ("有多少行的标签是person？", [("label", "=", "person")]),
    ],
)
def test_rows_are_counted_by_fields_and_values(question: str, conditions: list[tuple[str, str, str]]) -> None:
    way = chosen(question, seen=ORDERS)
    assert (way.way, way.what) == ("count", "rows")
    assert [(condition.fields[0], condition.comparison, condition.value) for condition in way.conditions] == conditions


@pytest.mark.parametrize(
    ("question", "field", "rank"),
    [
        ("Which label is the most common?", "label", "most"),
        ("Which customer has the most orders?", "customer", "most"),
        ("Welcher status ist am seltensten?", "status", "least"),
        ("How many entries are there for each label?", "label", "all"),
        ("How many different customers are there?", "customer", "distinct"),
        ("哪个标签最多？", "label", "most"),
    ],
)
def test_values_of_a_field_are_counted(question: str, field: str, rank: str) -> None:
    way = chosen(question, seen=ORDERS)
    assert (way.what, way.fields[0], way.rank) == ("values", field, rank)


def test_label_that_no_row_showed_is_looked_for_all_the_same() -> None:
    (condition,) = chosen("How many entries have the label 'unknown thing'?").conditions
    assert condition == Condition(fields=condition.fields, value="unknown thing") and "label" in condition.fields


@pytest.mark.parametrize(
    ("question", "what", "thing"),
    [
        ("List all headings.", "headings", "title"),
        ("How many chapters does it have?", "headings", "section"),
        ("How many clauses are there?", "headings", "clause"),
        ("List all e-mail addresses", "things", "address"),
        ("What functions are in it?", "things", "function"),
        ("Which dates are mentioned?", "things", "date"),
        ("Who is mentioned?", "things", "person"),
        ("List every TODO", "things", "todo"),
        ("Liste alle Überschriften auf.", "headings", "title"),
        ("Quelles fonctions sont définies ?", "things", "function"),
        ("Enumera todas las fechas.", "things", "date"),
        ("列出所有日期", "things", "date"),
        ("How many questions are asked?", "things", "question"),
    ],
)
def test_things_are_told_by_their_names(question: str, what: str, thing: str) -> None:
    way = chosen(question)
    assert (way.what, way.thing) == (what, thing)


@pytest.mark.parametrize("question", ["Which files define open_store?", "Where is the function open_store() defined?"])
def test_definitions_of_a_name_are_listed(question: str) -> None:
    way = chosen(question)
    assert (way.way, way.what, way.phrases) == ("list", "definitions", ("open_store",))


def test_documents_that_mention_something_are_listed() -> None:
    way = chosen("Which documents mention the otter?", ("a.txt", "b.txt"))
    assert (way.way, way.unit, way.phrases) == ("list", "document", ("otter", "otters"))


@pytest.mark.parametrize(
    "question",
    [
        "What changed between v1 and v2?",
        "What are the differences between the two leases?",
        "Compare lease_v1.txt with lease_v2.txt.",
        "Was hat sich geändert?",
        "Welche Unterschiede gibt es?",
        "Quelles sont les différences ?",
        "¿Qué cambió?",
        "两个版本有什么区别？",
    ],
)
def test_two_documents_are_compared_the_older_first(question: str) -> None:
    way = chosen(question, TWO[::-1])
    assert (way.way, way.only) == ("compare", TWO)


def test_two_of_many_documents_are_compared_by_their_names() -> None:
    names = ("notes.txt", "terms_new.md", "terms_old.md", "map.txt")
    assert chosen("What changed in the terms?", names).only == ("terms_old.md", "terms_new.md")
    assert chosen("Compare notes.txt and map.txt", names).only == ("notes.txt", "map.txt")


def test_two_things_that_are_no_documents_are_not_compared_by_clauses() -> None:
    assert chosen("What is the difference between tea and coffee?", TWO).way == "fact"
    assert chosen("What is the difference between the old lease and the new one?", TWO).way == "compare"


def test_documents_may_be_called_what_they_are() -> None:
    way = chosen("Which leases mention pets?", TWO)
    assert (way.way, way.unit, way.phrases, way.is_any) == ("list", "document", ("pets", "pet"), True)


def test_entries_are_rows_only_where_the_text_is_made_of_rows() -> None:
    assert choose("How many entries are there?", ["a"], ORDERS).what == "rows"
    assert choose("How many entries are there?", ["a"], ORDERS, is_table=False).way == "fact"


def test_nothing_is_compared_with_itself() -> None:
    assert chosen("What changed between v1 and v2?").way == "fact"


@pytest.mark.parametrize(
    "question",
    [
        "Summarise this.",
        "What is this document about?",
        "Give an overview of the guide.",
        "What are the main points?",
        "Worum geht es?",
        "Fasse den Text zusammen.",
        "Résume ce texte.",
        "De quoi parle ce document ?",
        "Haz un resumen.",
        "¿De qué trata?",
        "总结一下",
        "这篇文章讲了什么？",
    ],
)
def test_summary_is_told_in_each_language(question: str) -> None:
    assert chosen(question).way == "summary"


@pytest.mark.parametrize(
    "question", ["Why did the captain leave?", "Should we sign the lease?", "Warum sank das Schiff?", "为什么船沉了？"]
)
def test_question_that_needs_reasoning_is_known(question: str) -> None:
    assert chosen(question).needs_reasoning and not chosen("Who was the captain?").needs_reasoning


def test_document_that_a_question_names_is_the_only_one_looked_at() -> None:
    names = ("lease.txt", "plan_b.md", "shop/store.py")
    assert chosen("What functions are in store.py?", names).only == ("shop/store.py",)
    assert chosen("How many lines mention rent in plan_b?", names).only == ("plan_b.md",)
    assert chosen("Who ended the lease?", names).only == ()


def test_fields_are_read_from_what_the_first_look_printed() -> None:
    assert seen_fields('x\nfields {"label": {"a": 2, "b": 1}}\nfields {"long": {"c d": 4, "cut off…') == {
        "label": {"a": 2, "b": 1},
        "long": {"c d": 4},
    }


def test_long_or_odd_questions_end_in_a_choice() -> None:
    for question in ("", "?", "how many " * 3_000, "list all " + "x" * 1_900, "多少" * 900, "'" * 1_900, "between " * 230):
        assert chosen(question, TWO, ORDERS).way in {"fact", "count", "list", "compare", "summary"}
