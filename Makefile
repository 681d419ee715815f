# SPDX-License-Identifier: GPL-3.0-or-later
# GNU make. `make help` lists the targets; every variable below may be set on the command line.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=

MPICC      ?= mpicc
PKG_CONFIG ?= pkg-config
AR         ?= ar
INSTALL    ?= install
CFLAGS     ?= -O3 -g
WERROR     ?= -Werror
WARNINGS   ?= -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
# Ranks of `make figures`; seconds a unit-test program may take.
RANKS        ?= $(cores)
TEST_TIMEOUT ?= 1800

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDEXPANSION:
MAKEFLAGS += --no-builtin-rules
# `make V=1` prints every command in full.
ifdef V
Q :=
announce = @:
else
Q := @
announce = @printf '  %-5s %s\n'
endif

# Several of these at once would build the same files twice over: one after the other, then; what
# each does runs in parallel as ever.
ENTRANCES := all library figures test check unit program-tests test-slurm test-faults bench lint asan asan-mpi \
    fuzz fuzz-check install uninstall clean help
ifneq ($(word 2,$(filter $(ENTRANCES),$(MAKECMDGOALS))),)
.NOTPARALLEL:
endif

# once NAME,COMMAND: the command's output, run when first asked for (after scripts/setup) and kept.
once = $(eval $(1) := $$(shell $(2)))$($(1))
quote = '$(subst ','\'',$(1))'
# A make of our own uses all cores, unless the caller has said how many.
cores = $(call once,cores,nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
all_cores = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(cores))

# ---- Libraries: pkg-config, each overridable as a whole -----------------------------------------
# The parallel build of HDF5 is hdf5-openmpi on Debian, hdf5-mpi or plain hdf5 elsewhere. None of
# them names the high-level library, which the dimension scales are in.
HDF5_PACKAGE ?= $(call once,HDF5_PACKAGE,for p in hdf5-openmpi hdf5-mpi hdf5; do \
    if $(PKG_CONFIG) --exists $$$$p 2>/dev/null; then echo $$$$p; break; fi; done)
HDF5_CFLAGS  ?= $(call once,HDF5_CFLAGS,$(PKG_CONFIG) --cflags $(HDF5_PACKAGE) 2>/dev/null)
HDF5_LIBS    ?= $(call once,HDF5_LIBS,$(PKG_CONFIG) --libs-only-L $(HDF5_PACKAGE) 2>/dev/null && \
    echo -lhdf5_hl && $(PKG_CONFIG) --libs $(HDF5_PACKAGE))
GSL_CFLAGS   ?= $(call once,GSL_CFLAGS,$(PKG_CONFIG) --cflags gsl 2>/dev/null)
GSL_LIBS     ?= $(call once,GSL_LIBS,$(PKG_CONFIG) --libs gsl 2>/dev/null)
ZLIB_CFLAGS  ?= $(call once,ZLIB_CFLAGS,$(PKG_CONFIG) --cflags zlib 2>/dev/null)
ZLIB_LIBS    ?= $(call once,ZLIB_LIBS,$(PKG_CONFIG) --libs zlib 2>/dev/null || echo -lz)
CMOCKA_CFLAGS ?= $(call once,CMOCKA_CFLAGS,$(PKG_CONFIG) --cflags cmocka 2>/dev/null)
CMOCKA_LIBS  ?= $(call once,CMOCKA_LIBS,$(PKG_CONFIG) --libs cmocka 2>/dev/null)
# What mpicc adds (Open MPI's spelling, then MPICH's): for tools that do not run through it.
MPI_CFLAGS   ?= $(call once,MPI_CFLAGS,$(MPICC) --showme:compile 2>/dev/null || \
    $(MPICC) -show 2>/dev/null | tr ' ' '\n' | grep '^-[ID]')
# Random123 is headers alone and has no pkg-config file.
RANDOM123_CFLAGS ?=

# Headers of others are system headers: our warnings are about our code.
EXTERNAL_CFLAGS = $(patsubst -I%,-isystem%,\
    $(HDF5_CFLAGS) $(GSL_CFLAGS) $(ZLIB_CFLAGS) $(RANDOM123_CFLAGS))
LIBS = $(HDF5_LIBS) $(GSL_LIBS) $(ZLIB_LIBS) -lm

