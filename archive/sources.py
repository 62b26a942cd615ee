"""Claimed sources: who is named, how often, and whether the archive holds anything from them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from archive.attribution import acts
from archive.attribution.acts import Act, ActKind, key_for
from archive.attribution.extract import extract, method_for
from archive.attribution.words import languages
from archive.catalog import authority as acts_recorded
from archive.catalog import extraction
from archive.errors import UsageError
from archive.model import Property, SourceKind
from archive.text.folding import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archive.archive import Archive
    from archive.attribution.resolve import Authority
    from archive.catalog.authority import Naming
    from archive.catalog.reading import Reader
    from archive.model import Attribution, Method
    from archive.record import Holding, Judgement

VERSIONS_A_BATCH = 200

NO_LANGUAGE = "und"
"""The BCP 47 tag of a language that is not known, for which there is no lexicon."""

PUBLISHING = {SourceKind.OUTLET, SourceKind.DOCUMENT, SourceKind.ORGANISATION}
"""Kinds of source of which an archive could hold something."""


class NoSuchAttribution(UsageError):
    """A version has no attribution of that number."""


class AmbiguousVersion(UsageError):
    """A label names several versions where one is needed."""


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source as it is named, under all its names: by how many versions, items and outlets; and what is held.

    `held` counts the versions held from it. `proposed` marks a name that looks like an outlet's and is in no
    authority file: it is proposed, not decided.
    """

    name: str
    kind: SourceKind
    outlet: str | None
    names: tuple[str, ...]
    versions: int
    items: int
    outlets: int
    held: int
    proposed: bool


def sources(archive: Archive, *, unheld: bool = False) -> list[NamedSource]:
    """Every claimed source, most named first; only those of which nothing is held where that is asked.

    A source of which nothing could be held (a person, an unnamed official) is never listed as unheld.
    """
    authority = archive.authority
    with archive.catalog.read() as reader:
        held = _held(authority, reader.outlets_held())
        groups: dict[str, list[Naming]] = defaultdict(list)
        for naming in reader.namings():
            groups[_key(authority, naming.name, naming.kind)].append(naming)
        found = [_source(reader, authority, some, held) for some in groups.values()]
    wanted = [s for s in found if not unheld or (s.kind in PUBLISHING and not s.held)]
    return sorted(wanted, key=lambda source: (-source.versions, source.name))


def _key(authority: Authority, name: str, kind: SourceKind) -> str:
    return authority.resolve(name) or f"{kind.value} {fold_name(name)}"


def _held(authority: Authority, outlets: dict[str, set[str]]) -> dict[str, set[str]]:
    """The versions held from each outlet, by its key where it has one, else by its folded name."""
    held: dict[str, set[str]] = defaultdict(set)
    for name, versions in outlets.items():
        held[authority.resolve(name) or fold_name(name)] |= versions
    return held


def _source(
    reader: Reader, authority: Authority, some: Sequence[Naming], held: dict[str, set[str]]
) -> NamedSource:
    most = max(some, key=lambda naming: naming.versions)
    outlet = authority.resolve(most.name)
    versions, items, outlets = most.versions, most.items, most.outlets
    if len(some) > 1:
        versions, items, outlets = reader.counts_of([naming.folded for naming in some])
    return NamedSource(
        authority.entry(outlet).name if outlet else most.name,
        SourceKind.OUTLET if outlet else most.kind,
        outlet,
        tuple(sorted({naming.name for naming in some})),
        versions,
        items,
        outlets,
        len(held.get(outlet or fold_name(most.name), ())),
        proposed=outlet is None and authority.proposes(most.name),
    )


def one_version(archive: Archive, reference: str) -> Holding:
    """The one version that a reference names; raises `AmbiguousVersion` where it names several."""
    with archive.catalog.read() as reader:
        found = reader.find(reference)
        if len(found) > 1:
            labels = ", ".join(str(version.label) for version in found[:5])
            raise AmbiguousVersion(f"{reference} has {len(found)} versions; name one of {labels}")
        return reader.holdings(found)[0]


def judge(
    archive: Archive,
    reference: str,
    number: int,
    judgement: Judgement,
    source: str | None = None,
    note: str | None = None,
) -> Holding:
    """Enter the archivist's word on an attribution, numbered from 1, beside what was extracted."""
    holding = one_version(archive, reference)
    if not 1 <= number <= len(holding.attributions):
        raise NoSuchAttribution(
            f"{holding.version.label} has {len(holding.attributions)} attributions; there is no number {number}"
        )
    made = (holding.attributions[number - 1].method, number - 1)
    by = archive.settings.archivist
    archive.catalog.write(
        lambda writer: extraction.judge(writer, by, holding.version, made, judgement, source, note)
    )
    return one_version(archive, reference)


def act(
    archive: Archive, kind: ActKind, key: str, names: Sequence[str] = (), other: str | None = None
) -> Act:
    """Change the authority file by an act; raises `NoSuchOutlet`, `NameTaken`, `NotMerged`."""
    made = Act(kind, key, tuple(names), other)
    acts.check(archive.authority, made)
    by = archive.settings.archivist
    archive.catalog.write(lambda writer: acts_recorded.enter_act(writer, by, made))
    archive.forget_authority()
    return made


def new_key(archive: Archive, name: str) -> str:
    """A key for a new outlet that no other has."""
    taken = {entry.key for entry in archive.authority}
    key, number = key_for(name), 1
    while key in taken:
        number += 1
        key = f"{key_for(name)}-{number}"
    return key


def reread(archive: Archive, progress: Callable[[int], None] | None = None) -> int:
    """Read texts for attributions again where our rules or lexicons have changed; how many versions were read.

    What was extracted before stays recorded under its method's version. Resumable: a version that was read
    by the present method is not read again.
    """
    current = [method_for(language) for language in (*languages(), NO_LANGUAGE)]
    done = 0
    for batch in _batches(archive, current):
        read = [(holding.version, *_extract(holding, archive.authority)) for holding in batch]
        archive.catalog.write(partial(extraction.enter, by=archive.settings.archivist, versions=read))
        done += len(batch)
        if progress:
            progress(done)
    return done


def _batches(archive: Archive, current: Sequence[Method]) -> Iterator[list[Holding]]:
    after = None
    while True:
        with archive.catalog.read() as reader:
            versions = reader.without_extraction(current, after, VERSIONS_A_BATCH)
            held = reader.holdings(versions)
        if not versions:
            return
        yield held
        after = max(version.id for version in versions)


def _extract(holding: Holding, authority: Authority) -> tuple[Method, tuple[Attribution, ...]]:
    language = holding.first(Property.LANGUAGE)
    tongue = language.value if language else None
    made = extract(holding.text, holding.passages, holding.paragraphs, tongue, authority)
    return method_for(tongue), made
