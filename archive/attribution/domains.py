"""Whose page it is, by the domain of its address: inferred through the authority file, beside what the page says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import Basis, Evidence, Method, Property, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.attribution.resolve import Authority

BY_DOMAIN = Method("authority-file", "1")

_ADDRESSES = (Property.ADDRESS, Property.CANONICAL_ADDRESS)


def outlet_by_domain(said: Sequence[Statement], authority: Authority) -> tuple[Statement, ...]:
    """The outlet that the domain of an address belongs to; nothing where it is named already or not known."""
    named = {authority.resolve(each.value) for each in said if each.about is Property.OUTLET}
    for each in said:
        host = _host(each.value) if each.about in _ADDRESSES else None
        key = authority.by_domain(host) if host else None
        if host and key and key not in named:
            evidence = Evidence(host, place="domain of the address")
            name = authority.entry(key).name
            return (Statement(Property.OUTLET, name, Basis.INFERRED, BY_DOMAIN, evidence),)
    return ()


def _host(address: str) -> str | None:
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None
