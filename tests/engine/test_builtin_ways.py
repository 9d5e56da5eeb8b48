"""The built-in model's ways beyond stated facts: exact figures, whole lists, both versions' words, and what it says of itself."""

from __future__ import annotations

import re
import time

import pytest

from rlm_desktop.analysis.quotes import find_quotes
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin import BUILTIN_NAME, reply
from rlm_desktop.engine.prompts import BudgetLeft, SubCalls, last_user
from rlm_desktop.trace.events import Heading
from tests.engine.builtin_ways_questions import BYLAWS, CONTRACTS, GUIDE, SHOP, documents
from tests.engine.small_repl import Context, SmallRun, run

LINES = "".join(f"line {n}: {'the otter swam' if n % 7 == 0 else 'nothing happened'}\n" for n in range(700))
LABELLED = "".join(f"Date: May {n % 28 + 1}, 2024 || Instance: thing {n} || Label: {'tool' if n % 3 else 'toy'}\n" for n in range(300))
ASKED = {
    "How many lines mention the otter?": "100 lines",
    "List all lines with the otter": "100 lines",
    "Which lines mention number 14?": "Nothing was found",
}
EVERY_WAY = [
    "Who swam?",
    "How many lines mention the otter?",
    "How many entries have the label 'toy'?",
    "Which label is the most common?",
    "How many words are there?",
    "List all dates.",
    "List all headings.",
    "Which files define x?",
    "Summarise this.",
    "What changed between the two documents?",
]


def quotes_are_true(done: SmallRun, texts: dict[str, str]) -> bool:
    found = find_quotes(done.answer, texts)
    return bool(found) and all(" ".join(texts[q.document][q.at : q.to].split()) == " ".join(q.text.split()) for q in found)


