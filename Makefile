# `make fuzz` and `make test` set everything up by themselves; a second call finds it done.
# Needed beforehand: Python 3.11 or newer, cargo, make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
BASE   ?= origin/main
# The exit codes of a case that shows a difference, and of a run that saw known or judged differences and nothing else.
FOUND  := 1
KNOWN  := 4

PIP        := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUST_FILES := $(shell find rust -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)
SOURCES    := $(shell find src -name __pycache__ -prune -o -type f ! -name '*.so' -print)
# A run lets a canary loose that is written in Python: only a run that names one in Rust needs the test build.
FOR_A_RUN  := .make/engine $(if $(findstring rust-,$(ARGS)),.make/canary)
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
# Not a line for each crate that is fetched; warnings and errors are shown all the same.
export CARGO_TERM_QUIET := true

.PHONY: help env fuzz quick nightly test check pythons smoke dist bench scripts canary coverage clean

help:            ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

env: .make/packages .make/engine .make/canary  ## .venv with both distributions and all packages, and the test build

fuzz: $(FOR_A_RUN)  ## fuzz the two cores for a minute: make fuzz ARGS="--minutes 10 --seed 7"
	$(BIN)/python -m cracktrader_fuzz run $(ARGS)

quick: $(FOR_A_RUN)  ## fuzz for what the base does not show: make quick BASE=origin/main
	$(BIN)/python -m cracktrader_fuzz run --base $(BASE) --seconds 120 $(ARGS) || [ $$? -eq $(KNOWN) ]

nightly: env coverage     ## all targets and front ends, into nightly/: make nightly ARGS="--minutes 10"
	$(BIN)/python -m cracktrader_fuzz nightly $(ARGS) || [ $$? -eq $(KNOWN) ]

test: env coverage dist .make/nautilus check  ## everything that CI runs
	cargo test --quiet --manifest-path rust/Cargo.toml
	cargo test --quiet --manifest-path rust/Cargo.toml --package cracktrader_engine --features canary --test canaries
	$(BIN)/python -m pytest -n auto $(ARGS)
	$(BIN)/python -m cracktrader_fuzz corpus check
	$(BIN)/python -m cracktrader_fuzz corpus check --target nautilus
	$(BIN)/python scripts/smoke_test.py dist
	$(BIN)/python scripts/test_pythons.py

check: env       ## formatting, lints, types, stubs, layers, workflows; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest cracktrader.engine._rust
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(wildcard .github/workflows/*.yml)
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --quiet .github
	cargo fmt --manifest-path rust/Cargo.toml --all --check
	cargo clippy --quiet --manifest-path rust/Cargo.toml --all-targets --all-features -- -D warnings

pythons: env coverage dist  ## tests on every other version of Python that is supported and here
	$(BIN)/python scripts/test_pythons.py

smoke: dist      ## install the wheels into empty environments and use them
	$(BIN)/python scripts/smoke_test.py dist

dist: .make/dist  ## wheels and source distributions of both, into dist/

bench: env       ## the figures of docs/performance.md, side by side in one run
	PYTHONPATH=strategies $(BIN)/python -m benchmarks $(ARGS)

scripts: env .make/nautilus  ## each difference in NautilusTrader as a script of its own, into nautilus_scripts/
	@mkdir -p nautilus_scripts
	@for case in corpus/nautilus/regressions/*.json; do \
	  $(BIN)/python -m cracktrader_fuzz repro $$case --target nautilus --emit script \
	    --output nautilus_scripts/$$(basename $$case .json).py || [ $$? -eq $(FOUND) ] || exit 1; \
	done

canary: .make/canary  ## the Rust test build with planted bugs

coverage: .make/coverage  ## the Rust build that counts its edges, for --front-end coverage

clean:           ## take away what was built
	rm -rf $(VENV) .make dist rust/target src/cracktrader/engine/_rust.*.so

.make/harness: .ci/requirements-fuzz.txt pyproject.toml
	@echo "setting up: what a run needs, into $(VENV)"
	@mkdir -p .make
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --requirement .ci/requirements-fuzz.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# An extension of an earlier build for one version of Python would be found before the one for all of them.
.make/engine: src/pyproject.toml $(RUST_FILES) | .make/harness
	@echo "setting up: the Rust core"
	@rm -f src/cracktrader/engine/_rust.*.so
	@$(PIP) install --no-deps --no-build-isolation --editable ./src
	@touch $@

.make/packages: .ci/requirements.txt | .make/harness
	@echo "setting up: what the tests and checks need, into $(VENV)"
	@$(PIP) install --requirement .ci/requirements.txt
	@touch $@

.make/nautilus: .ci/requirements-nautilus.txt | .make/packages
	@echo "setting up: NautilusTrader"
	@$(PIP) install --requirement .ci/requirements-nautilus.txt
	@touch $@

.make/canary: $(RUST_FILES) | .make/harness
	@echo "setting up: the Rust test build, with planted bugs"
	@cargo build --locked --manifest-path rust/Cargo.toml --package cracktrader_engine \
	  --profile canary --features abi3,canary
	@touch $@

# The engine's wheel is built from its source distribution, which is thereby known to build. Unpacked with the time of
# now, since cargo would take sources that look older than the last build for those of that build.
.make/dist: pyproject.toml README.md CHANGELOG.md LICENSE $(SOURCES) $(RUST_FILES) | .make/packages
	@echo "building: wheels and source distributions, into dist/"
	@rm -rf dist .make/sdist
	@$(BIN)/python -m build -qq --no-isolation --outdir dist .
	@$(BIN)/python -m build -qq --no-isolation --sdist --outdir dist src
	@mkdir -p .make/sdist
	@tar -xzmf dist/cracktrader_engine-*.tar.gz -C .make/sdist --strip-components 1
	@CARGO_TARGET_DIR=$(CURDIR)/rust/target $(BIN)/python -m build -qq --no-isolation --wheel --outdir dist .make/sdist
	@touch $@

.make/coverage: $(RUST_FILES) rust/sancov-rustc.sh | .make/harness
	@echo "setting up: the Rust build that counts its edges"
	@RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/rust/sancov-rustc.sh cargo build --locked --manifest-path rust/Cargo.toml \
	  --package cracktrader_engine --target-dir rust/target/coverage --profile coverage --features abi3,canary,coverage
	@touch $@
