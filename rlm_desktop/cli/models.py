"""`rlm-desktop models`: for people, which providers, servers and models there are; with --request -, what the models page asks for."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence

from rlm_desktop import streams
from rlm_desktop.cli import models_request
from rlm_desktop.cli.model_options import chosen_server
from rlm_desktop.cli.parser import Parser
from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.local_servers import find_local_servers
from rlm_desktop.errors import UserError
from rlm_desktop.own_process import close_to_others
from rlm_desktop.present.plain import plain
from rlm_desktop.servers.providers import FoundServer, Provider, provider, providers


def main(arguments: Sequence[str]) -> int:
    """Exit 0 done, 1 not done, 2 wrong use."""
    options = _parser().parse_args(arguments)
    if options.request is not None:
        return models_request.main()
    match options.command:
        case "providers":
            _say_lines(line for one in providers() for line in _about(one, os.environ))
        case "list":
            _say_lines(_list(options))
        case "local":
            found = asyncio.run(find_local_servers())
            _say_lines(line for one in found for line in _found(one))
            if not found:
                streams.tell("No server of models answers on the usual ports of this computer. Start one, or name its --base-url.")
                return 1
        case _:
            _parser().print_help()
            return 2
    return 0


def _parser() -> Parser:
    parser = Parser(prog="rlm-desktop models", description="Which providers, servers and models there are.")
    parser.add_argument(
        "--request", metavar="-", choices=["-"], help="for programs: one JSON line on the standard input, one on the output"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("providers", help="the providers that are known by name, and whether their keys are set")
    listing = commands.add_parser("list", help="the names of the models that a server offers")
    listing.add_argument("--provider", metavar="P", help="one of `rlm-desktop models providers`; azure:RESOURCE for Azure")
    listing.add_argument("--base-url", metavar="U", help="a server that speaks the OpenAI protocol")
    listing.add_argument("--api-key-env", metavar="VAR", help="the environment variable that holds the key")
    listing.add_argument("--api-key-stored-as", metavar="NAME", help="a key in the system's key store, as the models page names it")
    listing.add_argument("--allow-plain-http", action="store_true", help="send key and text unencrypted to another computer")
    commands.add_parser("local", help="the servers that run on this computer: its usual ports are asked, nothing else is")
    return parser


def _list(options: argparse.Namespace) -> list[str]:
    choice = chosen_server(
        options.provider,
        base_url=options.base_url,
        api_key_env=options.api_key_env,
        allows_plain_http=options.allow_plain_http,
        environment=os.environ,
        api_key_stored_as=options.api_key_stored_as,
    )
    close_to_others()
    try:
        return asyncio.run(models_request.list_models(choice, os.environ))
    except (UserError, ModelError) as error:
        raise UserError(str(error)) from None


def _about(one: Provider, environment: Mapping[str, str]) -> list[str]:
    lines = [f"{one.id:<12}{one.name}"]
    if one.base_url:
        lines.append(f"{'':<12}{one.base_url}")
    if one.fill_in:
        lines.append(f"{'':<12}--provider {one.id}:{one.fill_in}, with the name of your resource")
    if one.key_envs:
        name = one.key_env(environment)
        lines.append(f"{'':<12}{name} is {'set' if environment.get(name) else 'not set'}; get a key at {one.key_at}")
    if one.model_example:
        lines.append(f"{'':<12}--model: {one.model_example}")
    if one.note:
        lines.append(f"{'':<12}{one.note}")
    return lines


def _found(server: FoundServer) -> list[str]:
    lines = [f"{server.name or 'A server'} at {server.base_url}"]
    if server.needs_key:
        lines.append("    asks for a key before it lists its models")
    elif not server.models:
        lines.append("    has no model loaded")
    if server.passes_on:
        lines.append("    passes on what it is asked: text leaves this computer")
    known = provider(server.provider)
    if known is not None and known.note:
        lines.append(f"    {known.note}")
    return lines + [f"    {name}" for name in server.models]


def _say_lines(lines: Iterable[str]) -> None:
    for line in lines:
        streams.say(plain(line, keeps_lines=False))
