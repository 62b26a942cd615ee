"""Where an arrival belongs: with an item already held, as a new version of one, or as an item of its own.

The rule, in this order: the item the archivist names; the item with the same address; the item that holds
the same bytes, unless another outlet or address is named for them (a reprint is an item of its own, though
its bytes are stored once); otherwise a new item.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog.rows import ADDRESSES, folded_value
from archive.errors import UsageError
from archive.model import Property

if TYPE_CHECKING:
    from uuid import UUID

    from archive.digest import Digest
    from archive.label import Label
    from archive.record import Arrival


class NoSuchItem(UsageError):
    """The item that the archivist named is not in the archive."""


@dataclass(slots=True)
class ShelvedVersion:
    """What telling versions apart takes: its digests."""

    id: UUID
    number: int
    objects: set[Digest]
    text: Digest | None
    payloads: set[str] = field(default_factory=set)

    def take(self, arrival: Arrival) -> None:
        """Note the digests of one more copy."""
        if arrival.within and arrival.within.revisit_of:
            return
        self.objects.add(arrival.object.digest)
        if arrival.within and arrival.within.payload_digest:
            self.payloads.add(arrival.within.payload_digest)


@dataclass(slots=True)
class ShelvedItem:
    """An item with its versions and by which addresses and outlets it is known."""

    id: UUID
    label: Label
    versions: list[ShelvedVersion] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)

    def version_with(self, arrival: Arrival, text: Digest | None) -> ShelvedVersion | None:
        """The version whose content the arrival repeats: the same bytes, or the same canonical text.

        Bytes that could not be read before, and now can, are a new version: its text is news.
        """
        if arrival.within and arrival.within.revisit_of:
            return next((v for v in self.versions if arrival.within.revisit_of in v.payloads), None)
        for version in self.versions:
            if text is not None and version.text is None:
                continue
            if arrival.object.digest in version.objects or (text is not None and version.text == text):
                return version
        return None


class Shelf:
    """The items that a batch may belong to, fetched together; grows as the batch is placed."""

    def __init__(self, items: list[ShelvedItem]) -> None:
        self._by_label: dict[Label, ShelvedItem] = {}
        self._by_object: dict[Digest, list[ShelvedItem]] = {}
        self._by_address: dict[str, ShelvedItem] = {}
        self._by_payload: dict[str, ShelvedItem] = {}
        for item in items:
            self.put(item)

    def put(self, item: ShelvedItem) -> None:
        """Enter an item under all that it can be found by; again, when it has grown."""
        self._by_label[item.label] = item
        for address in item.addresses:
            self._by_address.setdefault(address, item)
        for version in item.versions:
            for payload in version.payloads:
                self._by_payload.setdefault(payload, item)
            for digest in version.objects:
                shelved = self._by_object.setdefault(digest, [])
                if item not in shelved:
                    shelved.append(item)

    def find(self, arrival: Arrival) -> tuple[ShelvedItem | None, str]:
        """The item that the arrival belongs to, if any, and why in words; raises `NoSuchItem`."""
        if arrival.item:
            if arrival.item not in self._by_label:
                raise NoSuchItem(f"there is no item {arrival.item} in this archive")
            return self._by_label[arrival.item], "named by the archivist"
        if arrival.within and arrival.within.revisit_of:
            return self._revisited(arrival.within.revisit_of)
        for address in addresses_of(arrival):
            if address in self._by_address:
                return self._by_address[address], f"same address: {address}"
        for item in self._by_object.get(arrival.object.digest, []):
            if not contradicts(item, arrival):
                return item, "same bytes"
        return None, "nothing held has its address or bytes"

    def _revisited(self, payload: str) -> tuple[ShelvedItem | None, str]:
        item = self._by_payload.get(payload)
        if item:
            return item, f"a revisit of the copy with {payload}"
        return None, f"a revisit of a copy with {payload}, which is not held"

    def versions_like(self, arrival: Arrival) -> list[ShelvedVersion]:
        """Every version of the item that the arrival belongs to."""
        try:
            item, _ = self.find(arrival)
        except NoSuchItem:
            return []
        return item.versions if item else []


def addresses_of(arrival: Arrival) -> list[str]:
    """The addresses of an arrival in the form in which they are compared: the archivist's first."""
    said = (*arrival.said, *arrival.reading.statements)
    return list(dict.fromkeys(folded_value(s.about, s.value) for s in said if s.about in ADDRESSES))


def outlets_of(arrival: Arrival) -> set[str]:
    """The folded names of the outlets named for an arrival, by whomever."""
    said = (*arrival.said, *arrival.reading.statements)
    return {folded_value(s.about, s.value) for s in said if s.about is Property.OUTLET}


def contradicts(item: ShelvedItem, arrival: Arrival) -> bool:
    """Whether the arrival names another outlet or address than those the item is known by."""
    outlets, addresses = outlets_of(arrival), set(addresses_of(arrival))
    other_outlet = bool(outlets and item.outlets and not outlets & item.outlets)
    other_address = bool(addresses and item.addresses and not addresses & item.addresses)
    return other_outlet or other_address
