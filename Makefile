# Needs make, git and Python 3.11 or newer; everything else goes into .venv or is asked for in one line.

VENV := .venv
BIN := $(VENV)/bin
# What the tests against a real llama.cpp server run it with: another environment, or one that has it.
LLAMACPP ?= .venv-llamacpp
PIP := $(BIN)/python -m pip --disable-pip-version-check
CODE = $(wildcard rag eval tests app.py)
# In the order of the files: those of the browser, which take longest, do not come last.
PYTEST_FLAGS ?= -n auto --dist loadfile --no-loadscope-reorder

# Other projects' module paths must not leak in.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help install chat test test-llamacpp check format bench bench-app crash clean browser dev

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile

install: $(VENV)/.installed ## put the product and its pinned dependencies into .venv

chat: install ## build the index and open the app (PORT=8502 changes the port, HEADLESS=1 opens no browser)
	@$(BIN)/cinco index
	@$(BIN)/cinco chat

test: dev browser ## run every test, browser tests included
	@$(BIN)/cinco index
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

test-llamacpp: dev $(LLAMACPP)/.installed ## test against a real llama.cpp server (building it takes 8 minutes, once)
	LLAMACPP_PYTHON=$(abspath $(LLAMACPP))/bin/python $(BIN)/python -m pytest tests/llamacpp

check: dev ## check lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -n auto $(CODE)

format: dev ## format the code, apply the safe fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## measure index build, cold start, time per question and memory
	$(BIN)/python -m tests.bench

bench-app: dev browser ## measure the page in a real browser: time to an answer, cost of a long conversation
	$(BIN)/python -m tests.bench_app

crash: dev ## kill and double-start the index build with real processes, twenty times over
	@for run in $$(seq 20); do echo "run $$run"; $(BIN)/python -m pytest -q tests/search/test_store_processes.py || exit 1; done

clean: ## remove .venv and caches (the index in your data folder stays)
	rm -rf $(VENV) .venv-llamacpp *.egg-info build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

dev: $(VENV)/.installed-dev

# Browser tests drive a Chromium that is there, or Debian's.
browser: dev
	@$(BIN)/python -m tests.browser.chromium

# A .venv that was copied or moved here, or whose Python is gone, would run other code or none: make it anew.
venv_is_ours := $(shell [ "$$(cat $(VENV)/.made-in 2>/dev/null)" = "$(CURDIR)" ] \
	&& $(BIN)/python -c '' 2>/dev/null && echo yes)
ifneq ($(venv_is_ours),yes)
.PHONY: $(VENV)/.made-in
endif

$(VENV)/.made-in:
	@$(CREATE_VENV)

$(VENV)/.installed: $(VENV)/.made-in pyproject.toml constraints.txt
	@echo 'Installing the pinned packages into $(VENV); the first time takes a few minutes.'
	@$(call PIP_INSTALL,.)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo 'Installing the test tools into $(VENV).'
	@$(call PIP_INSTALL,.[dev])
	@touch $@

# A C++ compiler builds the server where no package index has it built.
$(LLAMACPP)/.installed: tests/llamacpp/requirements.txt | $(VENV)/.installed-dev
	@echo 'Installing a llama.cpp server into $(LLAMACPP); building it takes about 8 minutes, once.'
	@test -x $(LLAMACPP)/bin/python || $(BIN)/python -m venv $(LLAMACPP)
	@$(LLAMACPP)/bin/python -m pip --disable-pip-version-check install -q -r $<
	@touch $@

# setuptools comes first and pinned, so that pip fetches no build tool of its own choice.
define PIP_INSTALL
{ $(PIP) install -q -c constraints.txt setuptools \
  && $(PIP) install -q -c constraints.txt --no-build-isolation -e '$(1)'; } || { \
  echo 'make: installing failed, see above. The first installation needs a package index within reach; run the same command again to go on.' >&2; \
  exit 1; }
endef

# The first Python that is new enough and can make a virtual environment, or one line that says what to install.
define CREATE_VENV
rm -rf $(VENV); seen=; \
for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14 python); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
  seen="$${seen:-$$python}"; \
  "$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
  echo "Creating $(VENV) with $$("$$python" --version)."; \
  "$$python" -m venv $(VENV) && printf '%s' '$(CURDIR)' > $(VENV)/.made-in; exit; \
done; \
if [ -n "$$seen" ]; then \
  version=$$("$$seen" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
  echo "make: $$seen (Python $$version) has no venv module. Install it (Debian, Ubuntu: apt-get install python$$version-venv) or name another Python: make PYTHON=/path/to/python3." >&2; \
else \
  echo 'make: Python 3.11 or newer is needed and $(or $(PYTHON),python3) is not. Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.' >&2; \
fi; exit 1
endef
