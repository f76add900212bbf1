# The front doors. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --disable-warning=ExperimentalWarning

SERVICE ?= alluxio
DIR ?= .
MOCHA := node node_modules/mocha/bin/mocha.js
# Files are tested side by side: they wait more than they work. Those that wait longest begin.
JOBS ?= 2
INTEGRATION = $(shell find test/integration -name '*.test.ts' | sort)
LONGEST = $(filter $(addprefix test/integration/,scheduler/failures/% scheduler/rollout/% scheduler/high-availability/% \
	local/contract/% up/up.test.ts),$(INTEGRATION))

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-17s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package.json package-lock.json
	@# Not `npm ci`: it refuses a registry that mirrors only some platforms' optional packages.
	@npm install --no-save
	@touch $@

.PHONY: setup
setup: node_modules/.package-lock.json ## Install what the project needs (Node 24 included) from npm

.PHONY: check
check: setup format-check lint types test-unit ## Format, lint, types, architecture and unit tests

.PHONY: format
format: setup ## Write every file in the one format
	@biome format --write .

.PHONY: format-check lint types
format-check: setup
	@biome format .
lint: setup
	@oxlint --type-aware
	@knip
types: setup
	@tsc -p .

.PHONY: test
test: setup test-unit test-schedules test-integration ## Everything that needs no outside system

.PHONY: test-unit
test-unit: setup ## Pure tests, in seconds
	@$(MOCHA) 'test/unit/**/*.test.ts'

.PHONY: test-schedules test-simulation
test-schedules: setup ## The scheduler against a simulated Mesos: 300 seeded schedules of faults
	@$(MOCHA) 'test/simulation/**/*.test.ts'
test-simulation: export SCHEDULES := 10000
test-simulation: test-schedules ## The same with 10,000 schedules; SEED=n starts elsewhere, SCRIPT='…' plays one again

.PHONY: test-integration
test-integration: setup build ## Real sockets, TLS, processes, archives, tmpfs
	@$(MOCHA) --parallel --jobs $(JOBS) --require ./test/support/announce-missing.ts --timeout 60000 \
		$(LONGEST) $(filter-out $(LONGEST),$(INTEGRATION))

.PHONY: test-e2e
test-e2e: setup build ## The real Alluxio through the whole product (needs Java and Maven)
	@$(MOCHA) --timeout 300000 'test/e2e/**/*.test.ts'

.PHONY: test-mesos
test-mesos: setup build ## Against a real Mesos: make test-mesos MESOS_BIN=directory-of-mesos-master-and-mesos-agent
	@MESOS_BIN='$(MESOS_BIN)' $(MOCHA) --timeout 180000 'test/mesos/**/*.test.ts'

.PHONY: build
build: setup ## Make the executor bundle in build/
	@bin/stevedore build

.PHONY: certs
certs: setup ## Make or show the certificates in certs/
	@bin/stevedore certs

.PHONY: serve
serve: setup ## Serve the archives of a folder over TLS: make serve DIR=folder
	@exec bin/stevedore serve $(DIR)

.PHONY: up
up: setup ## Bring up a cluster on this machine: make up [SERVICE=alluxio|fixture] [MESOS=host:5050]
	@exec bin/stevedore up --service $(SERVICE) $(if $(MESOS),--mesos $(MESOS))

.PHONY: down
down: setup ## End what `make up` started, from anywhere
	@bin/stevedore down

.PHONY: status
status: setup ## Show the cluster that `make up` started
	@bin/stevedore status --state-dir .stevedore/run/state

.PHONY: bench
bench: setup build ## Measure against a named peer: make bench [NAME=cold-start]
	@node bench/main.ts $(NAME)

.PHONY: docs
docs: setup ## Write the generated pages of docs/ anew
	@node scripts/docs/main.ts

.PHONY: clean
clean: ## Remove what was built; keep downloads in .cache/
	@rm -rf build .stevedore coverage bench/results
