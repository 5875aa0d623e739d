.PHONY: help demo test serve lint check fix

help: ## say what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1	/'

demo: ## the whole service on sample projects
	@sh setup.sh
	@.venv/bin/leeway demo

test: ## every test of the gate
	@sh setup.sh dev
	@.venv/bin/python -m pytest -q -n 2 --dist loadgroup

serve: ## the service on your own data
	@sh setup.sh
	@.venv/bin/leeway serve

lint: ## style, types and floors
	@sh setup.sh dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint test ## everything the gate asks

fix: ## let ruff mend what it can
	@sh setup.sh dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
