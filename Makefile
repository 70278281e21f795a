# make up: set everything up and run the hospital.   make test: set everything up and prove it.
# Every target does its own set-up, once: again only when requirements.lock or pyproject.toml have changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up test lint format lock bench setup chromium

BIN := .venv/bin
STAMP := .venv/.set-up
WORKERS ?= 2
unexport PYTHONDONTWRITEBYTECODE  # every process would compile everything anew: two to three times the start of a part

# uv as a program, as a module, else installed into a folder of our own; a shim that cannot run does not count
define FIND_UV
if uv --version >/dev/null 2>&1; then UV="uv"; \
elif python3 -m uv --version >/dev/null 2>&1; then UV="python3 -m uv"; \
else \
  [ -d .uv/uv ] || { echo "installing uv into .uv" >&2; mkdir -p .uv; echo '*' > .uv/.gitignore; \
    python3 -m pip install --quiet --target .uv uv; }; \
  UV="env PYTHONPATH=$$PWD/.uv python3 -m uv"; \
fi
endef

# Python 3.13 on the PATH, else one of pyenv's, else what uv finds or fetches
define FIND_PYTHON
PYTHON=3.13; \
for candidate in python3.13 python3 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do \
  if "$$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; then \
    PYTHON=$$("$$candidate" -c 'import sys; print(sys.executable)'); break; \
  fi; \
done
endef

help:
	@echo "make up      set up and run the hospital (OPTIONS='--port 8001 ...' are handed on)"
	@echo "make test    set up and run every check and test"
	@echo "make lint | format | lock | bench"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(FIND_UV); $(FIND_PYTHON); \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; then \
	  echo "making .venv with $$PYTHON" >&2; \
	  $$UV venv --quiet --clear --python "$$PYTHON" .venv; \
	fi; \
	echo "installing what requirements.lock names" >&2; \
	$$UV pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock; \
	$$UV pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

up: $(STAMP)
	@exec $(BIN)/vardnara up $(OPTIONS)

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

chromium:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing Chromium" >&2; \
	  { apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes chromium; } \
	    || echo "Chromium could not be installed: the browser tests are left out" >&2; \
	else \
	  echo "for the browser tests install Chromium (on Debian: apt-get install chromium)" >&2; \
	fi

test: lint chromium
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(OPTIONS)

bench: $(STAMP)
	$(BIN)/vardnara bench $(OPTIONS)

lock:
	@$(FIND_UV); $$UV pip compile --quiet --universal --generate-hashes --no-header --python-version 3.13 \
	  --extra dev --output-file requirements.lock pyproject.toml
