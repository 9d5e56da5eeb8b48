"""What can be counted and listed by its form alone: its names in five languages, the pattern that finds it, and how sure that is."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from rlm_desktop.engine.models.builtin.shapes import MONTHS, any_of

Unit = Literal["occurrence", "line", "paragraph", "sentence", "document", "record", "word", "character"]


class Thing(NamedTuple):
    """`one` and `many` name it in an answer, `pattern` finds it (lines are lines), `way` says how. `sure` is `exact` or `likely`.

    `is_distinct`: each value is listed once, however often it stands.
    """

    one: str
    many: str
    pattern: str
    way: str
    sure: str = "exact"
    is_distinct: bool = False


_CAPITALISED = r"[A-ZÀ-ÖØ-ÞŠŽŁ](?:['’][A-ZÀ-ÖØ-ÞŠŽŁ])?[a-zà-öø-ÿšžłńęąćś]+(?:-[A-ZÀ-ÖØ-ÞŠŽŁ]?[a-zà-öø-ÿšžłńęąćś]+)*"
_OPENERS = (
    "The|This|That|These|Those|In|On|At|By|For|From|To|Of|And|But|Or|If|When|While|After|Before|As|It|He|She|They|We|You|Our|My|His|Her"
    "|Its|No|Not|All|Each|Every|Some|Any|Dear|Great|What|Who|Where|How|Which|There|Here|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Professor|Judge|Mr|Mrs"
    "|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October"
    "|November|December|Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche|Le|La|Les|Un|Une|Mon|Au|El|Los|Las|Una|Der|Die|Das|Ein|Eine"
)
NUMBERED: Final = any_of(
    r"(?:§+[ \t]*\d",
    r"(?:Art(?:icle|ikel|ículo|\.)|Section|Chapter|Clause|Part|Kapitel|Abschnitt|Chapitre|Capítulo|Sección|Cláusula)[ \t]+[\dIVXLC]",
    r"第[一二三四五六七八九十百零〇\d]{1,6}[条章节條節])",
)
HEADING: Final = any_of(
    rf"(?m)^(?:#{{1,6}}[ \t]+\S[^\n]*|[ \t]{{0,3}}{NUMBERED}[^\n]*",
    r"(?<=\n\n)[ \t]{0,4}\d{1,3}(?:\.\d{1,3}){0,4}[.)]?[ \t]+[^\W\d_][^\n]*",
    r"[^\n]{3,100}\n(?:={3,}|-{3,})(?=\n))",
)
# What begins with a plain set of signs is looked for at those alone, which is ten times as fast.
_YEAR_AFTER = r"(?:,? (?:de |del )?\d{4}\b)?"
_DATE = any_of(
    rf"\d{{1,2}}(?:\.|st|nd|rd|th)? (?:de |of )?(?i:{MONTHS})\b\.?{_YEAR_AFTER}",
    r"\d{4}-\d\d-\d\d\b|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)\b",
    rf"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!:){_YEAR_AFTER}",
    r"[\d一二三四五六七八九〇零○]{2,4}年(?:[\d一二三四五六七八九十]{1,3}月)?(?:[\d一二三四五六七八九十]{1,3}[日号])?",
)
_CURRENCY = "euros?|dollars?|pounds?|francs?|crowns?|pesos?|pesetas?|yen|marks?|roubles?|rupees?|kronor|kroner|zloty|EUR|USD|GBP|CHF"
_AMOUNT = any_of(
    r"[£$€¥]\s?\d(?:[\d.,' ]{0,20}\d)?(?:\s?(?:million|billion|m|bn|k)\b)?",
    rf"(?i:\b\d(?:[\d.,' ]{{0,20}}\d)?\s?(?:(?:million|thousand|billion)\s)?(?:€|£|\$|(?:{_CURRENCY})\b))",
    "[\\d.,一二三四五六七八九十百千万亿]{1,24}(?:元|美元|欧元|日元)",
)
_FUNCTION = any_of(
    r"(?m)^[ \t]*(?:(?:export[ \t]+)?(?:default[ \t]+)?(?:async[ \t]+)?(?:def|function\*?|fn|func|fun|sub)[ \t]+[\w.$]+",
    r"(?:pub(?:\([\w:]+\))?[ \t]+)(?:async[ \t]+)?fn[ \t]+\w+",
    r"(?:export[ \t]+)?(?:const|let|var)[ \t]+\w+[ \t]*=[ \t]*(?:async[ \t]*)?(?:\([^()\n]*\)|\w+)[ \t]*=>",
    r"func[ \t]+\([^()\n]*\)[ \t]*\w+)[^\n]*",
)
_CLASS = r"(?m)^[ \t]*(?:(?:export|public|abstract|final|pub)[ \t]+)*(?:class|struct|interface|trait|enum)[ \t]+[A-Z_]\w*[^\n]*"
_IMPORT = any_of(
    r"(?m)^[ \t]*(?:import[ \t]+\S|from[ \t]+\S+[ \t]+import\b|#[ \t]*include\b|use[ \t]+\w+::",
    r"const[ \t]+[\w{} ,]+=[ \t]*require\()[^\n]*",
)
_PERSON = (
    rf"\b(?!(?:{_OPENERS})\b){_CAPITALISED}"
    rf"(?: (?:(?:de|du|von|van|der|da|of) )?(?:[A-Z]\. )?(?!(?:{_OPENERS})\b){_CAPITALISED}){{1,3}}"
)
_PHONE = r"(?<![\w.,-])(?:\+\d{1,3}[ /.-]?|0)(?:\(?\d{2,5}\)?[ /.-]?){2,5}\d(?![\w-])"
_URL = r"\b(?:https?|ftp)://[^\s<>\"'`)\]}]*[^\s<>\"'`)\]}.,;:!?]"
_ADDRESS = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_QUESTION = r"[?？]"
_PERCENTAGE = r"(?i)\d(?:[\d.,]{0,20}\d)?\s?(?:%|per ?cent\b|prozent\b|pour cent\b|por ciento\b)|百分之[\d一二三四五六七八九十百]+"
_FORM = "by their form"
THINGS: Final[dict[str, Thing]] = {
    "address": Thing("e-mail address", "e-mail addresses", _ADDRESS, _FORM, is_distinct=True),
    "url": Thing("URL", "URLs", _URL, _FORM, is_distinct=True),
    "phone": Thing("telephone number", "telephone numbers", _PHONE, _FORM, "likely", is_distinct=True),
    "date": Thing("date", "dates", _DATE, "by their form, in figures or with the month's name", "likely", is_distinct=True),
    "amount": Thing("amount of money", "amounts of money", _AMOUNT, "by a sign or word of currency", "likely", is_distinct=True),
    "function": Thing("function", "functions", _FUNCTION, "by the lines that define one"),
    "class": Thing("class", "classes", _CLASS, "by the lines that define one"),
    "import": Thing("import", "imports", _IMPORT, "by the lines that import"),
    "todo": Thing("TODO", "TODOs", r"(?m)\b(?:TODO|FIXME|XXX|HACK)\b[^\n]*", "by the marks TODO, FIXME, XXX and HACK"),
    "question": Thing("question", "questions", _QUESTION, "by question marks at their end"),
    "message": Thing("message", "messages", r"(?m)^(?:From|Von|De|发件人)[ \t]?[:：][^\n]*", "by their line `From:`"),
    "person": Thing(
        "name",
        "names",
        _PERSON,
        "by two or more capitals in a row, so that names of places and things may be among them",
        "uncertain",
        is_distinct=True,
    ),
    "page": Thing("page", "pages", r"(?m)^\[Page \d+(?:, numbered [^\]\n]*)?\]", "by the marks `[Page …]` of the document"),
    "slide": Thing("slide", "slides", r"(?m)^# Slide \d+[^\n]*", "by the headings `Slide …` of the presentation"),
    "sheet": Thing(
        "sheet",
        "sheets",
        r"(?m)^#{1,2} [^\n]* \((?:hidden, )?\d[\d,]* rows?, \d[\d,]* columns?[^\n]*\)",
        "by their headings in the workbook",
    ),
    "item": Thing("list item", "list items", r"(?m)^[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+\S[^\n]*", "by a bullet or a number before them"),
    "percentage": Thing("percentage", "percentages", _PERCENTAGE, "by the sign or word", is_distinct=True),
    "number": Thing("number", "numbers", r"(?<![\w.,])[-−]?\d(?:[\d.,]*\d)?(?![\w])", "by their figures", is_distinct=True),
}


MARKED_BY_READERS: Final = frozenset({"page", "slide", "sheet"})
"""What stands by a mark of this program's readers: their number is known, whatever a text says of pages."""


