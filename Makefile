# make demo runs the example; make test checks everything; make help lists the rest.

GO ?= go
# How long make fuzz runs each fuzz target.
FUZZTIME ?= 10s
# How long make load sends requests.
LOADTIME ?= 20s
# The browsers of the tests: chromium, firefox, webkit, several with commas, or all. By default the tests run as for make test:
# all in Chromium, and the essential ones in each other browser that is installed.
BROWSER ?=
export BROWSER
comma := ,
# Those that make bench measures.
BROWSERS = $(if $(filter all,$(BROWSER)),chromium firefox webkit,$(subst $(comma), ,$(or $(BROWSER),chromium)))
# Sets the variable browsers of a recipe: those of BROWSER, or of all, that are installed.
FIND_BROWSERS = browsers=$$($(GO) -C test run ./tools/browsers $(or $(BROWSER),all)) || exit 1
# Where test/tools/tinygo/setup.sh puts TinyGo; one in PATH does too.
TINYGO ?= $(HOME)/.cache/forgego-tinygo

# The newest version of Go, which make test-newest takes: go downloads it if it is another than the one installed.
NEWEST := go1.27.4

BIN := $(CURDIR)/bin
JS := GOOS=js GOARCH=wasm
# The flags of go test. The slowest packages take four minutes, and on a busy machine more than the ten that are usual. make lint
# runs the whole go vet. Without the tables for debuggers the linker needs a fifth less time.
TESTFLAGS := -timeout 50m -vet=off -ldflags=-w
# Puts TinyGo into PATH, if setup.sh has built it.
FIND_TINYGO := if [ -f "$(TINYGO)/env.sh" ]; then . "$(TINYGO)/env.sh"; fi
# Says which shells the tests of forgego completion have left out.
MISSING_SHELLS := for shell in zsh fish; do command -v $$shell >/dev/null || \
	echo "$$shell is not installed, so the completion in it was not tested (Debian: apt-get install $$shell)"; done
# The packages that do something else in a page, or in a Worker.
PAGE := ./bridge/... ./wasm/... ./internal/shim/... ./internal/exported/... ./examples/hello/frontend/... ./examples/custom-ui/frontend/... ./examples/custom-ui/remote/worker/...
# The packages whose tests run in a page too: those with code or tests for it, those that use what is different there (net/http,
# the stack), and bridgetest, which works there. The other packages are plain Go, which test-go tests.
IN_PAGE := ./bridge ./bridge/view ./bridge/bridgehttp ./bridge/bridgetest ./internal/jsoncodec ./wasm
NPM := test/node_modules/.package-lock.json
# Atlassian's command line packages: 350 MB, which only two suites need.
ATLASSIAN := test/atlassian/node_modules/.package-lock.json
# React and bundlers, and Atlassian's components: 270 MB, which only the suite react needs.
REACT := test/react/node_modules/.package-lock.json examples/react/node_modules/.package-lock.json
PRETTIER := test/node_modules/.bin/prettier

.DEFAULT_GOAL := help

.PHONY: help
help: ## list what make can do
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: demo
demo: ## run the example app on this machine; needs only Go; ARGS="--open" passes flags
	@$(GO) build -o $(BIN)/forgego ./cmd/forgego
	@exec $(BIN)/forgego dev $(ARGS) examples/custom-ui

.PHONY: build
build: ## build the command forgego and the example's front end
	$(GO) build ./...
	$(GO) build -o $(BIN)/forgego ./cmd/forgego
	$(BIN)/forgego build examples/custom-ui

# With make -k a step that fails does not stop the others.
KEEP_GOING := $(if $(findstring k,$(firstword -$(MAKEFLAGS))),-keep-going)
# The steps of make test, in the order in which they start. Two run at once, so the longest comes first.
STEPS := test-e2e lint typecheck test-page test-go test-tinygo conformance test-edge test-js

# A browser that is missing is left out, which the last lines say.
.PHONY: test
test: setup ## run all checks and tests, two steps at once, and print the time of each step; BROWSER=all runs everything in each browser, make -k goes on after a failure
	@status=0; $(GO) -C test run ./tools/steps -make "$(MAKE)" $(KEEP_GOING) $(STEPS) || status=$$?; \
		$(GO) -C test run ./tools/browsers -missing $(or $(BROWSER),all); exit $$status

