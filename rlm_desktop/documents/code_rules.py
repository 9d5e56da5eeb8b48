"""The lines of source code that open a class or a function, a pattern for each family of languages.

Not a parser: a line that looks like a definition inside a string is taken for one. In return a file of any size and of any quality is done
in one pass.
"""

from __future__ import annotations

import re

from rlm_desktop.documents.endings import suffix_of
from rlm_desktop.documents.heading_rules import Found, line_at

_NOT_CALLS = (
    r"(?!(?:if|for|while|switch|catch|return|else|do|try|with|await|new|throw|function|using|lock|foreach|elif|when|match|case|sizeof|typeof"
    r"|delete)\b)"
)

_PATTERNS: dict[str, tuple[str, str]] = {
    "python": (r"(?:class|def|async[ \t]+def)[ \t]+\w", ".py .pyi .pyw .pyx .gd .mojo"),
    "script": (
        (
            r"(?:(?:export|default|declare|abstract|async)[ \t]++)*+(?:const[ \t]++(?=enum))?+"
            r"(?:function\b\*?[ \t]*\w|(?:class|interface|enum|namespace|module)[ \t]+[\w$\"']|type[ \t]+\w+(?:<[^\n=]{0,80}>)?[ \t]*=)"
            r"|(?:export[ \t]++)?+(?:const|let|var)[ \t]++[\w$]++[^\n=]{0,80}+=[ \t]*+(?:async[ \t]*+)?+"
            r"(?:function\b|\([^\n]{0,200}=>[ \t]*[{(]?[ \t]*\n|\w++[ \t]*+=>)"
            rf"|{_NOT_CALLS}(?:(?:public|private|protected|static|async|get|set|override|readonly)[ \t]++)*+"
            r"[\w$#]++[ \t]*+(?:<[^\n>]{0,60}+>)?+\([^\n;]{0,250}\)(?:[ \t]*+:[^\n;={]{1,100}+)?+[ \t]*+\{[ \t]*+\n"
        ),
        ".js .mjs .cjs .jsx .ts .tsx .mts .cts .vue .svelte",
    ),
    "go": (r"(?:func[ \t]+[\w(]|type[ \t]+\w+(?:\[[^\n\]]{0,80}\])?[ \t]+(?:struct|interface)\b)", ".go"),
    "rust": (
        (
            r"(?:(?:pub(?:\([^\n)]{0,40}+\))?+|default|async|unsafe|extern(?:[ \t]++\"[^\n\"]{0,20}+\")?+)[ \t]++"
            r"|const[ \t]++(?=fn|unsafe|async|extern))*+"
            r"(?:fn|struct|enum|trait|impl|mod|union|macro_rules!)\b[ \t<]"
        ),
        ".rs",
    ),
    "classes": (
        (
            r"(?:(?:public|private|protected|internal|static|final|abstract|sealed|virtual|override|async|open|inline|suspend|data|partial|unsafe"
            r"|extern|native|synchronized|operator|mutating|fileprivate|lazy|case|implicit|const|external|factory|default|readonly|required"
            r"|convenience|companion|value|inner|annotation|infix|tailrec|actual|expect|lateinit)[ \t]++)*+"
            r"(?:(?:class|interface|enum(?:[ \t]+class)?|record|struct|object|trait|protocol|extension|namespace|actor|mixin"
            r"|@interface)[ \t]+\w"
            r"|(?:fun|func|def|fn|function)[ \t]+[\w<`(&]"
            r"|init[?!]?[ \t]*\("
            rf"|{_NOT_CALLS}(?:[\w.$?]++(?:<[^\n()=;]{{0,80}}+)?+(?:\[\])*+[ \t]++)?+"
            rf"{_NOT_CALLS}\w++[ \t]*+\([^\n;={{]{{0,250}}+\{{[ \t]*+\n)"
        ),
        ".java .cs .kt .kts .scala .swift .groovy .dart .php .hx .vala",
    ),
    "c": (
        (
            r"(?:typedef[ \t]++)?+(?:class|struct|enum(?:[ \t]+class)?|union|namespace)[ \t]++\w++[^\n;()={]{0,150}+\{?+[^\n;()=]{0,20}+\n"
            r"|(?<=\n)(?!(?:else|return|typedef|using|if|for|while|switch|case|do)\b)[A-Za-z_][\w \t*&:<>,~]{0,150}+\([^\n;]{0,200}+\n"
            rf"|{_NOT_CALLS}[A-Za-z_~][\w \t*&:<>,~]{{0,150}}+\([^\n;{{}}]{{0,200}}+(?:\{{|\n[ \t]{{0,80}}+\{{)[ \t]{{0,80}}+\n"
            r"|@(?:interface|implementation|protocol)[ \t]++\w|[-+][ \t]*+\([^\n)]{1,60}+\)[ \t]*+\w"
        ),
        ".c .h .cc .cpp .cxx .hpp .hh .hxx .ino .cu .cuh .m .mm",
    ),
    "ruby": (r"(?:class|module|def|defmodule|defp|defmacro|defprotocol|defimpl)[ \t]+[\w.:<]", ".rb .rake .gemspec .ex .exs .cr"),
    "lisp": (
        (r"\((?:defun|defmacro|defn-?|defclass|defgeneric|defmethod|defstruct|define|defprotocol|defrecord|ns|module)[ \t]+[^\s]"),
        ".el .lisp .cl .clj .cljs .scm .rkt",
    ),
    "shell": (r"(?:function[ \t]+[\w:.-]+|[\w:.-]+[ \t]*\([ \t]*\))[ \t]*(?:\([ \t]*\))?[ \t]*[{(]?[ \t]*\n", ".sh .bash .zsh .ksh"),
    "lua": (r"(?:local[ \t]+)?function[ \t]+[\w.:]", ".lua"),
    "perl": (r"(?:sub|package)[ \t]+\w", ".pl .pm"),
    "julia": (r"(?:function|macro|struct|mutable[ \t]+struct|module|abstract[ \t]+type)[ \t]+\w", ".jl"),
    "r": (r"[\w.]+[ \t]*(?:<-|=)[ \t]*function\b", ".r"),
    "sql": (
        (
            r"(?i:create)[ \t]+(?:(?i:or[ \t]+replace|temp|temporary|unique|materialized|recursive)[ \t]+)*"
            r"(?i:table|view|function|procedure|trigger|index|type|schema)\b"
        ),
        ".sql",
    ),
    "haskell": (r"(?:module|data|newtype|class|instance|type)[ \t]+[A-Z(]|(?<=\n)[a-z_][\w']*[ \t]*::", ".hs .purs .elm"),
    "ml": (r"(?:let(?:[ \t]+rec)?|and|module|type|class|member|static[ \t]+member)[ \t]+[\w(.]", ".ml .mli .fs .fsx"),
    "fortran": (
        (r"(?i:(?:recursive[ \t]+|pure[ \t]+|elemental[ \t]+)*(?:subroutine|function|module|program|type)[ \t]+\w)"),
        ".f .f77 .f90 .f95 .f03 .for",
    ),
    "pascal": (r"(?i:procedure|function|constructor|destructor|unit|program)[ \t]+\w", ".pas .pp .dpr"),
    "visual basic": (
        (r"(?i:(?:public[ \t]+|private[ \t]+|friend[ \t]+|shared[ \t]+)*(?:sub|function|class|module|property|structure)[ \t]+\w)"),
        ".vb .bas .cls .vbs",
    ),
    "shell of windows": (r"(?i:function|class|filter)[ \t]+[\w-]", ".ps1 .psm1"),
    "zig": (
        (
            r"(?:pub[ \t]+|export[ \t]+|inline[ \t]+)*(?:fn[ \t]+\w|const[ \t]+\w+[ \t]*=[ \t]*"
            r"(?:packed[ \t]+|extern[ \t]+)?(?:struct|enum|union)\b)"
        ),
        ".zig",
    ),
}
_BY_SUFFIX = {suffix: family for family, (_, suffixes) in _PATTERNS.items() for suffix in suffixes.split()}
_LEVELLED: dict[str, str] = {
    ".tex": r"\\(?P<mark>part|chapter|section|subsection|subsubsection|paragraph)\*?(?:\[[^\n]{0,100}\])?\{(?P<title>[^\n]{1,200})\n",
    ".org": r"(?P<mark>\*{1,8})[ \t]+(?P<title>[^\n]{1,280})\n",
    ".adoc": r"(?P<mark>={1,6})[ \t]+(?P<title>[^\n]{1,280})\n",
    ".asciidoc": r"(?P<mark>={1,6})[ \t]+(?P<title>[^\n]{1,280})\n",
}
_TEX_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}


