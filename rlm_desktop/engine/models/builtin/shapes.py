"""What an answer must look like: a date for `when`, a figure for `how many`, a name for `who`, a code for `which code`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["who", "when", "where", "amount", "code", "colour", "address", "any"]


def any_of(*parts: str) -> str:
    """Join alternatives that are written over several lines, `|` between the lines left out."""
    return "|".join(parts)


MONTHS = any_of(
    "jan(?:uary|uar|vier)?|feb(?:ruary|ruar|rero)?|février|mar(?:ch|s|zo)?|märz|apr(?:il)?|avril|abril|may|mai|mayo|june?|juni|juin|junio",
    "july?|juli|juillet|julio|aug(?:ust)?|août|agosto|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?",
    "de[cz](?:ember|embre)?|décembre|diciembre|enero",
)
_DAYS = any_of(
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
)
_TIMES = "noon|midnight|dawn|dusk|sunrise|sunset|morning|evening|afternoon|spring|summer|autumn|winter|yesterday|o'clock|uhr|midi|minuit"
NUMBER_WORDS = any_of(
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty",
    "thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|half|twice|none",
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend",
    "deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|vingt|trente|quarante|cinquante|soixante|cent|mille",
    "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|ciento|mil",
)
_CAPITAL = "[A-ZÄÖÜÉÈÀÅØÇ]"
_PLACE_WORDS = any_of(
    "in|at|on|near|under|beneath|behind|beside|inside|outside|between|into|from|to|off|above|below|along|aboard|by",
    "im|am|an|auf|bei|unter|hinter|neben|nach|aus|à|au|aux|dans|sur|sous|chez|près|en|sobre|cerca",
)
_COLOURS = any_of(
    "red|blue|green|yellow|black|white|gr[ae]y|brown|orange|purple|violet|pink|crimson|scarlet|gold(?:en)?|silver|copper|turquoise|ochre",
    r"ivory|amber|rot\w*|blau\w*|grün\w*|gelb\w*|schwarz\w*|weiß\w*|grau\w*|rouge|bleue?|verte?|jaune|noire?|blanche?|grise?",
)
SHAPES: dict[Kind, str] = {
    "when": any_of(
        r"\b(?:1\d{3}|20\d\d)\b|\b\d{1,2}[:h]\d\d\b|\b\d{1,2}\.\d{1,2}\.\d\d",
        rf"(?i:\b(?:{MONTHS}|{_DAYS}|{_TIMES})\b|\b\d{{1,2}} ?[ap]\.?m\b)",
        r"[\d一二三四五六七八九十〇零]+\s*(?:年|月|日|号|時|时|点|點)|[๐-๙\d]{4}",
    ),
    "amount": rf"\d|(?i:\b(?:{NUMBER_WORDS})\b)|[一二三四五六七八九十百千万萬億亿两]|[๐-๙]",
    "who": any_of(
        rf"(?:(?<=[^\W\d_] )|(?<=[^\W\d_][,;:] )|(?<=[—(\"“])){_CAPITAL}[\w'’-]",
        rf"\b{_CAPITAL}[\w'’.-]{{1,40}} (?:de |von |van |of )?{_CAPITAL}[\w'’-]",
        r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]",
    ),
    "where": rf"\b(?i:{_PLACE_WORDS})\b(?! (?:the |der |le )?(?i:\d|(?:{MONTHS}|{_DAYS}|{_TIMES})\b))|[在于於到]|に|で|ที่",
    "code": any_of(
        r"\b(?=[\w./#-]{0,60}\d)[A-Za-z0-9#][\w./#-]{2,60}\b",
        r"\b[A-Z][A-Z0-9_-]{3,40}\b",
        r"[\"“'‘«„][^\"”'’»]{2,40}[\"”'’»“]",
    ),
    "colour": rf"(?i:\b(?:{_COLOURS})\b)|[红紅蓝藍绿綠黄黃黑白灰紫]",
    "address": any_of(
        r"\b\d{1,5}[a-z]?,? (?:[NSEW]\. )?[A-ZÄÖÜÉ][\w'’.-]|[\w'’.-]\w,? \d{1,4}[a-z]?\b|\b\d{4,6}\b",
        r"(?i:\b(?:street|road|avenue|lane|square|quay|house|box|rue|place|boulevard|quai|calle|avenida|plaza)\b|(?:straße|strasse|gasse|platz)\b)",
        r"@|https?://|www\.|[省市区區路街号號弄]",
    ),
    "any": "",
}

_MEASURES = any_of(
    "number|amount|price|cost|sum|percentage|share|rate|temperature|depth|height|length|weight|age|speed|distance|capacity|size|width",
    "total|salary|fee|rent|limit|timeout|interval|pressure|voltage|budget|population|fine|penalty|discount|deposit|dose|quantity",
)
_PLACES = "place|city|town|port|country|village|street|room|building|island|station|region|harbou?r|valley|county"
_ASKS: dict[Kind, str] = {
    "code": any_of(
        r"\b(?:code|codeword|password|passcode|passphrase|passwort|kennwort|pin|serial|seriennummer|part number|licen[cs]e number)\b",
        r"\b(?:identifier|hash|mot de passe|contraseña|código|kennung|aktenzeichen|order number|invoice number|ticket|version)\b",
        r"\b(?:registration|call sign|ip address)\b|密码|密碼|代码|代碼|编号|編號|暗号|รหัส",
    ),
    "address": r"\baddress(?:es)?\b|\b(?:anschrift|adresse|dirección|domicilio)\b|地址|住所",
    "colour": r"\b(?:what|which) colou?r\b|\bcolou?r (?:was|is|were|are)\b|welche farbe|quelle couleur|qué color|什么颜色|何色|สีอะไร",
    "when": any_of(
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|hour|century)\b|\bdate of\b",
        r"\b(?:wann|quand|cuándo)\b|\b(?:in|an) welche[mnrs] (?:jahr|tag|monat|datum)\b|\bwelche[rsmn]? (?:jahr|tag|datum|monat)\b",
        r"\b(?:um )?wie ?viel uhr\b|\bquelle (?:année|date|heure)\b|\bquel jour\b|\bqué (?:año|día|fecha|hora)\b",
        r"何时|何時|什么时候|什麼時候|哪一?年|哪一?天|几点|幾點|いつ|何年|何月|何日|เมื่อไร|เมื่อไหร่",
    ),
    "amount": any_of(
        r"\bhow (?:much|many|long|far|old|tall|high|deep|wide|heavy|large|big|fast|often|thick|hot|cold)\b",
        r"\bwie ?(?:viele?|lange?|hoch|tief|weit|alt|schwer|groß|teuer|oft|breit)\b|\bcombien\b|\bcuánt[oa]s?\b",
        rf"\b(?:what|which) (?:\w+ ){{0,2}}(?:{_MEASURES})\b|\bwhat (?:is|was|are|were) (?:the |our |my )?(?:\w+ ){{0,3}}(?:{_MEASURES})\b",
        r"多少|几[个個名位次只艘人天]|多大|多长|多高|多深|多远|多重|いくら|いくつ|何人|どのくらい|เท่าไร|เท่าไหร่|กี่",
    ),
    "who": any_of(
        r"\bwho(?:m|se)?\b|\b(?:wer|wem|wen|wessen)\b|\bqui\b|\bquiénes?\b",
        r"\b(?:which|what) (?:person|man|woman|author|captain|engineer)\b|谁|誰|何人|哪位|だれ|ใคร",
    ),
    "where": any_of(
        rf"\bwhere\b|\b(?:which|what) (?:\w+ )?(?:{_PLACES})\b",
        r"\b(?:wo|woher|wohin)\b|\boù\b|\bdónde\b|哪里|哪裡|哪儿|何处|何地|什么地方|どこ|ที่ไหน",
    ),
}


_NAMED_OUTRIGHT: tuple[Kind, ...] = ("code", "colour", "address")


@lru_cache(maxsize=1)
def _asking() -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}


def is_dated(text: str) -> bool:
    """True where `text` names a day or a year, not only a time of day."""
    return _dates().search(text) is not None


@lru_cache(maxsize=1)
def _dates() -> re.Pattern[str]:
    return re.compile(rf"\b(?:1\d{{3}}|20\d\d)\b|(?i:\b\d{{1,2}}\.? (?:{MONTHS})\b|\b(?:{MONTHS})\.? \d{{1,2}}\b)|[年月]")


def kind_of(question: str) -> Kind:
    """Return what sort of answer `question` asks for: what it names outright, else the first sign in it."""
    found: dict[Kind, int] = {}
    for kind, pattern in _asking().items():
        match = pattern.search(question)
        if match:
            found[kind] = match.start()
    for named in _NAMED_OUTRIGHT:
        if named in found:
            return named
    return min(found, key=lambda kind: found[kind], default="any")
