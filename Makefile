# The front doors. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --disable-warning=ExperimentalWarning

SERVICE ?= alluxio
MOCHA := node node_modules/mocha/bin/mocha.js

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-17s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci
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
types: setup
	@tsc -p .

.PHONY: test
test: setup test-unit test-integration ## Everything that needs no outside system

.PHONY: test-unit
test-unit: setup ## Pure tests, in seconds
	@$(MOCHA) 'test/unit/**/*.test.ts'

.PHONY: test-integration
test-integration: setup build ## Real sockets, TLS, processes, archives, tmpfs
	@$(MOCHA) --timeout 60000 'test/integration/**/*.test.ts'