@pytest.mark.parametrize(
    "context", [LINES, [LINES[: len(LINES) // 2], LINES[len(LINES) // 2 :]], {"a.txt": LINES, "b.txt": "no such thing"}]
)
@pytest.mark.parametrize("sub_calls", ["none", "plain", "recursive"])
def test_count_is_exact_whatever_holds_the_text(context: Context, sub_calls: SubCalls) -> None:
    done = run("How many lines mention the otter?", context, sub_calls=sub_calls)
    assert done.answer.startswith("100 lines with ‘otter’") and "Sure: exact" in done.answer and not done.prompts


@pytest.mark.parametrize(
    "question",
    [
        "Which files define a class that retries?",
        "Quelles classes qui réessaient sont définies ?",
        "List all pairs of users such that both have sent a message about damage and one about something lost.",
        "List all animals that eat, sleep in the sun, swim at night, hide from the rain and sing when the moon is full.",
    ],
)
def test_what_is_described_and_not_named_is_not_listed_as_if_it_were(question: str) -> None:
    texts = {
        "a.py": "retries: int = 3\nclasses = 1\nusers = 2\n",
        "b.txt": "One message about damage.\nanimals that sing in the sun\n" + LINES,
    }
    answer = run(question, texts, sub_calls="plain").answer
    assert "exact" not in answer and not re.match(r"\d", answer)


def test_documents_are_counted_whatever_a_person_calls_them() -> None:
    texts = {"one": "A patent claim.", "two": "No such thing.", "three": "Patents and more patents."}
    answer = run("How many licences mention patents?", texts, sub_calls="plain").answer
    assert answer.startswith("2 documents")


def test_the_number_of_a_heading_is_no_figure_that_a_text_states() -> None:
    text = "1. Scope\n\nThis is it.\n\n2. Reading of Sections 15 and 16.\n\nThey are read so.\n"
    assert "states a figure" not in run("How many sections does it have?", text, sub_calls="plain").answer


def test_pages_slides_and_sheets_are_counted_by_the_marks_that_the_readers_write() -> None:
    pages = "".join(f"[Page {n}, numbered {n - 2}]\nThere are 7 pages of it.\n\n" for n in range(1, 13))
    assert run("How many pages does it have?", pages).answer.startswith("12 pages")
    slides = "".join(f"# Slide {n}: Title\n\nWords.\n\n" for n in range(1, 6))
    assert run("Wie viele Folien gibt es?", slides).answer.startswith("5 slides")
    book = "# Orders (12 rows, 3 columns)\n\n| a | b |\n\n# Stock (hidden, 1 row, 2 columns)\n\n| c | d |\n"
    assert all(name in run("Which sheets are in it?", book).answer for name in ("Orders", "Stock"))


def test_a_sentence_without_the_kind_of_answer_that_is_asked_for_is_never_sure() -> None:
    text = "The default stack size for threads is set by the variable of that name.\n\n" + LINES
    answer = run("What is the default stack size for threads?", text, sub_calls="plain").answer
    assert "Sure: clear" not in answer and "Sure: likely" not in answer


def test_an_address_is_quoted_where_one_is_asked_for() -> None:
    text = "The Harbour Office may publish new rules of the Harbour Office.\n\nHarbour Office, 51 Franklin Street, Aalvik.\n" + LINES
    assert "51 Franklin Street" in run("What is the address of the Harbour Office?", text, sub_calls="plain").answer.splitlines()[0]


@pytest.mark.parametrize("question", EVERY_WAY)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_every_way_gets_by_with_few_turns_and_no_calls(question: str, turns: int) -> None:
    texts = {"a.txt": LINES + LABELLED, "b.txt": LINES.replace("otter", "heron") + LABELLED}
    done = run(question, texts, sub_calls="none", left=BudgetLeft(iterations=turns))
    assert done.answer and done.iterations <= turns and BUILTIN_NAME in done.answer


@pytest.mark.parametrize("question", EVERY_WAY)
def test_every_way_says_which_it_is_and_how_sure(question: str) -> None:
    answer = run(question, {"a.txt": LINES + LABELLED, "b.txt": LINES.replace("otter", "heron") + LABELLED}).answer
    way = answer.rpartition("\n\n(")[2]
    assert way.startswith("Way: ") and BUILTIN_NAME in way
    assert answer.startswith("Nothing was found") or "Sure: " in way


@pytest.mark.parametrize("question", EVERY_WAY)
@pytest.mark.parametrize("text", ["", " \n ", "?", "``` \n# x", '"', "a" * 5_000])
def test_every_way_ends_over_odd_texts(question: str, text: str) -> None:
    assert run(question, {"a": text, "b": text[:1]}).answer
    assert run(question, text).answer


@pytest.mark.parametrize(
    "question",
    [
        'How many lines mention "@WORDS@ \\" + print(1) #"?',
        "How many lines mention ```x``` or '''?",
        "How many entries have the label 'a\\'] + [1'?",
        'List all lines with "{x!r} \\d+ (?"',
        "Which files define __import__?",
        "Summarise section '\\'; import os; '",
        "Wie viele Zeilen erwähnen „\\u0000)(*“?",
    ],
)
def test_words_of_a_question_are_never_code(question: str) -> None:
    done = run(question, {"a ``` 'b' \"c\"\\.txt": LINES, "d": LABELLED})
    assert done.answer and "Traceback" not in done.answer


def test_code_of_every_way_is_short_enough_to_read() -> None:
    for question in EVERY_WAY:
        for message in run(question, {"a": LINES + LABELLED, "b": LINES}).messages:
            for block in re.findall(r"(?s)```repl\n(.*?)```", message.content):
                assert len(block) < 12_000, question


def test_child_whose_context_is_its_prompt_counts_what_stands_below_the_question() -> None:
    done = run("unused", f"How many lines mention the otter?\n\n{LINES}", question_is_in_context=True)
    assert done.answer.startswith("100 lines with ‘otter’")


def test_large_odd_texts_end_soon_in_every_way() -> None:
    began = time.perf_counter()
    for text in ("1 " * 20_000, " " * 40_000, "!" * 40_000, "9" * 40_000):
        for question in ("List all amounts.", "How many percentages are there?", "How many paragraphs are there?", "How many sentences?"):
            run(question, text)
    assert time.perf_counter() - began < 20


def test_whole_words_are_counted_and_longer_ones_named() -> None:
    answer = run("How many times does the word ship occur?", "The ship sank. Ships sink. A Ship, a shipment; worship!").answer
    assert answer.startswith("2 places") and all(word in answer for word in ("ships", "shipment", "worship"))


def test_two_words_must_both_stand_in_the_line_and_either_is_enough_after_or() -> None:
    text = "rain and snow\nrain\nsnow\nsun\n"
    assert run("How many lines mention both rain and snow?", text).answer.startswith("1 line ")
    assert run("How many lines mention rain or snow?", text).answer.startswith("3 lines ")


def test_stated_figure_goes_before_the_counted_one_where_both_are_there() -> None:
    text = documents(GUIDE)["garden_guide.md"]
    answer = run("How many chapters does the guide have?", {"garden_guide.md": text}).answer
    assert answer.index("six chapters") < answer.index("Counted by code: 5 chapters")


def test_things_that_are_not_there_may_be_a_stated_fact() -> None:
    done = run("How many questions did the survey have?", "It rained. The survey had 40 questions in all. Then it ended.")
    assert "40 questions" in done.answer.splitlines()[0]


def test_figure_that_no_sentence_states_is_not_sure() -> None:
    answer = run(
        "How many bugs were closed?", "Removed two ordering problems and bugs. (Closes: #1035654)\nSome bugs were closed.\n"
    ).answer
    assert "Sure: uncertain" in answer or answer.startswith("Nothing was found")


@pytest.mark.parametrize(
    ("text", "question", "figure"),
    [
        ("id,kind\n1,tool\n2,toy\n3,tool\n", "How many rows have the kind tool?", 2),
        ("id\tkind\n1\ttool\n2\ttoy\n", "How many rows have the kind toy?", 1),
        ('{"id": 1, "kind": "tool"}\n{"id": 2, "kind": "tool"}\n', "How many entries have the kind tool?", 2),
        ('[\n {"id": 1, "kind": "tool"},\n {"id": 2, "kind": "toy"}\n]', "How many entries have the kind toy?", 1),
        ("| id | kind |\n|---|---|\n| 1 | tool |\n| 2 | toy |\n| 3 | toy |\n", "How many rows have the kind toy?", 2),
        ("a thing, label: tool\nanother, label: toy\nlast, label: toy\n", "How many lines are labelled toy?", 2),
        ("From: A\nTo: B\n\nHello\n\nFrom: B\nTo: A\n\nBye\n", "How many entries have the from A?", 1),
        ("06:01:02 ERROR disk\n06:01:03 INFO ok\n06:01:04 ERROR net\n06:01:05 INFO ok\n", "How many errors are there?", 2),
        ('name,note\nA,"tool, big"\nB,"tool, small"\nC,toy\n', "How many rows have the note 'tool, big'?", 1),
        ("user: 12 || label: tool\nuser: 120 || label: tool\n", "How many entries of user 12 have the label tool?", 1),
    ],
)
def test_rows_are_read_in_the_forms_that_tables_have(text: str, question: str, figure: int) -> None:
    done = run(question, {"data": text})
    assert re.match(rf"{figure} rows? where", done.answer), done.answer
    assert quotes_are_true(done, {"data": text})


def test_figures_of_a_column_are_summed_up() -> None:
    text = "id,kind,amount\n1,tool,10.50\n2,toy,20.00\n3,tool,1.25\n4,toy,2.00\n"
    assert run("What is the total amount?", text).answer.startswith("The sum of amount is 33.75, the average 8.4375, the lowest 1.25")
    assert "The sum of amount is 11.75" in run("What is the total amount of the tool rows?", text).answer


def test_what_an_answer_leaves_out_of_the_question_is_said() -> None:
    answer = run("How many entries in February have the label toy?", LABELLED).answer
    assert "Sure: uncertain" in answer and "leaves out ‘February’" in answer
    assert "Sure: exact" in run("How many entries have the label toy?", LABELLED).answer


def test_denied_value_is_counted_by_all_the_others() -> None:
    text = "id,kind\n" + "".join(f"{n},{'toy' if n < 3 else 'tool'}\n" for n in range(10))
    assert run("How many rows are not tool?", text).answer.startswith("3 rows where kind is not ‘tool’")


def test_rows_are_listed_by_a_value_that_the_question_names() -> None:
    text = "id,kind\n" + "".join(f"{n},{'toy' if n < 3 else 'tool'}\n" for n in range(10))
    assert run("Which things are toy?", text).answer.startswith("3 rows where kind is ‘toy’:")


def test_changes_that_the_question_asks_about_go_first() -> None:
    answer = run("How did the price change between v1 and v2?", documents(CONTRACTS)).answer
    assert answer.index("‘£14.20’ → ‘£15.75’") < answer.index("‘2023’ → ‘2025’")


def test_values_are_counted_among_the_rows_that_meet_a_condition() -> None:
    text = "".join(f"user: {n % 3} || label: {'tool' if n % 3 or n > 20 else 'toy'}\n" for n in range(60))
    assert (
        "The most common user is 0, in 7 rows of 7 where label is ‘toy’."
        in run("Which user has the most entries with label toy?", text).answer
    )


def test_long_list_is_whole_up_to_thousands_and_says_the_rest() -> None:
    text = "".join(f"otter {n}\n" for n in range(5_000))
    answer = run("List all lines with otter", text).answer
    assert answer.startswith("5,000 lines") and answer.count("\n- ") == 3_000 and "and 2,000 more" in answer


def test_equal_things_are_listed_once() -> None:
    answer = run("List all e-mail addresses", {"m": "a@x.example b@x.example, a@x.example."}).answer
    assert answer.startswith("2 different e-mail addresses") and "2 times" in answer


def test_guess_at_what_is_listed_is_said() -> None:
    answer = run("List all otters", "Two otters swam.\nNothing else.\n").answer
    assert "Two otters swam." in answer and "Sure: likely" in answer


def test_changes_are_told_with_the_words_of_both() -> None:
    texts = documents(CONTRACTS)
    done = run("What changed between v1 and v2?", texts)
    assert "3 changed, 1 added, 1 removed, 1 renumbered or moved; 6 the same" in done.answer
    assert "‘£14.20’ → ‘£15.75’" in done.answer and "Only spaces, line ends or typography differ in 1: 3 Deliveries" in done.answer
    assert quotes_are_true(done, texts)


def test_order_of_clauses_is_a_change_and_typography_is_none() -> None:
    old = '# A\n\nThe first thing is here.\n\n# B\n\nThe second "thing" is here.\n\n# C\n\nThe third thing is here.\n'
    swapped = '# B\n\nThe second "thing" is here.\n\n# A\n\nThe first thing is here.\n\n# C\n\nThe third thing is here.\n'
    assert "1 renumbered or moved" in run("What changed?", {"v1": old, "v2": swapped}).answer
    curled = old.replace('"thing"', "“thing”").replace("is here", "is\nhere")
    assert run("What changed?", {"v1": old, "v2": curled}).answer.startswith("Nothing changed in the words")
    assert run("What changed?", {"v1": old, "v2": old}).answer.startswith(
        "Nothing changed: v1 and v2 are the same, character for character"
    )


def test_added_and_removed_are_told_apart() -> None:
    texts = documents(BYLAWS)
    assert "Telegramm" not in run("Which clauses were added?", texts).answer
    assert "Datenschutz" not in run("Which clauses were removed?", texts).answer


def test_paragraphs_are_compared_where_there_are_no_headings() -> None:
    old = {"v1": "The dog sleeps all day long.\n\nThe cat eats fish every morning.\n\nIt rains.\n"}
    answer = run("What changed?", {**old, "v2": "The dog sleeps all night long.\n\nIt rains.\n\nA bird has come to the house.\n"}).answer
    assert "‘day’ → ‘night’" in answer and "The cat eats fish" in answer and "A bird has come" in answer


def test_summary_has_the_outline_as_its_frame_and_asks_a_sub_call_for_each_section() -> None:
    texts = documents(GUIDE)
    done = run("Summarise the guide.", texts, sub_calls="plain")
    assert done.batches == [6] and quotes_are_true(done, texts)
    assert [line.partition(":")[0] for line in done.answer.splitlines() if line.startswith("- ")][1:] == [
        "- History",
        "- The soil",
        "- Watering",
        "- Pests",
        "- Harvest",
    ]


def test_summary_follows_the_outline_that_the_message_tells_where_the_text_shows_none() -> None:
    parts = ["Apples are grown on the northern slope by two old brothers", "Pears are sold in the village on the first day of each month"]
    text = "".join(
        f"{title} {body} and the rest of it is of no weight. " * 3 for title, body in zip(("On fruit", "On trade"), parts, strict=True)
    )
    outline = (Heading(level=1, title="Growing", at=0), Heading(level=1, title="Selling", at=text.index("On trade")))
    answer = run("Summarise this.", text, name="book.pdf", outline=outline).answer
    assert "- Growing: " in answer and answer.index("Apples are") < answer.index("- Selling: ") < answer.index("Pears are")


def test_summary_of_one_section_is_of_that_alone() -> None:
    answer = run("Summarise the section on watering.", documents(GUIDE)).answer
    assert "- Watering" in answer and "- Harvest" not in answer


def test_summary_stays_within_the_calls_that_are_left_and_does_without() -> None:
    texts = documents(GUIDE)
    assert run("Summarise the guide.", texts, left=BudgetLeft(iterations=30, calls=4)).batches == [3]
    alone = run("Summarise the guide.", texts, sub_calls="none")
    assert not alone.prompts and quotes_are_true(alone, texts) and "- The soil" in alone.answer


def test_summary_of_many_documents_has_a_bounded_number_of_calls() -> None:
    texts = {f"note {n}": f"Note number {n} tells of a long walk to the town of Ashcombe in the rain." for n in range(100)}
    done = run("Summarise these notes.", texts, sub_calls="plain")
    assert len(done.prompts) == 60 and "40 shorter or empty sections are left out" in done.answer


def test_question_for_reasons_gets_quotes_and_no_certainty() -> None:
    done = run("Why is lime never spread in the garden?", documents(GUIDE))
    assert "a language model is needed" in done.answer
    assert "Sure: uncertain" in done.answer or done.answer.startswith("Nothing was found")


def test_of_many_large_documents_those_that_promise_most_go_to_children() -> None:
    padding = "The weather was mild and nobody came to the market that day. " * 800
    texts = {f"book {n:02}": padding + ("Anna Lindqvist founded the observatory in 1843. " if n == 17 else "") + padding for n in range(30)}
    done = run("Who founded the observatory?", texts, sub_calls="recursive")
    assert len(done.children) == 6 and any("Anna Lindqvist" in child.answer for child in done.children)
    assert done.answer.startswith("Found in book 17")


def test_last_message_tells_what_was_counted_so_far() -> None:
    messages = run("How many lines mention the otter?", LINES).messages[:-1]
    asked = Message(role="user", content=f"{messages[-1].content}\n{last_user(reason='no turns are left')}")
    assert reply([*messages[:-1], asked]).startswith("100 lines with ‘otter’")


def test_code_in_a_text_is_no_heading_and_comments_are_none() -> None:
    answer = run("List all headings.", {"a.md": "# One\n\n```\n# no heading\n```\n\n# Two\n\nText.\n"}).answer
    assert answer.startswith("2 headings") and "no heading" not in answer


def test_longest_document_is_named_with_its_size() -> None:
    answer = run("Which document is the longest?", {"a": "x" * 10, "b": "x" * 30, "c": "x" * 20}).answer
    assert answer.startswith("The longest document is b, with 30 characters.") and "- c: 20" in answer


def test_clause_that_goes_on_after_its_number_is_summed_up_from_its_beginning() -> None:
    body = " whole copies of the program in any form,\nprovided that you name those who wrote it and keep their names.\n\n"
    text = "".join(f"{n}. You may copy and hand on to each of your {n} friends{body}" for n in range(1, 5))
    answer = run("Summarise this.", {"licence": text}).answer
    assert all(
        f"You may copy and hand on to each of your {n} friends whole copies of the program in any form," in answer for n in range(1, 5)
    )


def test_definitions_are_found_in_several_languages() -> None:
    texts = {**documents(SHOP), "x.rs": "pub fn weigh(x: u8) {}\n", "y.go": "func (s *S) weigh() {\n", "z.c": "#define weigh 3\n"}
    assert run("Which files define weigh?", texts).answer.startswith("3 definitions")
    assert "Nothing was found" in run("Which files define weighty?", texts).answer


def test_documents_that_a_text_speaks_of_are_not_taken_for_those_that_are_there() -> None:
    texts = {"a.txt": "If you publish more than 100 copies of documents, say so.\n", "b.txt": "\nNothing else.\n", "c.txt": "An end.\n"}
    answer = run("How many documents are there?", texts, sub_calls="none").answer
    assert answer.startswith("3 documents") and "states a figure" not in answer and '""' not in answer


def test_a_quoted_word_that_is_asked_for_is_answered_by_the_sentence_that_defines_it() -> None:
    text = (
        'To "propagate" a work means to do anything with it that would make you liable without permission, except running it.\n\n'
        'To "convey" a work means any kind of propagation that enables others to receive copies.\n\n' + LINES
    )
    assert run('What does "propagate" mean?', text, sub_calls="plain").answer.startswith('Found in context: "To "propagate" a work means')
