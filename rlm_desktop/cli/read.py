"""`rlm-desktop read`: what the model would get of these documents, and how the window and the engine have documents read."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

import msgspec

from rlm_desktop import paths, streams
from rlm_desktop.cli.parser import Parser
from rlm_desktop.cli.read_report import report
from rlm_desktop.documents.read import OnProgress, read_documents
from rlm_desktop.documents.read_file import read_stream
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.trace.commands import DocumentProgressed, encode_line
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

STDIN_NAME = "standard input"

_NAMES_SAID = 10
_PIECE_CHARS = 1 << 20

Outcome = DocumentRead | DocumentRefused


def main(arguments: Sequence[str]) -> int:
    """Return the exit code: 0 when at least one document was read, 1 when none was. Raises UsageError and UserError."""
    parsed = _parser().parse_args(arguments)
    store = TextStore(paths.texts_folder())
    reader = ReaderProcess(confinement=parsed.confinement)
    on_progress = _say_progress if parsed.jsonl else _say_nothing
    if parsed.jsonl and (parsed.text or parsed.show is not None):
        raise UsageError("With --jsonl the texts stay in the store: leave --text and --show out.")
    if parsed.request and parsed.paths:
        raise UsageError("With --request the documents come from standard input; name none beside it.")
    if parsed.request:
        # Whoever sent the request may cancel it.
        signal.signal(signal.SIGTERM, _leave)
        outcomes = read_documents(_request(), store, on_progress=on_progress, reader=reader)
    else:
        outcomes = _given(parsed, store, on_progress, reader)
    if parsed.text or parsed.show is not None:
        return _show_text(outcomes, store, parsed.show)
    if parsed.jsonl:
        return _write_lines(outcomes)
    return 0 if report(outcomes) else 1


def _parser() -> Parser:
    parser = Parser(prog="rlm-desktop read", description="Show what a model would get of these documents.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, an archive, or - for standard input")
    parser.add_argument("--jsonl", action="store_true", help="write one JSON line for each document, and for progress")
    parser.add_argument("--text", action="store_true", help="write the text itself, exactly as a model would get it, and nothing else")
    parser.add_argument("--show", metavar="NAME", help="as --text, of that document of several which is called so")
    parser.add_argument("--encoding", metavar="E", help="read the files in this encoding instead of finding it out")
    parser.add_argument(
        "--confinement",
        choices=["required", "unconfined"],
        default="required",
        help="unconfined: read PDF, Office, web and such files also where nothing keeps your files and the network from what reads them",
    )
    parser.add_argument("--request", choices=["-"], help="take the documents as a JSON array from the first line of standard input")
    return parser


def _request() -> list[DocumentChoice]:
    try:
        return msgspec.json.decode(sys.stdin.buffer.readline(), type=list[DocumentChoice])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"The first line of standard input is not a JSON array of documents: {error}.") from error


def _given(parsed: argparse.Namespace, store: TextStore, on_progress: OnProgress, reader: ReaderProcess) -> Iterator[Outcome]:
    if not parsed.paths:
        raise UsageError("No document was named. Name files or folders, or - for standard input.")
    if "" in parsed.paths:
        raise UsageError("One of the documents is an empty name. Name files or folders, or - for standard input.")
    if parsed.paths.count("-") > 1:
        raise UsageError("Standard input can be one document only.")
    if "-" in parsed.paths:
        yield _stdin_document(store, parsed)
    choices = [DocumentChoice(path=path, encoding=parsed.encoding) for path in parsed.paths if path != "-"]
    yield from read_documents(choices, store, on_progress=on_progress, reader=reader)


def _stdin_document(store: TextStore, parsed: argparse.Namespace) -> Outcome:
    try:
        return read_stream(sys.stdin.buffer, STDIN_NAME, store, encoding=parsed.encoding, confinement=parsed.confinement)
    except RefusedError as refused:
        return DocumentRefused(name=STDIN_NAME, reason=str(refused))


def _say_progress(progress: DocumentProgressed) -> None:
    _write(encode_line(progress))


def _say_nothing(progress: DocumentProgressed) -> None:
    """Nobody watches."""


def _write(line: bytes) -> None:
    streams.say(line)


def _write_lines(outcomes: Iterator[Outcome]) -> int:
    count = 0
    for outcome in outcomes:
        _write(msgspec.json.encode(outcome) + b"\n")
        count += isinstance(outcome, DocumentRead)
    return 0 if count else 1


def _show_text(outcomes: Iterator[Outcome], store: TextStore, name: str | None) -> int:
    """Write the text of the one document, or of that which is called `name`. Raises UsageError where it is not clear which."""
    documents = []
    for outcome in outcomes:
        if isinstance(outcome, DocumentRead):
            documents.append(outcome)
        elif not outcome.left_out:
            streams.tell(f"rlm-desktop: {outcome.name}: {outcome.reason}")
    if name is None and len(documents) > 1:
        raise UsageError(f"These are {len(documents):,} documents. Say with --show which one: {_some(documents)}.")
    chosen = documents if name is None else [document for document in documents if document.name == name]
    if not chosen:
        if documents:
            raise UsageError(f"None of the documents is called {name!r}. There are: {_some(documents)}.")
        return 1
    try:
        # In whole characters, since what goes to a terminal is looked through.
        with store.path_of(chosen[0].text_sha256).open(encoding="utf-8", newline="") as file:
            while piece := file.read(_PIECE_CHARS):
                streams.say(piece.encode("utf-8"))
    except FileNotFoundError as error:
        raise UserError("The text was removed from the store meanwhile. Read the document again.") from error
    return 0


def _some(documents: Sequence[DocumentRead]) -> str:
    names = [document.name for document in documents[:_NAMES_SAID]]
    return ", ".join(names) + (", …" if len(documents) > _NAMES_SAID else "")


def _leave(number: int, frame: FrameType | None) -> None:
    # Raised, not exited: what is half-written is then removed on the way out.
    raise SystemExit(128 + number)
