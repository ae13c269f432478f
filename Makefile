# The words people use. `make demo` and `make test` do all set-up themselves, inside the tree.

.PHONY: setup build demo test spec hostile lint bench docs clean check spec-lists \
	test-rust test-c test-java test-python test-node test-spec test-hostile test-examples test-docs

CARGO = cargo
MVN = mvn --batch-mode --no-transfer-progress --file bindings-jvm/pom.xml
NODE_MODULES = bindings-node/node_modules/.package-lock.json

# Everything that demo and test need: tools of each host, and all libraries, compiled once.
setup: check build $(NODE_MODULES)
	$(MAKE) --no-print-directory -C bindings-python build
	cd bindings-node && npm run --silent build
	$(MVN) --quiet test-compile

check:
	@sh tools/check.sh

build:
	$(CARGO) build --locked --release --workspace

$(NODE_MODULES): bindings-node/package-lock.json
	cd bindings-node && npm ci --no-audit --no-fund --loglevel=error

# Every host loads and calls the same modules, on real input, and must agree.
demo: setup
	python3 examples/demo/run.py

test: setup
	@sh tools/test.sh

test-rust: check spec-lists
	$(CARGO) test --locked --release --workspace

test-c: build
	$(MAKE) --no-print-directory -C bindings-c test

test-java: build
	$(MVN) test

test-python: setup
	$(MAKE) --no-print-directory -C bindings-python test check

test-node: setup
	cd bindings-node && npm test --silent

# The official test suite as lists of commands, made once.
spec-lists:
	$(CARGO) run --locked --release --quiet -p landbridge-spec -- target/spec

# The official test suite through the public API of every host; writes conformance/spec-report.json.
spec: setup spec-lists
	$(MAKE) --no-print-directory -C bindings-c spec
	python3 conformance/spec/run.py

test-spec: spec

# Payloads of hostile guests in every host, each in a process of its own; writes target/hostile.json.
hostile: setup
	$(MAKE) --no-print-directory -C bindings-c runners
	python3 conformance/hostile/run.py

test-hostile: hostile

# Smallest programs, guests as committed, the demo with all its comparisons.
test-examples: demo
	python3 examples/guests/check.py
	python3 examples/hello/run.py

test-docs:
	python3 docs/snippets.py

lint: check
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --release --workspace --all-targets -- -D warnings

# Ratios to the engine's own Rust call, all hosts in one run; writes bench/results.*.
bench: setup
	$(MAKE) --no-print-directory -C bindings-c bench
	python3 bench/run.py

# The API documents of each host, under target/doc and bindings-jvm/target.
docs:
	$(CARGO) doc --locked --release --no-deps -p landbridge
	$(MVN) --quiet javadoc:javadoc

clean:
	$(CARGO) clean
	rm -rf bindings-*/.venv bindings-*/node_modules bindings-jvm/target bindings-c/build \
		examples/modules/node_modules examples/modules/built
