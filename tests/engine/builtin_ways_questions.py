"""Questions beyond stated facts over `builtin_material`, with true answers that were found by other means than the model's.

Every third question is kept aside: nothing is tuned by looking at it. A question is asked of a few documents, as a person would.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

FOLDER = Path(__file__).parent / "builtin_material"
Kind = Literal["count", "most", "list", "compare", "summary", "fact", "nothing"]
Language = Literal["en", "de", "fr", "es", "zh"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class Asked(NamedTuple):
    """`expected`: of a count its figure, of `most` what the first line must name, of the other kinds words that must stand in the answer.

    `absent` are words that must not stand there.

    Of a summary two thirds of the words are enough, as one sentence may tell a section as well as the next one.
    """

    about: tuple[str, ...]
    text: str
    kind: Kind
    expected: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    language: Language = "en"


LABELLED = ("queries_labelled.txt",)
ORDERS = ("orders.csv",)
TICKETS = ("tickets.jsonl",)
LOG = ("server.log",)
SHOP = ("shop/README.md", "shop/cart.js", "shop/prices.py", "shop/store.py")
NOTES = ("notes/coast.txt", "notes/lake.txt", "notes/mill.txt", "notes/north.txt", "notes/south.txt", "notes/wood.txt")
CONTRACTS = ("contract_v1.md", "contract_v2.md")
GUIDE = ("garden_guide.md",)
BYLAWS = ("satzung_alt.txt", "satzung_neu.txt")
JOURNAL = ("journal_fr.txt",)
REPORT = ("informe_es.md",)
RULES = ("rules_zh_old.txt", "rules_zh_new.txt")

QUESTIONS_OF_WAYS = (
    Asked(LABELLED, "How many entries have the label 'location'?", "count", ("45",)),
    Asked(LABELLED, "How many lines are labelled person?", "count", ("31",)),
    Asked(LABELLED, "Which label is the most common?", "most", ("location",)),
    Asked(LABELLED, "Which label is the least common?", "most", ("abbreviation",)),
    Asked(LABELLED, "How many entries are there for each label?", "list", ("abbreviation", "9", "27", "45", "18", "31")),
    Asked(LABELLED, "How many entries of user 6093 have the label person?", "count", ("8",)),
    Asked(LABELLED, "How many lines mention the tunnel?", "count", ("15",)),
    Asked(LABELLED, "How many different users are there?", "count", ("4",)),
    Asked(LABELLED, "Wie viele Zeilen haben das Label 'number'?", "count", ("18",), language="de"),
    Asked(LABELLED, "Combien d'entrées ont l'étiquette « entity » ?", "count", ("27",), language="fr"),
    Asked(LABELLED, "¿Cuántas entradas tienen la etiqueta 'abbreviation'?", "count", ("9",), language="es"),
    Asked(LABELLED, "有多少行的标签是location？", "count", ("45",), language="zh"),
    Asked(LABELLED, "哪个标签最多？", "most", ("location",), language="zh"),
    Asked(LABELLED, "Welches Label kommt am häufigsten vor?", "most", ("location",), language="de"),
    Asked(ORDERS, "How many rows are in the table?", "count", ("64",)),
    Asked(ORDERS, "How many orders have the status cancelled?", "count", ("17",)),
    Asked(ORDERS, "How many orders were shipped?", "count", ("33",)),
    Asked(ORDERS, "How many rows have the country Norway and the status cancelled?", "count", ("4",)),
    Asked(ORDERS, "Which country is the most frequent?", "most", ("Spain",)),
    Asked(ORDERS, "How many orders did Nils Aune place?", "count", ("16",)),
    Asked(ORDERS, "List all customers.", "list", ("Brandt & Co", "Ida Moreau", "Lopez Hermanos", "Nils Aune", "Wren Books")),
    Asked(ORDERS, "¿Cuántas filas tienen el status open?", "count", ("9",), language="es"),
    Asked(ORDERS, "Combien de lignes mentionnent Ida Moreau ?", "count", ("14",), language="fr"),
    Asked(TICKETS, "How many tickets have priority high?", "count", ("11",)),
    Asked(TICKETS, "How many tickets are there for each team?", "list", ("billing", "17", "hardware", "16", "network", "15")),
    Asked(TICKETS, "How many records are in the file?", "count", ("48",)),
    Asked(TICKETS, "Why do customers of the billing team lose patience with the lighthouse?", "nothing"),
    Asked(LOG, "How many lines contain the word ERROR?", "count", ("9",)),
    Asked(LOG, "How many warnings are in the log?", "count", ("11",)),
    Asked(LOG, "List all lines with timeout.", "list", ("timeout while reading manifest",), ("cache warmed",)),
    Asked(LOG, "How many times does storage occur?", "count", ("27",)),
    Asked(LOG, "Wie viele Zeilen erwähnen timeout?", "count", ("3",), language="de"),
    Asked(SHOP, "Which files define gross_price?", "list", ("prices.py",), ("cart.js", "README.md")),
    Asked(SHOP, "What functions are in prices.py?", "list", ("net_price", "gross_price", "reprice_all"), ("addLine",)),
    Asked(SHOP, "List all TODOs.", "list", ("read this from the settings", "merge equal lines", "say how")),
    Asked(SHOP, "Which files mention open_store?", "list", ("README.md", "store.py"), ("cart.js", "prices.py")),
    Asked(
        SHOP,
        "List all e-mail addresses.",
        "list",
        ("shop-team@lantern.example", "help@lantern.example", "marta@lantern.example"),
    ),
    Asked(SHOP, "What URLs are there?", "list", ("https://lantern.example/docs", "https://lantern.example/status")),
    Asked(SHOP, "Which classes are defined?", "list", ("class Store", "class Cart")),
    Asked(SHOP, "How many files are there?", "count", ("4",)),
    Asked(SHOP, "Welche Dateien definieren addLine?", "list", ("cart.js",), ("README.md", "store.py"), language="de"),
    Asked(SHOP, "¿Qué funciones hay en store.py?", "list", ("open_store", "save"), ("gross_price",), language="es"),
    Asked(SHOP, "Quels fichiers mentionnent TODO ?", "list", ("README.md", "cart.js", "store.py"), ("prices.py",), language="fr"),
    Asked(SHOP, "列出所有的函数。", "list", ("gross_price", "open_store", "addLine"), language="zh"),
    Asked(NOTES, "How many documents mention a heron?", "count", ("3",)),
    Asked(NOTES, "Which documents mention the otter?", "list", ("lake.txt", "south.txt"), ("wood.txt", "coast.txt")),
    Asked(NOTES, "How many documents are there?", "count", ("6",)),
    Asked(NOTES, "How many nests does the heron colony hold?", "fact", ("31 nests",)),
    Asked(NOTES, "Who are the observers?", "list", ("Ingrid Sollers", "Tobias Fenn", "Amara Nwosu")),
    Asked(NOTES, "How many notes did Tobias Fenn write?", "count", ("2",)),
    Asked(NOTES, "In wie vielen Dokumenten kommt das Wort otter vor?", "count", ("2",), language="de"),
    Asked(NOTES, "有多少个文件提到heron？", "count", ("3",), language="zh"),
    Asked(NOTES, "¿Qué documentos mencionan fox?", "list", ("coast.txt",), ("mill.txt",), language="es"),
    Asked(
        CONTRACTS,
        "What changed between v1 and v2?",
        "compare",
        ("£14.20", "£15.75", "£10,000", "£25,000", "two years", "three years", "Fax notices", "Data protection"),
        ("Dairy goods", "governed by"),
    ),
    Asked(
        CONTRACTS,
        "What are the differences between the two contracts?",
        "compare",
        ("£14.20", "£15.75", "Data protection"),
        ("Dairy goods",),
    ),
    Asked(CONTRACTS, "Which clauses were added in v2?", "compare", ("Data protection",), ("Dairy goods",)),
    Asked(CONTRACTS, "What was removed in the second version?", "compare", ("Fax",), ("Dairy goods",)),
    Asked(CONTRACTS, "How many clauses does contract_v1 have?", "count", ("10",)),
    Asked(CONTRACTS, "How much does the client pay for each delivery in contract_v2?", "fact", ("£15.75",)),
    Asked(
        CONTRACTS, "Was hat sich zwischen v1 und v2 geändert?", "compare", ("£14.20", "£15.75", "Data protection"), ("Dairy goods",), "de"
    ),
    Asked(CONTRACTS, "Quelles sont les différences entre v1 et v2 ?", "compare", ("£14.20", "£15.75", "£25,000"), ("Dairy goods",), "fr"),
    Asked(CONTRACTS, "¿Qué cambió entre v1 y v2?", "compare", ("£14.20", "£15.75", "Fax"), ("Dairy goods",), "es"),
    Asked(("contract_v2.md", "contract_v2_copy.md"), "What changed between the two documents?", "nothing"),
    Asked(GUIDE, "Summarise the guide.", "summary", ("1788", "clay", "spring", "Slugs", "harvest")),
    Asked(GUIDE, "What is this document about?", "summary", ("walled garden", "clay", "Water", "Slugs", "Fruit")),
    Asked(GUIDE, "List all headings.", "list", ("History", "The soil", "Watering", "Pests", "Harvest")),
    Asked(GUIDE, "How many times does the word clay occur?", "count", ("3",)),
    Asked(GUIDE, "How many questions are asked in the guide?", "count", ("2",)),
    Asked(GUIDE, "How much fruit was harvested in 2022?", "fact", ("2,340",)),
    Asked(GUIDE, "What are the main points?", "summary", ("garden", "clay", "Water", "slugs", "harvest")),
    Asked(GUIDE, "Worum geht es in dem Text?", "summary", ("walled garden", "clay", "Water", "slugs", "harvest"), (), "de"),
    Asked(GUIDE, "Résume ce document.", "summary", ("walled garden", "clay", "Water", "slugs", "harvest"), (), "fr"),
    Asked(
        BYLAWS,
        "Welche Änderungen gibt es in der neuen Satzung?",
        "compare",
        ("96 Euro", "120 Euro", "Datenschutz"),
        ("drei Vierteln",),
        "de",
    ),
    Asked(BYLAWS, "What changed in the new version?", "compare", ("96 Euro", "120 Euro", "Telegramm", "Datenschutz"), ("drei Vierteln",)),
    Asked(BYLAWS, "Wie hoch ist der Jahresbeitrag in satzung_neu?", "fact", ("120 Euro",), language="de"),
    Asked(BYLAWS, "Wie oft kommt das Wort Vorstand in satzung_alt vor?", "count", ("4",), language="de"),
    Asked(BYLAWS, "Wie viele Paragraphen hat satzung_alt?", "count", ("8",), language="de"),
    Asked(BYLAWS, "Wer ist der Trainer der Jugendmannschaft?", "nothing", language="de"),
    Asked(JOURNAL, "Combien de fois le mot glacier apparaît-il ?", "count", ("4",), language="fr"),
    Asked(JOURNAL, "Combien de lignes mentionnent une avalanche ?", "count", ("2",), language="fr"),
    Asked(JOURNAL, "Liste toutes les dates.", "list", ("3 juin 2019", "4 juin 2019", "12 juin 2019", "15 juin 2019"), language="fr"),
    Asked(JOURNAL, "Qui est mentionné dans le journal ?", "list", ("Bastien Roche", "Hélène Vasseur"), language="fr"),
    Asked(JOURNAL, "Combien coûte la soupe ?", "fact", ("7,50",), language="fr"),
    Asked(JOURNAL, "Fais un résumé du journal.", "summary", ("glacier", "sentier nord", "refuge"), (), "fr"),
    Asked(JOURNAL, "Who is mentioned?", "list", ("Bastien Roche", "Hélène Vasseur")),
    Asked(REPORT, "¿Cuántas veces aparece la palabra aceite?", "count", ("3",), language="es"),
    Asked(REPORT, "¿Cuántas líneas mencionan la cooperativa?", "count", ("5",), language="es"),
    Asked(REPORT, "Haz un resumen del informe.", "summary", ("41.000 litros", "28 personas", "almacén", "412.000", "sequía"), (), "es"),
    Asked(REPORT, "Enumera todas las direcciones de correo.", "list", ("cuentas@molino.example", "socios@molino.example"), language="es"),
    Asked(REPORT, "¿Cuánto costaron las obras?", "fact", ("57.300",), language="es"),
    Asked(REPORT, "¿De qué trata el documento?", "summary", ("aceite", "cooperativa", "almacén", "ingresos", "cosecha"), (), "es"),
    Asked(REPORT, "List all amounts of money.", "list", ("57.300 euros", "412.000 euros", "355.000 euros")),
    Asked(REPORT, "¿Quién pintó el mural de la estación?", "nothing", language="es"),
    Asked(RULES, "新旧版本有什么变化？", "compare", ("五册", "十册", "网上预约"), (), "zh"),
    Asked(RULES, "比较两个文件的不同之处。", "compare", ("五册", "十册", "罚款一角"), (), "zh"),
    Asked(RULES, "rules_zh_old中“读者”出现了多少次？", "count", ("5",), language="zh"),
    Asked(RULES, "有多少行提到罚款？", "count", ("1",), language="zh"),
    Asked(RULES, "总结一下这些文件的主要内容。", "summary", ("读者", "图书", "借书证"), (), "zh"),
    Asked(RULES, "借书证的押金是多少？", "fact", ("一百元",), language="zh"),
    Asked(RULES, "列出所有提到图书的行。", "list", ("最多可借图书", "遗失图书"), ("禁止吸烟",), "zh"),
)
TUNED_BY = tuple(asked for number, asked in enumerate(QUESTIONS_OF_WAYS) if number % 3 != 2)
KEPT_ASIDE = tuple(asked for number, asked in enumerate(QUESTIONS_OF_WAYS) if number % 3 == 2)


def documents(names: tuple[str, ...]) -> dict[str, str]:
    """Return name -> text. Python files are kept as `.py.txt`, so that no checker takes them for the project's."""
    found = {}
    for name in names:
        path = FOLDER / name
        found[name] = (path if path.exists() else path.with_name(f"{path.name}.txt")).read_text(encoding="utf-8")
    return found
