# make run and make test are all that a newcomer needs; the rest is for those who change the code.

PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then command -v $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
# What the benchmarks compare with, in an environment of its own: it shares nothing with the site.
PEER := $(VENV)/peer

.PHONY: run test check quick admin bench drills lint format lock clean

run: $(VENV)/.run
	@$(BIN)/python manage.py serve

test: $(VENV)/.dev
	@$(BIN)/python -m tests.run

# For every save: no browser and no PostgreSQL. One core lints while tests wait for the other.
check: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 lint quick

quick: $(VENV)/.dev
	@$(BIN)/python -m tests.run --quick

admin: $(VENV)/.run
	@$(BIN)/python manage.py createsuperuser

bench: $(VENV)/.dev $(PEER)/.installed
	@PEER=$(PEER)/bin/datasette $(BIN)/python -m tests.benchmarks.run

# Bad days, rehearsed: as root, for hosts in network namespaces; DRILLS="hosts gone" for some of them.
drills: $(VENV)/.dev
	@$(BIN)/python -m tests.drills $(DRILLS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@$(BIN)/djhtml --check --tabwidth 2 templates
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +
	@$(BIN)/djhtml --tabwidth 2 templates

# Versions and hashes of everything that is installed, without the address of any index.
lock: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra s3 --output-file requirements-s3.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra dev --output-file requirements-dev.lock pyproject.toml
	@echo "datasette==0.65.5" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file requirements-peer.lock -

clean:
	rm -rf $(VENV) var

$(VENV)/.run: requirements.lock
	@$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.run

$(PEER)/.installed: requirements-peer.lock $(VENV)/.dev
	@$(BIN)/python -m venv --without-pip $(PEER)
	@echo "Installing what the benchmarks compare with …"
	@if command -v uv >/dev/null; then VIRTUAL_ENV=$(PEER) uv pip install --quiet --require-hashes -r requirements-peer.lock; \
	else $(PEER)/bin/python -m ensurepip --default-pip >/dev/null && \
		$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-peer.lock; fi
	@touch $@

# uv where it can be had, because it takes seconds; pip otherwise. Both refuse a file whose hash is another.
define install
	if [ -z "$(PYTHON)" ]; then echo "Error: Python 3.11 or newer is needed and was not found: on Debian, apt install python3."; exit 1; fi; \
	if [ ! -x $(BIN)/python ]; then \
		if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); \
		else $(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); echo "Error: Python's venv module is missing: on Debian, apt install python3-venv."; exit 1; }; fi; \
	fi; \
	echo "Installing from $(1) …"; \
	if command -v uv >/dev/null; then VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes -r $(1); \
	else { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --default-pip >/dev/null; } && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef
