"""Questions with answers over `builtin_documents`: how good the built-in model is at stated facts, and at saying that none is there.

Every third question is kept aside: nothing is tuned by looking at it.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "builtin_documents"


class Labelled(NamedTuple):
    """A question; `expected` stands in the sentence that answers it, None where the documents do not say. `is_hard`: others look alike."""

    document: str
    text: str
    expected: str | None
    is_hard: bool = False


QUESTIONS = (
    Labelled("logbook.txt", "Who broke his arm?", "Ivar Moe"),
    Labelled("logbook.txt", "How many casks of cod liver oil were in the hold?", "four hundred and twelve"),
    Labelled("logbook.txt", "Where was the strongbox with the ship's papers moved to?", "beneath the chart table"),
    Labelled("logbook.txt", "When did the ship sail from Funchal?", "6 April", is_hard=True),
    Labelled("logbook.txt", "What did the cook call his parrot?", "Bismarck"),
    Labelled("logbook.txt", "How much freight did Senhor Avelar pay?", "1,840"),
    Labelled("logbook.txt", "Who was the master of the Esperance?", "Yves Kerdal", is_hard=True),
    Labelled("logbook.txt", "For how much did Mr. Falk assess the damage?", "310"),
    Labelled("logbook.txt", "How much was the new cargo insured for?", "2,600", is_hard=True),
    Labelled("logbook.txt", "Which deserters took the jolly boat?", "Knudsen"),
    Labelled("logbook.txt", "What was the name of the captain's daughter?", None),
    Labelled("logbook.txt", "How long was Miss Brandt a schoolmistress?", "six years"),
    Labelled("handbook.md", "What is the passcode of the service menu?", "7391", is_hard=True),
    Labelled("handbook.md", "How often must the cartridge of the carbon filter be replaced?", "18 months"),
    Labelled("handbook.md", "How many litres does the acid tank hold?", "25 litres"),
    Labelled("handbook.md", "What does fault code E13 mean?", "lamp housing too hot", is_hard=True),
    Labelled("handbook.md", "Who designed the unit?", "Marguerite Oyelaran"),
    Labelled("handbook.md", "After how many hours is the ultraviolet lamp renewed?", "9,000"),
    Labelled("handbook.md", "What is the part number of the cartridge?", "CF-2217-B", is_hard=True),
    Labelled("handbook.md", "How heavy is the unit when it is empty?", "186"),
    Labelled("handbook.md", "What is the warranty period for the solar panel?", None),
    Labelled("handbook.md", "When was production moved to Gdańsk?", "2019"),
    Labelled("handbook.md", "What number do I call in an emergency outside office hours?", "0800 555 0142"),
    Labelled("mails.txt", "What is the insurance value of the globe?", "85,000"),
    Labelled("mails.txt", "When does the globe arrive?", "19 October"),
    Labelled("mails.txt", "On what date is the opening night?", "2 November", is_hard=True),
    Labelled("mails.txt", "How much does the display case cost?", "3,950"),
    Labelled("mails.txt", "What is the Wi-Fi password for guests?", "amber-kettle-90"),
    Labelled("mails.txt", "Who carried the herbarium sheets upstairs?", "Ade"),
    Labelled("mails.txt", "Who is giving the speech at the opening?", "Adaeze"),
    Labelled("mails.txt", "What is the door code for that evening?", "5528#"),
    Labelled("mails.txt", "How much does the string quartet charge?", "620"),
    Labelled("mails.txt", "Which airline ships the telescope?", None),
    Labelled("bericht.txt", "Wann starb Wilhelm Achterberg?", "11. Januar"),
    Labelled("bericht.txt", "Wie viel kostete die Wassermühle?", "48.500"),
    Labelled("bericht.txt", "Wer baute die Mühle?", "Kaspar Lenz"),
    Labelled("bericht.txt", "Wie viele Besucher kamen zum Sommerfest?", "740"),
    Labelled("bericht.txt", "Wo liegt der Schlüssel für das Archiv?", "Bäckerei"),
    Labelled("bericht.txt", "Wie hoch ist der Mitgliedsbeitrag ab Januar?", "30 Euro"),
    Labelled("bericht.txt", "Wer reparierte die Kirchturmuhr?", None),
    Labelled("memoires.txt", "Combien a coûté l'orgue de Murat ?", "9 400"),
    Labelled("memoires.txt", "Quand est né le facteur d'orgues ?", "8 février 1861"),
    Labelled("memoires.txt", "Qui était la fille du notaire ?", "Joséphine Tarrade"),
    Labelled("memoires.txt", "Où Émile devint-il horloger ?", "Besançon"),
    Labelled("memoires.txt", "Combien de peaux de mouton a-t-il fallu pour réparer le soufflet ?", "vingt-six", is_hard=True),
    Labelled("memoires.txt", "Quel est le prix du violon de l'évêque ?", None),
    Labelled("library_zh.txt", "图书馆是谁设计的？", "林致远"),
    Labelled("library_zh.txt", "修缮工程的总造价是多少？", "一千二百六十万"),
    Labelled("library_zh.txt", "古井有多深？", "十一米"),
    Labelled("library_zh.txt", "抗战期间藏书保存在哪里？", "白云寺"),
    Labelled("library_zh.txt", "无线网络的密码是什么？", "qingshi2020"),
    Labelled("library_zh.txt", "施工单位是哪个公司？", "宏达"),
    Labelled("library_zh.txt", "火车站的站长是谁？", None),
    Labelled("settings.py.txt", "What is the request timeout?", "47", is_hard=True),
    Labelled("settings.py.txt", "Which port does the database use?", "5439"),
    Labelled("settings.py.txt", "Who wrote the scheduler?", "Noor Haddad"),
    Labelled("settings.py.txt", "How many retries are allowed?", "6"),
    Labelled("settings.py.txt", "After how many days are old rounds purged?", "120"),
    Labelled("lease.txt", "How much is the deposit?", "7,800"),
    Labelled("lease.txt", "How much rent is paid each year?", "31,200", is_hard=True),
    Labelled("lease.txt", "Who is the landlord?", "Eleanor Whitcombe"),
    Labelled("lease.txt", "What colour must the shop front be painted?", "Conservation Green"),
    Labelled("lease.txt", "Who mediates disputes?", "Siddiqui"),
    Labelled("lease.txt", "How many parking spaces does the tenant get?", None),
    Labelled("logbook_ja.txt", "船長は誰ですか？", "佐伯義雄"),
    Labelled("logbook_ja.txt", "ホノルルで石炭を何トン補給しましたか？", "三百二十"),
    Labelled("logbook_ja.txt", "横浜港を出港したのはいつですか？", "四月三日"),
    Labelled("cave_th.txt", "ถ้ำมีความยาวเท่าไร", "1,240"),
    Labelled("cave_th.txt", "หัวหน้าคณะคือใคร", "สมชาย"),
    Labelled("logbook.txt", "Who taught the ship's boys to read and write?", "Miss Brandt"),
    Labelled("mails.txt", "How much weight can the rotunda floor carry?", "400"),
    Labelled("handbook.md", "Where is the emergency stop button?", "left side panel"),
)
TUNED_BY = tuple(question for number, question in enumerate(QUESTIONS) if number % 3 != 2)
KEPT_ASIDE = tuple(question for number, question in enumerate(QUESTIONS) if number % 3 == 2)


def documents() -> dict[str, str]:
    """Return name -> text, each with some 40,000 characters of talk about nothing after it, in which no answer stands."""
    return {path.name: path.read_text(encoding="utf-8") + _padding(path.name) for path in sorted(FOLDER.iterdir())}


def _padding(seed: str) -> str:
    """Return sentences that share everyday words with the questions and state nothing."""
    chance = random.Random(seed)
    people = ("the visitor", "the neighbour", "an old friend", "the clerk", "somebody", "the gardener", "a stranger")
    acts = ("talked about", "thought of", "waited for", "forgot", "walked past", "looked at", "dreamt of", "praised")
    things = ("the weather", "a garden", "the market", "old songs", "the river", "a number of things", "the menu", "the price of bread")
    ends = ("for a while", "as usual", "without a reason", "on the way home", "all the same", "in the meantime")
    lines = [
        f"{chance.choice(people).capitalize()} {chance.choice(acts)} {chance.choice(things)} {chance.choice(ends)}." for _ in range(700)
    ]
    return "\n\n" + "\n\n".join(" ".join(lines[at : at + 6]) for at in range(0, len(lines), 6))
