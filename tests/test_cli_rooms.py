"""A command is found without loading the others, and all of them are where the map says."""

from __future__ import annotations

from importlib import import_module

import pytest
from typer.main import get_command

from archive.cli.app import ROOMS, build

COMMANDS = [name for commands in ROOMS.values() for name in commands]


def built(wanted: str | None) -> dict[str, str]:
    """The commands of a command line by name, with the short help of each."""
    commands = get_command(build(wanted)).commands  # type: ignore[attr-defined]  # a group
    return {name: command.get_short_help_str(200) for name, command in commands.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_the_map_names_what_a_room_offers(room: str) -> None:
    module = import_module(f"archive.cli.{room}")
    offered = {command.__name__ for command in getattr(module, "COMMANDS", ())}
    assert {*offered, *getattr(module, "GROUPS", {})} == set(ROOMS[room])


def test_help_lists_every_command_once() -> None:
    assert sorted(built(None)) == sorted(COMMANDS)
    assert built("no-such-command") == built(None)


@pytest.mark.parametrize("wanted", COMMANDS)
def test_one_command_alone_is_the_same(wanted: str) -> None:
    assert built(wanted) == {wanted: built(None)[wanted]}