.PHONY: test-page
test-page: ## run the unit tests of the local host's page and of the shim; needs only Node.js
	node --test --test-reporter=spec devhost/page/test/*.test.js jsglue/test/*.test.js

.PHONY: test-go
test-go: ## run the native tests, with the race detector
	$(GO) test $(TESTFLAGS) -race ./...
	@$(MISSING_SHELLS)

# A package at a time, because Wine is slow.
.PHONY: test-windows
test-windows: ## run the native tests as Windows programs under Wine, which must be installed
	test/tools/wine/run.sh -p 1 $(TESTFLAGS) ./...

# The flag of browserexec is part of what go test knows of a result, so each list of browsers has its own results.
.PHONY: test-js
test-js: ## run the tests that depend on the page in each browser, loaded by the shim; BROWSER=chromium in one
	$(GO) -C test build -o $(BIN)/browserexec ./tools/browserexec
	@$(FIND_BROWSERS); $(JS) $(GO) test $(TESTFLAGS) -exec "$(BIN)/browserexec -browser $$browsers" $(IN_PAGE)

.PHONY: test-engines
test-engines: $(NPM) ## run the js suites, conformance and the essential tests of shim and e2e again in each browser; test/tools/busy/run.sh repeats it beside busy loops
	$(MAKE) --no-print-directory test-js TESTFLAGS="$(TESTFLAGS) -count=1"
	@$(FIND_BROWSERS); BROWSER=$$browsers $(GO) -C test test $(TESTFLAGS) -count=1 ./suites/conformance && \
		BROWSER=none ESSENTIAL=$$browsers $(GO) -C test test $(TESTFLAGS) -p 1 -count=1 ./suites/shim ./suites/e2e

# A suite at a time: beside another step of make test, that is enough for two cores. With more browsers at once, all of them need
# more time of the processor.
.PHONY: test-e2e
test-e2e: ## run the other suites of the folder test/: shim, direct requests, the whole product; all in Chromium, the essential tests in each browser; BROWSER=all
	@$(FIND_BROWSERS); export $(if $(BROWSER),BROWSER,ESSENTIAL)=$$browsers; \
		$(GO) -C test test $(TESTFLAGS) -p 1 -count=1 ./harness/... ./tools/... $$($(GO) -C test list ./suites/... | grep -v -e '/conformance' -e '/edge$$' -e '/tinygo$$')

# In its folder go test shows what a passing test prints: the Worker's size.
.PHONY: test-edge
test-edge: $(NPM) ## run the example's backend on Cloudflare Workers, in workerd with D1, and print its size
	cd test/suites/edge && $(GO) test $(TESTFLAGS) -count=1

# In its folder go test shows what passing tests print: sizes.
.PHONY: test-tinygo
test-tinygo: $(NPM) ## run the tests of programs that TinyGo builds, if it is installed
	@$(FIND_TINYGO); \
		if ! command -v tinygo >/dev/null; then echo "TinyGo is not installed, so its programs are not tested: test/tools/tinygo/setup.sh installs it (Debian)"; exit 0; fi; \
		cd test/suites/tinygo && $(GO) test $(TESTFLAGS) -count=1

.PHONY: test-newest
test-newest: export GOTOOLCHAIN = $(NEWEST)
test-newest: ## run the checks, the native tests, the js suites and the budgets with the newest Go
	$(GO) version
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory test-js BROWSER=chromium
	$(GO) -C test test $(TESTFLAGS) -count=1 ./suites/budget

.PHONY: load
load: ## drive the example's backend for LOADTIME, restart it once, and print latency and what was lost
	$(GO) -C test run ./tools/load -duration $(LOADTIME)

# How long make day lasts.
DAYTIME ?= 10m

.PHONY: day
day: ## play a working day with the example for DAYTIME (Linux), and print what failed and how long each recovery took
	$(GO) -C test run ./tools/day -duration $(DAYTIME)

# In its folder go test shows what a passing test prints: how many cases are equal.
.PHONY: conformance
conformance: $(NPM) ## compare our client with Atlassian's in each browser, also as TinyGo builds it if that is installed; UPDATE=1 accepts what it sends now and rewrites the tables
	@$(FIND_TINYGO); $(FIND_BROWSERS); export BROWSER=$$browsers; cd test/suites/conformance && $(GO) test $(TESTFLAGS) -count=1 $(if $(UPDATE),-update,$$(! command -v tinygo >/dev/null || echo -tinygo))

.PHONY: bench
bench: $(NPM) ## measure our client beside Atlassian's; PART=calls (values, growth, leaks, exports, worker, weight, boot, loading, loop) one part, BROWSER=firefox,webkit elsewhere, UPDATE=1 writes it into the docs
	@$(FIND_TINYGO); for browser in $(BROWSERS); do \
		$(GO) -C test run ./tools/bench -browser $$browser -newest $(NEWEST) $(if $(PART),-part $(PART)) $(if $(UPDATE),-update) $(BENCHFLAGS) || exit 1; \
	done

.PHONY: check
check: ## what to run before each commit: format, go vet both ways, native tests, the page's JavaScript; two at once
	@$(GO) -C test run ./tools/steps -make "$(MAKE)" format vet test-native test-page

.PHONY: test-native
test-native: ## run the native tests without the race detector; go test keeps the results of packages that did not change
	$(GO) test $(TESTFLAGS) ./...
	@$(MISSING_SHELLS)

.PHONY: format
format: ## gofmt, prettier where setup has installed it, and no for await in our JavaScript
	@unformatted=$$(find . -name node_modules -prune -o -name '*.go' -exec gofmt -l {} +); \
		if [ -n "$$unformatted" ]; then echo "gofmt would change:" $$unformatted "(run: gofmt -w FILE)"; exit 1; fi
	@awaited=$$(grep -rnE --include='*.js' --include='*.mjs' --include='*.html' --exclude-dir=node_modules --exclude-dir=dist 'for[[:space:]]+await|fromAsync' bridge cmd devhost examples internal jsglue wasm); \
		if [ -n "$$awaited" ]; then echo "WebKit cannot iterate over a stream, so read it with getReader():"; echo "$$awaited"; exit 1; fi
	@if [ ! -x $(PRETTIER) ]; then echo "prettier is not installed, so JavaScript, CSS and HTML are not checked (run: make setup)"; \
		elif ! $(PRETTIER) --cache --cache-strategy content --cache-location $(BIN)/prettier.cache --log-level warn --check '**/*.{js,mjs,tsx,css,html}'; then \
			echo "prettier would change these files (run: $(PRETTIER) --write FILE)"; exit 1; fi

