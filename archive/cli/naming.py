"""Claimed sources and the authority file: sources, attributions, attribute, reread, outlets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.attribution.acts import ActKind
from archive.cli.asking import IdArgument
from archive.cli.opening import ArchiveOption, JsonOption, opened, tell
from archive.errors import UsageError
from archive.record import Judgement

if TYPE_CHECKING:
    from archive.archive import Archive

OutletArgument = Annotated[
    str, typer.Argument(metavar="OUTLET", help="An outlet by its key, or by any name that it has.")
]
NamesArgument = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names; a domain is one too.")]


class OneJudgement(UsageError):
    """An attribution is to be judged in no way, or in several at once."""


def sources(
    unheld: Annotated[
        bool,
        typer.Option("--unheld", help="Only those from which the archive holds nothing: what to look for."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 100,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List who is named as a source. Says how often, and whether anything is held from them."""
    from archive.render import jsonlines, jsonnaming, naming
    from archive.render.page import Page
    from archive.sources import sources as listed

    with opened(archive) as held:
        found = listed(held, unheld=unheld)
    if json:
        jsonlines.write(jsonnaming.named_source(each) for each in found[:limit])
    else:
        naming.sources(Page(), found[:limit], len(found))


def attributions(reference: IdArgument, archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """Show the attributions of a version in their text. Each is numbered, with what archivists said of it."""
    from archive.render import jsonlines, jsonnaming, naming
    from archive.render.page import Page
    from archive.sources import one_version

    with opened(archive) as held:
        found = one_version(held, reference)
    if json:
        jsonlines.write(jsonnaming.attributions(found))
    else:
        naming.attributions(Page(), found)


def attribute(
    reference: IdArgument,
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="Its number in `claimtrail attributions ID`.")
    ],
    confirm: Annotated[bool, typer.Option("--confirm", help="It is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is no attribution.")] = False,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="The source it should name.")] = None,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    archive: ArchiveOption = None,
) -> None:
    """Confirm, correct or reject an attribution. Your word stands beside what was extracted, in your name."""
    from archive.indexing import catch_up
    from archive.render import naming
    from archive.render.page import Page
    from archive.sources import judge

    if confirm + reject + (source is not None) != 1:
        raise OneJudgement("say one of --confirm, --reject or --source NAME")
    judgement = Judgement.CONFIRMED if confirm else Judgement.REJECTED if reject else Judgement.CORRECTED
    with opened(archive) as held:
        naming.attributions(Page(), judge(held, reference, number, judgement, source, note), only=number)
        catch_up(held)


def reread(archive: ArchiveOption = None) -> None:
    """Read texts for attributions again under changed rules. The old attributions stay recorded."""
    from archive.indexing import catch_up
    from archive.render.progress import bar
    from archive.render.words import plural
    from archive.sources import reread as again

    with opened(archive) as held:
        with bar("versions", None) as advance:
            count = again(held, advance)
        catch_up(held)
    tell(f"read {plural(count, 'version')} again for attributions")


def _key(held: Archive, name: str) -> str:
    """The key of an outlet named by its key or by any name it has."""
    authority = held.authority
    return authority.resolve(name) or authority.entry(name).key


outlets = typer.Typer(help="The authority file: outlets and the names they have.", no_args_is_help=True)


@outlets.command("list")
def list_outlets(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", show_default=False)] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List outlets with their names; only those with these words in a name."""
    from archive.render import jsonlines, jsonnaming, naming
    from archive.render.page import Page

    with opened(archive) as held:
        found = naming.matching(held.authority, " ".join(words or []))
    if json:
        jsonlines.write(jsonnaming.outlet(each) for each in found)
    else:
        naming.outlets(Page(), found)


@outlets.command()
def add(names: NamesArgument, archive: ArchiveOption = None) -> None:
    """Enter a new outlet; the first name is its own, the others are further names of it."""
    from archive.sources import act, new_key

    with opened(archive) as held:
        made = act(held, ActKind.ADD, new_key(held, names[0]), names)
    tell(f"{made.key}: {', '.join(names)}")


@outlets.command()
def alias(outlet: OutletArgument, names: NamesArgument, archive: ArchiveOption = None) -> None:
    """Give an outlet more names."""
    from archive.sources import act

    with opened(archive) as held:
        made = act(held, ActKind.ALIAS, _key(held, outlet), names)
    tell(f"{made.key} is also {', '.join(names)}")


@outlets.command()
def merge(
    outlet: OutletArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The outlet it is one with.")],
    archive: ArchiveOption = None,
) -> None:
    """Say that two entries are one outlet; `split` undoes it."""
    from archive.sources import act

    with opened(archive) as held:
        made = act(held, ActKind.MERGE, _key(held, outlet), other=_key(held, into))
    tell(f"{made.key} leads to {made.other}")


@outlets.command()
def split(
    outlet: Annotated[
        str, typer.Argument(metavar="OUTLET", help="The merged key, or the outlet to take names from.")
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME...]", show_default=False, help="Names that are another outlet's."),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Undo a merge, or make names of an outlet an outlet of their own."""
    from archive.sources import act, new_key

    with opened(archive) as held:
        if names:
            made = act(held, ActKind.SPLIT, new_key(held, names[0]), names, _key(held, outlet))
        else:
            made = act(held, ActKind.SPLIT, outlet)
    tell(f"{made.key} stands by itself")


COMMANDS = (sources, attributions, attribute, reread)
GROUPS = {"outlets": outlets}
