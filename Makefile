# `make run` starts the dashboard, `make test` runs every check; both make and reuse .venv.  Needs Python 3.11 or newer
# and GNU make 4; recipes are plain sh.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8501
# Two cores run the tests of two files at once; WORKERS=0 runs all of them in one process.
WORKERS ?= 2

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
PIP_INSTALL := $(PIP) install --quiet --quiet --require-hashes
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate

# What `make mutate` strains, and the tests that hold it (pyproject.toml names the same).
RULES := geo/scope*.py,geo/gazetteer*.py,geo/checks*.py,geo/money.py,geo/filters.py,geo/summary.py,geo/access.py
RULES_TESTS := $(addprefix tests/test_,$(addsuffix .py,scope scope_evidence scope_properties gazetteer checks money moves notation \
	filters summary access intake matrix))

# A stamp says that a lock file is installed.  Without a working interpreter (Python was upgraded or removed) none counts.
STALE := $(shell $(PY) -c "" 2>/dev/null || rm -f $(VENV)/stamp-*)

.PHONY: help run test lint bench attack crash load fuzz audit sbom mutate assets i18n lock tools clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: assets ## Start the dashboard on the embedded data (PORT=8501)
	@PORT='$(PORT)' exec $(PY) -m pages._ui.server

test: $(VENV)/stamp-dev assets tools lint ## Run every check: ruff, mypy, pytest with warnings as errors
	@LAO_SDG_CHECK=1 $(PY) -m pytest -W error -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/stamp-dev ## Run ruff and mypy alone
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: $(VENV)/stamp-dev assets tools ## Measure speed (tests/bench)
	@LAO_SDG_CHECK=1 $(PY) -m pytest -W error -s -o python_files='bench_*.py test_*.py' tests/bench

attack: $(VENV)/stamp-dev assets tools ## Throw hostile strings and files at every door (STRINGS=, PRINTS=, CARDS=)
	@STRINGS='$(STRINGS)' PRINTS='$(PRINTS)' CARDS='$(CARDS)' $(PY) -m tests.attack

crash: $(VENV)/stamp-dev ## Kill processes while they write, fill the disk, stop the database (KILLS=1000)
	@KILLS='$(KILLS)' $(PY) -m tests.attack.crash

load: $(VENV)/stamp-dev assets ## Let visitors come until answers are late (VISITORS=50, SOAK=minutes)
	@VISITORS='$(VISITORS)' SOAK='$(SOAK)' MOST='$(MOST)' $(PY) -m tests.attack.load

fuzz: $(VENV)/stamp-dev ## Fuzz every reader (MINUTES=10 each, READER=csv for one)
	@MINUTES='$(MINUTES)' READER='$(READER)' $(PY) -m tests.attack.fuzz

mutate: $(VENV)/stamp-dev assets ## Branch coverage of the rules, then mutants of them (MINUTES=60, MODULE=geo.money*, AGAIN=1)
	@$(PY) -m coverage run --branch --source=geo -m pytest -W error -q -p no:cacheprovider -m "not browser" $(RULES_TESTS)
	@$(PY) -m coverage report -m --include '$(RULES)' --fail-under=100
	@LAO_SDG_SHARED='$(abspath ../shared)' MINUTES='$(MINUTES)' MODULE='$(MODULE)' CHILDREN='$(CHILDREN)' AGAIN='$(AGAIN)' \
		$(PY) -m tests.attack.mutants

audit: $(VENV)/stamp-dev ## Ask for known faults of every locked package; fails where it cannot
	@AUDIT_SERVICE='$(AUDIT_SERVICE)' $(PY) -m tests.attack.audit

sbom: $(VENV)/stamp-dev ## Write what the dashboard is made of to var/sbom.json (CycloneDX)
	@$(PY) -m tests.attack.sbom

assets: $(VENV)/stamp-assets ## Copy Leaflet and cut the fonts into static/vendor
	@$(PY) data/build_assets.py

i18n: $(VENV)/stamp-run ## Bring the texts of the code into data/i18n
	@$(PY) data/build_catalogue.py

lock: $(VENV)/stamp-dev ## Compile requirements*.in anew (UPGRADE=--upgrade for the newest releases)
	@$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	@$(LOCK) $(UPGRADE) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) $(UPGRADE) --no-deps requirements-assets.in -o requirements-assets.txt

clean: ## Remove .venv, copied assets and caches
	rm -rf $(VENV) static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis mutants .coverage
	find geo pages tests data -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		got="$$($(PYTHON) --version 2>/dev/null)" || got="no $(PYTHON)"; \
		echo "Got $$got; expected Python 3.11 or newer." \
			"Install it, or name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/stamp-run: requirements.txt $(VENV)/stamp-venv
	@echo "Installing what the dashboard runs on (a minute or two, once) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/stamp-dev: requirements-dev.txt $(VENV)/stamp-run
	@echo "Installing what the checks need ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/stamp-assets: requirements-assets.txt $(VENV)/stamp-run
	@$(PIP_INSTALL) --no-deps -r requirements-assets.txt
	@touch $@

# The browser tests drive Chromium: $$CHROMIUM, or one on the PATH, or Debian's package where we may install it (the shell
# without a window, where there is one); poppler reads what we print, and its test is skipped where it is not.
tools:
	@browser() { for name in "$$CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
			[ -n "$$name" ] && command -v "$$name" >/dev/null && return 0; done; return 1; }; \
	poppler() { command -v pdffonts >/dev/null; }; \
	browser && poppler && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium and poppler for the tests ..."; \
		apt-get update -qq; \
		browser || $(APT) chromium-headless-shell fonts-liberation >/dev/null || $(APT) chromium fonts-liberation >/dev/null; \
		poppler || $(APT) poppler-utils >/dev/null; \
	fi; \
	browser || { echo "The browser tests need Chromium and found none. Install it (Debian, Ubuntu:" \
		"sudo apt-get install chromium) or name it: make test CHROMIUM=/path/to/chromium" >&2; exit 1; }
