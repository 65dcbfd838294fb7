# Every target works in a fresh clone: what it needs is installed first. What runs until Ctrl+C is run without npm, which would
# end by the signal, and have make call that an error.
.DEFAULT_GOAL := help
.PHONY: help install dev demo test test-fast check bench simulate chaos cluster clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: node_modules/.package-lock.json ## Install the exact dependencies

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

dev: install ## Start everything in one process, with its own PostgreSQL
	@PATH="$(CURDIR)/node_modules/.bin:$$PATH"; WEB_RELOAD=true exec node --import ./app/requirements.mjs app/main.ts

demo: install ## Fill in demo data and run one purchase of each outcome (while `make dev` runs)
	@npm run --silent demo

test: install ## Run all tests
	npm test --silent

test-fast: install ## Run the tests that lie beside their files, on the PostgreSQL that runs already (DATABASE_URL, or of `make dev`)
	npm run --silent test:fast

check: install ## Types, format and lint, unused code, layering, the OpenAPI document
	npm run --silent typecheck
	npm run --silent lint
	npm run --silent unused
	npm run --silent layers
	npm run --silent api

bench: install ## Measure purchases per second beside the database's own floor
	npm run --silent bench

simulate: install ## Run the deterministic simulation (ARGS="--seeds 10000 --from 1")
	npm run --silent simulate -- $(ARGS)

chaos: install ## Kill, cut, fill and restart a real system under load, and balance the books (ARGS="--kills 200 --bus pubsub")
	npm run --silent chaos -- $(ARGS)

cluster: install ## Start two replicas of each service on Google's Pub/Sub emulator, with their PostgreSQL
	@PATH="$(CURDIR)/node_modules/.bin:$$PATH"; exec node --import ./app/requirements.mjs app/cluster/cluster.ts

clean: ## Remove the data, the installed packages, and what containers there are with their data
	@infrastructure/containers/compose.sh clean
	rm -rf .data node_modules

# Containers: docs/containers.md
.PHONY: build up stop logs

build: ## Docker: build the image of all services
	@infrastructure/containers/compose.sh build

up: ## Docker: start everything in containers, with PostgreSQL and Google's Pub/Sub emulator
	@infrastructure/containers/compose.sh up

stop: ## Docker: stop the containers, keep their data
	@infrastructure/containers/compose.sh stop

logs: ## Docker: show what the containers say
	@infrastructure/containers/compose.sh logs

# Google Cloud: docs/deploy.md
.PHONY: setup setup-backend deploy first-admin deploy-sql deploy-code destroy destroy-sql destroy-app info

setup: ## Google Cloud: say which project, enable its APIs, keep the database's password
	@infrastructure/scripts/setup.sh

setup-backend: ## Google Cloud: make the bucket for Terraform's state
	@infrastructure/scripts/setup-backend.sh

deploy: ## Google Cloud: everything, from an empty project to a running system
	@infrastructure/scripts/deploy.sh

first-admin: ## Google Cloud: let the first admin in, by a link that opens once
	@infrastructure/scripts/first-admin.sh

deploy-sql: ## Google Cloud: the database alone
	@infrastructure/scripts/deploy-sql.sh

deploy-code: ## Google Cloud: build, migrate, roll out in steps, take back what is unhealthy
	@infrastructure/scripts/deploy-code.sh

destroy: ## Google Cloud: delete everything (asks for the project's name)
	@infrastructure/scripts/destroy.sh

destroy-sql: ## Google Cloud: delete the database and the services that need it
	@infrastructure/scripts/destroy-sql.sh

destroy-app: ## Google Cloud: delete the services, keep the data
	@infrastructure/scripts/destroy-app.sh

info: ## Google Cloud: show what runs where
	@infrastructure/scripts/info.sh
