# `make` lists what there is. Nothing has to be set up by hand beyond Rust, and Go
# and Python for the whole of the tests: what else is needed is fetched once, at
# pinned versions, into a cache outside the checkout, and said.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.SUFFIXES:

cargo_deny_version := 0.20.2

# The same folder as tools/build uses.
cache := $(or $(KUBEWRIGHT_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kubewright)
target := $(or $(CARGO_TARGET_DIR),target)
# In CI the lock file is the truth, and a suite that cannot run is a failure.
locked := $(if $(filter true,$(CI)),--locked)

have = $(shell command -v $(1) 2>/dev/null)
# A name for what some files hold.
key = $(firstword $(shell cat $(1) 2>/dev/null | cksum))

get_rust := install it with rustup, from https://rustup.rs; rust-toolchain.toml names the version
get_go := no Go toolchain was found: install Go 1.26 or newer from https://go.dev/dl/ and put `go` on PATH
get_python := no python3 was found: install Python 3.9 or newer from https://www.python.org/downloads/ or your system's packages

# $(call without,WHAT,WHY): WHAT is left out, but in CI that is a failure.
without = { echo '$(1): skipped, because $(2)' >&2; [ "$${CI:-}" != true ]; }

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# --- Programs that the tests hold us against ---------------------------------

cargo_deny := $(cache)/cargo/cargo-deny-$(cargo_deny_version)/bin/cargo-deny
$(cargo_deny): | rust
	@echo 'set-up: cargo-deny $(cargo_deny_version) into $(cache) (some three minutes, once)'
	@env -u CARGO_TARGET_DIR cargo install --quiet --locked --root '$(@D:/bin=)' cargo-deny@$(cargo_deny_version)

python := $(cache)/python-$(call key,tools/python/requirements.txt)/bin/python
$(python): folder = $(@D:/bin=)
$(python):
	@echo 'set-up: a Python environment with tools/python/requirements.txt into $(cache)'
	@mkdir -p '$(cache)'; rm -rf '$(folder)'; temp=$$(mktemp -d '$(cache)/.new-python.XXXXXX'); \
	trap 'rm -rf "$$temp"' EXIT; \
	python3 -m venv "$$temp" || { \
	  echo 'python3 cannot make environments: install its module venv (Debian and Ubuntu: apt-get install python3-venv)' >&2; exit 1; }; \
	"$$temp/bin/python" -m pip install --quiet --disable-pip-version-check -r tools/python/requirements.txt; \
	[ -d '$(folder)' ] || mv "$$temp" '$(folder)'

goyaml_sources := $(wildcard $(addprefix crates/yaml/tests/goyaml/,go.mod go.sum *.go))
goyaml := $(cache)/goyaml-$(call key,$(goyaml_sources))/goyaml
$(goyaml):
	@echo "set-up: kubectl's and Compose's YAML readers into $(cache)"
	@mkdir -p '$(@D)'; cd crates/yaml/tests/goyaml; CGO_ENABLED=0 GOWORK=off go build -trimpath -o '$@.new' .; mv '$@.new' '$@'

# Each of ours, with a go.mod of its own.
go_folders := tools/rig tools/compose-oracle tools/forms tools/skaffold tools/tiltfile crates/yaml/tests/goyaml

.PHONY: rust no-go no-python
rust:
	@command -v cargo >/dev/null || { echo 'no Rust toolchain was found: $(get_rust)' >&2; exit 1; }
no-go:
	@$(call without,readers of YAML written in Go,$(get_go))
no-python:
	@$(call without,PyYAML,$(get_python))

# --- Trying it ---------------------------------------------------------------

example := shop
shown := $(target)/run/$(example)

.PHONY: build
build: rust ## Build target/release/kubewright
	@cargo build $(locked) --release -p kubewright

.PHONY: run
run: build ## Compile examples/shop into manifests and show some of them
	@rm -rf '$(shown)'
	@echo '$$ kubewright generate examples/$(example)/compose.yaml -o $(shown)'
	@'$(target)/release/kubewright' generate examples/$(example)/compose.yaml -o '$(shown)'
	@for kind in deployment service; do \
	  for file in '$(shown)'/*-$$kind.yaml; do printf '\n$$ cat %s\n' "$$file"; cat "$$file"; break; done; \
	done

# --- Tests -------------------------------------------------------------------

.PHONY: test
test: unit tools-test differential conformance skaffold tilt forms charts ## Everything: unit, tools-test, differential, conformance, skaffold, tilt, forms and charts

.PHONY: unit
unit: rust $(if $(call have,python3),$(python),no-python) $(if $(call have,go),$(goyaml),no-go) ## Tests of the Rust crates
	@$(if $(call have,python3),KUBEWRIGHT_PYTHON='$(python)') $(if $(call have,go),KUBEWRIGHT_GOYAML='$(goyaml)') \
	  cargo test $(locked) --workspace

.PHONY: tools-test
tools-test: ## Tests of the tools' own code
ifeq ($(call have,go),)
	@$(call without,tools-test,$(get_go))
else
	@for folder in tools/rig tools/compose-oracle tools/forms tools/tiltfile; do (cd $$folder; GOWORK=off go test ./...); done
endif

# How many projects are made; the same number makes the same ones.
KUBEWRIGHT_DIFFERENTIAL ?= 2000
# Where they begin; another number makes others.
KUBEWRIGHT_DIFFERENTIAL_SEED ?= 1

.PHONY: differential
differential: rust ## Hold the reader of compose files against Docker Compose's own
ifeq ($(call have,go),)
	@$(call without,differential,$(get_go))
else
	@cargo build $(locked) --quiet -p kubewright-differential
	@oracle=$$(tools/build compose-oracle) || { code=$$?; [ $$code = 4 ] || exit $$code; \
	  $(call without,differential,there is no Go toolchain as new as it has to be); exit; }; \
	'$(target)/debug/kubewright-differential' --oracle "$$oracle/compose-oracle" --generated $(KUBEWRIGHT_DIFFERENTIAL) --seed $(KUBEWRIGHT_DIFFERENTIAL_SEED) --matrix tests/cases
endif

.PHONY: conformance
conformance: ## Send every case and example to real API servers, oldest and newest
ifeq ($(call have,go),)
	@$(call without,conformance,$(get_go))
else
conformance: conformance-folders
	@code=0; tools/run rig check --kube both --strict-warnings --list '$(target)/conformance/folders' || code=$$?; \
	if [ $$code = 4 ]; then $(call without,conformance,there is no Go toolchain as new as it has to be); else exit $$code; fi
endif

# The folders to check, one a line: what the cases expect, and the examples as
# they come out now. Each environment has a folder of its own and is checked apart.
# What Kustomize builds is compared with the manifests instead, by `make forms`.
.PHONY: conformance-folders
conformance-folders: rust
	@cargo build $(locked) --quiet -p kubewright
	@rm -rf '$(target)/conformance'; mkdir -p '$(target)/conformance/examples'
	@work='$(abspath $(target))'; for example in examples/*/; do \
	  [ -d "$$example" ] || continue; \
	  (cd "$$example"; "$$work/debug/kubewright" generate -q -o "$$work/conformance/$$example"); \
	done
	@for folder in tests/cases/*/expected '$(target)'/conformance/examples/*; do \
	  [ -d "$$folder" ] || continue; \
	  if [ -n "$$(find "$$folder" -maxdepth 1 -name '*.yaml' ! -name skaffold.yaml -print -quit)" ] || [ -d "$$folder/base" ]; then \
	    set -- "$$folder" "$$folder/argocd/"; \
	  else set -- "$$folder"/*/; fi; \
	  for part; do \
	    case $$part in */kustomize/ | */charts/) continue ;; esac; \
	    [ ! -d "$$part" ] || [ -z "$$(find "$$part" -name '*.yaml' -print -quit)" ] || echo "$${part%/}"; \
	  done; set --; \
	done >'$(target)/conformance/folders'

