# Everything that a fresh Debian machine with a Swift toolchain needs is installed by these targets themselves.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run test torture mistakes fuzz sanitize lint format packages packages-test release bench

PACKAGES := libsqlite3-dev libxml2-dev pkg-config
PACKAGES_BENCH := gcc openssl python3-venv
PACKAGES_TEST := gcc hledger ledger libreoffice-calc-nogui python3-venv strace
TALLYMAN := .build/release/tallyman
# With Swift's own libraries inside: it starts sooner, and runs where there is no Swift.
BUILD_RELEASE := swift build -c release --static-swift-stdlib

## Builds, drops the demonstration samples into the inbox, runs the batch, and says where the results lie.
run: release
	@.ci/demonstrate $(TALLYMAN)

## Formatter check, every test with a small fault sweep, and the walls between the rooms.
test: packages packages-test lint
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

## Every fault at every place, mistakes that must be found, fuzzing, sanitizers, coverage; ends with a table of it all.
torture: packages packages-test
	swift build --build-tests
	@.ci/torture

## Builds mistakes into a copy of the program, one at a time: each must be found.
mistakes: packages packages-test
	swift build --build-tests
	@Tests/TortureTests/mistakes

## Fuzzes each target of Tests/Fuzzing for FUZZ_SECONDS; an input that a fault was found with is kept in the corpus.
FUZZ_SECONDS ?= 60
fuzz: packages
	TALLYMAN_FUZZ=1 swift build -c release --scratch-path .build-fuzz --product fuzz \
		-Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
	@.ci/fuzz .build-fuzz/release/fuzz $(FUZZ_SECONDS)

## The tests under the address sanitizer, then under the thread sanitizer.
sanitize: packages packages-test
	@.ci/sanitize address
	@.ci/sanitize thread

## Tallyman against DuckDB and Polars on the same files; what it does, and with which settings, says Benchmarks/README.md.
bench: release
	@.ci/install $(PACKAGES_BENCH) $(if $(filter 1,$(BENCH_INSTRUCTIONS)),valgrind)
	TALLYMAN_BENCH=1 $(BUILD_RELEASE) --product micro
	@Benchmarks/bench $(TALLYMAN) .build/release/micro

release: packages
	$(BUILD_RELEASE) --product tallyman

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/micro

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/micro

packages:
	@.ci/install $(PACKAGES)

packages-test:
	@.ci/install $(PACKAGES_TEST)
	@.ci/beancount
