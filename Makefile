# `make` alone lists the targets. What a target needs and lacks is said in one sentence.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Kills per engine of the crash test, budget per fuzz target (count or time), seed and size of the simulation.
N ?= 22
FUZZTIME ?= 10000x
SEED ?= 1
PAYMENTS ?= 50000
# Calls at once that make bench-ars measures.
CALLS ?= 50,100,200,300
# Folder of the demo's database, keys and logins, and further flags for it.
DATA ?= demo-data
DEMO_FLAGS ?=

GO_TEST := tools/scratch go test -vet=off -timeout 30m
# The race detector. SQLite as Go is C translated, pointers and all: checking each of them for being one of
# Go's takes three times as long as the tests do, and finds nothing of ours.
RACE := -race -gcflags='modernc.org/...=-d=checkptr=0'
# Sources that a tool writes; make verify fails when they are not fresh.
GENERATED := internal/store/sqlgen api docs/api docs/configuration.md ui/src/shared/api

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: TAGS = webphone
run: build ## build what is stale and start the demo: prints the address and the logins
	@./bin/innopay demo --data $(DATA) $(DEMO_FLAGS)

.PHONY: build
build: ## build the screens when stale, and bin/innopay with them in it
	@tools/need go
	@tools/ui
	@CGO_ENABLED=0 go build -tags "$(TAGS)" -trimpath -o bin/innopay ./cmd/innopay

.PHONY: test
test: setup test-go test-tagged fuzz simulate test-ui test-e2e ## install what tests need, then run every test
	@echo "all tests passed"

.PHONY: setup
setup: ## install what tests need beside Go and Node (apt, as root or by sudo)
	@tools/need go node gcc
	@tools/setup

.PHONY: test-go
test-go: ## Go tests with the race detector; the store suite on SQLite and PostgreSQL
	@tools/need go node gcc
	@tools/npm messenger/simulator/testdata/sdk
	@tools/npm cashreceipt/simulator/testdata/sdk
	@tools/npm internal/webhook/testdata/sdk
	$(GO_TEST) $(RACE) $$(go list ./... | grep -v internal/arch)
	$(GO_TEST) ./internal/arch
	$(GO_TEST) -run 'TestNoValueOfAnyField|TestALoginTakesAsLong' ./internal/web
	$(GO_TEST) ./internal/receipt/escpos/...

.PHONY: test-tagged
test-tagged: build ## tests behind build tags: kills of the real binary under load (N=22 for each engine), WebRTC
	@tools/tagged crash N=$(N)
	@tools/tagged webphone N=0

.PHONY: crash
crash: test-tagged ## the same with more kills: make crash N=200

.PHONY: race
race: build ## races for one request on two servers: make race N=500
	@INNOPAY_RACES=$(N) INNOPAY_BINARY=$(CURDIR)/bin/innopay go test -vet=off -count=1 -timeout 30m -run TestRequestRaces -v ./test/fault

.PHONY: fuzz
fuzz: ## every fuzz target, FUZZTIME=10000x each or a time as 10m
	@tools/fuzz $(FUZZTIME)

.PHONY: simulate
simulate: build ## seeded simulation of the core with faults (SEED=1 PAYMENTS=50000)
	@./bin/innopay simulate payments --seed $(SEED) --payments $(PAYMENTS)

.PHONY: test-ui
test-ui: ## type check and unit tests of the screens
	@tools/need node
	@tools/npm ui
	@cd ui && npm run --silent check && npm run --silent test

.PHONY: test-e2e
test-e2e: build ## journeys through the real program in a browser
	@tools/npm e2e
	@tools/npm internal/webhook/testdata/sdk
	@cd e2e && npm run --silent check && npm run --silent test

.PHONY: screens
screens: build ## pictures of every screen at three widths, light and dark, into e2e/out
	@tools/npm e2e
	@cd e2e && npm run --silent screens

.PHONY: guide-pictures
guide-pictures: build ## take the manual's pictures anew, into ui/public/guide
	@tools/npm e2e
	@cd e2e && npm run --silent guide-pictures

.PHONY: lighthouse
lighthouse: build ## Lighthouse over the app's main screens and the receipt: scores and times
	@tools/npm e2e
	@tools/npm e2e/lighthouse
	@cd e2e && npm run --silent lighthouse

.PHONY: lint
lint: ## golangci-lint at the pinned version, built from source the first time
	@tools/need go
	@tools/install golangci-lint
	@tools/lint

.PHONY: generate
generate: ## write again what is generated: SQL code, OpenAPI, TypeScript types, error page
	@tools/need go node
	@tools/install sqlc
	@tools/npm ui
	@tools/generate

.PHONY: prompts
prompts: ## record the telephone line's prompts again (needs espeak-ng and sox)
	@tools/prompts

.PHONY: verify
verify: generate ## fail when a generated file in the commit is not fresh
	@tools/verify $(GENERATED)

.PHONY: bench
bench: build ## payments per second on both engines against pgbench: medians of 3 rounds
	@tools/setup
	@go run ./bench -rounds 3 -each 5s -binary bin/innopay -out bench/out.json

.PHONY: bench-quick
bench-quick: build ## the same in one short round, within a minute
	@tools/setup
	@go run ./bench -binary bin/innopay -out bench/out.json

.PHONY: bench-metrics
bench-metrics: build ## what counting for Prometheus costs whole payments: paired ratios
	@go run ./bench -metrics -binary bin/innopay -each 3s

.PHONY: bench-ars
bench-ars: build ## calls a core carries, with sound both ways, against an echo of the same packets (CALLS=50,100,200,300)
	@go run ./bench/ars -binary bin/innopay -calls $(CALLS)

VERSION ?= 0.1.0
.PHONY: export-memory
export-memory: ## a history of 100,000 rows as CSV and XLSX through the server, with the memory it takes (EXPORT_ROWS=100000)
	@tools/need go
	EXPORT_ROWS=$${EXPORT_ROWS:-100000} $(GO_TEST) -count=1 -v -run TestALongHistoryLeavesInLittleMemory ./internal/web

.PHONY: deb
deb: build ## Debian package with systemd unit: bin/innopay_VERSION_ARCH.deb (VERSION=0.1.0)
	@tools/deb $(VERSION)

.PHONY: image
image: build ## container image innopay:VERSION by buildah, podman or docker (VERSION=0.1.0)
	@tools/image $(VERSION)

.PHONY: clean
clean: ## remove what was built (the tools in bin/tools and the demo's data stay)
	@rm -rf bin/innopay bin/.ui-hash e2e/out bench/out.json
	@find ui/dist -mindepth 1 ! -path ui/dist/app ! -name icon.svg -delete
