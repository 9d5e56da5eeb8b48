"""What `rlm-desktop read` shows a person: each document with its kind, size, outline and notes, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rlm_desktop import streams
from rlm_desktop.present.numbers import size
from rlm_desktop.trace.document_kinds import kind_in_words
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.shown import shown

_HEADINGS_SHOWN: Final = 40
_LEFT_OUT_SHOWN: Final = 20


def report(outcomes: Iterable[DocumentRead | DocumentRefused]) -> int:
    """Print each outcome as it comes, and the sum; return how many documents there are. What was refused is said on stderr."""
    count = chars = tokens = 0
    for outcome in outcomes:
        if isinstance(outcome, DocumentRead):
            count, chars, tokens = count + 1, chars + outcome.chars, tokens + (outcome.tokens_about or 0)
            _show(outcome)
        else:
            _show_refused(outcome)
    documents = "1 document" if count == 1 else f"{count:,} documents"
    streams.say(f"{documents}, {chars:,} characters, about {tokens:,} tokens (an estimate, by the characters of each text's beginning)")
    return count


def _show(document: DocumentRead) -> None:
    streams.say(document.name)
    about = f"about {document.tokens_about:,} tokens" if document.tokens_about is not None else ""
    kept = [kind_in_words(document), document.encoding or "", size(document.file_bytes) if document.file_bytes is not None else ""]
    text = [document.extent or "", f"{document.chars:,} characters", about]
    streams.say(f"  {', '.join(filter(None, kept))}; {shown(', '.join(filter(None, text)))}")
    for note in document.notes:
        streams.say(f"  {shown(note)}")
    for heading in document.outline[:_HEADINGS_SHOWN]:
        streams.say(f"  {'  ' * heading.level}{shown(heading.title)}  @{heading.at:,}")
    if len(document.outline) > _HEADINGS_SHOWN:
        streams.say(f"    … and {len(document.outline) - _HEADINGS_SHOWN:,} more headings")


def _show_refused(refused: DocumentRefused) -> None:
    if not refused.left_out:
        streams.tell(f"rlm-desktop: {refused.name}: {refused.reason}")
        return
    streams.say(f"{refused.name}: {refused.left_out_count:,} left out")
    for one in refused.left_out[:_LEFT_OUT_SHOWN]:
        streams.say(f"    {one.name}: {one.reason}")
    if refused.left_out_count > _LEFT_OUT_SHOWN:
        streams.say(f"    and {refused.left_out_count - _LEFT_OUT_SHOWN:,} more, which --jsonl lists")
