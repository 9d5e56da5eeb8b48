"""`rlm-desktop run`: the engine without a window; with --jsonl, the program that the window runs."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from rlm_desktop import paths, streams
from rlm_desktop.cli.commands_in import has_other_end, read_commands
from rlm_desktop.cli.mirror import Mirror
from rlm_desktop.cli.read import STDIN_NAME
from rlm_desktop.cli.run_options import RunOptions, parse
from rlm_desktop.cli.run_progress import RunProgress
from rlm_desktop.cli.run_refusal import RefusalWatch, choices, lowered
from rlm_desktop.cli.wake_on_signal import wake_on_signal
from rlm_desktop.documents.read_file import read_stream
from rlm_desktop.documents.reading import read_in_child
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.engine.context import Context, of_documents
from rlm_desktop.engine.endpoint import Endpoint, open_endpoint
from rlm_desktop.engine.recorder import OnEvent, OnLines, Recorder
from rlm_desktop.engine.run import Run, RunResult
from rlm_desktop.engine.shared import OnText
from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.own_process import close_to_others, forget_variables
from rlm_desktop.present.plain import plain
from rlm_desktop.redact import LIVE, RedactedStream
from rlm_desktop.sandbox.values import Confinement
from rlm_desktop.servers.providers import providers
from rlm_desktop.trace import commands
from rlm_desktop.trace.events import DocumentRead, DocumentRefused, KnownEvent
from rlm_desktop.trace.request import DocumentChoice, RunRequest
from rlm_desktop.trace.writer import TraceWriter

if TYPE_CHECKING:
    from rlm_desktop.cli.run_tree import RunTree

_T = TypeVar("_T")

EXIT_STATUS: Final = {"ok": 0, "error": 1, "limit": 3, "cancelled": 130}


def main(arguments: Sequence[str]) -> int:
    status, trace = run_to_end(parse(arguments))
    if trace.exists():
        streams.tell(f"trace: {plain(str(trace), keeps_lines=False)}")
    return status


def run_to_end(options: RunOptions) -> tuple[int, Path]:
    """Run, print the answer, and return the exit status with the trace's place, which is not said. Raises UserError."""
    # It warns of processes that had ended before they were waited for, as happens when a run is stopped while one starts.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    close_to_others()
    request = options.request
    # Before the loop, which takes Ctrl+C over: a key store may wait for a person.
    root = open_endpoint(request.model, os.environ)
    sub = None if request.sub_model is None else open_endpoint(request.sub_model, os.environ)
    forget_variables(_key_variables(request))
    return asyncio.run(_run(options, root, sub))


async def _run(options: RunOptions, root: Endpoint, sub: Endpoint | None) -> tuple[int, Path]:
    request = options.request
    question = _without_keys(request.question)
    refusal = RefusalWatch()
    if request.confinement == "unconfined" and options.progress == "none":
        # Elsewhere it is among what the run says of itself.
        streams.tell(f"rlm-desktop: {lowered()}")
    writer = _new_trace(request.trace, question)
    mirror = Mirror(writer.path, sys.stdout.fileno()) if options.is_jsonl else None
    tree = _tree(writer.path) if options.progress == "tree" else None
    recorder = Recorder(writer, on_lines=_taker_of_lines(mirror, tree), on_event=refusal.over(_taker_of_events(options, tree)))

    def progress(line: commands.Progress) -> None:
        if mirror is not None:
            mirror.progress(LIVE.redact_bytes(commands.encode_line(line)))

    run = Run(
        question=question,
        root=root,
        sub=sub,
        limits=request.limits,
        recorder=recorder,
        confinement=request.confinement,
        required_claims=request.required_claims,
        run_id=request.run_id,
        on_text=_streamer(progress),
    )
    _listen(run, options, progress)

    async def read_context(emit: Callable[[KnownEvent], None]) -> Context:
        return await _read_context(request.documents, options, emit, progress)

    try:
        with wake_on_signal():
            result = await run.start(read_context)
    finally:
        recorder.close()
        if tree is not None:
            tree.close()
        if mirror is not None:
            await asyncio.to_thread(mirror.close)
        await root.model.aclose()
        if sub is not None:
            await sub.model.aclose()
    status = _report(result, options, writer)
    if result.status == "error" and not options.is_jsonl and refusal.is_refused:
        streams.tell(plain(choices(options.arguments)))
    return status, writer.path


def _key_variables(request: RunRequest) -> set[str]:
    """Return the names of the variables that hold keys: those that were asked for, and those that providers are known to use."""
    named = {choice.api_key_env for choice in (request.model, request.sub_model) if choice is not None}
    return {*(name for name in named if name), *(name for one in providers() for name in one.key_envs)}


def _without_keys(question: str) -> str:
    """Return the question without live keys, which nobody means to ask about. Say so; and of what looks like a key, that it is sent."""
    if LIVE.exact(question) != question:
        streams.tell("rlm-desktop: The question holds the key of a model. It is left out: *** stands in its place.")
    elif LIVE.holds_key(question):
        streams.tell("rlm-desktop: The question holds what looks like a key. It is sent to the model as it is; the trace shows *** there.")
    return LIVE.exact(question)


def _tree(trace: Path) -> RunTree:
    # It brings numpy with it, which a run that nobody watches does without.
    from rlm_desktop.cli.run_tree import RunTree

    return RunTree(trace, LIVE)


def _taker_of_lines(mirror: Mirror | None, tree: RunTree | None) -> OnLines | None:
    if mirror is not None:
        return lambda lines: mirror.grew(sum(map(len, lines)))
    return None if tree is None else tree.lines


