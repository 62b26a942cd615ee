"""HTML put together from escaped parts only; what archived text could do to a reader's eye is written out."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from archive.render.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STYLE = """
:root { color-scheme: light; --ink: #1c1f23; --soft: #5b6470; --line: #d9dde3; --tint: #f4f6f8; --mark: #8a4b08; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 54rem; color: var(--ink); background: #fff;
  font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
p, ul, ol { margin: .5rem 0; }
.lead, .soft, figcaption { color: var(--soft); }
code, pre, .mono { font: .86em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 4px; padding: .7rem .9rem;
  white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; margin: .6rem 0 1rem; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .6rem .38rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); }
td.narrow, th.narrow { white-space: nowrap; }
.facts th { width: 10.5rem; }
.basis { color: var(--mark); font-size: .88em; white-space: nowrap; }
blockquote { margin: .5rem 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--line); }
ol.text { padding-left: 2.6rem; }
ol.text li::marker { color: var(--soft); font-size: .8em; }
.box { border: 1px solid var(--line); border-radius: 6px; padding: .4rem 1rem; margin: .8rem 0; }
@media print { body { padding: 0; max-width: none; } h2 { break-after: avoid; } pre, .box { break-inside: avoid; } }
"""


def text(words: str) -> str:
    """Words as HTML: escaped, and on one line."""
    return html.escape(shown(words))


def tag(name: str, inside: str, kind: str = "") -> str:
    """An element around HTML."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<{name}{attribute}>{inside}</{name}>"


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of words."""
    return tag("p", text(words), kind)


def code(words: str) -> str:
    """Something to be read or typed letter by letter."""
    return tag("code", text(words))


def commands(lines: Iterable[str]) -> str:
    """Commands to type, a line each."""
    return tag("pre", "\n".join(text(line) for line in lines))


def bullets(items: Iterable[str]) -> str:
    """A list of HTML items."""
    return tag("ul", "".join(tag("li", item) for item in items))


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names with values, the values as HTML."""
    return tag("table", "".join(f"<tr>{tag('th', text(n))}{tag('td', v)}</tr>" for n, v in rows), "facts")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of HTML cells."""
    head = "".join(tag("th", text(each), "narrow") for each in heads)
    body = "".join(f"<tr>{''.join(tag('td', cell) for cell in row)}</tr>" for row in rows)
    return tag("table", f"<tr>{head}</tr>{body}")


def document(title: str, parts: Iterable[str]) -> bytes:
    """A whole page; it loads nothing, and says so to the browser."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body>\n"
    )
    return (head + "\n".join(parts) + "\n</body></html>\n").encode()
