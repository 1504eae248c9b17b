# `make` alone lists what there is. Node, pnpm and the broker come with the tree (.tools/): see deploy/local/setup.sh.

SETUP := deploy/local/setup.sh
NODE  := .tools/bin/node
TURBO := node_modules/.bin/turbo run --continue=always --output-logs=full --log-prefix=none --log-order=grouped

export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export TURBO_TELEMETRY_DISABLED := 1
export TURBO_NO_UPDATE_NOTIFIER := 1
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-for-tests start dev check format test test-endurance coverage bench trace generate clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## bring Node, pnpm, the packages and a nats-server (every other target does this first)
	@$(SETUP)

setup-for-tests:
	@$(SETUP) test

start: setup ## run Matrix OS here (SPLIT=1: each service its own process; KERNEL=n: n kernels)
	@NODE_COMPILE_CACHE=.tools/compile-cache exec $(NODE) deploy/local/start.ts

dev: setup ## the same, restarted whenever a source file changes
	@MATRIX_DEV=1 exec $(NODE) --watch-preserve-output --watch-path=contracts --watch-path=libs --watch-path=services --watch-path=deploy deploy/local/start.ts

check: setup ## format, lint, types, dead code and structure, in seconds
	@$(TURBO) check:format check:lint check:types check:shell-types check:unused check:structure

format: setup ## write the one format, and repair what the linter can
	@node_modules/.bin/oxfmt . && node_modules/.bin/oxlint --type-aware --fix

test: setup-for-tests ## every check and every test; the last line is the sum
	@$(NODE) deploy/local/run-tests.ts

test-endurance: setup-for-tests ## the long proofs, in parts that are remembered (SUITE=points|schedules|wipes|zombies|bugs|power|burst|soak, SEED=n)
	@$(NODE) deploy/local/test-endurance.ts

coverage: setup-for-tests ## branch coverage of each package against its threshold
	@$(NODE) deploy/local/measure-coverage.ts

bench: setup ## one JSON line for each figure, with its floor and ratio
	@$(NODE) tests/bench/run.ts

trace: setup ## everything that happened to one turn: make trace ID=<turn>
	@$(NODE) deploy/local/trace.ts $(ID)

generate: setup ## write what is made from the catalog and the contracts (bus users, snapshots, AsyncAPI, compose, Kubernetes)
	@$(NODE) deploy/generate.ts

clean: ## remove what setup and the tests have made (not the user's caches)
	@rm -rf .tools .turbo coverage node_modules */node_modules */*/node_modules
