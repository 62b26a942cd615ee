"""What the report of an evidence pack says, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.evidence.writing import text_path
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.pack.build import object_path
from archive.model import AttributionKind, Property
from archive.record import EventType
from archive.render.evidence.page import (
    bullets,
    code,
    commands,
    document,
    facts,
    paragraph,
    table,
    tag,
    text,
)
from archive.render.evidence.trail import trail_part
from archive.render.holding import FACTS, title_of
from archive.render.keeping import EVENT_WORDS, OUTCOME_WORDS
from archive.render.words import basis, plural, size, value, when, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.evidence.gathering import Evidence, Told
    from archive.model import Statement
    from archive.record import Capture, Holding
    from archive.trace import Traced

NOT_SHOWN = (
    "That the page or file existed anywhere but in this archive, or was published by whom it names.",
    "That what it says is true.",
    (
        "When it was received, beyond the archive's own word: the ledger shows the order of events; only a time stamp "
        "or a witness shows by when they were written."
    ),
    (
        "That the archive did not rewrite its whole history and sign it again: compare with a checkpoint that was kept "
        "elsewhere (verify.py --checkpoint FILE), a witness or a time stamp."
    ),
    "Whose key signed: get its fingerprint from the archive by another way (verify.py --fingerprint ...).",
)


def report(evidence: Evidence, traced: Traced | None, made: str) -> bytes:
    """The report as HTML; `made` says when and with what the pack was made."""
    title = traced.claim if traced and not traced.asked_from else title_of(evidence.holdings[0])
    return document(f"Evidence: {title}", _parts(evidence, traced, title, made))


def _parts(evidence: Evidence, traced: Traced | None, title: str, made: str) -> Iterator[str]:
    yield paragraph("Evidence from an archive of news items", "lead")
    yield tag("h1", text(title))
    yield paragraph(made, "soft")
    yield from _summary(evidence)
    yield from _checking(evidence)
    if traced:
        yield from trail_part(traced)
    for holding in evidence.holdings:
        yield from _version(holding)
    yield from _events(evidence)
    yield from _checks(evidence)
    yield from _stamps(evidence)
    yield tag("h2", "What this does not show")
    yield bullets(text(each) for each in NOT_SHOWN)


def _summary(evidence: Evidence) -> Iterator[str]:
    signer = evidence.ledger.signer()
    yield tag("h2", "What this shows")
    yield bullets(
        (
            (
                f"The bytes in <code>objects/</code> ({plural(len(evidence.objects), 'file')}) and the record of "
                f"{plural(len(evidence.holdings), 'version')} have not changed since the events below were written "
                f"into the archive's ledger."
            ),
            f"The ledger had {evidence.size:,} events under one root when its key signed it.",
            "All of this can be checked without the archive, its makers, or a network: see below.",
        )
    )
    yield facts(
        (
            ("ledger", code(evidence.archive)),
            ("events signed", f"{evidence.size:,}"),
            ("root (SHA-256)", code(Checkpoint.parse(evidence.ledger.checkpoint.text).root.hex())),
            ("key", code(str(signer))),
            ("fingerprint", code(signer.fingerprint.hex)),
        )
    )


def _checking(evidence: Evidence) -> Iterator[str]:
    fingerprint = evidence.ledger.signer().fingerprint.hex
    yield tag("h2", "How to check it")
    yield paragraph("In this folder, with Python 3.8 or later and nothing else:")
    yield commands((f"python3 verify.py --fingerprint {fingerprint}",))
    yield paragraph(
        "The fingerprint above came with this pack: use the one that you have from the archive itself. "
        "With a shell, sha256sum and openssl alone:"
    )
    yield commands(("sh verify.sh", "sha256sum --check manifest.sha256"))
    yield paragraph("Each digest in this report is the SHA-256 of a file here; so are these:")
    yield commands(f"sha256sum {object_path(digest)}" for digest in evidence.objects)


def _version(holding: Holding) -> Iterator[str]:
    version = holding.version
    yield tag("h2", f"{text(str(version.label))}: {text(title_of(holding))}")
    yield paragraph("What is recorded about it, each statement with its basis.", "soft")
    outlets = holding.about(Property.OUTLET)
    rows = [("outlet", _said(outlets) if outlets else "unknown")]
    rows += [(name, _said(said)) for name, about in FACTS if (said := holding.about(about))]
    rows.append(("bytes (SHA-256)", code(version.object.hex)))
    if version.text_digest:
        rows.append(
            ("text (SHA-256)", f"{code(version.text_digest.hex)}<br>{code(text_path(version.label))}")
        )
    rows.append(("read as", text(f"{version.format}, by {version.reader}")))
    yield facts(rows)
    yield tag("h3", "How it came")
    for capture in holding.captures:
        yield _capture(holding, capture)
    yield from _text(holding)
    yield from _sources(holding)


def _said(statements: list[Statement]) -> str:
    return "<br>".join(f"{text(value(s))} {tag('span', text(basis(s)), 'basis')}" for s in statements)


def _capture(holding: Holding, capture: Capture) -> str:
    rows = [
        ("came as", text(capture.name)),
        ("accession", text(str(capture.accession))),
        ("recorded", f"{text(when(capture.recorded))} {tag('span', 'observed', 'basis')}"),
        ("size", text(size(capture.size))),
        ("bytes (SHA-256)", code(capture.object.hex)),
    ]
    if capture.container:
        rows.append(("out of", f"{code(capture.container.hex)}<br>{text(capture.place or '')}"))
    said = [s.statement for s in holding.said if s.capture_id == capture.id]
    for about in (Property.RETRIEVED, Property.RETRIEVED_BY, Property.NOTE):
        some = [s for s in said if s.about is about]
        if some:
            rows.append((about.value.replace("_", " "), _said(some)))
    return facts(rows)


def _text(holding: Holding) -> Iterator[str]:
    yield tag("h3", "The text, by passages")
    if not holding.text:
        yield paragraph(holding.version.reason or "No text was read from it; the bytes are kept.", "soft")
        return
    items = "".join(
        f'<li value="{p.number}">{text(p.span.of(holding.text))} '
        f"{tag('span', f'{p.span.start}-{p.span.end}', 'basis')}</li>"
        for p in holding.passages
    )
    yield f'<ol class="text">{items}</ol>'


def _sources(holding: Holding) -> Iterator[str]:
    """Whom the text names as its sources; claimed by the text, and only found by rules."""
    made = holding.standing()
    if not made:
        return
    yield tag("h3", "Whom it names as its sources")
    yield table(
        ("source", "words", "kind"),
        (
            (
                text(f"{who(each.resolved)} ({each.resolved.kind})"),
                text(" ... ".join(span.of(holding.text) for span in (*each.source, *each.cue))),
                "credit" if each.kind is AttributionKind.CREDIT else text(each.kind),
            )
            for each in made
        ),
    )


def _events(evidence: Evidence) -> Iterator[str]:
    yield tag("h2", "What was done, as the ledger has it")
    yield paragraph(
        "Each is a leaf of the ledger; its bytes are in ledger/leaves, its way to the root in ledger/proofs. "
        "Names are in the leaves as commitments; openings/ shows what they stand for."
    )
    yield table(
        ("event", "when, by the archive's clock", "what", "by", "outcome"),
        (_event(each) for each in evidence.told),
    )


def _event(told: Told) -> tuple[str, ...]:
    event = told.event
    about = str(told.leaf.get("version") or event.subject)
    what = EVENT_WORDS[event.type]
    if event.type is EventType.FIXITY_CHECK and "results" in told.leaf:
        what, about = "fixity run ended", plural(sum(told.leaf["counts"].values()), "object")
    return (
        f"{event.position:,}",
        text(when(event.at)),
        f"{text(what)}<br>{tag('span', text(about), 'soft')}",
        text(event.agent),
        text(OUTCOME_WORDS[event.outcome]),
    )


def _checks(evidence: Evidence) -> Iterator[str]:
    yield tag("h2", "When the bytes were checked")
    if not evidence.checked:
        yield paragraph("Not since they were taken in.")
        return
    yield table(
        ("bytes (SHA-256)", "when", "found", "in the run that ended with event"),
        (
            (
                code(each.digest.hex[:16] + "..."),
                text(when(each.check.at)),
                text(each.check.verdict),
                f"{each.check.position:,}{' (proved in fixity/)' if each.proof else ''}",
            )
            for each in evidence.checked
        ),
    )


def _stamps(evidence: Evidence) -> Iterator[str]:
    yield tag("h2", "Time stamps")
    if not evidence.ledger.stamped:
        yield paragraph("None: nobody outside the archive attests when any of this was there.")
        return
    yield paragraph(
        "An authority attests that the checkpoint was there at the time in its answer. Get the authority's root "
        "certificate from itself, as ../tsa.pem, and type:"
    )
    sizes = [Checkpoint.parse(each.checkpoint.text).size for each in evidence.ledger.stamped]
    for number in sizes:
        place = f"ledger/timestamps/{number}"
        yield commands(
            (
                f"openssl ts -verify -in {place}.tsr -data {place}.stamped -CAfile ../tsa.pem",
                f"openssl ts -reply -in {place}.tsr -text",
            )
        )
