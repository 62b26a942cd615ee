# `make demo` and `make test` need Python 3.11 or later with venv, and nothing else that is not made here.
PYTHON ?= python3
VENV := .venv
WHOOSH274 := .venv-whoosh274
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test lint types check unit test-whoosh274 bench-search bench-verify soak bench quality transcript lock clean

$(VENV)/pyvenv.cfg:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/run.txt
	touch $@

# All that is in requirements/run.txt is in here as well.
$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

demo: $(VENV)/.run
	$(BIN)/python -m tests.demo

# The short ones beside one another, each shown when it has ended; then the long one.
test: $(WHOOSH274)/.done
	$(MAKE) --no-print-directory -j 2 --output-sync=target lint types test-whoosh274
	$(MAKE) --no-print-directory unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

# Compiled once, also where Python is told to write no byte code: tests start hundreds of commands. Three at a time
# on two cores, for a test waits for disks and processes as well; each begins with a third of the files, in order,
# so that what is made once for a file is seldom made twice, and then takes over from those that are behind.
unit: $(VENV)/.dev
	$(BIN)/python -m compileall -q archive index migrations tests
	$(BIN)/python -m pytest -n 3 --dist worksteal

# The index once more on Whoosh 2.7.4, which whoosh3 carries on: the fallback must go on working. The other engine
# has nothing of Whoosh; `unit` tests it.
$(WHOOSH274)/.done: requirements/whoosh274.txt $(VENV)/.dev
	$(PIP) install --require-hashes --no-deps --upgrade --target $(WHOOSH274) -r requirements/whoosh274.txt
	touch $@

test-whoosh274: $(WHOOSH274)/.done
	PYTHONPATH=$(CURDIR)/$(WHOOSH274) $(BIN)/python -W ignore::SyntaxWarning -W ignore::DeprecationWarning -m pytest -n 2 -k "not tantivy" tests/test_index*.py

# What takes minutes: every failing system call, every instant of a power cut.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m long --timeout 3600

# How good the answers are, ours beside the peer's, on the sets of ../shared/data where they are.
quality: $(VENV)/.dev
	for measure in $(basename $(notdir $(wildcard tests/quality/[a-z]*.py))); do $(BIN)/python -m tests.quality.$$measure || exit 1; done

bench: $(VENV)/.dev
	for table in $(basename $(notdir $(wildcard tests/benchmarks/[a-z]*.py))); do $(BIN)/python -m tests.benchmarks.$$table || exit 1; done

bench-search: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.search

# Beside hashdeep, rhash, bagit, restic, git-annex where they are installed, and a C program that only hashes.
bench-verify: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.verify --small 100000 --large 200

# Rewrite what shows real output, after the output has changed: read the differences before you commit them.
transcript: $(VENV)/.dev
	$(BIN)/python -m tests.reference
	$(BIN)/python -m tests.transcript
	$(BIN)/python -m tests.test_cli_output

lock:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -U uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header pyproject.toml --extra blake3 --extra postgresql --extra timestamp --extra tantivy --group dev -c requirements/run.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header requirements/whoosh274.in -o requirements/whoosh274.txt

clean:
	rm -rf $(VENV) .venv-whoosh274
