"""Xapian, which Debian installs for the system's Python only: run as a program, documents and queries on its input.

    python3 xapian_peer.py FOLDER < JSON     {"rows": [[text, outlet, day], ...], "asked": {class: [query, ...]}}

Prints {"documents_per_s": ..., "times": {class: [seconds, ...]}}; times are CPU time. It imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from typing import Any

xapian: Any = importlib.import_module("xapian")  # there for the system's Python, and for no other
FLAGS = (
    xapian.QueryParser.FLAG_PHRASE
    | xapian.QueryParser.FLAG_BOOLEAN
    | xapian.QueryParser.FLAG_WILDCARD
    | xapian.QueryParser.FLAG_BOOLEAN_ANY_CASE
)


def fill(folder: str, rows: list[list[str]]) -> None:
    base = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
    maker = xapian.TermGenerator()
    maker.set_stemmer(xapian.Stem("en"))
    for text, outlet, day in rows:
        made = xapian.Document()
        maker.set_document(made)
        maker.index_text(text)
        maker.index_text(outlet, 1, "XO")
        made.add_value(0, day)
        base.add_document(made)
    base.commit()
    base.close()


def parser(base: Any) -> Any:
    made = xapian.QueryParser()
    made.set_database(base)
    made.set_stemmer(xapian.Stem("en"))
    made.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    made.set_default_op(xapian.Query.OP_AND)
    made.add_prefix("outlet", "XO")
    return made


def search(base: Any, parse: Any, query: str) -> int:
    day = re.search(r" published:(\S+)", query)
    asked = parse.parse_query(query.replace(day.group(), "") if day else query, FLAGS)
    if day:
        within = xapian.Query(xapian.Query.OP_VALUE_RANGE, 0, day.group(1), day.group(1) + "~")
        asked = xapian.Query(xapian.Query.OP_FILTER, asked, within)
    enquire = xapian.Enquire(base)
    enquire.set_query(asked)
    return sum(1 for _ in enquire.get_mset(0, 20))


def main() -> None:
    told = json.load(sys.stdin)
    before = time.process_time()
    fill(sys.argv[1], told["rows"])
    speed = len(told["rows"]) / (time.process_time() - before)
    base = xapian.Database(sys.argv[1])
    parse = parser(base)
    times: dict[str, list[float]] = {}
    for name, queries in told["asked"].items():
        times[name] = []
        for query in queries:
            before = time.process_time()
            search(base, parse, query)
            times[name].append(time.process_time() - before)
    print(json.dumps({"documents_per_s": speed, "times": times}))


if __name__ == "__main__":
    main()
