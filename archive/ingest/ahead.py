"""Reading ahead of the one who records: a thread takes items from an iterator into a line of a bounded weight."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Item = TypeVar("Item")

ITEMS_AHEAD = 256
"""A batch and a little more, so that the next one is there when the one before it is recorded."""

WEIGHT_AHEAD = 32 << 20
"""Bytes of what waits in line; one item may weigh more, and then waits alone."""


class Ahead(Generic[Item]):
    """What an iterator yields, in its order; iterate it once, and leave it in any case.

    The iterator is run to its end, or left early, in a thread of its own; what it raises is raised here.
    """

    def __init__(self, items: Iterator[Item], weight: Callable[[Item], int]) -> None:
        self._items, self._weight = items, weight
        self._changed = threading.Condition()
        self._line: deque[tuple[int, Item]] = deque()
        self._heavy, self._ended, self._left = 0, False, False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._fill, name="claimtrail reading ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Item]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line or self._ended)
                if not self._line:
                    break
                weight, item = self._line.popleft()
                self._heavy -= weight
                self._changed.notify()
            yield item
        if self._error:
            raise self._error

    def leave(self) -> None:
        """Want no more; the thread ends with the item it is at."""
        with self._changed:
            self._left = True
            self._changed.notify()

    def join(self) -> None:
        """Wait for the end of the thread, once it was left."""
        self._thread.join()

    def _fill(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    break
        except BaseException as error:  # noqa: BLE001 - it is raised where the items are wanted
            self._error = error
        finally:
            close = getattr(self._items, "close", None)
            if close:
                close()
            with self._changed:
                self._ended = True
                self._changed.notify()

    def _put(self, item: Item) -> bool:
        """Whether the item was wanted; waits for room."""
        weight = self._weight(item)
        with self._changed:
            self._changed.wait_for(lambda: self._left or self._has_room(weight))
            if self._left:
                return False
            self._line.append((weight, item))
            self._heavy += weight
            self._changed.notify()
        return True

    def _has_room(self, weight: int) -> bool:
        return not self._line or (len(self._line) < ITEMS_AHEAD and self._heavy + weight <= WEIGHT_AHEAD)
