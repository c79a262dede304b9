# A sentence per target; `make help` prints them. Each works on a fresh clone with no other step.
# What a person writes in PROMPT and OUT is text: make expands nothing in it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PROMPT ?=
OUT ?= video.mp4
STUDIO ?=
BIN := .venv/bin
INPUTS := pyproject.toml constraints/tested.txt scripts/setup.sh
override PROMPT := $(value PROMPT)
override OUT := $(value OUT)
export PROMPT OUT

.PHONY: help setup video studio test quick lint format acceptance world-sheet accelerator-dry clean

help:  ## Print what each target does.
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 18

.venv/.runtime: $(INPUTS)
	@scripts/setup.sh runtime

.venv/.dev: $(INPUTS)
	@scripts/setup.sh dev

.venv/.acceptance: .venv/.dev
	@scripts/setup.sh acceptance

.venv/.studio: $(INPUTS)
	@scripts/setup.sh studio

setup: .venv/.dev  ## Install everything that generating, testing and rendering the world need.

video: .venv/.runtime  ## Make a film: make video PROMPT="a dog running in the park" [OUT=video.mp4].
	@$(BIN)/yozora generate --out="$$OUT" -- "$$PROMPT"

studio: .venv/.studio  ## Serve /v1/videos and a page at http://127.0.0.1:8000.
	@$(BIN)/yozora studio $(STUDIO)

test: lint  ## Check style, types, imports and every law, in under ten minutes on two cores.
	@OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 -m "not acceptance"

quick: .venv/.dev  ## Run the tests that failed last, or all, and stop at the first failure.
	@$(BIN)/python -m pytest -x --last-failed -m "not acceptance"

lint: .venv/.dev  ## Check style, types and imports only.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

format: .venv/.dev  ## Put the code into the house's format.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

acceptance: .venv/.acceptance  ## Check what takes longer: the weights that ship, real clients, faults.
	@scripts/compat.sh
	@$(BIN)/python -m pytest -rs -m acceptance

world-sheet: .venv/.dev  ## Render a contact sheet of the world to world.png.
	@$(BIN)/yozora world --sheet -o world.png

accelerator-dry: .venv/.dev  ## Walk through the accelerator's training recipe at tiny size on the CPU.
	@runs/accelerator.sh dry

clean:  ## Remove the environment and what tools left behind.
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
