# Everything happens in $(VENV), made on the first call, with nothing but Rust, Python >= 3.11 and a C compiler.
# Another interpreter beside it: make test PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= python3
VENV ?= .venv
# Processes of pytest: `make test JOBS=0 ARGS="-k cut -x"` runs one test in this process.
JOBS ?= auto
ARGS ?=

bin := $(VENV)/bin
sources := pyproject.toml Cargo.toml Cargo.lock $(shell find src -name '*.rs')
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := demo
.PHONY: demo test test-corpus test-min lint bench soak wheel licenses clean

demo: $(VENV)/.installed
	$(bin)/naturalia demo

test: $(VENV)/.tested
	cargo test --locked --quiet
	$(bin)/python -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)

# Only the tests that read the folder named by NATURALIA_CORPUS.
test-corpus: $(VENV)/.tested
	@test -n "$$NATURALIA_CORPUS" || { echo "set NATURALIA_CORPUS to the folder of the corpus" >&2; exit 2; }
	cargo test --locked --quiet -- --ignored
	$(bin)/python -m pytest -q -n $(JOBS) --dist worksteal -m corpus $(ARGS)

# The declared minimum of every Python dependency, with the tests that reach them; the extension is that of $(VENV).
test-min: $(VENV)/.installed
	$(PYTHON) -m venv --clear $(VENV)-min
	$(VENV)-min/bin/pip install --quiet --requirement tests/minimum.txt 'pytest~=9.2.0' 'hypothesis~=6.170' \
		'lxml~=6.1.3' 'fastexcel~=0.21.0'
	$(VENV)-min/bin/python -c 'import sys, sysconfig, pathlib; \
		pathlib.Path(sysconfig.get_path("purelib"), "naturalia.pth").write_text(sys.argv[1])' $(abspath python)
	$(VENV)-min/bin/python -m pytest -q -p no:cacheprovider tests/python/table/test_lending.py \
		tests/python/table/test_tables.py tests/python/table/test_displays.py tests/python/harvest/test_views.py \
		tests/python/sources/test_where.py tests/python/write/test_workbooks.py tests/python/project/test_samples.py \
		$(ARGS)

lint: $(VENV)/.tested
	cargo fmt --check
	PYO3_PYTHON=$(abspath $(bin)/python) cargo clippy --locked --all-targets --features python -- -D warnings
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/python -m mypy.stubtest naturalia._core
	$(bin)/typos
	$(bin)/python .ci/style.py

bench: $(VENV)/.tested
	$(bin)/python benches/run.py $(ARGS)
	$(bin)/python benches/harvest.py
	$(bin)/python benches/crosswalk.py
	$(bin)/python benches/nba.py
	$(bin)/python benches/fetch.py

soak: $(VENV)/.tested
	$(bin)/python benches/soak.py $(ARGS)

# The wheel is linked against glibc 2.28 by the C compiler of zig, and has to work where there is no Rust: cargo is
# kept off the PATH of the second half.
wheel: $(VENV)/.tested
	$(bin)/pip install --quiet 'ziglang==0.17.1' 'auditwheel~=6.4'
	rm -rf dist
	PATH="$(abspath $(bin)):$$PATH" $(bin)/maturin build --locked --profile dist --zig \
		--compatibility manylinux_2_28 --compression-method deflated --compression-level 9 --out dist
	$(bin)/python .ci/wheel.py dist/*.whl
	$(bin)/auditwheel show dist/*.whl
	$(bin)/python -m venv --clear dist/venv
	PATH=$(abspath dist/venv/bin) dist/venv/bin/pip install --quiet dist/*.whl
	cd dist && PATH=$(abspath dist/venv/bin) naturalia demo

# The licence texts of the crates linked into the extension; needed again whenever Cargo.lock changes.
licenses:
	cargo about --version >/dev/null 2>&1 || cargo install --locked --features cli cargo-about@0.9.3
	cargo about generate --locked --offline --features python .ci/licenses.hbs --output-file LICENSES-THIRD-PARTY.txt

clean:
	rm -rf $(VENV) $(VENV)-min target dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find python tests benches -name __pycache__ -o -name '*.so' | xargs rm -rf

$(bin)/python:
	$(PYTHON) -m venv $(VENV)

# Stamps: what is installed, and since when. The package is rebuilt when its sources changed.
$(VENV)/.installed: $(sources) | $(bin)/python
	$(bin)/pip install --quiet --editable .
	touch $@

$(VENV)/.tested: $(sources) | $(bin)/python
	$(bin)/pip install --quiet --editable '.[test,peers]'
	touch $(VENV)/.installed $@
