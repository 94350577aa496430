# Picferry. `make` alone lists what there is; the work is in scripts/.
# Everything respects CARGO_TARGET_DIR. Cargo always sees the whole workspace, because building one
# package alone would give the heavy dependencies other features and build them again.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-images bundle types icons licences clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, and open the app
	@scripts/run.sh

test: ## Every check and every test, the real window included
	@scripts/test.sh

check: ## The fast part of it: formatting, lints, unit tests, the rules of the house
	@scripts/test.sh --fast

bench: ## Measure: benches, command line, window; prints a table
	@scripts/bench.sh

bench-images: ## Measure pictures beside sharp, Squoosh and others; writes docs/benchmarks.md
	@scripts/bench-images.sh

bundle: ## Build what people install (here: .deb and .rpm)
	@scripts/bundle.sh

types: ## Write the TypeScript of the commands and events again
	@scripts/types.sh

icons: ## Draw all icon sizes again from icons/source
	@scripts/icons.sh

licences: ## Collect the licence texts of everything that is shipped
	@scripts/licences.sh

clean: ## Remove what was built
	cargo clean
	rm -rf ui/dist ui/node_modules ui/src/paraglide gen
