# Everything a newcomer types. `make run` and `make test` work from a fresh clone.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8501
# uv when it is there, else pip; INSTALLER=pip asks for pip. With uv, TORCH_BACKEND=cpu fetches the small CPU build of torch.
INSTALLER ?= $(if $(shell command -v uv),uv,pip)
TORCH_BACKEND ?=
export PYTHONPATH := $(CURDIR)

# The first interpreter on the path that is new enough.
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))

ifeq ($(INSTALLER),uv)
INSTALL = uv pip install --quiet --python $(PY) $(if $(TORCH_BACKEND),--torch-backend $(TORCH_BACKEND))
else
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check
endif

.PHONY: help run test check train bench lock clean

help:  ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Marquee needs Python 3.11 or newer; install it and try again."; exit 2; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV)

# Byte code is compiled once after installing: it cuts the first start from about ten seconds to three.
$(VENV)/.run: requirements.txt requirements.lock | $(VENV)/bin/python
	@echo "Installing with $(INSTALLER) (once; 1 to 6 GB, by the build of torch) ..."
	@$(INSTALL) -r requirements.txt -c requirements.lock
	@$(PY) -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.lock $(VENV)/.run
	@echo "Installing what tests and checks need ..."
	@$(INSTALL) -r requirements-dev.txt -c requirements.lock
	@$(PY) -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@

run: $(VENV)/.run  ## open the house: app and worker, address printed, Ctrl-C stops both
	@exec $(PY) -m app --port $(PORT)

train: $(VENV)/.run  ## train every model ahead of the first visitor
	@$(PY) -m app.worker --once

# One thread for each of the two processes: on a full machine threads wait for one another longer than they work.
test: $(VENV)/.dev  ## run every test
	@OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadgroup -m "not benchmark"

check: $(VENV)/.dev  ## style, types, import rules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/.dev  ## measure everything that docs/benchmarks.md states
	@for script in tests/benchmarks/bench_*.py; do echo "== $$script"; $(PY) $$script || exit 1; done

lock: $(VENV)/.dev  ## pin the tested versions anew
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements-dev.txt -o requirements.lock

clean:  ## remove the environment and everything that was trained or rated
	@rm -rf $(VENV) var
