"""What tells a question's kind: words for counting, listing, comparing and summing up, in English, German, French, Spanish and Chinese."""

from __future__ import annotations

import re
from typing import Final


def _cue(*parts: str) -> re.Pattern[str]:
    """Return a pattern of alternatives in any case. Words stand alone; Chinese, written without spaces, is marked by `~`."""
    spaced = [part for part in parts if not part.startswith("~")]
    unspaced = [part[1:] for part in parts if part.startswith("~")]
    words = [rf"(?<![^\W_])(?:{'|'.join(spaced)})(?![^\W_])"] if spaced else []
    return re.compile("|".join([*words, *unspaced]), re.IGNORECASE)


HOW_MANY: Final = _cue(
    r"how many|count(?: up)?|(?:what is )?the (?:total )?number of|in how many|wie ?viele|anzahl der|zähle?|in wie ?vielen|wie ?vielen",
    r"combien d['’e]|combien|compte[rz]?|dans combien|nombre d[e'’]|cuánt[oa]s|en cuánt[oa]s|cuente|cuenta|número de",
    "~有多少|多少|几(?=[个行次条份章页句段])|共有|数量|统计",
)
TIMES: Final = _cue(
    r"how (?:many times|often|frequently)|wie (?:oft|häufig|viele male)|combien de fois|à quelle fréquence",
    r"cuántas veces|con qué frecuencia",
    "~多少次|几次|次数",
)
LISTING: Final = _cue(
    r"(?:list|enumerate|(?<!the )(?<!a )name|show|give|extract|collect|print|find|get|tell)(?: me| out| up)?"
    r"(?= (?:all|every|each|the|any)\b)",
    r"list|enumerate|(?:make|give me|write) a list of|auflisten|liste(?:n sie|n|r|z)?|zähle? (?=alle)|nenne(?:n sie)?|zeige?(?= alle)",
    r"gib (?=alle)|énumère[rz]?|donne[rz]?(?= (?:moi )?(?:toutes|tous|les))|cite[rz]?|montre[rz]?|enumera|enumere",
    r"lista|liste|listar|muestra",
    "~列出|列举|找出|所有的?",
)
ASKING_WHICH: Final = _cue(
    r"(?:which|what)(?: of the| are the| are)?|what are(?: all)?(?: the)?|welche[rsnm]?|was für",
    r"que(?:l|ls|lle|lles)(?: sont)?(?: les)?|qué",
    r"cuáles(?: son)?|who are(?: all)?(?: the)?|who is|wer sind|qui sont|quiénes son|in (?:which|what)",
    r"in welche[nmr]|dans quel(?:s|les)?",
    "~哪些|哪个|哪几个|有哪些|什么",
)
MENTION: Final = _cue(
    r"mention(?:s|ed|ing)?|contain(?:s|ing|ed)?|includ(?:e|es|ing)|hold(?:s|ing)?|refer(?:s|ring)? to",
    r"talks? (?:about|of)|speaks? (?:about|of)",
    r"with|in which|where|occurs?|occurring|appears?|appearing|stands?|found|says?|has|have|use[sd]?|using",
    r"call(?:s|ed|ing)?|imports?(?: from)?",
    r"erwähn(?:en|t|te|ten)|enthalten|enthält|kommt|kommen|vor(?:kommen|kommt)?|steht|stehen|mit|nutzen|benutzen",
    r"verwenden|nennen|auftauch\w*",
    r"mentionn(?:ent|e|ant|é|ée|és|ées)|contien(?:nent|t)|parlent? d[eu]|avec",
    r"appara[iî](?:t|ssent)(?:[- ](?:il|elle|t-il))?|utilisent|figurent?",
    r"mencion(?:an|a|ado|ada|ados|adas)|contien(?:en|e)|hablan? de|con|aparecen?|usan|utilizan|incluyen|est-il|est-elle|wird|werden|se",
    "~提到了?|提及|包含了?|含有|出现了?过?|有|使用了?|中",
)
STRICT_MENTION: Final = _cue(
    r"mention(?:s|ed|ing)?|contain(?:s|ing|ed)?|include?(?:s|ing)?|refer(?:s|ring)? to|talks? (?:about|of)",
    r"speaks? (?:about|of)|occurs?",
    r"appears?|with|hold(?:s|ing)?|use[sd]?|using|imports?|calls?",
    r"erwähn(?:en|t|te|ten)|enthalten|enthält|kommt|kommen|steht|stehen|mit|nutzen|benutzen|verwenden|auftauch\w*",
    r"mentionn(?:ent|e|ant|é|ée)|contien(?:nent|t)|parlent?|avec|appara[iî]t\w*|apparaissent|utilisent|figurent?",
    r"mencionan?|contienen?|hablan?|con|aparecen?|usan|utilizan|incluyen",
    "~提到|提及|包含|含有|出现|使用",
)
DEFINE: Final = _cue(
    r"defin(?:e|es|ed|ing|ition of)|declar(?:e|es|ed)|implement(?:s|ed)?|definier(?:en|t)|deklarier(?:en|t)|défini(?:t|ssent|e|s)?",
    r"défini(?:ssent|t)|déclar(?:ent|e)|define[n]?|definid[oa]s?|declaran?",
    "~定义了?|声明了?|实现了?",
)
COMPARING: Final = _cue(
    r"what(?:'s| is| was| has| have| are| were)? (?:been )?(?:changed|different|new(?= in\b)|added|removed|deleted|dropped)",
    r"what (?:the )?changes",
    r"(?:what|which|list|show|all)(?: (?:are|were|all|the|of))* (?:changes|differences)",
    r"how (?:do|does|did|has|have) .{1,80} (?:differ|change[d]?)",
    r"(?:do|does|did) .{1,60} differ|differences? between|compare|comparison (?:of|between)|diff(?= )|changes (?:between|from|in)",
    r"(?:are|is) .{1,60} (?:identical|the same)",
    r"(?:which|what) (?:\w+ ){1,2}(?:were|was|are|is|has been|have been) (?:added|removed|changed|deleted|new|dropped|altered|moved)",
    r"was (?:hat|haben) sich .{0,80}(?:ge|ver)ändert",
    r"was (?:wurde|ist) .{0,60}(?:geändert|gestrichen|neu|hinzugefügt|hinzugekommen|anders)",
    r"änderungen|unterschiede?|vergleiche?n?|vergleich|unterscheide[nt]",
    r"qu['’]est-ce qui (?:a|est) .{0,40}(?:changé|nouveau|différent|ajouté|supprimé)",
    r"qu['’]a-t-on (?:changé|ajouté|supprimé)|différences?|changements?|compare[rz]?|comparaison|modifications",
    r"qué (?:ha )?cambi(?:ó|ado|aron)",
    r"cambios|diferencias?|comparar|comparación|qué se (?:añadió|eliminó|quitó|modificó|cambió)|en qué se diferencian",
    "~变化|改变|改了|修改|变更|差异|区别|不同之处|有什么不同|有何不同|比较|对比|相比|新增了|删除了|删去了|是否相同",
)
ADDED: Final = _cue(
    r"added|new(?= in)|hinzugefügt|hinzugekommen|neu(?! fassung)|ajouté\w*|nouveau\w*|añadi\w+|nuev[oa]s?(?= en)", "~新增|增加|添加"
)
REMOVED: Final = _cue(
    r"removed|deleted|dropped|left out|missing|gestrichen|entfernt|weggefallen|supprimé\w*|retiré\w*|elimin\w+|quit\w+|suprim\w+",
    "~删除|删去|删掉|去掉|取消",
)
SUMMING_UP: Final = _cue(
    r"summar(?:y|ise|ize|ising|izing|ies)\w*|sum(?:ming)? up|overview|gist|tl;?dr",
    r"(?:main|key|essential|central) (?:points?|ideas?|topics?|themes?)",
    r"what(?:'s| is| are) (?:it|they|(?:this|that|these|those|the|my|your)(?: \w+)?) (?:all )?about",
    r"what (?:does|do) (?:it|they|(?:this|these|the) (?:document|text|book|file|report|guide|material|contract|paper)s?)"
    r" (?:deal with|say|cover|contain|describe)(?=\W*$)",
    r"outline of|abstract of|zusammenfass\w*|fass(?:e|en)?\b.{0,60}\bzusammen",
    r"überblick|übersicht|hauptpunkte",
    r"kernaussagen?|worum geht(?: e)?s|wovon handel[nt]|wichtigste[n]? punkte|inhalt(?= (?:des|der|von))",
    r"résum(?:e|é|és|er|ez)\w*|synthèse",
    r"de quoi (?:parle|s['’]agit|traite)\w*|aperçu|vue d['’]ensemble|points (?:principaux|essentiels|clés)",
    r"resum(?:en|ir|a|ido)|resume(?= (?:el|la|los|las|est[aeo]s?|brevemente)\b)|síntesis",
    r"de qué (?:trata|tratan|habla|va)|puntos (?:principales|clave)|ideas principales|visión general",
    "~总结|概括|概述|摘要|概要|主要内容|大意|讲了什么|说了什么|要点|總結",
)
MOST: Final = _cue(
    r"most (?:common|frequent|often|popular|numerous)|(?:the|has|have|with) (?:the )?most|largest number",
    r"highest number|am häufigsten|häufigste[rsn]?",
    r"am meisten|(?:le|la|les) plus (?:fréquente?s?|courante?s?|souvent|nombreu\w+|de)",
    r"más (?:frecuentes?|comun(?:es)?|común|usad[oa]s?|veces)",
    "~最多|最常见|最常出现|最频繁",
)
LEAST: Final = _cue(
    r"least (?:common|frequent|often)|rarest|fewest|lowest number|smallest number|am seltensten|seltenste[rsn]?|am wenigsten",
    r"(?:le|la|les) moins (?:fréquente?s?|courante?s?|souvent|de)|(?:le|la) plus rare|menos (?:frecuentes?|comun(?:es)?|común)",
    "~最少|最罕见|最少见",
)
LONGEST: Final = _cue(
    r"longest|largest|biggest|längste[rsn]?|größte[rsn]?|(?:le|la) plus (?:longu?e?|grande?)|más (?:larg[oa]|grande)", "~最长|最大"
)
SHORTEST: Final = _cue(
    r"shortest|smallest|kürzeste[rsn]?|kleinste[rsn]?|(?:le|la) plus (?:courte?|petite?)|más (?:cort[oa]|pequeñ[oa])", "~最短|最小"
)
SUM: Final = _cue(
    r"total|sum|average|mean|altogether|highest|lowest|maximum|minimum|gesamt\w*|summe|durchschnitt\w*|höchste[rsn]?|niedrigste[rsn]?",
    r"total[e]?|somme|moyenne?|maximale?|minimale?|suma|promedio|media|máxim[oa]|mínim[oa]",
    "~总和|总计|总额|合计|平均|最高|最低",
)
MORE_COMMON: Final = _cue(
    r"(?:more|less) (?:common|frequent|often)|häufiger|seltener|(?:plus|moins) (?:fréquent|courant)\w*|(?:más|menos) (?:frecuente|común)",
    "~更多|更常见|更少",
)
EACH: Final = _cue(
    r"(?:for|of|in|by|with|per) each|each|per|by(?= \w+ ?\?)|broken down by|je|pro|für jede[nsr]?|jede[srnm]?",
    r"de chaque|par|pour chaque|chaque",
    r"por cada|cada|de cada",
    "~每个|每种|每一个|各个|各种|各",
)
DISTINCT: Final = _cue(
    r"different|distinct|unique|verschiedene[nr]?|unterschiedliche[nr]?|différente?s?|distincte?s?|distint[oa]s|diferentes|únic[oa]s",
    "~不同的?|不同",
)
REASONING: Final = _cue(
    r"why|should|ought|explain|do you think|opinion|advise|recommend|better|best|worst|sentiment|tone|mood",
    r"interpret|analy[sz]e|evaluate|assess",
    r"how come|what if|would you|is it (?:a good|right|fair|wise)|implications?|warum|weshalb|wieso|sollte[nst]?",
    r"erkläre?|meinung|besser|bewerte",
    r"pourquoi|devrait\w*|faut-il|expliqu\w+|meilleure?s?|opinion|avis|por qué|debería\w*|explica\w*|mejor|peor",
    "~为什么|为何|应该|是否应|解释|分析|评价|怎么看|更好",
)
DESCRIBED: Final = re.compile(
    r"(?i)\bsuch that\b|\bso dass\b|\btel(?:le)?s? que\b|\btal(?:es)? que\b"
    r"|\b(?:pairs of|paare (?:von|aus)|paires de|pares de)\b"
    r"|\b(?:class(?:es)?|functions?|methods?|types?|modules?)\s+(?:that|which|to)\b"
    r"|\b(?:klassen?|funktion(?:en)?|methoden?),?\s+(?:die|welche)\b|\b(?:classes?|fonctions?|méthodes?)\s+qui\b"
    r"|\b(?:clases?|funci(?:ón|ones)|métodos?)\s+que\b|使得|(?:类|函数|方法)会"
)
"""What is to be listed is described, not named: only who understands the description can tell what fits it."""
OF_A_FACT: Final = re.compile(
    r"(?i)^\W*(?:who|whom|whose|when|where|how (?:much|many|often|long)|wer|wem|wann|wo|qui|quand|où|quién(?:es)?|cuándo|dónde)\b"
    r"|^\W*(?:谁|何时|哪里)"
)
"""Such a question asks for one fact, also of a summary or of a change."""
SECTION_NAMED: Final = re.compile(
    r"(?i)\b(?:sections?|chapters?|clauses?|parts?|abschnitte?s?|kapitels?|chapitres?|secci(?:ón|ones)|capítulos?)\b|章|节"
)
TOPIC: Final = re.compile(r"(?i)\b(?:says?|said|sagt|steht|dit|dice)\b.{0,40}\b(?:about|on|regarding|über|sur|sobre)\s+\w|关于")
"""A summary of what a text says of something is a search for it."""
BOTH: Final = _cue("or|oder|ou|o", "~或者?")
"""Between two things that are looked for: either is enough."""
FILLER: Final = _cue(
    r"the (?:exact )?(?:words?|terms?|phrases?|strings?|names?)|words?|terms?|phrases?|strings?|das wort|dem wort",
    r"wort|begriff|den begriff|le mot",
    r"l['’]expression|mot|la palabra|palabra|la expresión|término|all(?:e[rsn]?)?|every|any|toutes?|tous|todos?",
    r"todas?|there|are|is|es gibt|gibt",
    r"y a(?:-t-il)?|il y a|hay|altogether|in total|insgesamt|au total|en total|exactly|both|beide",
    r"the (?:whole )?(?:text|material|context|document)s?",
    r"in (?:the |this |these |all |all the )*(?:text|documents?|files?|log|table|data(?:set)?|context|material|collection)s?",
    r"of them|please",
    r"im text|in den dokumenten|in der datei|im dokument|dans (?:le|ce|les|ces) (?:textes?|documents?|fichiers?)",
    r"del?(?= (?:texto|documento|archivo))",
    r"en (?:el|los|este) (?:textos?|documentos?|archivos?)|texto|documento|case-?insensitively",
    "~这个?|这些|文件中|文本中|文中|文件里|所有|一共|总共|词语?|单词|字样|的|了|过|请|在|里|中|个|份|有",
)
