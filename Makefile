# Bare `make` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Tests begin a hundred processes of their own: let the first leave compiled files to the others.
unexport PYTHONDONTWRITEBYTECODE
PARAMS ?= params/breast_cancer.yaml

.PHONY: help report batch lab check test lint unit bench cells lock clean

help: ## list the targets with their meaning
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

# Installed again only when the locked versions or our own metadata change.
$(READY): requirements.lock pyproject.toml setup.py $(wildcard src/helpers/runner/kernels/nightbook/* src/helpers/runner/templates/nightbook/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 report" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked versions into .venv; this takes a minute or two…"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

report: $(READY) ## run PARAMS (default params/breast_cancer.yaml) and print the report's path
	@$(BIN)/nightbook run $(PARAMS)

batch: $(READY) ## run every experiment in params/
	@$(BIN)/nightbook run params/*.yaml

lab: $(READY) ## open JupyterLab in notebooks/, or with PARAMS in copies that hold its values
	@$(BIN)/nightbook lab $(if $(filter-out file,$(origin PARAMS)),$(PARAMS))

check: $(READY) ## check every file in params/ without running anything
	@$(BIN)/nightbook check params/*.yaml

test: lint unit ## the whole test suite: ruff, mypy, unit tests, real tables, whole runs, nbval, a browser
	$(BIN)/pytest -n auto --dist loadgroup -m "slow or whole_run or browser or real_tables"

lint: $(READY) ## ruff (notebooks too) and mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

unit: $(READY) ## unit tests, under a minute
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n auto -p no:nbval -m "not (slow or whole_run or browser or real_tables)"

bench: $(READY) ## measurements, side by side with other tools
	$(BIN)/python -m benchmarks

cells: $(READY) ## write params/schema.json and the notebooks' parameters cells anew, from the model
	$(BIN)/nightbook schema > params/schema.json
	$(BIN)/python tools/parameters_cells.py

lock: $(READY) ## pin every version anew, with hashes (needs uv)
	$(BIN)/python tools/lock.py

clean: ## remove what tools wrote, but no report
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