def _taker_of_events(options: RunOptions, tree: RunTree | None) -> OnEvent | None:
    if tree is not None:
        return tree.event
    return RunProgress(LIVE).event if options.progress == "lines" else None


def _streamer(progress: Callable[[commands.Progress], None]) -> OnText:
    """Return what passes pieces of replies on, each reply's pieces redacted as the one text that they are."""
    # Only the root's replies are streamed, one after the other: the one that comes now is all there is to remember.
    now, stream = (-1, -1), RedactedStream(LIVE)

    def streamed(call_id: int, iteration: int, text: str) -> None:
        nonlocal now, stream
        if (call_id, iteration) != now:
            now, stream = (call_id, iteration), RedactedStream(LIVE)
        if shown := stream.feed(text):
            progress(commands.TextStreamed(call_id=call_id, iteration=iteration, text=shown))

    return streamed


async def _read_context(
    choices: Sequence[DocumentChoice],
    options: RunOptions,
    emit: Callable[[KnownEvent], None],
    progress: Callable[[commands.Progress], None],
) -> Context:
    store, confinement = TextStore(paths.texts_folder()), options.request.confinement
    found: list[DocumentRead | DocumentRefused] = []
    if options.reads_stdin_document:
        # A child would have to be handed the descriptor.
        found.append(await _on_daemon_thread(lambda: _read_stdin(store, confinement)))
        choices = [choice for choice in choices if choice.path != "-"]
    if choices:
        found += await read_in_child(choices, on_progress=progress, confinement=confinement)
    for one in found:
        emit(one)
    documents = [one for one in found if isinstance(one, DocumentRead)]
    if not documents:
        reasons = " ".join(f"{one.name}: {one.reason}" for one in found if not isinstance(one, DocumentRead))
        raise UserError(f"No document could be read. {reasons}".strip())
    return of_documents(documents, [store.path_of(document.text_sha256) for document in documents])


def _read_stdin(store: TextStore, confinement: Confinement) -> DocumentRead | DocumentRefused:
    try:
        # Unbuffered: a buffer that a thread waits in is locked, and Python aborts when it is to be closed at the end.
        with open(0, "rb", buffering=0, closefd=False) as stdin:
            return read_stream(stdin, STDIN_NAME, store, confinement=confinement)
    except RefusedError as refused:
        return DocumentRefused(name=STDIN_NAME, reason=str(refused))


async def _on_daemon_thread(read: Callable[[], _T]) -> _T:
    """Unlike the loop's own threads this one is not waited for: what it reads may never end, and the run can be stopped all the same."""
    outcome: Future[_T] = Future()
    outcome.set_running_or_notify_cancel()

    def work() -> None:
        try:
            outcome.set_result(read())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where the thread is waited for
            outcome.set_exception(error)

    threading.Thread(target=work, name="standard input", daemon=True).start()
    return await asyncio.wrap_future(outcome)


def _listen(run: Run, options: RunOptions, progress: Callable[[commands.Progress], None]) -> None:
    """Obey signals, and under --jsonl the commands on stdin, whose end means stop unless the person let go of the run before."""
    loop = asyncio.get_running_loop()
    is_detached = False

    def obey(command: commands.AnyCommand) -> None:
        nonlocal is_detached
        if isinstance(command, commands.Detach):
            is_detached = True
            return
        refusal = run.obey(command)
        if refusal is not None:
            progress(commands.CommandRefused(command=type(command).__name__, reason=refusal))

    def ended() -> None:
        if not is_detached:
            run.obey(commands.Stop())

    def stop(_number: int, _frame: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(run.obey, commands.Stop())

    # Not the loop's own handlers: it takes those away as it closes, and a second signal would then end the program half-way out.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if options.is_jsonl and not options.reads_stdin_document and has_other_end(0):
        read_commands(
            0,
            loop,
            on_command=obey,
            on_unreadable=lambda reason: progress(commands.CommandRefused(command="", reason=reason)),
            on_end=ended,
            already_read=options.rest_of_stdin,
        )


def _report(result: RunResult, options: RunOptions, writer: TraceWriter) -> int:
    status = EXIT_STATUS[result.status]
    if not options.is_jsonl and result.answer is not None:
        answer = LIVE(result.answer)
        try:
            streams.say(answer)
        except BrokenPipeError:
            streams.tell("rlm-desktop: Nobody reads the standard output any more; the answer stands in the trace.")
        except UserError as error:
            streams.tell(f"rlm-desktop: {error}")
            status = status or 1
    if result.error is not None:
        streams.tell(f"rlm-desktop: {LIVE(result.error)}")
    if writer.count and not writer.path.exists():
        streams.tell(f"rlm-desktop: The trace {writer.path} is gone: it was removed while the run wrote it.")
    return status


def _new_trace(given: str | None, question: str) -> TraceWriter:
    if given is not None:
        return TraceWriter(Path(given), redactor=LIVE)
    words = re.sub(r"[^\w]+", "-", LIVE(question[:1_000]).lower()).strip("-")[:40].rstrip("-") or "run"
    stem = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{words}"
    folder = paths.runs_folder()
    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    while (path := folder / f"{next(names)}.rlmtrace").exists() or (writer := _writer(path)) is None:
        continue
    return writer


def _writer(path: Path) -> TraceWriter | None:
    """None where another run, started in the same second, has taken the name meanwhile."""
    try:
        return TraceWriter(path, redactor=LIVE)
    except UsageError:
        return None
