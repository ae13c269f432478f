# The words people use. `make demo` and `make test` do all set-up themselves, inside the tree.

.PHONY: setup build demo test spec worlds miri hostile fuzz fuzz-build fuzz-asan fuzz-guided leaks lint bench bench-kernels bench-peers generate jar clean check check-packages spec-lists components \
	test-rust test-c test-java test-python test-node test-spec test-hostile test-fuzz test-examples test-docs test-counts counts \
	dist dist-libraries test-packages install site test-site plots test-start \
	reference reference-rust reference-java reference-node reference-python reference-c

CARGO = cargo
MVN = mvn --batch-mode --no-transfer-progress --file bindings-jvm/pom.xml
# What os-maven-plugin calls this machine: names of artifacts end so.
JVM_SYSTEM = $(if $(filter Darwin,$(shell uname -s)),osx,linux)
JVM_PLATFORM = $(JVM_SYSTEM)-$(subst arm64,aarch_64,$(subst aarch64,aarch_64,$(shell uname -m)))
JVM_LIBRARY = target/release/$(shell sh tools/library.sh landbridge_jvm)
NODE_MODULES = bindings-node/node_modules/.package-lock.json

# Everything that demo and test need: tools of each host, and all libraries, compiled once.
setup: check build $(NODE_MODULES)
	$(MAKE) --no-print-directory -C bindings-python build
	cd bindings-node && npm run --silent build
	$(MVN) --quiet test-compile

check:
	@sh tools/check.sh

# What packages need besides, and what their tests leave out on this machine.
check-packages: check
	@sh tools/check.sh packages

build:
	$(CARGO) build --locked --release --workspace

$(NODE_MODULES): bindings-node/package-lock.json
	cd bindings-node && npm ci --no-audit --no-fund --loglevel=error

# Every host loads and calls the same modules, on real input, and must agree.
demo: setup
	python3 examples/demo/run.py

test: setup worlds
	@sh tools/test.sh

test-rust: check spec-lists components
	$(CARGO) test --locked --release --workspace

test-c: build target/worlds/worlds.jsonl
	$(MAKE) --no-print-directory -C bindings-c test

test-java: build target/worlds/worlds.jsonl
	$(MVN) test

test-python: setup target/worlds/worlds.jsonl
	$(MAKE) --no-print-directory -C bindings-python test check

test-node: setup target/worlds/worlds.jsonl
	cd bindings-node && npm test --silent

# The official test suite as lists of commands, made once.
spec-lists:
	$(CARGO) run --locked --release --quiet -p landbridge-spec -- target/spec

# The components in JavaScript and Python that tests call; they are too large to commit.
components:
	@$(MAKE) --no-print-directory -C examples/components js python

# The official test suite through the public API of every host; writes conformance/spec-report.json.
spec: setup spec-lists
	$(MAKE) --no-print-directory -C bindings-c spec
	python3 conformance/spec/run.py

test-spec: spec

# Worlds, components and values from a seed as files, other ones each time: make worlds SEED=1 COUNT=2000 FIRST=0. See conformance/worlds/README.md.
worlds:
	$(CARGO) run --locked --release --quiet -p landbridge --example write-worlds -- target/worlds $(or $(SEED),$(shell date +%s)) \
		$(or $(COUNT),2000) $(FIRST)

# Those that are there, if there are any.
target/worlds/worlds.jsonl:
	$(MAKE) --no-print-directory worlds

# Frames of values, which need no engine, under Miri. It compiles all crates again, once, and needs a toolchain of its own:
# rustup toolchain install nightly --component miri,rust-src
miri:
	MIRIFLAGS=-Zmiri-disable-isolation $(CARGO) +nightly miri test --locked --target-dir target/miri -p landbridge --lib -- \
		components::frame

# Payloads of hostile guests in every host, each in a process of its own; writes target/hostile.json.
hostile: setup
	$(MAKE) --no-print-directory -C bindings-c runners
	python3 conformance/hostile/run.py

test-hostile: hostile

