# Two commands do it all on a fresh machine with Python 3.11+ and make: `make run`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: setup run demo test check bench fuzz lint docs clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@echo "准备运行环境（.venv），首次需要几分钟……"
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup
	@$(BIN)/minecase run

demo: setup
	@$(BIN)/minecase demo

test: setup
	@$(BIN)/python -m pytest

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test

bench: setup
	@$(BIN)/python -m benchmarks

fuzz: setup
	@$(BIN)/python -m benchmarks.fuzz_interface --cases 10000

docs: setup
	@$(BIN)/python -m states.describe > docs/procedures.md

clean:
	@rm -rf .venv build *.egg-info
