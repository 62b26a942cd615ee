"""Runs a command many times without importing it many times: `python -m tests.faults.warm MODULE FAULT`.

A line of JSON on standard input asks for a run; lines on standard output say its process and how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

from tests.faults.plant import plant


def child(main, wish: dict) -> None:
    """Be the command; never return."""
    status = 70
    out = Path(wish["out"])
    try:
        for fd, path in ((1, out), (2, out.with_suffix(".err"))):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, fd)
            os.close(file)
        if wish["wait_for"]:
            os.close(os.open(wish["wait_for"], os.O_RDONLY))  # a pipe: until the tracer is there
        status = main(wish["argv"]) or 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, it is the command's, and the caller reads it
        traceback.print_exc()
    finally:
        with suppress(OSError):
            sys.stdout.flush()
        with suppress(OSError):
            sys.stderr.flush()
        if wish["modules"]:
            Path(wish["modules"]).write_text("\n".join(sys.modules), encoding="utf-8")
        os._exit(status)


def run(main, wish: dict) -> int:
    pid = os.fork()
    if not pid:
        child(main, wish)
    print(json.dumps({"pid": pid}), flush=True)
    if wish["kill_after"] is not None:
        time.sleep(wish["kill_after"])
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if wish["modules"]:
        import_all(Path(wish["modules"]))
    return os.waitstatus_to_exitcode(status)


def import_all(listed: Path) -> None:
    """Import here what the child imported late, so that no later child has to."""
    for name in listed.read_text(encoding="utf-8").splitlines():
        with suppress(Exception):
            importlib.import_module(name)


def serve() -> None:
    module, fault = sys.argv[1:]
    main = importlib.import_module(module).main
    plant(fault)
    for line in sys.stdin:
        print(json.dumps({"status": run(main, json.loads(line))}), flush=True)


if __name__ == "__main__":
    serve()
