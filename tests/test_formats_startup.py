"""Knowing the formats costs no parser: the libraries are loaded by the file that needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_listing_the_formats_loads_no_parser() -> None:
    script = (
        "import sys; from archive.formats import formats; from archive.formats import batch; formats();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"trafilatura", "htmldate", "lxml", "dateparser", "py3langid", "numpy", "fastwarc", "feedparser",
             "pypdf", "pypdfium2", "charset_normalizer"}  # fmt: skip
    assert not heavy & set(ran.stdout.split())
