# One target, one command. The first of them on a fresh machine sets everything up by itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PINNED := $(PIP) --require-hashes --only-binary :all:
READY  := $(VENV)/ready-$(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)

YEAR     ?=
UNIT     ?=
REPORT   ?=
AUDIENCE ?= internal
FORMAT   ?= docx,html,pdf
ARGS     ?=
CHOICE    = $(if $(YEAR),--year $(YEAR)) $(if $(UNIT),--unit $(UNIT)) $(if $(REPORT),--report $(REPORT))

.DEFAULT_GOAL := help
.PHONY: help setup report public site check preview fmt doctor list test browser pages validate lint format docs pins bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## a virtual environment in .venv with everything in it

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11+ is needed / 需要 Python 3.11 以上" if sys.version_info < (3, 11) else 0)'
	@echo "setting up .venv / 正在准备 .venv（只在第一次）"
	@$(PYTHON) -m venv $(VENV)
	@$(PINNED) -r constraints.txt || { echo "not installed: constraints.txt pins every file by its hash; after a change of dependencies run \`make pins\` / 没有安装：constraints.txt 按散列值锁定每个文件；改过依赖先运行 \`make pins\`" >&2; exit 1; }
	@$(PIP) --no-index --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/reportgen
	@rm -f $(VENV)/ready-*
	@touch $@

report: $(READY) ## build reports: make report YEAR=2023 [UNIT=huaihua] [AUDIENCE=internal]
	@$(BIN)/reportgen build $(CHOICE) --audience $(AUDIENCE) --format $(FORMAT) $(ARGS)

public: $(READY) ## the public-disclosure version: make public YEAR=2023
	@$(BIN)/reportgen build $(CHOICE) --audience public --format $(FORMAT) $(ARGS)

site: $(READY) ## the site of all public versions, in site/: make site [ARGS="--out DIR"]
	@$(BIN)/reportgen site $(ARGS)

check: $(READY) ## check facts, formulas, relations and narrative; write nothing
	@$(BIN)/reportgen check $(CHOICE) $(ARGS)

preview: $(READY) ## see pages while you type: make preview [YEAR=2023] [UNIT=huaihua]
	@$(BIN)/reportgen preview $(CHOICE) $(ARGS)

fmt: $(READY) ## data and templates in their usual form: order of keys, amounts, one fact a line
	@$(BIN)/reportgen fmt $(ARGS)

doctor: $(READY) ## what is installed here, and what a missing piece costs
	@$(BIN)/reportgen doctor

list: $(READY) ## units, years, reports and their state
	@$(BIN)/reportgen list $(if $(YEAR),--year $(YEAR)) $(if $(UNIT),--unit $(UNIT))

test: $(READY) ## the tests, in parallel
	@$(BIN)/pytest -n auto -q $(ARGS)

browser: $(READY) ## the tests that need Chromium and LibreOffice; here their absence is a failure
	@$(PINNED) -r constraints-browser.txt
	@REPORTGEN_BROWSER=required $(BIN)/pytest -n auto -q tests/browser $(ARGS)
	@REPORTGEN_BROWSER=required $(BIN)/pytest -n auto -q tests/pages $(ARGS)

pages: $(READY) ## what is wrong with the finished pages: make pages [YEAR=2023] [UNIT=huaihua]
	@$(PINNED) -r constraints-browser.txt
	@PYTHONPATH=tools $(BIN)/python -m pagecheck $(CHOICE) $(ARGS)

validate: $(READY) ## reports, site, overview and audits before others' validators: vnu (needs Java and npm), OOXML, PDF/UA
	@$(PINNED) -r constraints-validators.txt
	@$(BIN)/python tools/validate.py

lint: $(READY) ## ruff, strict mypy, layers, shape, generated docs current, data in the usual form
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python tools/shape.py
	@$(BIN)/python tools/make_docs.py --check
	@$(BIN)/reportgen fmt --check

format: $(READY) ## format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(READY) ## regenerate what is generated in docs/
	@$(BIN)/python tools/make_docs.py

pins: ## pin what pyproject.toml asks for, each file by its hash
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python tools/pins.py $(ARGS)

bench: $(READY) ## measure, as ratios in one run
	@$(BIN)/python -m bench $(ARGS)

clean: ## empty build/ and remove .venv and caches
	@rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
