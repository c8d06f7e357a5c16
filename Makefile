# make run     set up what is missing, build the figures if they changed, open the dashboard
# make test    set up what is missing, then lint, types and every test; stops at the first stage that fails
# make help    all of it

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build fetch test lint types pytest matrix bench i18n clean setup setup-test browser python-check

PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.ready-to-run
TEST_STAMP := $(VENV)/.ready-to-test
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# The first of these that starts and is new enough; `make PYTHON=/path/to/python run` overrides it.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

define say
@printf '\n== %s\n' "$(1)"
endef

help:
	@echo "make run     set up, build the figures if they changed, show the dashboard on port $(PORT) (PORT=...)"
	@echo "make build   build the figures only; does nothing when nothing changed"
	@echo "make fetch   get official files: make fetch SOURCE=uk_local_authority (needs the internet)"
	@echo "make test    lint, types and all tests, browser included"
	@echo "make lint    ruff: rules and format        make types   mypy --strict"
	@echo "make pytest  the tests only; make pytest ARGS='tests/e2e -k requests'"
	@echo "make matrix  64 bad inputs and what became of each, as one table"
	@echo "make bench   the speed figures, each beside its base in the same run"
	@echo "make i18n    collect the texts and update the translation files"
	@echo "make clean   remove the environment, builds and tool caches; official files and uploads stay"

python-check:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }

$(RUN_STAMP): requirements.txt | python-check
	$(call say,Installing what the dashboard runs on (once; a minute or two))
	@if ! $(BIN)/python -c 'import pip' >/dev/null 2>&1; then \
		"$(PYTHON)" -m venv --clear $(VENV) || { echo "Python cannot make a virtual environment here; on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }; \
	fi
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(TEST_STAMP): $(RUN_STAMP) tests/requirements.txt
	$(call say,Installing what the tests need (once))
	@$(PIP) install --requirement tests/requirements.txt
	@touch $@

setup: $(RUN_STAMP)

setup-test: $(TEST_STAMP)

build: $(RUN_STAMP)
	$(call say,Building the figures (skipped when nothing changed))
	@$(BIN)/python -m pipeline build

fetch: $(RUN_STAMP)
	@test -n "$(SOURCE)" || { echo "Which source? For example: make fetch SOURCE=uk_local_authority" >&2; exit 1; }
	@$(BIN)/python -m pipeline fetch $(SOURCE)

run: build
	$(call say,The dashboard is at http://127.0.0.1:$(PORT) (stop it with Ctrl+C))
	@exec $(BIN)/python -m streamlit run dashboard.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --server.fileWatcherType none --browser.gatherUsageStats false

browser: $(TEST_STAMP)
	$(call say,Browser for the tests)
	@$(BIN)/python tests/e2e/browser.py

lint: $(TEST_STAMP)
	$(call say,Lint: rules)
	@$(BIN)/ruff check .
	$(call say,Lint: format)
	@$(BIN)/ruff format --check .

types: $(TEST_STAMP)
	$(call say,Types: mypy --strict)
	@$(BIN)/mypy --strict

pytest: $(TEST_STAMP)
	$(call say,Tests)
	@$(BIN)/python -m pytest $(or $(ARGS),-n auto --dist worksteal)

matrix: browser
	$(call say,Bad inputs: 64 rows)
	@$(BIN)/python -m tests.uploads.matrix

test: setup-test browser lint types pytest
	$(call say,All stages passed: lint - types - tests)

bench: browser
	$(call say,Speed)
	@$(BIN)/python -m tests.bench

i18n: $(TEST_STAMP)
	$(call say,Texts)
	@$(BIN)/python -m tests.i18n.extract --update
	@$(BIN)/python -m tests.i18n.extract

clean:
	rm -rf $(VENV) data/builds .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
