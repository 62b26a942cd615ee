"""The authority file: outlets and agencies with their names, and which of them a name stands for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SPACE = re.compile(r"\s+")
_LEADING = re.compile(r"^(?:the|der|die|das|dem|den|des)\s+", re.IGNORECASE)
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b|\s|$)")
_OWNED = re.compile(r"(?<=[^\Ws])'s$|(?<=s)'$")
_MARKS = re.compile(r"[\"'\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb()\[\],;:]")
_JOINTS = {"of", "the", "and", "&", "de", "der", "die", "du", "la", "le", "del", "für"}
_DOMAIN = re.compile(r"(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)


class NoSuchOutlet(UsageError):
    """A key that should name an entry of the authority file does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An outlet or agency: a stable key, its usual name, other names, domains, and languages (BCP 47).

    `kind` is `outlet` or `agency`; `country` is an ISO 3166-1 code or None. With `article` the name
    counts only with its article (The Hill); a `common` name is also the name of other things (Time).
    """

    key: str
    name: str
    kind: str = "outlet"
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    country: str | None = None
    article: bool = False
    common: bool = False


def plain(name: str) -> str:
    """A name as names are compared: lower case, no article, marks, stops of initials or possessive."""
    return _LEADING.sub("", _folded(name))


@lru_cache(maxsize=1 << 14)
def _folded(name: str) -> str:
    """The same with its article, for names that count only with it."""
    text = _OWNED.sub("", _SPACE.sub(" ", name.replace("\u2019", "'")).strip())
    return _MARKS.sub("", _DOTS.sub("", text)).casefold().strip()


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
            for name in (entry.name, *entry.aliases):
                self._names.setdefault(_folded(name), entry.key)
                if not entry.article:
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
        """The key of the entry that has this name, alias or domain, else None.

        Articles, possessives and the stops of initials do not matter; a name without any capital
        letter counts only where the authority file has it so (dpa).
        """
        bare = _LEADING.sub("", name.strip())
        key = self._names.get(_folded(name)) or self._names.get(plain(name))
        if key is None:
            return self.by_domain(bare) if "." in bare and _DOMAIN.fullmatch(bare) else None
        key = self._kept(key)
        return key if bare != bare.casefold() or self._is_written(key, bare) else None

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
        return self.resolve(name) is None and _shapes().fit(_LEADING.sub("", name.strip()))

    @property
    def last_words(self) -> frozenset[str]:
        """The words that end a name which may be proposed."""
        return _shapes().last | _shapes().weak_last

    @property
    def never_followed(self) -> frozenset[str]:
        """Words after which what stands before is no outlet: Times Square, Time Warner."""
        return _shapes().never_followed

    def _is_written(self, key: str, name: str) -> bool:
        entry = self._entries.get(key)
        return entry is not None and name in (entry.name, *entry.aliases)

    def _kept(self, key: str) -> str:
        seen = {key}
        while key in self._merged and self._merged[key] not in seen:
            key = self._merged[key]
            seen.add(key)
        return key


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What a name looks like that may be an outlet's."""

    last: frozenset[str]
    weak_last: frozenset[str]
    before_weak: frozenset[str]
    first: frozenset[str]
    never_followed: frozenset[str]
    never: tuple[str, ...]

    def fit(self, name: str) -> bool:
        """Whether the name has such a shape."""
        words = _OWNED.sub("", name.replace("\u2019", "'")).split()
        if len(words) == 1:
            return bool(_DOMAIN.fullmatch(words[0])) or words[0].endswith(("zeitung", "news.com"))
        if not words or " ".join(words).endswith(self.never):
            return False
        if not all(w[0].isupper() or w in _JOINTS for w in words) or any("'" in w for w in words[:-1]):
            return False
        if not words[0][0].isupper() or not words[-1][0].isupper():
            return False
        if words[-1] in self.last or words[0] in self.first:
            return True
        return words[-1] in self.weak_last and words[-2] in self.before_weak


@cache
def _shapes() -> _Shapes:
    read = tomllib.loads(_place().joinpath("shapes.toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(read[name].split()) for name in read if name != "never"}
    return _Shapes(**lists, never=tuple(read["never"].strip().splitlines()))


@cache
def shipped() -> Authority:
    """The authority file as shipped."""
    entries: list[Entry] = []
    for name in ("agencies.toml", "outlets.toml"):
        entries += _entries(tomllib.loads(_place().joinpath(name).read_text(encoding="utf-8")))
    return Authority(entries)


def _place() -> Any:
    return resources.files(__package__).joinpath("authority")


def _entries(read: dict[str, dict[str, Any]]) -> list[Entry]:
    return [
        Entry(
            key=key,
            name=row["name"],
            kind=row.get("kind", "outlet"),
            aliases=tuple(row.get("aliases", ())),
            domains=tuple(row["domains"]),
            languages=tuple(row["languages"]),
            country=row["country"],
            article=row.get("article", False),
            common=row.get("common", False),
        )
        for key, row in read.items()
    ]