# Random calls in every host: make fuzz CALLS=10000000 SEED=1 HOSTS=c,python THREADS=4. See fuzz/README.md.
fuzz: fuzz-build
	python3 fuzz/run.py $(if $(CALLS),--calls $(CALLS)) $(if $(SEED),--seed $(SEED)) $(if $(HOSTS),--hosts $(HOSTS)) \
		$(if $(FROM),--from $(FROM)) $(if $(THREADS),--threads $(THREADS))

fuzz-build: setup
	$(MAKE) --no-print-directory -C fuzz build

# A million in all, other ones each time.
test-fuzz: fuzz

# C with AddressSanitizer, which compiles the engine again, once: make fuzz-asan CALLS=200000 SEED=1.
fuzz-asan:
	$(MAKE) --no-print-directory -C fuzz asan

# Coverage-guided, for inputs: make fuzz-guided TARGETS=policy SECONDS=600. Compiles the engine again, once.
fuzz-guided:
	$(MAKE) --no-print-directory -C fuzz guided

# Twenty situations in every host, as bytes a round: make leaks HOSTS=c ONLY=calls,views.
leaks: fuzz-build
	python3 fuzz/leaks.py $(if $(HOSTS),--hosts $(HOSTS)) $(if $(ONLY),--only $(ONLY))

# Smallest programs, guests as committed, the demo with all its comparisons.
test-examples: demo
	python3 examples/guests/check.py
	python3 examples/components/check.py
	python3 examples/make-a-guest/check.py
	python3 examples/hello/run.py

# Instructions of a call, a callback, an instance and a row in each host, against bench/counts.json: no clock. See bench/README.md.
test-counts: setup
	python3 bench/tests.py
	$(MAKE) --no-print-directory -C bindings-c bench
	python3 bench/counts.py

# Writes them anew, when they are meant.
counts: setup
	$(MAKE) --no-print-directory -C bindings-c bench
	python3 bench/counts.py --write

test-docs:
	python3 docs/snippets.py
	python3 docs/links.py
	python3 docs/plots.py --check
	python3 tools/tables
	python3 tools/tidy.py
	python3 packages/versions.py --check
	python3 packages/tests.py

# Writes everything that is generated and that tests compare; see CONTRIBUTING.md.
generate:
	python3 tools/tables --write
	python3 packages/versions.py --write
	UPDATE_HEADER=1 $(CARGO) test --locked --release -p landbridge-c --test header
	python3 bindings-c/abi/abi.py --write
	UPDATE_MAN=1 $(CARGO) test --locked --release -p landbridge-cli man
	python3 docs/snippets.py --write
	python3 docs/links.py --write

lint: check
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --release --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --release --no-deps -p landbridge
	python3 docs/snippets.py
	python3 docs/links.py
	python3 tools/tables
	python3 packages/versions.py --check
	python3 tools/tidy.py

# Ratios to the engine's own Rust call, all hosts in one run; writes bench/results.*, bench/components.* and docs/guide/plots.
bench: setup
	$(MAKE) --no-print-directory -C bindings-c bench
	$(MAKE) --no-print-directory -C bench/bare
	$(MAKE) --no-print-directory -C bench/peers
	python3 bench/run.py
	python3 bench/components.py
	$(MAKE) --no-print-directory bench-kernels
	python3 docs/plots.py

# Ten pieces of real work, natively, in V8, and here with and without what ends a guest; writes bench/kernels.md and kernels.json.
bench-kernels:
	$(CARGO) build --locked --release -p landbridge-bench
	$(MAKE) --no-print-directory -C bench/kernels native
	python3 bench/kernels.py

# Landbridge beside its peers, on the same modules. Installs them into target/bench/peers; writes bench/peers.md, peers.json and peers.svg.
bench-peers: setup
	$(MAKE) --no-print-directory -C bindings-c bench
	python3 bench/compare.py

# The jar of Java with the native library of this machine in it: bindings-jvm/target/landbridge-*.jar.
jar: build
	$(MVN) --quiet compile jar:jar
	rm -rf bindings-jvm/target/bundled
	sh bindings-jvm/bundle.sh $(JVM_LIBRARY) $(JVM_PLATFORM) bindings-jvm/target/bundled
	jar --update --file bindings-jvm/target/landbridge-*.jar -C bindings-jvm/target/bundled .

