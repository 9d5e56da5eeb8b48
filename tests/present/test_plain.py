from __future__ import annotations

from rlm_desktop.present.plain import plain


def test_what_could_steer_a_terminal_is_written_out() -> None:
    assert plain("a\x1b[31mb\x07\u202ec\x9b2J\x1b]52;c;eA==\x07") == "a‹ESC›[31mb‹BEL›‹RLO›c‹CSI›2J‹ESC›]52;c;eA==‹BEL›"


def test_line_ends_and_tabs_stay_unless_all_goes_on_one_line() -> None:
    assert plain("a\n\tb\r\nc\rd") == "a\n\tb\nc‹CR›d"
    assert plain("a\n\tb", keeps_lines=False) == "a‹LF›‹TAB›b"


def test_ordinary_text_is_left_alone() -> None:
    assert plain("naïve 漢字 עברית 😀 👩\u200d👧 می\u200cخواهم\u00a0") == "naïve 漢字 עברית 😀 👩\u200d👧 می\u200cخواهم\u00a0"
