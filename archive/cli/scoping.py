"""Which part of what is held a check is about, and how it reads: the options that say so, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import UsageError

if TYPE_CHECKING:
    from archive.catalog.fixity_work import Narrowed
    from archive.verify import How, Kind

IndexOption = Annotated[bool, typer.Option("--index", help="Check the full-text index as well.")]
TextOption = Annotated[
    bool, typer.Option("--text", help="Read every object again and compare the canonical text.")
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="PART",
        help="Only objects, copies, strays, catalogue, texts, ledger, schedule, index or readings; "
        "may be repeated.",
        show_default=False,
    ),
]
DueOption = Annotated[
    str | None,
    typer.Option(
        "--due", metavar="TIME", help="Only objects not found intact within: 90d.", show_default=False
    ),
]
ForOption = Annotated[
    str | None, typer.Option("--for", metavar="TIME", help="Stop after so long: 20m, 2h.", show_default=False)
]
BytesOption = Annotated[
    str | None,
    typer.Option("--bytes", metavar="SIZE", help="Stop after so many bytes: 50G.", show_default=False),
]
SampleOption = Annotated[
    str | None,
    typer.Option("--sample", metavar="SHARE", help="Objects taken at random: 5%.", show_default=False),
]
SubsetOption = Annotated[
    str | None,
    typer.Option("--subset", metavar="N/M", help="The Nth of M equal parts: 3/12.", show_default=False),
]
AccessionOption = Annotated[
    str | None,
    typer.Option(
        "--accession", metavar="LABEL", help="Only what came in with an accession.", show_default=False
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only what was recorded since.", show_default=False),
]
AnewOption = Annotated[
    bool, typer.Option("--anew", help="From the start, though an earlier run was cut off.")
]
WarmOption = Annotated[
    bool,
    typer.Option(
        "--warm", help="Take what the system has in memory, instead of reading the disk: quicker, weaker."
    ),
]
RateOption = Annotated[
    str | None,
    typer.Option("--rate", metavar="RATE", help="Read no faster than this: 50MB/s.", show_default=False),
]
UrgentOption = Annotated[
    bool, typer.Option("--urgent", help="Do not give way to other programs for disk and processor.")
]


def kinds(only: list[str], *, index: bool, text: bool) -> list[Kind]:
    """What is to be checked: the usual unless something is named; raises `UsageError`."""
    from archive.verify import Kind
    from archive.verify.scope import USUAL

    try:
        asked = [Kind(name) for name in only] or list(USUAL)
    except ValueError as error:
        raise UsageError(f"{error}: name one of {', '.join(Kind)}") from error
    return [*asked, *([Kind.INDEX] if index else []), *([Kind.READINGS] if text else [])]


def narrowed(accession: str | None, since: str | None) -> Narrowed:
    """Only what came in with an accession, or was recorded since; raises `BadLabel`, `UsageError`."""
    from archive.catalog.fixity_work import Narrowed
    from archive.label import Label
    from archive.text.dates import date

    return Narrowed(Label.parse(accession) if accession else None, date(since).at if since else None)


def how(*, warm: bool, rate: str | None, urgent: bool) -> How:
    """How the objects are read; raises `UsageError`."""
    from archive import amounts
    from archive.verify import How

    return How(warm, amounts.rate(rate) if rate else None, urgent)
