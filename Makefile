.DEFAULT_GOAL := help
SHELL := /bin/sh
PIPELINE := .venv/bin/pipeline

# Tests and stacks start many processes of the same code, so its bytecode is always kept.
unexport PYTHONDONTWRITEBYTECODE
# FACILITIES, STATE and the like are passed through the environment, so that the shell never evaluates their values.
export FACILITIES STATE POSTINGS CONTACTS CLIENTS SEED JSON DAYS PYTHON TESTS WORKERS LONG REPEATS SEEDS AWAY CLUSTER REGISTRY LABELED ABLATION \
  PACK WORDS ONLY SIZES ROWS PLOT

.PHONY: help setup demo up down test mail-test chaos cluster-test bench bench-long bench-console bench-matcher bench-sources bench-courier lint format generate fit-matcher lock deploy-check watch-test compose-up compose-down compose-test clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Create .venv from requirements/dev.lock (needs only Python 3.11+), and compile the matcher
	@requirements/install
	@.venv/bin/python -m deploy.compile

demo: setup ## Run a pack's days on a simulated clock, then print the worklist; takes PACK FACILITIES STATE POSTINGS CONTACTS CLIENTS SEED JSON DAYS
	@set --; \
	[ -z "$$FACILITIES" ] || set -- "$$@" --facilities "$$FACILITIES"; \
	[ -z "$$STATE" ] || set -- "$$@" --state "$$STATE"; \
	[ -z "$$POSTINGS" ] || set -- "$$@" --postings "$$POSTINGS"; \
	[ -z "$$CONTACTS" ] || set -- "$$@" --contacts "$$CONTACTS"; \
	[ -z "$$CLIENTS" ] || set -- "$$@" --clients "$$CLIENTS"; \
	[ -z "$$SEED" ] || set -- "$$@" --seed "$$SEED"; \
	[ -z "$$DAYS" ] || set -- "$$@" --days "$$DAYS"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	[ -z "$$PACK" ] || export PIPELINE_PACK="$$PACK"; \
	exec $(PIPELINE) demo "$$@"

up: setup ## Start NATS, PostgreSQL and the services on this machine, with their data in .pipeline/; takes PACK
	@[ -z "$$PACK" ] || export PIPELINE_PACK="$$PACK"; exec $(PIPELINE) up

down: ## Stop what `make up` or `make demo` started
	@if [ -x $(PIPELINE) ]; then exec $(PIPELINE) down; else echo "Nothing is set up here, so nothing is running."; fi

test: setup ## Run every test against real servers; TESTS=tests/unit runs some, WORKERS=1 in sequence, LONG=1 also the slow ones
	@requirements/javascript
	@exec .venv/bin/python -m pytest -n $${WORKERS:-4} --dist loadfile --no-loadscope-reorder $${TESTS:-tests}

mail-test: setup ## Send and read mail through a real Postfix and Dovecot, which must be installed; needs root
	@command -v postfix >/dev/null && command -v dovecot >/dev/null || \
	  { echo "They are not installed: apt-get install postfix dovecot-imapd dovecot-lmtpd"; exit 1; }
	@[ "$$(id -u)" -eq 0 ] || { echo "Postfix starts only as root."; exit 1; }
	@exec .venv/bin/python -m pytest tests/integration/test_real_mail_servers.py

chaos: setup ## Run SEEDS=20 random schedules of faults; AWAY=600 adds long outages, CLUSTER=1 uses a cluster and its faults
	@mkdir -p .cache
	@exec .venv/bin/python -m tests.chaos.campaign --seeds $${SEEDS:-20} --away $${AWAY:-0} $${CLUSTER:+--cluster} 2>.cache/chaos.log

cluster-test: setup ## Run kernel, healing and ten days on three NATS servers with TLS, and on a standby that is promoted
	@PIPELINE_TEST_CLUSTER=1 .venv/bin/python -m pytest tests/integration/test_kernel.py tests/integration/test_healing.py
	@LONG=1 .venv/bin/python -m pytest tests/integration/test_cluster.py tests/integration/test_standby.py tests/chaos/test_cluster_faults.py

bench: setup ## Measure speed beside peers, all parts in turn; JSON=FILE stores the figures, REPEATS=5
	@requirements/peers
	@exec .venv/bin/python -m tests.benchmarks.run --peers .cache/peers/bin/python --repeats $${REPEATS:-5} $${JSON:+--json "$$JSON"}

bench-long: setup ## Measure speed by backlog (to a million), facilities (to 200,000) and replicas; takes JSON
	@exec .venv/bin/python -m tests.benchmarks.run --only growth --long $${JSON:+--json "$$JSON"}