# What Skaffold would apply goes to real API servers, too.
.PHONY: skaffold
skaffold: rust ## Hold what is written for Skaffold against Skaffold itself
ifeq ($(call have,go),)
	@$(call without,skaffold,$(get_go))
else
	@cargo build $(locked) --quiet -p kubewright
	@rm -rf '$(target)/skaffold'; mkdir -p '$(target)/skaffold'
	@code=0; RENDERED='$(abspath $(target))/skaffold' tools/check-skaffold '$(target)/debug/kubewright' \
	  $(patsubst %/expected/skaffold.yaml,%,$(wildcard tests/cases/*/expected/skaffold.yaml)) || code=$$?; \
	if [ $$code = 4 ]; then $(call without,skaffold,there is no Go toolchain as new as it has to be); exit; fi; \
	[ $$code = 0 ] || exit $$code; \
	tools/run rig check --kube both --strict-warnings '$(target)'/skaffold/*
endif

.PHONY: tilt
tilt: rust ## Hold Tiltfiles against Tilt's language, functions and rules
ifeq ($(call have,go),)
	@$(call without,tilt,$(get_go))
else
	@cargo build $(locked) --quiet -p kubewright
	@code=0; tools/check-tilt '$(target)/debug/kubewright' \
	  $(patsubst %/expected/Tiltfile,%,$(wildcard tests/cases/*/expected/Tiltfile)) || code=$$?; \
	if [ $$code = 4 ]; then $(call without,tilt,there is no Go toolchain as new as it has to be); else exit $$code; fi
