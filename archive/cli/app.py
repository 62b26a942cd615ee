"""The application that the commands hang on; building it imports no database and no index."""

from __future__ import annotations

from typing import Annotated

import typer

HELP = "An archive of news items that tracks where they came from."


def build() -> typer.Typer:
    """The whole command line."""
    from archive.cli import (
        asking,
        bringing,
        checking,
        copying,
        following,
        keeping,
        naming,
        proving,
        reading,
        relating,
        scheduling,
    )

    app = typer.Typer(
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        no_args_is_help=True,
    )
    app.callback()(_root)
    rooms = (bringing, asking, following, relating, naming, checking, keeping, copying, proving, reading)
    for room in rooms:
        for command in room.COMMANDS:
            app.command()(command)
    for room_of_groups in (naming, scheduling, copying, proving):
        for name, group in room_of_groups.GROUPS.items():
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
