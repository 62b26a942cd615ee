"""Copies in other places, and repairing from them: replica add, list, remove, sync; repair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened, say, tell
from archive.errors import ExitCode
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.archive import Archive
    from archive.catalog.replicas import Replica
    from archive.digest import Digest
    from archive.repair import Mend

ReplicaArgument = Annotated[
    str, typer.Argument(metavar="REPLICA", help="Its address, or its number in `claimtrail replica list`.")
]

replica = typer.Typer(help="Copies of every object in other places.", no_args_is_help=True)


@replica.command("add")
def add_replica(
    place: Annotated[str, typer.Argument(metavar="DIR|URL", help="A new or empty folder, or file://...")],
    archive: ArchiveOption = None,
) -> None:
    """Have copies kept in another place; `sync` makes them."""
    from archive.replicas import new_replica

    with opened(archive) as held:
        made = new_replica(held, place)
    tell(f"added the replica {made.address}; it is empty")
    tell("next: `claimtrail replica sync`")


@replica.command("list")
def list_replicas(archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List the places where copies are kept. Says what is known of each and whether it can be reached."""
    from archive.render import copies
    from archive.render.page import Page
    from archive.replicas.state import states

    with opened(archive) as held:
        found = states(held)
    if json:
        from archive.render import jsonlines

        jsonlines.write(copies.replica_json(each) for each in found)
    else:
        copies.replicas(Page(), found)


@replica.command("remove")
def remove_replica(name: ReplicaArgument, archive: ArchiveOption = None) -> None:
    """Keep copies in a place up no more. What lies there is left as it is."""
    from archive.replicas import find_replica
    from archive.replicas import remove_replica as end

    with opened(archive) as held:
        found = find_replica(held, name)
        end(held, found)
    tell(f"{found.address} is no longer a replica; its files were left as they are")


@replica.command("sync")
def sync_replicas(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[REPLICA...]", show_default=False, help="Only these.")
    ] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Copy what is lacking to every replica. Copies are hashed on the way; a sync that was cut off goes on."""
    from archive.replicas import NoReplica, find_replica, listed
    from archive.store.failures import StoreFailure

    statuses = []
    with opened(archive) as held:
        wanted = [find_replica(held, name) for name in names or ()] or listed(held)
        if not wanted:
            raise NoReplica("there is no replica yet: `claimtrail replica add DIR` adds one")
        for each in wanted:
            try:
                statuses.append(_sync(held, each, json=json))
            except StoreFailure as error:
                say(f"{each.address}: {error}")
                statuses.append(ExitCode.INCOMPLETE)
    if bad := sorted(status for status in statuses if status):
        raise typer.Exit(bad[0])


def _sync(held: Archive, found: Replica, *, json: bool) -> ExitCode:
    """Bring one replica up, with a bar, and print what came of it."""
    from archive.render import copies, jsonlines
    from archive.render.page import Page
    from archive.render.progress import bar
    from archive.replicas.sync import sync, to_do

    with bar("objects", to_do(held, found)) as advance:
        done = sync(held, found, advance)
    if json:
        jsonlines.write(copies.synced_json(done))
    else:
        copies.synced(Page(), done)
    bad = any(each.code is not Verdict.UNREADABLE for each in done.findings)
    return ExitCode.CHECK_FAILED if bad else ExitCode.INCOMPLETE if done.findings else ExitCode.DONE


def repair(
    references: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DIGEST...]", show_default=False, help="Only these; else all that was not intact."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Restore objects from a copy that verifies. What stood in their place is kept in quarantine."""
    from archive.repair.candidates import named, not_intact

    with opened(archive) as held:
        digests = named(held, references) if references else not_intact(held)
        mends = mended(held, digests, named=bool(references), dry_run=dry_run, json=json)
    if not all(each.ended_well for each in mends):
        raise typer.Exit(ExitCode.CHECK_FAILED)


def mended(
    held: Archive, digests: Sequence[Digest], *, named: bool, dry_run: bool = False, json: bool = False
) -> list[Mend]:
    """Repair, print what became of each, and the sums."""
    from archive.render import copies, jsonlines
    from archive.render.page import Page
    from archive.repair import repair as mend

    done, page = [], Page()
    for each in mend(held, digests, named=named, dry_run=dry_run):
        done.append(each)
        if json:
            jsonlines.write([copies.mend_json(each)])
        else:
            copies.mend(page, each)
    if json:
        jsonlines.write([copies.repair_json(done, rehearsed=dry_run)])
    else:
        copies.repair_end(page, done, rehearsed=dry_run)
    return done


COMMANDS = (repair,)
GROUPS = {"replica": replica}
