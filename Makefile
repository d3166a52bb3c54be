# Commands for people and for .ci/run; `make` alone lists them.
# Every path is relative to this folder, so that its name may hold spaces.

.DEFAULT_GOAL := help
.PHONY: help setup clients demo test fidelity gpu-test soak fuzz lint bench format clean ruff layout types layers

VENV := .venv/bin
BRIEF ?= A product image of a ceramic mug on a beach at dawn, animate it into a 5 second clip, add a voice-over saying 'Wake up slowly' and soft music
# Words a person gives reach the program as they are, dollar signs and quotes included.
override BRIEF := $(value BRIEF)
demo: export BRIEF := $(BRIEF)

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Install what demo and test need: Python packages into .venv, fonts
	@sh packaging/set_up.sh

demo: setup ## Make a short film from one sentence into out/ (other words: BRIEF="...")
	@$(VENV)/framewright make "$$BRIEF" --workspace out/workspace -o out

clients: setup
	@$(VENV)/python tests/fidelity/official_clients.py

test: clients ## Run every test but the benchmarks (some of them: ARGS="-k words")
	@$(VENV)/pytest -n auto --maxprocesses 8 $(ARGS)

fidelity: clients ## Hold the emulated vendors against the vendors' own clients (part of test)
	@$(VENV)/pytest -n auto --maxprocesses 4 tests/fidelity $(ARGS)

gpu-test: setup ## Run own models for real, with tiny weights, on the processor (fetches 0.7 GB once)
	@$(VENV)/pytest tests/own_models/real_pipelines.py $(ARGS)

soak: setup ## Kill, flood and share for some ten minutes (shorter: ARGS="--rounds 20 --jobs 2000")
	@$(VENV)/python tests/soak.py $(ARGS)

fuzz: setup ## Read 10,000 files changed at random, in every way there is (others: ARGS="--seed 1")
	@$(VENV)/python tests/fuzz.py $(ARGS)

lint: setup ## Check style, layout, types and who imports whom
	@$(MAKE) --no-print-directory --keep-going --output-sync=target ruff layout types layers

bench: setup ## Measure against peers into out/benchmarks.json (some: ARGS="checks")
	@$(VENV)/python tests/benchmarks/run.py $(ARGS)

format: setup ## Lay out the code as lint wants it
	@$(VENV)/ruff check --fix --quiet; $(VENV)/ruff format

clean: ## Remove what was made here but .venv and .tools
	@rm -rf dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find core providers assets tests -name __pycache__ -type d -prune -exec rm -rf {} +

ruff:
	@$(VENV)/ruff check

layout:
	@$(VENV)/ruff format --check

types:
	@$(VENV)/mypy

layers:
	@$(VENV)/lint-imports
