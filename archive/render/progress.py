"""Progress on a terminal; nothing where standard error goes elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Thing = TypeVar("Thing")


def counted(things: Iterable[Thing], what: str) -> Iterator[Thing]:
    """The things as they come, counted on a terminal while standard output goes elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from things
        return
    with bar(what, None) as advance:
        for done, thing in enumerate(things, 1):
            advance(done)
            yield thing


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar (a count where the total is not known); call it with how many are done."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def reading_bar(what: str, objects: int | None, size: int | None) -> Iterator[Callable[[int, int], None]]:
    """A bar of objects and bytes with the rate and the time left; call it with both as they are done."""
    if not sys.stderr.isatty():
        yield lambda _objects, _size: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description} {task.fields[objects]}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    of = f"/{objects:,}" if objects is not None else ""
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=size, objects=f"0{of}")
        yield lambda done, done_size: progress.update(task, completed=done_size, objects=f"{done:,}{of}")
