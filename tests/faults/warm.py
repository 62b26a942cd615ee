"""Runs a command many times without importing it many times: `python -m tests.faults.warm MODULE FAULT`.

A line of JSON on standard input asks for a run; lines on standard output say its process and how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

from tests.faults.plant import plant


def child(main, wish: dict, ready: int) -> None:
    """Be the command; never return."""
    status = 70
    try:
        redirect(Path(wish["out"]))
        sys.stdout.reconfigure(line_buffering=True)  # as on a terminal: a receipt line is out once printed
        gate = os.open(wish["gate"], os.O_RDWR) if wish["gate"] else None
        os.write(ready, b".")
        os.close(ready)
        if gate is not None:
            os.read(gate, 1)  # until the tracer is there; it must find no call of ours to count
            os.close(gate)
        status = called(main, wish["argv"])
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(status)


def called(main, argv: list[str]) -> int:
    """The exit status that the command would have as a program."""
    try:
        return main(argv) or 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, it is the command's, and the caller reads it
        traceback.print_exc()
        return 70


def redirect(out: Path) -> None:
    """Send what is printed to a file, and what is said on the way to one beside it."""
    for fd, path in ((1, out), (2, out.with_suffix(".err"))):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, fd)
        os.close(file)


def run(main, wish: dict) -> int:
    seen, ready = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(seen)
        child(main, wish, ready)
    os.close(ready)
    os.read(seen, 1)
    os.close(seen)
    answer({"pid": pid})
    if wish["kill_after"] is not None:
        time.sleep(wish["kill_after"])
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def run_here(main, wish: dict) -> int:
    """Run it in this very Python, so that what it imports and loads late is here for all that are forked later."""
    answer({"pid": os.getpid()})
    redirect(Path(wish["out"]))
    status = called(main, wish["argv"])
    sys.stdout.flush()
    sys.stderr.flush()
    assert len(threading.enumerate()) == 1, "a command that leaves threads behind cannot be forked from"
    return status


def answer(words: dict) -> None:
    os.write(ANSWERS, json.dumps(words).encode() + b"\n")


def serve() -> None:
    module, fault = sys.argv[1:]
    main = importlib.import_module(module).main
    plant(fault)
    for line in sys.stdin:
        wish = json.loads(line)
        answer({"status": (run_here if wish["learn"] else run)(main, wish)})


if __name__ == "__main__":
    ANSWERS = os.dup(1)
    os.umask(0o022)  # as the replayed disk has it
    serve()
