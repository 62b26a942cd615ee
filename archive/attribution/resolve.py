"""The authority file: outlets and agencies with their names, and which of them a name stands for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SPACE = re.compile(r"[\s\u00a0]+")
_LEADING = re.compile(r"^(?:the|a|an|der|die|das|dem|den|des)\s+")
_DOTS = re.compile(r"\.(?=\S\.|$|\s)|(?<=\b\w)\.(?=\w\b)")
_OWNED = re.compile(r"(?:'s|s')$")
_MARKS = re.compile(r"[\"'\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb()\[\],;:]")


class NoSuchOutlet(UsageError):
    """A key that should name an entry of the authority file does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An outlet or agency: a stable key, its usual name, other names, domains, and languages (BCP 47).

    `kind` is `outlet` or `agency`; `country` is an ISO 3166-1 code or None.
    """

    key: str
    name: str
    kind: str = "outlet"
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    country: str | None = None


def plain(name: str) -> str:
    """A name as names are compared: lower case, no article, marks or possessive, single spaces."""
    text = _SPACE.sub(" ", name.replace("\u2019", "'")).strip().casefold()
    text = _OWNED.sub("", text)
    text = _DOTS.sub("", _MARKS.sub("", text)).strip()
    return _LEADING.sub("", text)


class Authority:
    """Entries by every name and domain they have; where two entries share a name the first one has it.

    `merged` tells which key took another one's place: names of either lead to it.
    """

    def __init__(self, entries: Iterable[Entry], merged: Mapping[str, str] | None = None) -> None:
        self._merged = dict(merged or {})
        self._entries: dict[str, Entry] = {}
        self._names: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        for entry in entries:
            self._entries[entry.key] = entry
            for name in (entry.name, *entry.aliases, *entry.domains):
                self._names.setdefault(plain(name), entry.key)
            for host in entry.domains:
                self._hosts.setdefault(host.casefold().removeprefix("www."), entry.key)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def entry(self, key: str) -> Entry:
        """The entry that the key names, after merges; raises `NoSuchOutlet`."""
        found = self._entries.get(self._kept(key))
        if found is None:
            raise NoSuchOutlet(f"no outlet has the key {key!r}")
        return found

    def resolve(self, name: str) -> str | None:
        """The key of the entry that has this name, alias or domain, else None."""
        key = self._names.get(plain(name))
        return self._kept(key) if key else self.by_domain(name)

    def by_domain(self, host: str) -> str | None:
        """The key of the entry for a host name or one of its parent domains, else None."""
        host = host.strip().casefold().rstrip(".").removeprefix("www.")
        while "." in host:
            key = self._hosts.get(host)
            if key:
                return self._kept(key)
            host = host.partition(".")[2]
        return None

    def names_of(self, name: str) -> tuple[str, ...]:
        """Every name of the entry that has this one; only the name itself where no entry has it."""
        key = self.resolve(name)
        if key is None:
            return (name,)
        same = [entry for entry in self if self._kept(entry.key) == key]
        return tuple(n for entry in same for n in (entry.name, *entry.aliases, *entry.domains))

    def proposes(self, name: str) -> bool:
        """Whether a name that no entry has looks like an outlet's; it is proposed so, not decided."""
        return self.resolve(name) is None and bool(_LIKE_OUTLET.match(name))

    def _kept(self, key: str) -> str:
        seen = {key}
        while key in self._merged and self._merged[key] not in seen:
            key = self._merged[key]
            seen.add(key)
        return key


_LIKE_OUTLET = re.compile(
    r"[A-Z].*\b(?:Times|Post|Journal|News|Gazette|Herald|Tribune|Chronicle|Telegraph|Guardian|Courier|Zeitung)$"
)


@cache
def shipped() -> Authority:
    """The authority file as shipped."""
    place = resources.files(__package__).joinpath("authority")
    entries: list[Entry] = []
    for part in sorted(place.iterdir(), key=lambda p: p.name):
        if part.name.endswith(".toml"):
            entries += _entries(tomllib.loads(part.read_text(encoding="utf-8")))
    return Authority(entries)


def _entries(read: dict[str, Any]) -> list[Entry]:
    return [
        Entry(
            key,
            row["name"],
            row.get("kind", "outlet"),
            tuple(row.get("aliases", ())),
            tuple(row.get("domains", ())),
            tuple(row.get("languages", ("en",))),
            row.get("country"),
        )
        for key, row in read.items()
    ]
