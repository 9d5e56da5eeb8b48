from __future__ import annotations

from rlm_desktop.present.plain import plain


def test_what_a_terminal_would_obey_is_a_dot() -> None:
    assert plain("a\x1b[31mb\x07\u202ec\x9b2J") == "a·[31mb··c·2J"


def test_lines_stay_only_where_asked() -> None:
    assert plain("a\n\tb") == "a\n\tb"
    assert plain("a\n\tb", keeps_lines=False) == "a··b"


def test_letters_of_any_script_stay() -> None:
    assert plain("naïve 漢字 עברית 😀") == "naïve 漢字 עברית 😀"