.PHONY: vet
vet: ## go vet for this platform and for the page
	$(GO) vet ./...
	$(JS) $(GO) vet ./...
	$(GO) -C test vet ./...
	cd test && $(JS) $(GO) vet ./programs/...

# For the page without U1000, which does not know that go:wasmexport uses a function.
.PHONY: lint
lint: $(NPM) format vet ## format and vet, go vet for 32 bits, the lists of modules, and staticcheck
	GOARCH=386 CGO_ENABLED=0 $(GO) vet ./...
	GOARCH=386 CGO_ENABLED=0 $(GO) -C test vet ./...
	$(GO) mod tidy -diff
	$(GO) -C test mod tidy -diff
	$(GO) -C test build -o $(BIN)/staticcheck honnef.co/go/tools/cmd/staticcheck
	$(BIN)/staticcheck ./...
	$(JS) $(BIN)/staticcheck -checks=inherit,-U1000 $(PAGE)
	cd test && $(BIN)/staticcheck ./...
	cd test && $(JS) $(BIN)/staticcheck ./programs/...

.PHONY: typecheck
typecheck: $(NPM) ## check the types of the JavaScript
	test/node_modules/.bin/tsc -p test
	test/node_modules/.bin/tsc -p test/tsconfig.node.json

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

.PHONY: setup
setup: debian $(NPM) $(ATLASSIAN) $(REACT) ## install what the tests need, or say what to install

# The race detector needs a C compiler.
.PHONY: debian
debian:
	@missing=; \
	has() { command -v "$$1" >/dev/null; }; \
	has "$${CHROMIUM:-chromium}" || has chromium-browser || has google-chrome || missing=chromium; \
	has cc || missing="$$missing gcc libc6-dev"; \
	others=; \
	has "$${CHROMIUM:-chromium-headless-shell}" || others="$$others chromium-headless-shell"; \
	has "$${FIREFOX:-firefox-esr}" || has firefox || others="$$others firefox-esr"; \
	has "$${WEBKITDRIVER:-WebKitWebDriver}" || others="$$others webkit2gtk-driver"; \
	has "$${XVFB:-Xvfb}" || others="$$others xvfb"; \
	for shell in zsh fish; do has $$shell || others="$$others $$shell"; done; \
	if [ "$$(id -u)" = 0 ] && has apt-get; then missing="$$missing$$others"; fi; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && has apt-get; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	else \
		echo "The tests need $$missing. Install it (Debian: sudo apt-get install $$missing)," \
			"or name the program of another Chromium in the variable CHROMIUM."; \
		exit 1; \
	fi

$(NPM): test/package.json test/package-lock.json
	@command -v npm >/dev/null || { echo "The tests need Node.js and npm: install Node.js 20 or newer."; exit 1; }
	cd test && npm ci
	@touch $@

$(ATLASSIAN): test/atlassian/package.json test/atlassian/package-lock.json
	@command -v npm >/dev/null || { echo "The tests need Node.js and npm: install Node.js 20 or newer."; exit 1; }
	cd test/atlassian && npm ci
	@touch $@

$(REACT): %/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@command -v npm >/dev/null || { echo "The tests need Node.js and npm: install Node.js 20 or newer."; exit 1; }
	cd $* && npm ci
	@touch $@

.PHONY: clean
clean: ## remove what was built and installed here
	rm -rf $(BIN) test/node_modules test/atlassian/node_modules test/react/node_modules $(addprefix examples/react/,node_modules dist) $(addprefix examples/custom-ui/remote/worker/,build .wrangler)
	rm -f $(foreach app,hello custom-ui,$(addprefix examples/$(app)/static/,app.wasm app.wasm.gz app.wasm.br forgego.js))
