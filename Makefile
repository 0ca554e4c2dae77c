# Needs Python 3.11 or later and make; everything else is fetched into .venv.
#
#   make run     start the application on http://127.0.0.1:5000 (PORT=5001 for another port)
#   make test    every check and every test; the last lines say what was run and what was not
#   make lint    the checks of the code alone
#   make format  lay the code out
#   make bench   measure speed and memory on a large audit (not part of the tests)
#   make lock    pin requirements*.in again (UPGRADE=1 to take newer releases)
#   make clean   remove the environment and caches; the data in instance/ stays

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq install --require-hashes
LOCK := .venv-lock
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(LOCK)/bin/pip-compile --quiet --no-config --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--no-emit-options $(if $(UPGRADE),--upgrade)
# Test processes at once.
WORKERS := 2

.PHONY: run test lint format bench lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed
	@exec $(PY) app.py

test: $(VENV)/.installed-dev
	@exec $(PY) -m tools.run_tests --workers $(WORKERS)

lint: $(VENV)/.installed-dev
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo

format: $(VENV)/.installed-dev
	$(PY) -m ruff format .

bench: $(VENV)/.installed-dev
	@exec $(PY) -m bench $(ARGS)

# pip-tools has an environment of its own, so that it can neither change nor be changed by the project's.
lock: | $(PY)
	@test -x $(LOCK)/bin/pip-compile || { $(PY) -m venv $(LOCK) \
		&& $(LOCK)/bin/python -m pip --disable-pip-version-check -qq install pip-tools==7.6.2; }
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in

clean:
	rm -rf $(VENV) $(LOCK) .cache .hypothesis tests/browser/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The two stamps are younger than the lock files that were installed.
$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing what the application needs."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what the application and its tests need."
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $(VENV)/.installed $@

$(PY):
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			if $$name -m venv --clear $(VENV); then exit 0; fi; \
			rm -rf $(VENV); \
			echo "$$name could not make an environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or later was not found. Install it, or name it: make run PYTHON=/path/to/python3" >&2; \
	exit 1
