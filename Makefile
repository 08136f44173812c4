# `make run` and `make test` do all set-up themselves. The others are for developers.

SWIFT ?= swift
PREFIX ?= /usr/local
sources := Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift \
  Fuzz/Sources Fuzz/Package.swift

.PHONY: release run test test-threads fuzz lint format bench man completions docs install clean

# Builds the one product in release, and runs the demo: offline, on built-in zones.
run: release
	$$($(SWIFT) build -c release --show-bin-path)/signet demo

release:
	scripts/setup build
	$(SWIFT) build -c release --product signet

# A few tests at a time, where the toolchain can: with all at once those that wait for servers and
# clocks stand in line behind those that compute.
few = $(shell $(SWIFT) test --help-hidden 2>/dev/null | grep -q maximum-parallelization-width \
  && echo --experimental-maximum-parallelization-width 6)

# Every test. A target may import only what it names as a dependency.
test:
	scripts/setup test
	$(SWIFT) test --explicit-target-dependency-import-check error $(few)

# The tests in which tasks and threads meet, under ThreadSanitizer: a race fails them. The build is
# one of its own; a batch runs in a child process, which then ends with status 66.
concurrent := AnswerCache|Deadline|ResolverConformance|MessageBudget|SPFLimit|MessageProperty
concurrent := $(concurrent)|MessageIdentity|Unbound|BatchTests|SameVerdicts
test-threads:
	scripts/setup test
	TSAN_OPTIONS="suppressions=$(CURDIR)/scripts/threads.supp" \
	  $(SWIFT) test --sanitize=thread --scratch-path .build-threads $(few) \
	  --filter '$(concurrent)'

# Feeds hostile octets to every parser: `make fuzz TIME=600 TARGET=message`. Seconds for each.
TIME ?= 60
TARGET ?= all
fuzz:
	scripts/setup build
	scripts/fuzz $(TIME) $(TARGET)

lint:
	$(SWIFT) format lint --recursive --parallel --strict $(sources)
	scripts/check-house

format:
	$(SWIFT) format --in-place --recursive --parallel $(sources)

# Speed, as ratios to the cryptography that cannot be done without.
bench: release
	scripts/setup bench
	cd Benchmarks && $(SWIFT) run -c release signet-bench

# The manual page, out of the argument parser: signet.1
man:
	mkdir -p .build/man
	$(SWIFT) package --allow-writing-to-directory .build/man generate-manual --output-directory .build/man

# An archive of documentation for each library: .build/docs/*.doccarchive. A warning is an error.
libraries := Authentication Mail DNS
docs:
	mkdir -p .build/docs
	for library in $(libraries); do \
	  SIGNET_DOCS=1 $(SWIFT) package --allow-writing-to-directory .build/docs \
	    generate-documentation --target $$library --warnings-as-errors \
	    --output-path .build/docs/$$library.doccarchive || exit 1; \
	done

completions: release
	mkdir -p .build/completions
	for shell in bash zsh fish; do \
	  $$($(SWIFT) build -c release --show-bin-path)/signet --generate-completion-script $$shell \
	    > .build/completions/signet.$$shell; \
	done

install: release
	install -D $$($(SWIFT) build -c release --show-bin-path)/signet $(DESTDIR)$(PREFIX)/bin/signet

clean:
	$(SWIFT) package clean
