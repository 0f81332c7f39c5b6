# Everything here needs only make and python3 >= 3.11; the rest is brought by the first run.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
# pip's own switches, and no word of it unless something is wrong.
PIP := $(RUN)/python -m pip --disable-pip-version-check install --quiet
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help up preview down cloud env test lint bench

help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(READY) ## Deploy the dev stack to the embedded cloud, which is started first
	@$(RUN)/kubewire local deploy

preview: $(READY) ## Show what `make up` would change
	@$(RUN)/kubewire local preview

down: $(READY) ## Destroy the dev stack and stop the embedded cloud
	@$(RUN)/kubewire local destroy

cloud: $(READY) ## Start the embedded cloud alone
	@$(RUN)/kubewire local up

# Standard output is for the shell that evaluates it; all else goes to standard error.
env: $(READY) ## Print what a shell needs to use it: eval "$(make env)"
	@$(RUN)/kubewire local up >&2 && $(RUN)/kubewire local env

test: lint ## Lint, then run every test
	@$(RUN)/pytest

lint: $(READY) ## Check style, types and imports
	@$(RUN)/ruff check
	@$(RUN)/ruff format --check
	@$(RUN)/mypy components infra tests bench
	@$(RUN)/lint-imports

bench: $(READY) ## Measure the main job, and a network of 500 nodes
	@$(RUN)/python -m bench

# A virtual environment without a pip is what an interrupted run leaves, or a Python that can't make them.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'kubewire needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@echo 'Installing the Python dependencies into $(VENV) (two to four minutes, once) ...' >&2
	@$(RUN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) >&2
	@$(PIP) --require-hashes --requirement requirements.txt >&2
	@$(PIP) --no-deps --no-build-isolation --editable . >&2
	@touch $@
