"""Proof: checkpoint, keys, prove, and the ledger's part of verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.asking import IdArgument
from archive.cli.opening import ArchiveOption, JsonOption, opened, tell
from archive.errors import ExitCode

if TYPE_CHECKING:
    from archive.archive import Archive

OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", show_default=False, help="Write it to a file.")
]


def checkpoint(
    copy_to: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="Keep a copy there as well.")
    ] = None,
    add_signature: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="A witness's cosignature, to keep with it."),
    ] = None,
    witness: Annotated[
        str | None,
        typer.Option(metavar="KEY", show_default=False, help="The witness's key: name+id+base64."),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Print the newest checkpoint. It signs the size and root of the ledger; keep copies elsewhere."""
    from archive.checkpoints.witnessed import newest_note, with_cosignature
    from archive.render.proving import note

    with opened(archive) as held:
        made = newest_note(held)
        if add_signature:
            made = with_cosignature(held, add_signature, witness)
        note(made)
        if copy_to:
            from archive.checkpoints import copy_to as copy
            from archive.cli.opening import say

            say(f"copied to {copy(held, made, copy_to)}")


def prove(
    reference: IdArgument,
    event: Annotated[bool, typer.Option("--event", help="ID is the number of an event in the log.")] = False,
    tlog: Annotated[bool, typer.Option("--tlog", help="As C2SP tlog-proof, without the leaf.")] = False,
    out: OutOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Prove that a record is in the ledger: leaf, way to the root, checkpoint and time stamps as JSON."""
    from archive.evidence.proving import prove_event, prove_version, whole_number
    from archive.render.proving import bytes_out

    with opened(archive) as held:
        proof = prove_event(held, whole_number(reference)) if event else prove_version(held, reference)
    bytes_out(proof.to_tlog_proof() if tlog else proof.to_json(), out)


def evidence(
    words: Annotated[
        list[str],
        typer.Argument(metavar="ID|CLAIM", help="An item, version or passage, or a sentence to trace."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the pack.")],
    limit: Annotated[int, typer.Option(min=1, help="How many occurrences of a claim at most.")] = 20,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Make a pack of evidence for a third person. Originals, records, proofs, a report, and what checks them."""
    from archive.cli.packing import pack
    from archive.render.jsonlines import write
    from archive.render.words import plural, size

    with opened(archive) as held:
        made = pack(held, " ".join(words), out, limit)
    if json:
        write([{"type": "evidence", "path": str(made.path), "files": made.files, "size": made.size}])
        return
    tell(f"{made.path}: {plural(made.files, 'file')}, {size(made.size)}")
    tell(f"read {made.path / 'report.html'}; check it with: python3 {made.path / 'verify.py'}")


def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="An evidence pack, or a proof.")],
    key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", show_default=False, help="The ledger's key, for a proof: name+id+base64."
        ),
    ] = None,
    fingerprint: Annotated[
        str | None,
        typer.Option(metavar="SHA256", show_default=False, help="Of the ledger's key, from elsewhere."),
    ] = None,
    kept: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", show_default=False, help="One that somebody kept."),
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(metavar="KEY", show_default=False, help="The key of a witness.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check a pack of evidence or a proof. Needs no archive; `verify.py` in the pack does the same."""
    from archive.ledger.pack.verify import main as verify_pack

    words = [str(path)]
    for name, given in (
        ("--key", [key]),
        ("--fingerprint", [fingerprint]),
        ("--checkpoint", kept),
        ("--witness", witness),
    ):
        words += [f"{name}={each}" for each in given or [] if each is not None]
    raise typer.Exit(verify_pack([*words, "--json"] if json else words))


def timestamp(
    tsa: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="The authority to ask.")
    ] = None,
    root_cert: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Its certificates in PEM, a root last."),
    ] = None,
    request_out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Only write a request, to be carried to it."),
    ] = None,
    response: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="The answer to the request written last."),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Have the newest checkpoint stamped with a trusted time. The answer is kept if it holds (RFC 3161)."""
    from archive.evidence.stamping import read_answer, stamp, write_request
    from archive.render.page import Page
    from archive.render.proving import stamped

    with opened(archive) as held:
        if request_out:
            size = write_request(held, request_out)
            tell(f"wrote {request_out}, a request over the checkpoint of {size:,} events")
            tell("next: have it answered, then claimtrail timestamp --response FILE")
            return
        kept = read_answer(held, response, root_cert) if response else stamp(held, tsa, root_cert)
    stamped(Page(), kept)


keys = typer.Typer(help="The keys that sign checkpoints.", invoke_without_command=True)


@keys.callback()
def show_keys(context: typer.Context, archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """Show the keys that signed and sign checkpoints; `rotate` changes to a new one."""
    from archive.checkpoints import keyring
    from archive.render import proving
    from archive.render.page import Page

    context.obj = archive
    if context.invoked_subcommand:
        return
    with opened(archive) as held:
        found = keyring(held).terms()
    if json:
        proving.keys_json(found)
    else:
        proving.keys(Page(), found)


@keys.command()
def rotate(context: typer.Context, archive: ArchiveOption = None) -> None:
    """Change to a new key, which the old one signs; the old secret is gone then."""
    from archive.checkpoints.witnessed import rotate_key

    with opened(archive or context.obj) as held:
        old, new = rotate_key(held)
    tell(f"the key {old.fingerprint.hex} signed over to {new.fingerprint.hex}")
    tell(f"new key   {new}")
    tell("publish the new fingerprint where you published the old one")


def give_key(archive: Path | None) -> None:
    """Make a key for an archive that has none yet, because an earlier Claimtrail made it."""
    from archive.checkpoints import keyring, signing_key

    with opened(archive) as held:
        if held.writable and keyring(held).first() is None:
            key = signing_key(held).public
            tell(f"made a key that signs checkpoints, fingerprint {key.fingerprint.hex}")


def verify_ledger(held: Archive, against: list[Path], *, json: bool) -> None:
    """Check the ledger alone, and against checkpoints kept elsewhere; the exit status says the same."""
    from archive.checkpoints import own_checkpoints
    from archive.render import proving
    from archive.render.page import Page
    from archive.render.progress import bar
    from archive.verify.against import compare
    from archive.verify.ledger import audit_ledger

    with held.catalog.read() as reader:
        size = reader.ledger_head().size
    with bar("events", size) as advance:
        signed, findings = own_checkpoints(held)
        report = audit_ledger(held, signed, advance)
    compared = compare(held, against)
    found = [*report.findings, *findings, *(each.finding for each in compared if each.finding)]
    if json:
        proving.audited_json(report, compared, found)
    else:
        proving.audited(Page(), report, compared, found)
    if any(finding.code != "unreadable" for finding in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if found:
        raise typer.Exit(ExitCode.INCOMPLETE)


COMMANDS = (checkpoint, timestamp, prove, evidence, check)
GROUPS = {"keys": keys}
