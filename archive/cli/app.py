"""The application that the commands hang on; building it imports no database and no index."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

HELP = "An archive of news items that tracks where they came from."


ROOMS = {
    "bringing": ("init", "ingest"),
    "asking": ("show", "search", "log"),
    "following": ("trace", "compare", "versions"),
    "relating": ("related", "claims", "relink"),
    "naming": ("sources", "attributions", "attribute", "reread", "outlets"),
    "checking": ("verify", "rehash"),
    "keeping": ("status", "reindex", "upgrade", "settings"),
    "scheduling": ("schedule",),
    "copying": ("repair", "replica"),
    "proving": ("checkpoint", "timestamp", "prove", "evidence", "check", "keys"),
    "reading": ("read", "formats"),
}
"""Where the commands are, in the order in which help lists them, so that one of them need not wait for the others."""


def build(wanted: str | None = None) -> typer.Typer:
    """The whole command line, or no more of it than one command or group, where that is what is wanted."""
    app = typer.Typer(
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        no_args_is_help=True,
    )
    app.callback()(_root)
    known = {name for names in ROOMS.values() for name in names}
    offered = known & {wanted} or known
    rooms = [
        import_module(f"archive.cli.{room}") for room, names in ROOMS.items() if offered.intersection(names)
    ]
    for command in (each for room in rooms for each in getattr(room, "COMMANDS", ())):
        if command.__name__ in offered:
            app.command()(command)
    for name, group in (each for room in rooms for each in getattr(room, "GROUPS", {}).items()):
        if name in offered:
            app.add_typer(group, name=name)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        from archive import __version__

        typer.echo(f"Claimtrail {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which version this is, and stop."
        ),
    ] = False,
) -> None:
    """Take the options that come before a command."""