# ---- Flags --------------------------------------------------------------------------------------
# No fused multiply-add and no -march: results must not depend on compiler or processor.
# SANITIZE=fuzz: with libFuzzer's counters as well, which clang alone has.
ifdef SANITIZE
OPTIMIZATION := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,float-cast-overflow \
    -fno-sanitize-recover=all $(if $(filter fuzz,$(SANITIZE)),-fsanitize=fuzzer-no-link)
else
OPTIMIZATION = $(CFLAGS)
endif
NUMERICS    := -fno-math-errno -ffp-contract=off
DEFINITIONS := -D_POSIX_C_SOURCE=200809L -DH5_USE_110_API
# What changes results or diagnostics, in the order given to the compiler and recorded in the file.
COMPILE_FLAGS = -std=c11 $(DEFINITIONS) $(CPPFLAGS) $(OPTIMIZATION) $(NUMERICS)
ALL_CFLAGS = $(COMPILE_FLAGS) $(WARNINGS) $(WERROR) -Iinclude $(EXTERNAL_CFLAGS)

# ---- Sources: a new file in an existing folder needs no change here -------------------------------
LIBRARY_SOURCES := $(sort $(filter-out src/commands/%,$(wildcard src/*/*.c)))
COMMAND_SOURCES := $(sort $(wildcard src/commands/*.c))
MAIN_SOURCES    := $(wildcard src/main.c)
TEST_SOURCES    := $(sort $(wildcard tests/*/test_*.c))
# Helpers of a folder of tests: linked with every test program of that folder.
HELPER_SOURCES  := $(sort $(filter-out $(TEST_SOURCES) tests/bench/% tests/faults/% tests/fuzz/%,$(wildcard tests/*/*.c)))
BENCH_SOURCES   := $(sort $(wildcard tests/bench/*.c))
# Harnesses for libFuzzer and what they share: built by `make fuzz` alone, with clang.
FUZZ_SOURCES    := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELPERS    := $(sort $(filter-out $(FUZZ_SOURCES),$(wildcard tests/fuzz/*.c)))
PUBLIC_HEADERS  := $(sort $(wildcard include/alpscan/*.h))

# Loops over events and points, compiled once for the baseline like everything else and once more
# for each further instruction set of the target (x86-64 alone has any), with -DALP_ISA=NAME; the
# program chooses when it starts (src/montecarlo/kernels.h, src/physics/rows.h,
# src/scan/loops.h). Add a file of event loops to KERNELS and what it exports to
# src/montecarlo/kernel_names.h; evaluations of observables, src/physics/row_*.c, are found. `scalar` serves as the benchmark's yardstick and is in no library.
KERNELS := $(patsubst %,src/montecarlo/%.c,\
    acceptance \
    batch \
    batch_beams \
    decay \
    full_batch \
    full_kernel \
    full_lines \
    full_maps \
    full_pairs \
    full_select \
    full_sources \
    full_weigh \
    grid_points \
    kernel_table \
    lattice \
    me_kernel \
    opposite_batch \
    opposite_kernel \
    opposite_maps \
    opposite_weigh \
    phase_space_map \
    running_apply \
    sample_full \
    sample_onshell) \
    $(sort $(wildcard src/physics/row_*.c)) src/scan/coupling_rows.c
KERNEL_FLAGS_avx2   := -mavx2
KERNEL_FLAGS_avx512 := -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512
KERNEL_FLAGS_scalar := -fno-tree-vectorize -fno-tree-slp-vectorize
ISAS := $(if $(filter x86_64%,$(shell $(MPICC) -dumpmachine 2>/dev/null)),avx2 avx512)
kernel_objects = $(patsubst %.c,$(BUILD)/obj/%.$(1).o,$(KERNELS))
KERNEL_OBJECTS := $(foreach isa,$(ISAS),$(call kernel_objects,$(isa)))
SCALAR_OBJECTS := $(call kernel_objects,scalar)

# Long sums of products in registers, of which SSE2 and AVX2 have 16: gcc keeps fewer values waiting
# when it leaves statements in their order (10 %; clang has no such flag, nor the need).
# (make's own shell does not see an OMPI_CC of the command line.)
KEEP_ORDER ?= $(call once,KEEP_ORDER,$(if $(OMPI_CC),OMPI_CC=$(call quote,$(OMPI_CC))) \
    $(MPICC) -Werror -fno-tree-ter -E -x c /dev/null >/dev/null 2>&1 && echo -fno-tree-ter)
CROWDED := $(foreach file,full_kernel full_lines full_pairs full_sources,\
    $(foreach isa,o avx2.o,$(BUILD)/obj/src/montecarlo/$(file).$(isa)))

object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIBRARY_OBJECTS := $(call object,$(LIBRARY_SOURCES)) $(KERNEL_OBJECTS)
COMMAND_OBJECTS := $(call object,$(COMMAND_SOURCES))
MAIN_OBJECTS    := $(call object,$(MAIN_SOURCES))
HELPER_OBJECTS  := $(call object,$(HELPER_SOURCES))
TEST_PROGRAMS   := $(patsubst %.c,$(BUILD)/%,$(TEST_SOURCES))
BENCH_PROGRAMS  := $(patsubst %.c,$(BUILD)/%,$(BENCH_SOURCES))
FUZZ_PROGRAMS   := $(patsubst %.c,$(BUILD)/%,$(FUZZ_SOURCES))
ALL_OBJECTS     := $(COMMAND_OBJECTS) $(MAIN_OBJECTS) $(HELPER_OBJECTS) \
    $(call object,$(LIBRARY_SOURCES) $(TEST_SOURCES) $(BENCH_SOURCES) $(FUZZ_SOURCES) $(FUZZ_HELPERS))

PROGRAM  := $(BUILD)/alpscan
LIBRARY  := $(BUILD)/libalpscan.a
COMMANDS := $(BUILD)/commands.a

.PHONY: $(ENTRANCES) lint-checks fuzz-build fuzz-programs FORCE
all: $(PROGRAM) $(LIBRARY) ## build the program and the library in $(BUILD) (default build)
library: $(LIBRARY) ## build the library alone

# ---- Building -----------------------------------------------------------------------------------
# A stamp is rewritten only when its text changes; what depends on it is then built again.
replace_if_changed = if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi

$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@command -v $(firstword $(MPICC)) >/dev/null || { \
	    echo "make: there is no $(MPICC); scripts/setup installs or names what is missing" >&2; exit 2; }
	@test -n $(call quote,$(HDF5_LIBS)) && test -n $(call quote,$(GSL_LIBS)) || { \
	    echo "make: HDF5 or GSL not found by $(PKG_CONFIG); scripts/setup installs or names what is missing" >&2; exit 2; }
	@{ $(MPICC) --version 2>&1 | head -n 1; \
	   printf '%s\n' $(call quote,$(MPICC) $(ALL_CFLAGS)) $(call quote,$(LDFLAGS) $(LIBS)) \
	   $(call quote,$(foreach isa,$(ISAS) scalar,$(isa): $(KERNEL_FLAGS_$(isa))) $(KEEP_ORDER)); } >$@.new
	@$(replace_if_changed)

$(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(LIBRARY_SOURCES) $(COMMAND_SOURCES) $(HELPER_SOURCES) >$@.new
	@$(replace_if_changed)

$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(PREFIX)) >$@.new
	@$(replace_if_changed)

# Version, revision, compiler and flags for the record in result files: a new commit compiles this
# one file again and nothing else.
$(BUILD)/version.c: $(BUILD)/flags FORCE
	@revision=$$(git --no-optional-locks --git-dir=.git --work-tree=. describe --always --dirty \
	    --abbrev=12 2>/dev/null) || revision=unknown; \
	compiler=$$(head -n 1 $(BUILD)/flags); \
	escape() { printf '%s' "$$1" | sed 's/[\\"]/\\&/g'; }; \
	{ echo '#include "alpscan/version.h"'; \
	  echo 'const char alp_version[] = "$(VERSION)";'; \
	  echo "const char alp_git_revision[] = \"$$(escape "$$revision")\";"; \
	  echo "const char alp_compiler[] = \"$$(escape "$$compiler")\";"; \
	  echo "const char alp_compile_flags[] = \"$$(escape $(call quote,$(strip $(COMPILE_FLAGS))))\";"; } >$@.new
	@$(replace_if_changed)

$(BUILD)/version.o: $(BUILD)/version.c include/alpscan/version.h
	$(announce) CC $<
	$(Q)$(MPICC) $(ALL_CFLAGS) -c -o $@ $<

# Only the configuration needs to know where the installed tables are. (private: not for what these
# objects depend on, or the record of the flags would change with the order of work.)
$(BUILD)/obj/src/config/%.o: private DEFINITIONS += -DALP_DATADIR='"$(PREFIX)/share/alpscan"'
$(filter $(BUILD)/obj/src/config/%,$(LIBRARY_OBJECTS)): $(BUILD)/prefix
# A unit test may look into its module: tests/physics/ into src/physics/.
$(BUILD)/obj/tests/%.o: private EXTERNAL_CFLAGS += -Isrc -Isrc/$(notdir $(<D)) $(patsubst -I%,-isystem%,$(CMOCKA_CFLAGS))

$(CROWDED): private OPTIMIZATION += $(KEEP_ORDER)

$(ALL_OBJECTS): $(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(announce) CC $<
	$(Q)$(MPICC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define kernel_rule
$(call kernel_objects,$(1)): $(BUILD)/obj/%.$(1).o: %.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(announce) CC '$$< for $(1)'
	$$(Q)$$(MPICC) $$(ALL_CFLAGS) $(KERNEL_FLAGS_$(1)) -DALP_ISA=$(1) -MMD -MP -c -o $$@ $$<
endef
$(foreach isa,$(ISAS) scalar,$(eval $(call kernel_rule,$(isa))))

$(LIBRARY): $(LIBRARY_OBJECTS) $(BUILD)/version.o $(BUILD)/sources
	@rm -f $@
	$(announce) AR $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(COMMANDS): $(COMMAND_OBJECTS) $(BUILD)/sources
	@rm -f $@
	$(announce) AR $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(PROGRAM): $(MAIN_OBJECTS) $(COMMANDS) $(LIBRARY)
	$(announce) LINK $@
	$(Q)$(MPICC) $(OPTIMIZATION) $(LDFLAGS) -o $@ $^ $(LIBS)

helpers_of = $(filter $(BUILD)/obj/$(dir $(1))%,$(HELPER_OBJECTS))

# Test programs: their own object, their folder's helpers, the commands and the library.
$(TEST_PROGRAMS) $(BENCH_PROGRAMS): $(BUILD)/%: $(BUILD)/obj/%.o \
    $$(call helpers_of,$$*) $(COMMANDS) $(LIBRARY)
	@mkdir -p $(@D)
	$(announce) LINK $@
	$(Q)$(MPICC) $(OPTIMIZATION) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(CMOCKA_LIBS) $(LIBS)

$(BENCH_PROGRAMS): $(SCALAR_OBJECTS)

$(FUZZ_PROGRAMS): $(BUILD)/%: $(BUILD)/obj/%.o $(call object,$(FUZZ_HELPERS)) $(LIBRARY)
	@mkdir -p $(@D)
	$(announce) LINK $@
	$(Q)$(MPICC) $(OPTIMIZATION) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

-include $(patsubst %.o,%.d,$(ALL_OBJECTS) $(KERNEL_OBJECTS) $(SCALAR_OBJECTS))

# ---- Tests --------------------------------------------------------------------------------------
check: test
test: ## set up what is missing, build, run the unit tests and the whole-program tests
	@scripts/setup
	@$(MAKE) --no-print-directory $(all_cores) $(PROGRAM) $(TEST_PROGRAMS)
	@status=0; \
	$(MAKE) --no-print-directory unit || status=1; \
	$(MAKE) --no-print-directory program-tests || status=1; \
	exit $$status

unit: $(TEST_PROGRAMS) ## the unit tests alone
	@scripts/run-unit-tests $(BUILD) $(TEST_TIMEOUT) $(TEST_PROGRAMS)

program-tests: $(PROGRAM) ## the whole-program tests alone
	@python=$$(scripts/setup --python) && \
	ALPSCAN=$(abspath $(PROGRAM)) "$$python" -m pytest -q -n $(cores) --dist loadfile tests/program

test-slurm: ## the job files under a SLURM of our own, which is installed where it is missing
	@scripts/setup --slurm
	@$(MAKE) --no-print-directory $(all_cores) $(PROGRAM)
	@python=$$(scripts/setup --python) && \
	ALPSCAN=$(abspath $(PROGRAM)) "$$python" -m pytest -q tests/slurm

test-faults: ## FAULT_RUNS (200) runs killed and resumed, and other faults: tests/faults/run_faults.py
	@scripts/setup
	@$(MAKE) --no-print-directory $(all_cores) $(PROGRAM) $(CLOCK_JUMPS)
	@python=$$(scripts/setup --python) && \
	ALPSCAN=$(abspath $(PROGRAM)) "$$python" tests/faults/run_faults.py

# Preloaded by the fault suite: no part of the program.
CLOCK_JUMPS := $(BUILD)/tests/faults/clock_jumps.so
$(CLOCK_JUMPS): tests/faults/clock_jumps.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(announce) CC $<
	$(Q)$(MPICC) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

# The sanitizers of older compilers fail at random where the kernel spreads addresses over 32 bits
# (github.com/google/sanitizers/issues/1614): without that, where it is allowed.
fixed_addresses = $(call once,fixed_addresses,setarch "$$$$(uname -m)" -R true 2>/dev/null && \
    echo "setarch $$$$(uname -m) -R")

# Full stacks, for tests/lsan.supp; no bookkeeping of thread-local storage, or the leak check at the
# end walks into that of plug-ins that MPI has unloaded by then.
asan: ## the unit tests under the address and undefined-behaviour sanitizers
	@scripts/setup
	@ASAN_OPTIONS=strict_string_checks=1:fast_unwind_on_malloc=0:intercept_tls_get_addr=0 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
	$(fixed_addresses) $(MAKE) --no-print-directory $(all_cores) BUILD=$(BUILD)/asan SANITIZE=1 unit

asan-mpi: ## a whole small run on three ranks, and all that reads it, under the same sanitizers
	@scripts/setup
	@$(MAKE) --no-print-directory $(all_cores) BUILD=$(BUILD)/asan SANITIZE=1 $(BUILD)/asan/alpscan
	@$(fixed_addresses) scripts/sanitized-run $(BUILD)/asan/alpscan

FUZZ_SECONDS ?= 30
fuzz: ## every harness of tests/fuzz for FUZZ_SECONDS (30); what it finds stays in $(BUILD)/fuzz/found
	@$(MAKE) --no-print-directory fuzz-build
	@$(fixed_addresses) scripts/fuzz $(BUILD)/fuzz seconds $(FUZZ_SECONDS)

fuzz-check: ## the corpora of tests/fuzz and a bounded number of inputs, the same ones every time
	@$(MAKE) --no-print-directory fuzz-build
	@$(fixed_addresses) scripts/fuzz $(BUILD)/fuzz runs

fuzz-build:
	@scripts/setup --lint
	@OMPI_CC=clang $(MAKE) --no-print-directory $(all_cores) BUILD=$(BUILD)/fuzz SANITIZE=fuzz fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

lint: ## format, static analysis, both compilers' warnings, exported names, layering
	@scripts/setup --lint
	@$(MAKE) --no-print-directory $(all_cores) $(BUILD)/alpscan $(TEST_PROGRAMS)
	@$(MAKE) --no-print-directory $(all_cores) OMPI_CC=clang BUILD=$(BUILD)/clang all
	@$(MAKE) --no-print-directory lint-checks

lint-checks: $(LIBRARY)
	@LINT_CFLAGS=$(call quote,-std=c11 $(DEFINITIONS) $(CPPFLAGS) $(WARNINGS) -Iinclude -Isrc \
	    $(EXTERNAL_CFLAGS) $(patsubst -I%,-isystem%,$(MPI_CFLAGS))) scripts/lint $(LIBRARY)

bench: $(BENCH_PROGRAMS) $(PROGRAM) ## measured ratios; nothing is asserted
	@set -e; for program in $(filter-out %/dispatch,$(BENCH_PROGRAMS)); do \
	    echo "== $$program"; ALPSCAN_DATA=$${ALPSCAN_DATA:-configs} $$program; \
	done
	@echo "== tests/bench/scan.py"; ALPSCAN=$(abspath $(PROGRAM)) python3 tests/bench/scan.py

# ---- Figures ------------------------------------------------------------------------------------
include scripts/figures.mk

# ---- Installation -------------------------------------------------------------------------------
include scripts/install.mk

clean: ## remove what was built; figures/ stays
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1: \2/p' $(MAKEFILE_LIST) | \
	    while IFS=: read -r target text; do printf '  %-14s%s\n' "$$target" "$${text# }"; done
