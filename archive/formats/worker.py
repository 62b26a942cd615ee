"""A worker: a process of its own that parses files for us and may be killed for it.

The limits on its processor time, memory and files are the kernel's (setrlimit), set before each file: a
parser in C cannot talk its way past them. Its standard output carries frames and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.formats import parts
from archive.formats.wire import LENGTHS, NO_PAYLOAD, context_in, frame, part_out

if TYPE_CHECKING:
    from archive.limits import Limits

OPEN_FILES = 64
"""Files that a worker may have open."""


def serve(tasks: BinaryIO, answers: BinaryIO) -> None:
    """Answer each task with a frame a part and a closing `done`, until the tasks end."""
    _preload()
    start = _address_space()
    answers.writelines(frame({"ready": True}))
    answers.flush()
    while task := _receive(tasks):
        message, body = task
        context = context_in(message["context"])
        _confine(context.limits, start)
        source = body if body is not None else Path(message["path"])
        for part in parts(source, context):
            answers.writelines(frame(part_out(part), part.payload))
            answers.flush()
            _renew(context.limits)
        answers.writelines(frame({"done": True}))
        answers.flush()


def _preload() -> None:
    """What nearly every file needs is imported before memory is measured."""
    import htmldate  # noqa: F401 - imported for the time that it takes
    import trafilatura.metadata  # noqa: F401 - as above

    from archive.formats.language import language_of

    language_of("The model is loaded by its first use.")


def _receive(tasks: BinaryIO) -> tuple[dict[str, Any], bytes | None] | None:
    head = tasks.read(LENGTHS.size)
    if len(head) < LENGTHS.size:
        return None
    words, size = LENGTHS.unpack(head)
    message = json.loads(tasks.read(words))
    return message, None if size == NO_PAYLOAD else tasks.read(size)


def _address_space() -> int:
    """The bytes of address space in use; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _confine(limits: Limits, start: int) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if start:
        _lower(resource.RLIMIT_AS, start + limits.memory)
    _renew(limits)


def _renew(limits: Limits) -> None:
    """Give the next part its own processor time: the kernel counts it from the process's start."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds))


def _lower(what: int, limit: int) -> None:
    with contextlib.suppress(OSError, ValueError, OverflowError):
        hard = resource.getrlimit(what)[1]
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (soft, hard))


def main() -> None:
    """Serve on standard input and output; whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import logging

    logging.disable(logging.CRITICAL)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
