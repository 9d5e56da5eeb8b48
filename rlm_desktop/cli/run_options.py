"""The options of `rlm-desktop run`, and the request that they make."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from rlm_desktop import streams
from rlm_desktop.cli.commands_in import MOST_QUOTED_CHARS, read_first_line
from rlm_desktop.cli.model_options import chosen_server
from rlm_desktop.cli.parser import Parser
from rlm_desktop.errors import UsageError
from rlm_desktop.sandbox.values import Confinement
from rlm_desktop.servers.parameters import parameters_in
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest

Progress = Literal["tree", "lines", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    request: RunRequest
    is_jsonl: bool
    rest_of_stdin: bytes = b""
    reads_stdin_document: bool = False
    progress: Progress = "none"
    """How stderr shows what happens; never beside --jsonl."""
    arguments: tuple[str, ...] = ()
    """As they were typed, empty where the request came over the standard input."""


def parse(arguments: Sequence[str]) -> RunOptions:
    """Raises UsageError, or leaves with status 2 as argparse does.

    What lowers the confinement of a run is typed here, or stands in a request on the standard input: that is written by the program which
    starts this one as its own, with the rights of the person. Documents, traces, settings and the environment are never asked.
    """
    options = _parser().parse_args(arguments)
    if options.request is not None:
        if options.documents or options.question or options.model or options.trace or options.confinement:
            raise UsageError("--request - brings documents, question, models, trace and confinement with it. Leave the other options out.")
        return _from_stdin(options)
    if not options.question or not options.question.strip():
        raise UsageError("There is no question. Ask one with -q.")
    if not options.documents:
        raise UsageError("There is no document. Name files or folders, or - for the standard input.")
    if "" in options.documents:
        raise UsageError("One of the documents is an empty name. Name files or folders, or - for the standard input.")
    if options.documents.count("-") > 1:
        raise UsageError("The standard input can be one document only: - stands there more than once.")
    model, sub_model = _models(options)
    request = RunRequest(
        question=options.question,
        documents=tuple(DocumentChoice(path=path) for path in options.documents),
        model=model,
        sub_model=sub_model,
        limits=_limits(options),
        trace=None if options.trace is None else str(options.trace),
        confinement=options.confinement or "required",
    )
    return RunOptions(
        request=request,
        is_jsonl=options.jsonl,
        reads_stdin_document="-" in options.documents,
        progress=_progress(options),
        arguments=tuple(arguments),
    )


def _parser() -> Parser:
    parser = Parser(
        prog="rlm-desktop run",
        description="Answer a question over documents of any length. The answer goes to stdout, progress to stderr.",
        epilog="Exit status: 0 answered, 1 failed, 2 wrong use, 3 a limit was reached (the best answer is printed), 130 cancelled.",
    )
    add = parser.add_argument
    add("documents", metavar="DOC", nargs="*", help="a file, a folder, or - for the standard input")
    add("-q", "--question", metavar="QUESTION")
    add("--model", metavar="M", help="the root model; without it the built-in extractive model, which needs no network")
    add("--sub-model", metavar="M", help="the model of plain sub-calls; without it the root model")
    add("--provider", metavar="P", help="who serves it, by name: ollama, openrouter, azure:RESOURCE … (rlm-desktop models providers)")
    add("--base-url", metavar="U", help="a server that speaks the OpenAI protocol, in place of --provider")
    add("--api-key-env", metavar="VAR", help="the environment variable that holds the key (the provider's own, or OPENAI_API_KEY)")
    add("--api-key-stored-as", metavar="NAME", help="a key in the system's key store, by the name that the models page shows")
    add("--allow-plain-http", action="store_true", help="send key and text unencrypted to another computer")
    add("--parameter", metavar="NAME=VALUE", action="append", default=[], help="such as temperature=0.2; any number of them")
    add("--sub-provider", metavar="P")
    add("--sub-base-url", metavar="U")
    add("--sub-api-key-env", metavar="VAR")
    add("--sub-api-key-stored-as", metavar="NAME")
    add("--sub-allow-plain-http", action="store_true")
    add("--sub-parameter", metavar="NAME=VALUE", action="append", default=[], help="for sub-calls, beside or in place of --parameter")
    defaults = Limits()
    add("--max-depth", metavar="N", type=int, default=defaults.max_depth, help="0: no sub-calls, 1: plain ones, 2 and more: recursion")
    add("--max-iterations", metavar="N", type=int, default=defaults.max_iterations, help="turns of each call with a REPL")
    add("--max-calls", metavar="N", type=int, default=defaults.max_calls, help="all calls of the run, the root's too")
    add("--max-tokens", metavar="N", type=int, help="input and output of all calls together")
    add("--max-cost-usd", metavar="X", type=float)
    add("--max-time-s", metavar="S", type=float)
    add("--concurrency", metavar="N", type=int, default=defaults.max_requests_at_once, help="requests to models at once")
    about = (
        "required (without it): the models' code is kept from files, network and processes, or the run is refused; unconfined: it is not"
    )
    add("--confinement", choices=get_args(Confinement), help=about)
    add("--trace", metavar="FILE", type=Path, help="where the trace is written; an existing file is never overwritten")
    add("--progress", choices=get_args(Progress), help="on stderr: a tree drawn in place (in a terminal), lines (elsewhere), or none")
    add("--jsonl", action="store_true", help="the trace's lines on stdout in place of the answer")
    add("--request", metavar="-", choices=["-"], help="the whole request as one JSON line on the standard input")
    return parser


def _from_stdin(options: argparse.Namespace) -> RunOptions:
    line, rest = read_first_line(sys.stdin.fileno())
    return RunOptions(request=request_in(line), is_jsonl=options.jsonl, rest_of_stdin=rest, progress=_progress(options))


def request_in(line: bytes) -> RunRequest:
    """Raises UsageError."""
    try:
        request = msgspec.json.decode(line, type=RunRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"The first line of the standard input is not a request: {str(error)[:MOST_QUOTED_CHARS]}.") from error
    if not request.question.strip():
        raise UsageError("There is no question.")
    if not request.documents:
        raise UsageError("There is no document.")
    return request


def _progress(options: argparse.Namespace) -> Progress:
    if options.jsonl:
        return "none"
    chosen: Progress | None = options.progress
    return chosen or ("tree" if streams.can_be_drawn_on(os.environ) else "lines")


def _models(options: argparse.Namespace) -> tuple[ModelChoice, ModelChoice | None]:
    server = chosen_server(
        options.provider,
        base_url=options.base_url,
        api_key_env=options.api_key_env,
        allows_plain_http=options.allow_plain_http,
        environment=os.environ,
        api_key_stored_as=options.api_key_stored_as,
    )
    parameters = parameters_in(options.parameter)
    root = _model(options.model, server, parameters)
    names_sub_server = options.sub_base_url is not None or options.sub_provider is not None
    sub_key_option = "--sub-api-key-env" if options.sub_api_key_env else "--sub-api-key-stored-as" if options.sub_api_key_stored_as else ""
    if sub_key_option and options.sub_model is None and not names_sub_server:
        raise UsageError(f"{sub_key_option} names a key, but nothing that it is for. Name it with --sub-model or --sub-base-url.")
    sub_parameters = parameters_in(options.sub_parameter)
    if options.sub_model is None and not names_sub_server:
        return root, replace(root, parameters=parameters | sub_parameters) if sub_parameters else None
    sub_server = chosen_server(
        options.sub_provider,
        base_url=options.sub_base_url,
        api_key_env=options.sub_api_key_env,
        allows_plain_http=options.sub_allow_plain_http,
        environment=os.environ,
        api_key_stored_as=options.sub_api_key_stored_as,
    )
    if not names_sub_server:
        own = {"api_key_env": options.sub_api_key_env, "api_key_stored_as": options.sub_api_key_stored_as}
        sub_server = replace(server, **own) if sub_key_option else server
    elif sub_server.base_url == server.base_url and not sub_key_option:
        # A key goes to the server it was named for, and to no other.
        sub_server = replace(
            sub_server, api_key_env=sub_server.api_key_env or server.api_key_env, api_key_stored_as=server.api_key_stored_as
        )
    return root, _model(options.sub_model or options.model, sub_server, parameters | sub_parameters)


def _model(name: str | None, server: ModelChoice, parameters: dict[str, str | int | float | bool]) -> ModelChoice:
    if name is not None:
        return replace(server, name=name, parameters=parameters)
    if server.base_url is not None:
        raise UsageError("--base-url or --provider names a server, but no model on it. Name one with --model.")
    if server.api_key_env is not None or server.api_key_stored_as is not None:
        option = "--api-key-env" if server.api_key_env is not None else "--api-key-stored-as"
        raise UsageError(f"{option} names a key, but the built-in model needs none. Name a model with --model.")
    if parameters:
        raise UsageError("--parameter is for a model behind a server; the built-in model has none. Name a model with --model.")
    return ModelChoice(name="", provider="builtin")


def _limits(options: argparse.Namespace) -> Limits:
    given = {
        "max_depth": options.max_depth,
        "max_iterations": options.max_iterations,
        "max_calls": options.max_calls,
        "max_tokens": options.max_tokens,
        "max_cost_usd": options.max_cost_usd,
        "max_time_s": options.max_time_s,
        "max_requests_at_once": options.concurrency,
    }
    try:
        # Through msgspec, so that the same bounds hold as for a request line.
        return msgspec.convert(given, Limits)
    except msgspec.ValidationError as error:
        raise UsageError(f"A limit is out of its range: {error}.") from error
