# The two commands that matter: `make demo` and `make test`. Both set up a fresh machine by themselves.

SWIFT ?= swift
BUILD := $(SWIFT) build -c release
HEADWAY := .build/release/headway

.PHONY: demo test test-interop test-exports test-serve build serve lint benchmark benchmark-nanogpt benchmark-scale \
  benchmark-books benchmark-live benchmark-tune benchmark-self-cost system-libraries readme pictures clean peers man \
  completions install

## Train on real text in every cell of the quick sweep, and write the report.
demo: build
	$(HEADWAY) sweep profiles/quick.yaml

## Build and run every test, against the release build that users run. The engines with known answers run by
## themselves at the end: what is planted in them is time on CPUs, which other tests would take.
test: system-libraries
	$(BUILD) --build-tests
	scripts/generate-manual --tool
	$(SWIFT) test -c release --skip-build --skip HeadwayFixtureTests
	$(SWIFT) test -c release --skip-build --filter HeadwayFixtureTests

## Compare checkpoints, logits and tokens with Hugging Face's libraries; installs them under .build.
test-interop: build
	scripts/test-interop

## Open every export with the tools it is for; installs what PyPI has of them under .build.
test-exports: build
	scripts/test-exports

## Test the local page's server: its pages, hostile requests, and the real program over sockets.
test-serve: system-libraries
	cd Serve && $(BUILD) --build-tests && $(SWIFT) test -c release --skip-build

build: system-libraries
	$(BUILD) --product headway

## Build the server of the local page, which headway serve starts; it takes some minutes the first time.
serve: build
	cd Serve && $(BUILD) --product headway-serve

## The manual page, from what the command says of itself: .build/man/headway.1
man: build
	scripts/generate-manual $(HEADWAY) .build/man

## Completions for bash, zsh and fish, likewise: .build/completions
completions: build
	mkdir -p .build/completions
	$(HEADWAY) --generate-completion-script bash > .build/completions/headway
	$(HEADWAY) --generate-completion-script zsh > .build/completions/_headway
	$(HEADWAY) --generate-completion-script fish > .build/completions/headway.fish

## The command, its manual page and completions: make install PREFIX=$$HOME/.local
PREFIX ?= /usr/local
install: man completions
	install -Dm755 $(HEADWAY) $(DESTDIR)$(PREFIX)/bin/headway
	install -Dm644 .build/man/headway.1 $(DESTDIR)$(PREFIX)/share/man/man1/headway.1
	install -Dm644 .build/completions/headway $(DESTDIR)$(PREFIX)/share/bash-completion/completions/headway
	install -Dm644 .build/completions/_headway $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_headway
	install -Dm644 .build/completions/headway.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/headway.fish

## The style that continuous integration holds the sources to.
lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Benchmarks \
		Benchmarks/Sources Serve/Package.swift Serve/Sources Serve/Tests

## Timed figures: spans, barriers, queue, matrix products, a training step.
benchmark: system-libraries
	cd Benchmarks && $(SWIFT) package --disable-sandbox benchmark

## Train nanoGPT's small character model on a text: make benchmark-nanogpt TEXT=input.txt
benchmark-nanogpt: build
	Benchmarks/nanogpt/run $(TEXT)

## What the history and the driver cost when there is much of them; some minutes, and a gigabyte of disk.
benchmark-scale: build
	Benchmarks/scale/run

## What the probes cost training, with three runs that take turns: S and F, some eight minutes.
benchmark-self-cost: system-libraries
	cd Benchmarks && $(BUILD) --product self-cost && .build/release/self-cost S && .build/release/self-cost F

## How much thread-time nothing explains, with 2, 8 and 63 workers and every probe on; some five minutes.
benchmark-books: build
	Benchmarks/books/run

## What it costs to follow a run of eight threads: fails above one per cent of a core; a minute.
benchmark-live: build
	Benchmarks/live/run

## What headway tune chooses beside the exhaustive sweep of the same configurations; some twenty minutes.
benchmark-tune: build
	Benchmarks/tune/run

## Training beside PyTorch, JAX and llm.c, which it installs into .build/peers; about an hour on two cores.
peers: build
	cd Benchmarks/peers && python3 -m unittest discover -s tests
	Benchmarks/peers/run
	Benchmarks/peers/tokenizers

## Write the report excerpt and picture of the README anew from the latest sweep.
readme: build
	scripts/update-readme

## Take the pictures of pages anew, of a run that it makes: docs/images/live-page.png and run-page.png.
pictures: build serve
	scripts/update-pictures

system-libraries:
	@scripts/install-system-libraries

clean:
	rm -rf .build Benchmarks/.build Serve/.build .headway
