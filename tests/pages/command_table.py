"""How each command of the pages is tested: run here, held by another test, or why it cannot be run by a test."""

from __future__ import annotations

from dataclasses import dataclass

PROGRAM = "python -m cracktrader_fuzz"
OVERFILL = "corpus/regressions/order-fill-accepted-*.json"


@dataclass(frozen=True)
class Run:
    """Run in a copy of settings and corpus. `instead` is what is typed for a line that is long or has a placeholder."""

    code: int
    instead: str = ""
    why: str = ""


@dataclass(frozen=True)
class Held:
    """Another test runs it, or what it stands for: its file, and its name there; no name for the file as a whole."""

    file: str
    name: str = ""


@dataclass(frozen=True)
class NotRun:
    """No test runs it."""

    why: str


How = Run | Held | NotRun

SHORT = "a few cases, where the default is a minute"
PLACEHOLDER = "the placeholders are filled in"
DRY = "make sets up an environment; what it would do is shown"
SUITE = "the suite runs these files"
FINDING_SCRIPTS = Held("tests/nautilus/test_findings.py", "test_a_script_shows_its_difference_and_nothing_of_ours")

COMMANDS: dict[str, How] = {
    "make fuzz": Run(0, "make --dry-run fuzz", DRY),
    "make test": Run(0, "make --dry-run test", DRY),
    "make coverage": Run(0, "make --dry-run coverage", DRY),
    "python -m venv .venv": NotRun("CI makes its environment so, by `make env`"),
    ".venv\\Scripts\\activate": NotRun("it is for Windows"),
    "python -m pip install --quiet -r .ci/requirements-fuzz.txt": NotRun("it downloads; CI does it by `make env`"),
    "python -m pip install --quiet --no-deps --no-build-isolation -e . -e ./src": NotRun(
        "it compiles for minutes; CI does it by `make env`"
    ),
    "python -m pip install --quiet -r .ci/requirements.txt": NotRun("it downloads; CI does it by `make test`"),
    "cargo build --quiet --locked --manifest-path rust/Cargo.toml -p cracktrader_engine --profile canary"
    " --features abi3,canary": NotRun("it compiles for minutes; CI does it by `make canary`"),
    "unzip nightly.zip -d night": NotRun("it is what GitHub keeps of a night"),
    "cp night/corpus/findings/*.json corpus/findings/": NotRun("it is what GitHub keeps of a night"),
    "python -m pytest -q tests/differential/test_canaries.py -k order-id-of-unknown": Held(
        "tests/differential/test_canaries.py", "test_canary_is_found_and_shrunk_to_its_size"
    ),
    "python -m pytest -n auto": NotRun("it is the whole suite, of which this is a part"),
    "pip install nautilus_trader==1.221.0": NotRun("it downloads; CI does it by `make test`"),
    "pytest -q tests/unit/engine": Held("tests/unit/engine"),
    "pytest -q tests/contracts/engine": Held("tests/contracts/engine"),
    "pytest -q tests/contracts/test_fees.py tests/contracts/test_order_lifecycle.py"
    " tests/contracts/test_order_scenarios.py": Held("tests/contracts/test_order_scenarios.py"),
    "python examples/basics/hello_engine.py": Held("tests/examples/test_basics.py"),
    "python examples/basics/session_quickstart.py": Held("tests/examples/test_basics.py"),
    "python examples/basics/shared_store.py": Held("tests/examples/test_basics.py"),
    "python examples/basics/switch_backend.py": Held("tests/examples/test_basics.py"),
    "python scripts/run_rust_parity_gate.py": Held("tests/examples/test_scripts.py"),
    "python scripts/benchmark_engine_backends.py": Held("tests/examples/test_scripts.py"),
    # The program's own, in the order of the README.
    f"{PROGRAM} COMMAND": Run(0, f"{PROGRAM} --help", PLACEHOLDER),
    f"{PROGRAM} run": Run(0, f"{PROGRAM} run --cases 4", SHORT),
    f"{PROGRAM} run --subjects python,rust-late-fill-reopens --front-end soak --cases 40": Held(
        "tests/pages/test_readme.py", "test_output_is_as_it_happens"
    ),
    f"{PROGRAM} list targets": Run(0),
    f"{PROGRAM} list subjects": Run(0),
    f"{PROGRAM} list canaries": Run(0),
    f"{PROGRAM} list front-ends": Run(0),
    f"{PROGRAM} list rules": Run(0),
    f"{PROGRAM} nightly --hours 8": Held("tests/campaign/test_nightly.py"),
    f"{PROGRAM} run --front-end coverage": Held("tests/coverage/test_run.py"),
    f"{PROGRAM} run --front-end coverage --seconds 60": Held("tests/coverage/test_run.py"),
    f"{PROGRAM} run --base REV": Held("tests/end_to_end/test_base.py"),
    f"{PROGRAM} repro FILE|ID|SEED/INDEX": Run(0, f"{PROGRAM} repro 0/3", PLACEHOLDER),
    f"{PROGRAM} repro ... --emit pytest": Held("tests/report/test_emit.py"),
    f"{PROGRAM} repro ... --bisect GOOD..BAD": Held("tests/end_to_end/test_bisect.py"),
    f"{PROGRAM} shrink FILE|ID|SEED/INDEX": Run(
        1, f"{PROGRAM} shrink {OVERFILL} --subjects python,rust-overfill-by-one-accepted", PLACEHOLDER
    ),
    f"{PROGRAM} promote": Run(0),
    f'{PROGRAM} promote FILE|ID --verdict WHO --reason "WHY"': Held("tests/corpus/test_promote.py"),
    f"{PROGRAM} promote FINDING --verdict WHO --reason SENTENCE": Held("tests/corpus/test_promote.py"),
    f"{PROGRAM} corpus check": Run(0),
    f"{PROGRAM} corpus liveness": Run(0),
    f"{PROGRAM} corpus stats": Run(0),
    f"{PROGRAM} corpus minimise": Run(0),
    f"{PROGRAM} corpus format": Run(0),
    f"{PROGRAM} run --target nautilus": Held("tests/nautilus/test_search.py"),
    f"{PROGRAM} run --oracle nautilus": Held("tests/oracle/test_shared_mistakes.py"),
    f"{PROGRAM} oracles": Run(0),
    f"{PROGRAM} init": Held("tests/your_own_core/test_init.py"),
    f"{PROGRAM} init [FOLDER]": Held("tests/your_own_core/test_init.py"),
    f"{PROGRAM} doctor": Run(0),
    # Other pages.
    f"{PROGRAM} --version": Run(0),
    f"{PROGRAM} promote --pending": Run(0),
    f"{PROGRAM} repro ID --explain": Run(0, f"{PROGRAM} repro c0e89efe --explain", PLACEHOLDER),
    f"{PROGRAM} run --cases 3 --front-end soak --workers 1": Held("tests/your_own_core/test_follow_a_step.py"),
    f"{PROGRAM} run --subjects python,canary-order-id-of-unknown --front-end soak --cases 50": Run(1),
    f"{PROGRAM} repro corpus/nautilus/regressions/position-never-flat.json --target nautilus --emit script"
    " --output never_flat.py": FINDING_SCRIPTS,
    "python never_flat.py": FINDING_SCRIPTS,
    "python never_flat.py rust": FINDING_SCRIPTS,
    f"{PROGRAM} run --front-end relations --front-end hot-swap --front-end mutation --seconds 60": Run(
        0, f"{PROGRAM} run --front-end relations --front-end hot-swap --front-end mutation --cases 3", SHORT
    ),
    f'{PROGRAM} repro "relations 7/1234"': Run(0),
    f"{PROGRAM} run --front-end hot-swap --subjects python,rust-swapped": Run(
        0, f"{PROGRAM} run --front-end hot-swap --subjects python,rust-swapped --cases 3", SHORT
    ),
}
