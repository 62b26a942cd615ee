"""The authority file of one archive: what was shipped, and every act of its archivists upon it, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.attribution.resolve import Authority, Entry, plain
from archive.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


class ActKind(StrEnum):
    """What was done to the authority file."""

    ADD = "add"
    ALIAS = "alias"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Act:
    """One act upon the authority file; acts are only ever added, so nothing is lost by a merge.

    `add` gives `key` the name `names[0]` and further names; `alias` gives it more names (a name with a dot and
    no space is a domain); `merge` lets `key` lead to `other` from now on; `split` takes `names` from `other`
    and gives them to `key`, or, without names, lets the merged `key` stand by itself again.
    """

    kind: ActKind
    key: str
    names: tuple[str, ...] = ()
    other: str | None = None


class NameTaken(UsageError):
    """A name that another outlet has was to be given to an outlet."""


class NotMerged(UsageError):
    """An outlet was to be split off that is not part of another."""


_NOT_KEY = re.compile(r"[^a-z0-9]+")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def key_for(name: str) -> str:
    """A key made from a name: lower-case words joined by hyphens."""
    return _NOT_KEY.sub("-", plain(name)).strip("-") or "outlet"


def replay(shipped: Iterable[Entry], acts: Iterable[Act]) -> Authority:
    """The authority file after all acts. Raises what `check` would have raised for each of them."""
    entries = {entry.key: entry for entry in shipped}
    merged: dict[str, str] = {}
    for act in acts:
        _apply(entries, merged, act)
    return Authority(entries.values(), merged)


def check(authority: Authority, act: Act) -> None:
    """Whether an act can be done: raises `NoSuchOutlet`, `NameTaken`, `NotMerged`."""
    if act.kind is not ActKind.ADD and (act.kind is not ActKind.SPLIT or not act.names):
        authority.entry(act.key)
    if act.other is not None:
        authority.entry(act.other)
    if act.kind in (ActKind.ADD, ActKind.ALIAS):
        for name in act.names:
            taken = authority.resolve(name)
            if taken not in (None, act.key):
                raise NameTaken(
                    f"{name!r} is a name of {authority.entry(taken or '').name} ({taken}) already"
                )
    if act.kind is ActKind.SPLIT and not act.names and authority.entry(act.key).key == act.key:
        raise NotMerged(f"{act.key} was not merged with another outlet; name the names to be split off")


def _apply(entries: dict[str, Entry], merged: dict[str, str], act: Act) -> None:
    if act.kind is ActKind.ADD:
        entries[act.key] = _with_names(Entry(act.key, act.names[0]), act.names[1:])
    elif act.kind is ActKind.ALIAS:
        entries[act.key] = _with_names(entries[act.key], act.names)
    elif act.kind is ActKind.MERGE and act.other:
        merged[act.key] = act.other
    elif not act.names:
        merged.pop(act.key, None)
    elif act.other:
        entries[act.other] = _without_names(entries[act.other], act.names)
        entries[act.key] = _with_names(Entry(act.key, act.names[0]), act.names[1:])


def _with_names(entry: Entry, names: Iterable[str]) -> Entry:
    given = list(names)
    domains = [name for name in given if _DOMAIN.fullmatch(name)]
    aliases = [name for name in given if name not in domains]
    return replace(entry, aliases=(*entry.aliases, *aliases), domains=(*entry.domains, *domains))


def _without_names(entry: Entry, names: Iterable[str]) -> Entry:
    gone = {plain(name) for name in names}
    return replace(
        entry,
        aliases=tuple(name for name in entry.aliases if plain(name) not in gone),
        domains=tuple(name for name in entry.domains if plain(name) not in gone),
    )
