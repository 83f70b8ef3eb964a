# The two commands that matter: `make demo` and `make test`. Both set up a fresh machine by themselves.

SWIFT ?= swift
BUILD := $(SWIFT) build -c release
HEADWAY := .build/release/headway

.PHONY: demo test build lint benchmark system-libraries readme clean

## Train on real text in every cell of the quick sweep, and write the report.
demo: build
	$(HEADWAY) sweep profiles/quick.yaml

## Build and run every test, against the release build that users run.
test: system-libraries
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build

build: system-libraries
	$(BUILD) --product headway

## The style that continuous integration holds the sources to.
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Benchmarks

## Timed figures: spans, barriers, queue, matrix products, a training step.
benchmark: system-libraries
	cd Benchmarks && $(SWIFT) package --disable-sandbox benchmark

## Write the report excerpt and picture of the README anew from the latest sweep.
readme: build
	scripts/update-readme

system-libraries:
	@scripts/install-system-libraries

clean:
	rm -rf .build Benchmarks/.build .headway
