# Everything sets itself up in .venv; only Python 3.11 or newer and a package index are needed.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test check bench nightly docs translations screenshots clean

demo: .venv/ready-to-run
	$(BIN)/jtbd demo --port $(PORT) $(DEMO)

test: .venv/ready-to-develop
	$(BIN)/python -m tests.browser.provide
	$(BIN)/python -m pytest -n 2 -m "not slow and not nightly" $(TESTS)

check: .venv/ready-to-develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jtbd map lint
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

bench: .venv/ready-to-develop
	$(BIN)/python -m bench
	$(BIN)/python -m pytest -q -m slow tests/statistical tests/serving -s

# Simulations of found segments, which fit thousands of models.
nightly: .venv/ready-to-develop
	$(BIN)/python -m pytest -q -m nightly -s

docs: .venv/ready-to-develop
	$(BIN)/python docs/generate.py
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

# The interface's texts, collected from code and templates; then the translations, which may need a translator.
translations: .venv/ready-to-develop
	$(BIN)/python -m tests.translation.extract

# The picture in the README, taken by the project's own browser test.
screenshots: .venv/ready-to-develop
	$(BIN)/python -m tests.browser.provide
	$(BIN)/python -m pytest -q -m browser tests/browser tests/web_studio
	cp test-output/screenshots/studio-ranking-desktop-light.png docs/_static/studio-ranking.png
	cp test-output/screenshots/rating-phone-light.png docs/_static/rating-phone.png

clean:
	rm -rf .venv docs/_build test-output build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jtbd needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"

.venv/ready-to-run: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing jtbd into .venv (once; a minute or two) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/ready-to-develop: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing jtbd and its tests' needs into .venv (once; a few minutes) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[postgres,archive,segments]" --group dev
	@touch $@ .venv/ready-to-run
