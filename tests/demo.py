"""The demonstration: `make demo`. Real commands on the sample documents in a folder that is thrown away.

It needs the run-time environment only, and ends with status 1 where a step does not come out as it should.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = "000_4b77468e57cc8906.txt"
DIGEST = "6625bdbcd6ee58f04ec7a64f04264a181aac45467d8b1faa42472fe90ef13812"
OBJECT = f"news/objects/sha256/{DIGEST[:2]}/{DIGEST}"


class Wrong(Exception):
    """A step did not come out as it should."""


def claimtrail(words: str, *expected: str, status: int = 0) -> str:
    """Run a command as a person would, show it with its output, and see that both are as they should be."""
    print(f"\n$ claimtrail {words}", flush=True)
    ran = subprocess.run(
        [sys.executable, "-m", "archive.cli", *shlex.split(words)],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVE": "news", "CLAIMTRAIL_ARCHIVIST": "M. Tansley"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    # What a person sees in a folder of their own is the same without the name of this one.
    print(ran.stdout.replace(f"{Path.cwd()}{os.sep}", ""), end="", flush=True)
    if ran.returncode != status:
        raise Wrong(f"it ended with status {ran.returncode} instead of {status}")
    flat = " ".join(ran.stdout.split())
    for words_expected in expected:
        if words_expected not in flat:
            raise Wrong(f"it did not say {words_expected!r}")
    return ran.stdout


def say(words: str) -> None:
    """A line between two steps."""
    print(f"\n# {words}", flush=True)


def demonstrate() -> None:
    """The steps, in the present folder."""
    shutil.copytree(ROOT / "seeds", "seeds")

    say("An archive is a directory. Files come in with a receipt; a bad one does not stop the others.")
    claimtrail("init news", "made an archive")
    claimtrail(f"ingest seeds/{DOCUMENT}", "1 new item", "0 refused")
    claimtrail(
        "ingest --manifest seeds/port-ellery/manifest.csv", "9 new items", "1 new version", "0 refused"
    )

    say("Words that were found are marked. Nobody knows who published this, and it is not guessed.")
    claimtrail("search '\"415 million\"'", "\u00ab415 million\u00bb", "outlet unknown", "1 version found")

    say("A claim is found in other words, with whom it is attributed to and whether that source is held.")
    claimtrail(
        "trace '415 million people have renounced their membership'",
        "attributed to Greek City Times in the sentence that follows",
        "the archive holds nothing from that source",
    )

    say("Where several outlets state it, the trail is a timeline (this story is invented for demonstration).")
    claimtrail(
        "trace 'A burst water main left 2,300 households in Port Ellery without running water for 19 hours'",
        "Timeline",
        "Ellery Water Authority",
        "Quillmark Press Agency",
    )

    say("Every object is hashed again, and the ledger and the database are checked.")
    claimtrail("verify", "11 intact", "result: all intact")

    say(f"Now one byte of one object is changed behind the archive's back: {OBJECT}")
    flip(Path(OBJECT), 100)
    out = claimtrail("verify", f"sha256:{DIGEST}", "1 altered, 10 intact", status=1)
    named = [line for line in out.splitlines() if line.startswith("ALTERED")]
    if len(named) != 1 or DIGEST not in named[0]:
        raise Wrong("it did not name exactly the altered object")
    say("It names exactly that object, and its exit status was 1, as it should be.")


def flip(path: Path, at: int) -> None:
    """Change the lowest bit of one byte."""
    path.chmod(0o644)
    changed = bytearray(path.read_bytes())
    changed[at] ^= 1
    path.write_bytes(changed)
    path.chmod(0o444)


def main() -> int:
    """Run the demonstration in a folder of its own; 1 where a step went wrong."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="claimtrail-demo-") as folder:
        os.chdir(folder)
        try:
            demonstrate()
        except Wrong as wrong:
            print(f"\nthe demonstration failed: {wrong}", file=sys.stderr)
            return 1
        finally:
            os.chdir(before)
    return 0


if __name__ == "__main__":
    sys.exit(main())
