.DEFAULT_GOAL := help
SHELL := /bin/sh
PIPELINE := .venv/bin/pipeline

# Tests and stacks start many processes of the same code, whatever a shell says about keeping it compiled.
unexport PYTHONDONTWRITEBYTECODE
# FACILITIES, STATE and the like are handed on through the environment, so that the shell never reads what they hold.
export FACILITIES STATE POSTINGS CONTACTS CLIENTS SEED JSON DAYS PYTHON TESTS WORKERS LONG REPEATS SEEDS AWAY REGISTRY LABELLED ABLATION \
  ONLY SIZES ROWS PLOT

.PHONY: help setup demo up down test chaos bench bench-long bench-matcher lint format generate fit-matcher lock compose-up compose-down compose-test clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Create .venv with everything pinned in requirements/dev.lock (Python 3.11+ is all it needs); compile the matcher
	@requirements/install
	@.venv/bin/python -m deploy.compile

demo: setup ## Sixty days on a simulated clock, then today's worklist; takes FACILITIES STATE POSTINGS CONTACTS CLIENTS SEED JSON DAYS
	@set --; \
	[ -z "$$FACILITIES" ] || set -- "$$@" --facilities "$$FACILITIES"; \
	[ -z "$$STATE" ] || set -- "$$@" --state "$$STATE"; \
	[ -z "$$POSTINGS" ] || set -- "$$@" --postings "$$POSTINGS"; \
	[ -z "$$CONTACTS" ] || set -- "$$@" --contacts "$$CONTACTS"; \
	[ -z "$$CLIENTS" ] || set -- "$$@" --clients "$$CLIENTS"; \
	[ -z "$$SEED" ] || set -- "$$@" --seed "$$SEED"; \
	[ -z "$$DAYS" ] || set -- "$$@" --days "$$DAYS"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	exec $(PIPELINE) demo "$$@"

up: setup ## Start NATS, PostgreSQL and the services on this machine, and keep their data in .pipeline/
	@exec $(PIPELINE) up

down: ## Stop what `make up` or `make demo` started
	@if [ -x $(PIPELINE) ]; then exec $(PIPELINE) down; else echo "Nothing is set up here, so nothing is running."; fi

test: setup ## Run every test against real servers; TESTS=tests/unit runs a part, WORKERS=1 one by one, LONG=1 what takes minutes
	@requirements/asyncapi
	@exec .venv/bin/python -m pytest -n $${WORKERS:-4} --dist loadfile --no-loadscope-reorder $${TESTS:-tests}

chaos: setup ## Live through SEEDS=20 random schedules of faults and print what became of each; AWAY=600 adds long absences
	@mkdir -p .cache
	@exec .venv/bin/python -m tests.chaos.campaign --seeds $${SEEDS:-20} --away $${AWAY:-0} 2>.cache/chaos.log

bench: setup ## Measure speed beside peers in one run, about five minutes; JSON=FILE keeps the figures, REPEATS=5
	@requirements/peers
	@exec .venv/bin/python -m tests.benchmarks.run --peers .cache/peers/bin/python --repeats $${REPEATS:-5} $${JSON:+--json "$$JSON"}

bench-long: setup ## Measure how speed grows with backlog (to a million), facilities (to 200,000) and replicas; takes JSON
	@exec .venv/bin/python -m tests.benchmarks.run --only growth --long $${JSON:+--json "$$JSON"}

bench-matcher: setup ## Measure the matcher beside six peers; takes REGISTRY LABELLED JSON PLOT, and ONLY SIZES ROWS for a part
	@set --; \
	[ -z "$$REGISTRY" ] || set -- "$$@" --registry "$$REGISTRY"; \
	[ -z "$$LABELLED" ] || set -- "$$@" --labelled "$$LABELLED"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	[ -z "$$PLOT" ] || set -- "$$@" --plot "$$PLOT"; \
	[ -z "$$ONLY" ] || set -- "$$@" --only "$$ONLY"; \
	[ -z "$$SIZES" ] || set -- "$$@" --sizes "$$SIZES"; \
	[ -z "$$ROWS" ] || set -- "$$@" --rows "$$ROWS"; \
	exec .venv/bin/python -m tests.benchmarks.matchers.run "$$@"

lint: setup ## Check style, types, the dependency rule, and that generated files are as the code says
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --cache-dir .cache/import-linter
	.venv/bin/python -m cli.generate --check

format: setup ## Rewrite the code in the house's format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

generate: setup ## Write anew what follows from services.toml, the events and the topology: schemas, NATS users, containers
	@exec .venv/bin/python -m cli.generate

fit-matcher: setup ## Fit the matcher's weights to labelled rows anew and judge them; takes REGISTRY LABELLED PACK WORDS ABLATION
	@requirements/apart fitting
	@set -- --registry "$$REGISTRY" --labelled "$$LABELLED" --pack "$$PACK"; [ -z "$$WORDS" ] || set -- "$$@" --words; [ -z "$$ABLATION" ] || set -- "$$@" --ablation; \
	exec .cache/fitting/bin/python -m engines.matching.fitting "$$@"

lock: setup ## Write requirements/*.lock anew from requirements/*.in; UPGRADE=1 takes the newest releases
	@exec requirements/lock

compose-up: ## Build the images and run the whole pipeline in containers, with secrets of its own making
	@deploy/make-secrets && docker compose up --build --detach --wait
	@echo 'Postings: http://127.0.0.1:8080/postings; lists: http://127.0.0.1:8081/reconcile. Keys and all else by the command line:'
	@echo '  make setup && export PIPELINE_NATS_URL=$$(cat .secrets/cli_nats_url) && .venv/bin/pipeline status'

compose-down: ## Stop the containers and keep their data
	@exec docker compose down

compose-test: ## Build the images, publish a posting into the running containers and wait for its task
	@exec deploy/compose-test

clean: ## Stop a running stack, and remove everything that set-up and running left behind
	@if [ -x $(PIPELINE) ]; then $(PIPELINE) down --wipe || true; fi
	@rm -rf .venv .pipeline .cache .pytest_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
