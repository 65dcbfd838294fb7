# Every target works in a fresh clone: what it needs is installed first.
.DEFAULT_GOAL := help
.PHONY: help install dev demo test check bench simulate clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: node_modules/.package-lock.json ## Install the exact dependencies

node_modules/.package-lock.json: package.json package-lock.json
	@# not `npm ci`: it refuses a lock file in which an optional package of another platform is missing
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

dev: install ## Start everything in one process, with its own PostgreSQL
	@npm start --silent

demo: install ## Fill in demo data and run one purchase of each outcome (while `make dev` runs)
	@npm run --silent demo

test: install ## Run all tests
	npm test --silent

check: install ## Types, format and lint, unused code, layering
	npm run --silent typecheck
	npm run --silent lint
	npm run --silent unused
	npm run --silent layers

bench: install ## Measure purchases per second beside the database's own floor
	npm run --silent bench

simulate: install ## Run the deterministic simulation (ARGS="--seeds 10000 --from 1")
	npm run --silent simulate -- $(ARGS)

clean: ## Remove the data and the installed packages
	rm -rf .data node_modules