def _names(*parts: str) -> re.Pattern[str]:
    spaced = [part for part in parts if not part.startswith("~")]
    unspaced = [part[1:] for part in parts if part.startswith("~")]
    return re.compile("|".join([rf"(?<![\w-])(?:{'|'.join(spaced)})(?![\w-])", *unspaced]), re.IGNORECASE)


NAMES: Final[dict[str, re.Pattern[str]]] = {
    "address": _names(
        r"e-?mail[ -]addresse?s?|e-?mail-?adressen?|mailadressen|adresses? (?:e-?mails?|électroniques?|de courriel|mail)|courriels",
        r"direcciones de (?:correo|e-?mail)(?: electrónico)?|correos electrónicos",
        "~电子?邮件?地址|邮箱地址?|电邮",
    ),
    "url": _names("urls?|hyperlinks?|links?|web ?addresses|webadressen|liens?|enlaces?", "~网址|链接"),
    "phone": _names("(?:tele)?phone numbers?|telefonnummern?|numéros de téléphone|números de teléfono", "~电话号?码?"),
    "date": _names("dates?|datumsangaben|daten|termine|fechas?", "~日期"),
    "amount": _names(
        r"(?:amounts?|sums?)(?: of money)?|prices|geldbeträge|beträge|preise|montants|sommes|importes|cantidades de dinero|precios|sumas",
        "~金额|价格",
    ),
    "function": _names("functions?|methods?|funktionen|methoden|fonctions?|méthodes?|funciones|función|métodos?", "~函数|方法"),
    "class": _names("class(?:es)?|klassen?|clases?", "~类(?![似型别])"),
    "import": _names("imports?|imported modules", "~导入"),
    "todo": _names(r"todos?|to-dos?|fixmes?|tareas pendientes", "~待办事?项?"),
    "heading": _names(
        r"(?:sub)?headings?|chapters?|sections?|clauses?|articles?|titles?|kapitel|abschnitte?n?|überschriften|paragra(?:ph|f)en|klauseln?|artikel",
        r"chapitres?|titres?|capítulos?|secciones|títulos?|cláusulas?|artículos?",
        "~标题|章节|条款|章(?!程)|(?<=[几少个])条|(?<=[几少个])节",
    ),
    "question": _names("questions?|fragen|preguntas?", "~问题|问句"),
    "message": _names("messages?|e-?mails?|mails|letters?|nachrichten|briefe|mensajes?|correos?|cartas?", "~邮件|消息|信件"),
    "person": _names(
        "people|persons|names|characters mentioned|who|personen|namen|wer|personnes?|noms?|qui|personas?|nombres?|qui[eé]n(?:es)?",
        "~人物|人名|哪些人|谁",
    ),
    "item": _names("(?:list|bullet)[ -](?:items|points)|bullets?|steps?|listenpunkte|schritte|étapes|puces|pasos", "~步骤|列表项"),
    "page": _names("pages?|seiten?|páginas?", "~页"),
    "slide": _names("slides?|folien?|diapositives?|diapositivas?", "~幻灯片"),
    "sheet": _names("(?:work)?sheets?|(?:tabellen)?blätter|feuilles?|hojas?", "~工作表"),
    "percentage": _names("percentages?|prozentangaben|prozentsätze|pourcentages?|porcentajes?", "~百分比"),
    "number": _names("numbers?|figures?|zahlen|nombres|números|chiffres|cifras", "~数字"),
}
UNITS: Final[dict[Unit, re.Pattern[str]]] = {
    "line": _names("lines?|zeilen?|lignes?|líneas?|renglones", "~行"),
    "record": _names(
        r"entr(?:y|ies)|records?|rows?|items?|instances?|observations?|einträgen?|datensätzen?|reihen|entrées?|enregistrements?|rangées?",
        r"entradas?|registros?|filas?|instancias?",
        "~条目|记录|条(?!款)|项目",
    ),
    "paragraph": _names("paragraphs?|absätzen?|paragraphes?|párrafos?", "~段落?"),
    "sentence": _names("sentences?|sätzen?|phrases?|frases?|oraciones", "~句子?"),
    "document": _names(
        r"documents?|files?|texts?|dokumenten?|dateien|texten?|fichiers?|textes?|documentos?|archivos?|ficheros?|textos?|modules?",
        "~文件|文档|文章|文本",
    ),
    "word": _names("words?|wörtern?|mots?|palabras?", "~词|字(?!符)"),
    "character": _names("characters?|letters?|zeichen|buchstaben|caractères?|lettres|caracteres|letras", "~字符"),
}
