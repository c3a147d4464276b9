# Two commands for users: make demo, make test. The rest is for developers.
# PYTHON chooses the interpreter that the environment is made with.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test setup check bench soak clean help

help:
	@echo "make demo   build the demo library and start XMR in the browser"
	@echo "make test   run every test"
	@echo "make check  lint, types, arrows between the layers"
	@echo "make bench  measure speed and memory on this machine"
	@echo "make soak   break it for an hour: kills, full disks, spoiled files, browsers (docs/soak.md)"

demo: setup
	@$(BIN)/xmr demo

test: setup
	@echo "Testing (about half an hour on two cores) …"
	@$(BIN)/python -m pytest

check: setup
	@echo "Linting …"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Checking types …"
	@$(BIN)/mypy
	@echo "Checking the arrows between the layers …"
	@$(BIN)/lint-imports --no-cache

bench: setup
	@$(BIN)/xmr bench all --json bench.json $(if $(wildcard docs/bench.json),--against docs/bench.json)

# A share of the full length, such as SHARE=0.05.
SHARE ?= 1
soak: setup
	@XMR_SOAK=$(SHARE) $(BIN)/python -m tests.soak --json soak.json

setup: .venv/ready

# The file is written last: a set-up that was interrupted is done again.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("XMR needs Python 3.11 or newer; set PYTHON=…") if sys.version_info < (3, 11) else None'
	@echo "Setting up .venv (about 6 GB, a few minutes the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch .venv/ready

clean:
	rm -rf .venv build dist bench.json soak.json .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
