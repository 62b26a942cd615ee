"""Web addresses in the form in which two of them are compared."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": "80", "https": "443"}


def normal_address(address: str) -> str:
    """The address without fragment and default port, scheme and host in lower case (RFC 3986, section 6.2.2).

    Anything that is not an http or https address comes back as it was, without white space around it.
    """
    text = address.strip()
    try:
        parts = urlsplit(text)
        port = str(parts.port) if parts.port else None
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return text
    host = parts.hostname.lower()
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, parts.path or "/", parts.query, ""))
