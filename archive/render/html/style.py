"""How a page looks: on screens light and dark, and on paper."""

from __future__ import annotations

import hashlib
from base64 import b64encode

STYLE = """
:root { color-scheme: light dark;
  --paper: #fbfaf7; --ink: #1d1c1a; --soft: #5f5b54; --line: #d9d4ca; --card: #ffffff; --mark: #fff0b3;
  --cites: #1f5fa8; --copies: #8a5a00; --quotes: #6b3fa0; --revises: #5f5b54; --ask: #9a3412; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #181715; --ink: #ece8e1; --soft: #aaa49a; --line: #3b3833; --card: #22201d; --mark: #5a4a10;
  --cites: #7fb4f0; --copies: #e0b060; --quotes: #c3a1ee; --revises: #aaa49a; --ask: #f2a07b; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 Georgia, "Times New Roman", serif; }
h1 { font-size: 1.15rem; letter-spacing: .02em; margin: 0 0 .5rem; color: var(--soft); font-weight: 600; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .6rem; }
h4 { font-size: 1rem; margin: 0 0 .4rem; }
blockquote { margin: .5rem 0; padding: 0; }
.claim { font-size: 1.5rem; line-height: 1.35; }
.soft, dt, nav, footer, figcaption, .ref { color: var(--soft); font-family: system-ui, sans-serif; font-size: .85rem; }
a { color: inherit; } a:focus-visible { outline: 3px solid var(--cites); outline-offset: 2px; }
nav a { margin-right: 1.2rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .9rem 1.1rem;
  margin: 0 0 .8rem; break-inside: avoid; }
article:target, li:target { outline: 3px solid var(--cites); }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .1rem .8rem; margin: .5rem 0 0; font-size: .9rem; }
dd { margin: 0; font-family: system-ui, sans-serif; overflow-wrap: anywhere; }
mark { background: var(--mark); color: inherit; padding: 0 .1em; }
del { color: var(--soft); } ins { color: var(--bad); text-decoration: none; font-weight: 600; }
.kind { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem;
  font: .78rem/1.5 system-ui, sans-serif; }
.ask { color: var(--ask); font: 600 .78rem/1 system-ui, sans-serif; text-decoration: none; }
.bad { color: var(--bad); }
.graph { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); margin: 0; }
svg { display: block; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .small { font-size: 10.5px; fill: var(--soft); } svg .box { fill: var(--paper); stroke: var(--line); }
svg .absent { stroke-dasharray: 4 3; fill: none; stroke: var(--soft); }
svg a:focus-visible .box { stroke: var(--cites); stroke-width: 3; }
svg .edge { fill: none; stroke-width: 1.6; }
svg .word { font-size: 10.5px; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.cites { stroke: var(--cites); } .copies { stroke: var(--copies); } .quotes { stroke: var(--quotes); }
.revises { stroke: var(--revises); stroke-dasharray: 3 3; } .named { stroke: var(--soft); stroke-dasharray: 4 3; }
.circular { stroke: var(--bad); stroke-width: 2.4; }
marker path { fill: var(--soft); }
ol.evidence li { margin: 0 0 .7rem; } ol.evidence q { font-style: italic; }
@media print { body { max-width: none; font-size: 10pt; background: none; } nav { display: none; }
  .graph { overflow: visible; } .graph svg { width: 100%; height: auto; } article { border-color: #999; } }
"""


def policy() -> str:
    """What the page allows itself: its own style and nothing else, wherever it is opened (CSP, level 3)."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