bench-console: setup ## Measure the console on 15,000 facilities and 100,000 events; ONLY=pages,... runs a part; takes JSON
	@set --; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	[ -z "$$ONLY" ] || set -- "$$@" --only "$$ONLY"; \
	exec .venv/bin/python -m tests.benchmarks.console.run "$$@"

bench-matcher: setup ## Measure the matcher beside six peers; takes REGISTRY LABELED JSON PLOT, and ONLY SIZES ROWS for a part
	@set --; \
	[ -z "$$REGISTRY" ] || set -- "$$@" --registry "$$REGISTRY"; \
	[ -z "$$LABELED" ] || set -- "$$@" --labeled "$$LABELED"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	[ -z "$$PLOT" ] || set -- "$$@" --plot "$$PLOT"; \
	[ -z "$$ONLY" ] || set -- "$$@" --only "$$ONLY"; \
	[ -z "$$SIZES" ] || set -- "$$@" --sizes "$$SIZES"; \
	[ -z "$$ROWS" ] || set -- "$$@" --rows "$$ROWS"; \
	exec .venv/bin/python -m tests.benchmarks.matchers.run "$$@"

bench-sources: setup ## Sweep 500 career sites with 50,000 postings twice, beside a Scrapy spider; takes SITES POSTINGS PER_SECOND ONLY JSON
	@requirements/apart scrapy
	@set --; \
	[ -z "$$SITES" ] || set -- "$$@" --sites "$$SITES"; \
	[ -z "$$POSTINGS" ] || set -- "$$@" --postings "$$POSTINGS"; \
	[ -z "$$PER_SECOND" ] || set -- "$$@" --per-second "$$PER_SECOND"; \
	[ -z "$$ONLY" ] || set -- "$$@" --only "$$ONLY"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	exec .venv/bin/python -m tests.benchmarks.sources.run "$$@"

bench-courier: setup ## Send 100,000 events to 200 webhooks, beside a bare loop of httpx; takes WEBHOOKS EVENTS REPEATS JSON
	@set --; \
	[ -z "$$WEBHOOKS" ] || set -- "$$@" --webhooks "$$WEBHOOKS"; \
	[ -z "$$EVENTS" ] || set -- "$$@" --events "$$EVENTS"; \
	[ -z "$$REPEATS" ] || set -- "$$@" --repeats "$$REPEATS"; \
	[ -z "$$JSON" ] || set -- "$$@" --json "$$JSON"; \
	exec .venv/bin/python -m tests.benchmarks.courier.run "$$@"

lint: setup ## Check style, types, dependencies between modules, and that generated files are up to date
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --cache-dir .cache/import-linter
	.venv/bin/python -m cli.generate --check

format: setup ## Format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

generate: setup ## Regenerate the files derived from services.toml, events and topology: schemas, NATS users, containers
	@exec .venv/bin/python -m cli.generate

fit-matcher: setup ## Refit the matcher's weights to labeled rows and evaluate them; takes REGISTRY LABELED PACK WORDS ABLATION
	@requirements/apart fitting
	@set -- --registry "$$REGISTRY" --labeled "$$LABELED" --pack "$$PACK"; [ -z "$$WORDS" ] || set -- "$$@" --words; [ -z "$$ABLATION" ] || set -- "$$@" --ablation; \
	exec .cache/fitting/bin/python -m engines.matching.fitting "$$@"

lock: setup ## Rewrite requirements/*.lock from requirements/*.in; UPGRADE=1 uses the newest releases
	@exec requirements/lock

deploy-check: setup ## Render deploy/kubernetes, validate it, and check what validators pass
	@requirements/apart deploy
	@exec .venv/bin/python -m deploy.checks .cache/deploy/bin

watch-test: setup ## Let each alert fire for its real cause, in a real Prometheus and Alertmanager, which must be installed
	@command -v promtool >/dev/null || { echo "Not installed: apt-get install prometheus prometheus-alertmanager"; exit 1; }
	@promtool test rules deploy/watching/rules-test.yaml
	@exec .venv/bin/python -m tests.watching.run

compose-up: ## Build the images and run the pipeline in containers, with generated secrets
	@deploy/make-secrets && docker compose up --build --detach --wait
	@echo 'Postings: http://127.0.0.1:8080/postings; lists: http://127.0.0.1:8081/reconcile. API keys and everything else by the command line:'
	@echo '  make setup && export PIPELINE_NATS_URL=$$(cat .secrets/cli_nats_url) && .venv/bin/pipeline status'

compose-down: ## Stop the containers and keep their data
	@exec docker compose down

compose-test: ## Build the images, publish a posting into the running containers and wait for its task
	@exec deploy/compose-test

clean: ## Stop a running stack, and remove everything that set-up and runs have created
	@if [ -x $(PIPELINE) ]; then $(PIPELINE) down --wipe || true; fi
	@rm -rf .venv .pipeline .cache .pytest_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
