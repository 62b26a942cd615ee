"""An archive with something in it, and files to bring in next: the same start for every cut."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Self

from tests.faults.target import Warm, losses, warmed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.target import Outcome, Target, Words

HELD = "town.txt"
"""The file that the archive holds from the start, brought in again beside new ones."""

STORIES = {
    HELD: "Port Ellery opens its new pumping station. The mayor spoke on Monday.",
    "wire.txt": "The new pumping station cost 4.1 million, according to the Ellery Wire.",
    "reprint.txt": "The new pumping station cost 4.1 million, according to the Ellery Wire.",
    "letter.txt": "A reader asks why the harbour road is closed. No answer has been given.",
    "empty.txt": "",
    "late.txt": "The station will open in spring, the council said. It has said so before.",
    "last.txt": "Water prices rise by two per cent, the town clerk told the Harbour Post.",
}


class Scene:
    """A warm Python with a fault or none, an archive as it was before the command, and the files."""

    def __init__(
        self, target: Target, room: Path, fault: str = "-", stories: dict[str, str] | None = None
    ) -> None:
        self.room = room
        self.warm = warmed(target) if fault == "-" else Warm(target, room, fault)
        self._own = fault != "-"
        self.target = target
        self.files = [room / name for name in stories or STORIES]
        for path, text in zip(self.files, (stories or STORIES).values(), strict=True):
            path.write_text(text, encoding="utf-8")
        self._before = room / "before"
        self.archive = room / "archive"

    def __enter__(self) -> Self:
        if self._own:
            self.warm.learn(self.room / "first")
        for words in (self.target.init(self._before), self.target.ingest(self._before, self.files[:1])):
            done = self.warm.run(words)
            assert done.status == 0, done
        assert self.target.receipts(done.out), done
        self.earlier = frozenset(self.target.receipts(done.out))
        return self

    def __exit__(self, *_: object) -> None:
        if self._own:
            self.warm.__exit__()
        shutil.rmtree(self._before)
        shutil.rmtree(self.archive, ignore_errors=True)

    @property
    def ingest(self) -> Words:
        """The command that is cut off."""
        return self.target.ingest(self.archive, self.files)

    def restart(self) -> None:
        """Have the archive as it was before."""
        shutil.rmtree(self.archive, ignore_errors=True)
        shutil.copytree(self._before, self.archive)

    def run(self, attach: Callable[[int], Callable[[], None]] | None = None, **how: float) -> Outcome:
        """Run the ingest on a fresh archive."""
        self.restart()
        return self.warm.run(self.ingest, attach=attach, **how)

    def losses(self, ended: Outcome) -> list[str]:
        """What was lost of what the command and the one before it printed receipts for."""
        return losses(self.warm, self.archive, self.target.receipts(ended.out) | self.earlier)