class CodeRule:
    """Definitions; the level is how many others a line is indented below."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._indents: list[int] = []

    def heading(self, match: re.Match[str]) -> Found | None:
        indent = len(match["indent"].expandtabs(4))
        while self._indents and self._indents[-1] >= indent:
            self._indents.pop()
        self._indents.append(indent)
        return len(self._indents), line_at(match).rstrip("{:( \t"), match.start() + 1


class LevelledRule:
    """Headings of a markup whose mark says the level: LaTeX, Org, AsciiDoc."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern

    def heading(self, match: re.Match[str]) -> Found | None:
        mark, title = match["mark"], match["title"].strip()
        if mark in _TEX_LEVELS:
            title = title[: title.rfind("}")] if "}" in title else title
        return _TEX_LEVELS.get(mark, len(mark)), title, match.start() + 1


def code_rule(name: str) -> CodeRule | LevelledRule | None:
    """Return a new rule for the language that the name's ending tells, None for a text in none of them."""
    suffix = suffix_of(name)
    if suffix in _LEVELLED:
        return LevelledRule(re.compile(rf"\n(?={_LEVELLED[suffix]})"))
    family = _BY_SUFFIX.get(suffix)
    if family is None:
        return None
    return CodeRule(re.compile(rf"\n(?P<indent>[ \t]{{0,80}}+)(?=(?:{_PATTERNS[family][0]}))"))
