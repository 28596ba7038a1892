# make run     the whole gateway on this machine: nats-server, Graph simulator, ingress, egress
# make test    lint, build, and every test
# make help    the rest

SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help dependencies test-dependencies build run webhook sub send status test fuzz chaos check lint imports deb lab \
        image docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies: ## install the Debian packages that are missing, check the Swift toolchain
	@scripts/dependencies

test-dependencies:
	@scripts/dependencies --test

build: dependencies ## build the three executables and the demonstration tools (debug)
	@scripts/build

run: build ## run everything here; Ctrl-C drains and stops it
	@scripts/run

# Values come in through the environment, so that quotes in them do no harm.
webhook: ## post a signed webhook to the ingress: make webhook TEXT='Hello'
	@scripts/demo webhook $${TEXT:+--text="$$TEXT"} $${ACCOUNT:+--account="$$ACCOUNT"}

sub: ## print what is published: make sub SUBJECT='whatsapp.>'
	@scripts/demo sub "$${SUBJECT:-whatsapp.>}"

send: ## send a message and print Graph's answer: make send TO=447700900123 TEXT='Hello'
	@scripts/demo send $${TO:+--to="$$TO"} $${TEXT:+--text="$$TEXT"} $${ACCOUNT:+--account="$$ACCOUNT"}

status: ## who of the running gateway is at work, and who is ready
	@scripts/demo status

test: test-dependencies lint ## lint, build and run every test, on real servers and real processes
	@scripts/test

check: lint imports ## lint, and check that every room imports only what it declares

lint: ## swift format, strictly
	@swift format lint --strict --parallel --recursive --configuration .swift-format Package.swift Sources Tests

imports: ## a build in which an undeclared import is an error
	@swift build --explicit-target-dependency-import-check error

lab: deb ## test that package in a booted systemd: make lab TEST=restarts
	@swift build && deploy/tests/run $${TEST:+"$$TEST"}

deb: ## make the Debian package, which needs no Swift toolchain where it is installed
	@scripts/deb

.PHONY: image docs

image: deb ## test the Dockerfile and what it makes of that package, without an engine: make image TEST='a stop'
	@swift build && deploy/tests/container/run $${TEST:+"$$TEST"}

docs: build ## make the documentation of the code: .build/docs/house
	@scripts/docs

clean: ## take away what was built and what make run keeps
	@rm -rf .build .build-deb .run

FUZZ_INPUTS ?= 10000000
fuzz: dependencies ## judge ten million mutated webhooks beside Foundation's parser: make fuzz FUZZ_INPUTS=… FUZZ_SEED=…
	@FUZZ_INPUTS=$(FUZZ_INPUTS) swift test -c release -Xswiftc -enable-testing --scratch-path .build-fuzz \
	    --filter 'JSONBytesTests\.DifferentialTests'

chaos: dependencies ## kill, stop and fill what webhooks and jobs rest on, under load: make chaos CHAOS_ROUNDS=20 CHAOS_SEED=… SUITE=outbound
	@scripts/chaos $(SUITE)