# The references of all hosts in target/reference, from which `make site` takes them. Each fails on a warning of its tool's.
reference: reference-rust reference-java reference-node reference-python reference-c

# The reference of Node.js's types, in target/reference/node, by TypeDoc from npm.
reference-node:
	cd packages/node && npm ci --no-audit --no-fund --loglevel=error && npm run --silent reference

# The reference of Python, in target/reference/python.
reference-python:
	$(MAKE) --no-print-directory -C bindings-python reference

# Everything that builds and tests write into the tree.
clean:
	$(CARGO) clean
	rm -rf dist dist.first packages/node/node_modules bindings-*/.venv bindings-*/node_modules bindings-jvm/target bindings-c/build \
		bindings-node/landbridge.node bindings-python/python/landbridge/_native.*.so bindings-python/.pytest_cache bindings-python/.mypy_cache \
		examples/modules/node_modules examples/modules/built examples/components/js/node_modules examples/make-a-guest/rust/target
	find . -name __pycache__ -prune -exec rm -rf {} +

# The packages that users install, in dist/: make dist. Each part stands alone, once the libraries are there. Fails if a library is over
# its budget or a package holds what it should not; dist/report.md says how large everything is.
DIST_PARTS = c java python node rust
dist: dist-libraries
	for part in $(DIST_PARTS); do $(MAKE) --no-print-directory dist-$$part || exit 1; done
	python3 packages/check.py
	python3 packages/report.py

dist-libraries: check-packages
	python3 packages/libraries.py

dist-%:
	python3 packages/$*/build.py

# The SDK for C and C++ of dist/, to a folder: make install PREFIX=/opt/landbridge DESTDIR=/tmp/image.
PREFIX = /usr/local
install:
	python3 packages/c/install.py "$(DESTDIR)$(PREFIX)"

# The reference of C and C++ in target/reference/c. Doxygen comes with Debian, and warnings fail.
reference-c:
	@command -v doxygen >/dev/null || { echo "doxygen is not here: apt-get install doxygen"; exit 1; }
	rm -rf target/reference/c target/reference/c.doxygen && mkdir -p target/reference
	cd bindings-c/doxygen && (cat Doxyfile; sed -n 's/^version = /PROJECT_NUMBER = /p' ../../Cargo.toml | sed -n 1p) | doxygen -
	mv target/reference/c.doxygen/html target/reference/c && rmdir target/reference/c.doxygen

# Small projects outside of the tree that install nothing but the packages, and what makes a release: make test-packages PACKAGES="java node".
test-packages:
	@failed=; for part in $(or $(PACKAGES),$(DIST_PARTS) release); do python3 packages/$$part/test.py || failed="$$failed $$part"; done; \
	[ -z "$$failed" ] || { echo "FAILED:$$failed"; exit 1; }

# What people read, as a site in target/site; python3 -m http.server -d target/site shows it. The tool comes from PyPI, into target/.
SITE_PYTHON = target/site-tool/bin/python
site: $(SITE_PYTHON)
	$(SITE_PYTHON) docs/site/build.py
	$(SITE_PYTHON) docs/site/check.py

$(SITE_PYTHON): docs/site/requirements.txt
	python3 -m venv target/site-tool
	$@ -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# The same, with the tests of what makes it.
test-site: $(SITE_PYTHON)
	$(SITE_PYTHON) docs/site/tests.py
	$(MAKE) --no-print-directory site

# The pictures of docs/guide/performance.md, from the last results of the bench.
plots:
	python3 docs/plots.py

# Does each page of docs/start say what happens? With the packages of dist/ where they are, else with the libraries of the tree.
test-start: setup
	python3 docs/start/test.py

# The reference of the Rust crate, in target/reference/rust.
reference-rust:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --release --no-deps -p landbridge
	rm -rf target/reference/rust && mkdir -p target/reference && cp -R target/doc target/reference/rust

# The reference of Java, from its comments, in target/reference/java.
reference-java:
	python3 packages/java/build.py --reference