endif

# How many projects are made for `make forms`, and the number of the first; the same
# number makes the same project.
KUBEWRIGHT_FORMS ?= 200
KUBEWRIGHT_FORMS_FIRST ?= 1

# Every case and example in every form, each environment of it; and projects that
# nobody wrote, whose environments differ in anything.
.PHONY: forms
forms: rust ## Hold every form against the manifests, as its own tools render it
ifeq ($(call have,go),)
	@$(call without,forms,$(get_go))
else
	@cargo build $(locked) --quiet -p kubewright
	@cargo build $(locked) --quiet -p kubewright-specimen
	@rm -rf '$(target)/specimens'; '$(target)/debug/kubewright-specimen' \
	  --first $(KUBEWRIGHT_FORMS_FIRST) --count $(KUBEWRIGHT_FORMS) '$(target)/specimens'
	@code=0; tools/check-forms '$(target)/debug/kubewright' '$(target)/forms' \
	  $(patsubst %/,%,$(filter-out tests/cases/bad-%,$(wildcard tests/cases/*/ examples/*/))) || code=$$?; \
	if [ $$code = 4 ]; then $(call without,forms,there is no Go toolchain as new as it has to be); exit; fi; \
	tools/check-forms --every 10 '$(target)/debug/kubewright' '$(target)/forms-of-specimens' '$(target)'/specimens/* || code=1; \
	exit $$code
endif

# A few charts of different kinds, through their lives with each Helm.
charts := examples/shop examples/todo tests/cases/helm-todo tests/cases/helm-environments tests/cases/helm-strings

.PHONY: charts
charts: rust ## Install, upgrade, roll back and uninstall charts on a real API server
ifeq ($(call have,go),)
	@$(call without,charts,$(get_go))
else
	@cargo build $(locked) --quiet -p kubewright
	@code=0; tools/check-helm '$(target)/debug/kubewright' '$(target)/charts' $(charts) || code=$$?; \
	if [ $$code = 4 ]; then $(call without,charts,there is no Go toolchain as new as it has to be); else exit $$code; fi
endif

# --- Figures -----------------------------------------------------------------

.PHONY: bench
bench: rust ## Time and memory on up to 20,000 services; BENCH='--sizes 100 --runs 3' for less
	@cargo build $(locked) --release -p kubewright -p kubewright-bench
	@'$(target)/release/kubewright-bench' --binary '$(target)/release/kubewright' $(BENCH)

.PHONY: bench-forms
bench-forms: rust ## Time and memory of every form of 5,000 apps in three environments, beside their tools; BENCH='--runs 1' for less
	@cargo build $(locked) --release -p kubewright -p kubewright-bench
	@'$(target)/release/kubewright-bench' --binary '$(target)/release/kubewright' --forms 5000 --runs 3 \
	  --kustomize "$$(tools/build kustomize)/kustomize" --helm "$$(tools/build helm-newest)/helm" $(BENCH)

# --- Looking over ------------------------------------------------------------

.PHONY: lint
lint: rust $(cargo_deny) lint-go ## Formatting, clippy, documentation, licences of dependencies, Go vet
	cargo fmt --all --check
	cargo clippy $(locked) --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc $(locked) --workspace --no-deps --quiet
	'$(cargo_deny)' $(locked) check bans licenses sources

.PHONY: lint-go
lint-go:
ifeq ($(call have,go),)
	@$(call without,lint-go,$(get_go))
else
	@wrong=$$(gofmt -l tools crates/yaml/tests/goyaml); [ -z "$$wrong" ] || { printf 'not as gofmt writes it:\n%s\n' "$$wrong" >&2; exit 1; }
	@for folder in $(go_folders); do (cd $$folder; GOWORK=off go vet ./...); done
endif

.PHONY: advisories
advisories: rust $(cargo_deny) ## Known faults of dependencies (fetches the database)
	'$(cargo_deny)' check advisories

.PHONY: clean
clean: ## Remove what was built here; the cache outside the checkout stays
	@cargo clean
