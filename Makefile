# SPDX-License-Identifier: GPL-2.0-only
#
# Banyan, from here: set-up, build, demo, tests. Everything made goes below build/ (BUILD= moves it).
# The drivers' own makefile is Kbuild, which works without this one.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What make, PATH and QEMU's options can't quote
comma := ,
odd_path = $(word 2,$1)$(findstring :,$1)$(findstring $(comma),$1)
$(if $(call odd_path,$(CURDIR))$(call odd_path,$(BUILD)),\
	$(error no blank, colon or comma may be in the paths of this directory and of BUILD=: choose others))

override BUILD := $(abspath $(or $(BUILD),build))
export BUILD
# Debian's users have no sbin, where depmod and others are
export PATH := $(PATH):/usr/sbin:/sbin
$(foreach v,DEBIAN_MIRROR JOBS KERNEL_SRC QEMU QEMU_SRC QEMU_TARGETS,$(if $($v),$(eval export $v)))

# The series of QEMU that the packages are for and the tests cover
ALL_SERIES := 10.0 11.1

# The levels of tests, those that take longest first; fast ones need no debug kernel
LEVELS := vm nested bench kunit build deb qtest mutants unit abi tools
FAST_LEVELS := vm-distro nested build deb qtest mutants unit abi tools

# Test files of a level: scripts, and programs that were built; a debug-*.t boots the debug kernel
built_unit = $(filter-out %.o %.d,$(wildcard $(BUILD)/tests/unit/test-*))
scripts_vm-distro = $(filter-out tests/vm/debug-%.t,$(wildcard tests/vm/*.t))
scripts_red = $(wildcard tests/*/red*.t)
# before anything is built for it
$(foreach t,$(T),$(if $(wildcard $t),,$(error T=$t is no file: give test files, such as tests/vm/drivers.t)))
files_of = $(or $(T),$(built_$1) $(or $(scripts_$1),$(wildcard tests/$1/*.t)))

# Seconds that a test file of a level may take
limit_build := 1800
limit_deb := 1200
limit_kunit := 900
limit_qtest := 900
limit_vm := 3600
limit_vm-distro := 1800
limit_nested := 1800
limit_bench := 1800
limit_red := 1800
limit_mutants := 900
limit_long := 7200
limit_of = $(or $(limit_$1),600)

# Test files side by side: as many as there are CPUs, since a guest with two keeps one of ours busy; with
# more of them the guests' CPUs wait for each other
CHECK_JOBS := $(or $(TEST_JOBS),$(shell nproc))
TEST_JOBS ?= 1

# $(call run,LEVEL...): one run, one closing line
run = tests/run --jobs $(TEST_JOBS) $(foreach level,$1,$(addsuffix @$(call limit_of,$(level)),$(call files_of,$(level))))

# $(call submake,NAME,LOG,ARGUMENTS): a step, unless all is up to date
submake = $(MAKE) -q $3 >/dev/null 2>&1 || scripts/step "$1" $(BUILD)/logs/$2.log -- $(MAKE) $3

##@ Use
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "%s%s:\n", sep, substr($$0, 5); sep = "\n" } \
		/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@printf '%s\n' "" "Variables:" \
		"  BUILD=DIR         where everything made goes (build)" \
		"  KDIR=DIR          kernel build tree for 'modules' (Debian's linux-headers 6.12)" \
		"  SERIES='10.0 11.1' series of QEMU that 'device' is made for (10.0)" \
		"  QEMU=PATH         a QEMU binary to make 'device' for (Debian 13's)" \
		"  QEMU_SRC=DIR      its source tree, 10.0 or 11.1 (Debian's source package)" \
		"  KERNEL_SRC=DIR    Linux source tree, 7.3 or later (the newest of Debian 13's backports)" \
		"  DEBIAN_MIRROR=URL mirror to fetch from (what apt is configured with)" \
		"  JOBS=N            compilers side by side (number of CPUs)" \
		"  TEST_JOBS=N       test files side by side (check: number of CPUs, check-LEVEL: 1)" \
		"  T='FILE...'       with check-LEVEL: only these test files" \
		"  M='WORD...'       with check-mutants: only breaks whose file, title or test has such a word"

demo: ## set everything up, boot the lab and show the whole chain at work
	@MAKE='$(MAKE)' scripts/prepare demo-parts 'RESULT: FAIL (%s)'
	@tools/demo

check: ## set everything up and run every test
	@MAKE='$(MAKE)' scripts/prepare check-parts
	@scripts/versions
	@$(MAKE) run-tests RUN="$(LEVELS)" TEST_JOBS=$(CHECK_JOBS)

check-long: ## what takes too long for check: all of it once more, on other QEMUs and kernels; all breaks; fuzzing
	@MAKE='$(MAKE)' scripts/prepare check-parts
	@scripts/versions
	@$(MAKE) run-tests RUN="deb long"

check-fast: ## the tests that need no debug kernel
	@MAKE='$(MAKE)' scripts/prepare check-fast-parts
	@scripts/versions
	@$(MAKE) run-tests RUN="$(FAST_LEVELS)" TEST_JOBS=$(CHECK_JOBS)

##@ Set-up and build
setup: ## install the Debian packages that are missing
	@scripts/setup

device: ## the device model, loadable into a stock QEMU, and the launcher qemu-banyan
	@scripts/setup device
	@scripts/device.sh $(SERIES)

qemu: ## a QEMU with the device model built in and sanitizers, for tests
	@scripts/setup device qemu
	@scripts/qemu.sh

modules: $(if $(KDIR),kdir-modules,distro-modules) ## the drivers for the distribution's kernel, or for KDIR=

tools: ## bnyctl
	@scripts/setup tools
	@$(call submake,tools,tools,-C tools/bnyctl BUILD=$(BUILD))

deb: ## Debian's packages: banyan-dkms, qemu-device-banyan, banyan-tools
	@scripts/setup device deb
	@env -u QEMU -u QEMU_SRC scripts/device.sh $(ALL_SERIES)
	@scripts/deb

image: ## the guests' disks: root file system, distribution's kernel
	@scripts/setup lab modules
	@scripts/images rootfs
	@scripts/kernel.sh distro
	@scripts/images distro

kernel-debug: ## the debug kernel, with the drivers and KUnit tests for it
	@scripts/setup debug lab
	@scripts/kernel.sh debug
	@scripts/modules.sh debug $(BUILD)/kernel/debug
	@scripts/images debug

##@ Tests by level
check-build: distro-modules ## the build says what is wrong, the runner counts right, the in-tree form
	@scripts/setup debug lint tests
	@$(MAKE) run-tests RUN=build

check-deb: deb ## the packages, in a fresh Debian 13: apt, DKMS, QEMU, libvirt
	@$(MAKE) run-tests RUN=deb

check-abi: distro-modules device ## the headers mean the same to kernel, QEMU and userspace
	@$(MAKE) run-tests RUN=abi

check-unit: unit-tests ## the device model's pure code, natively
	@$(MAKE) run-tests RUN=unit

check-tools: tools ## bnyctl on saved dumps
	@$(MAKE) run-tests RUN=tools

check-qtest: qtests qemu ## the device alone, without a guest kernel
	@$(MAKE) run-tests RUN=qtest

check-kunit: device lab-parts kernel-debug ## the drivers' pure logic, in the debug kernel
	@$(MAKE) run-tests RUN=kunit

check-vm: device lab-parts test-parts kernel-debug ## drivers and device in L1, on both kernels
	@$(MAKE) run-tests RUN=vm

check-nested: device lab-parts test-parts ## a VF passed through to L2, isolation
	@$(MAKE) run-tests RUN=nested

check-bench: device lab-parts test-parts ## figures, beside QEMU's igb in the same VM
	@$(MAKE) run-tests RUN=bench

check-mutants: qtests ## which breaks of the sources, one line each, do the tests not notice?
	@BUILD=$(BUILD) tests/mutants/run.py $(M)

check-red: device lab-parts test-parts ## broken on purpose, the tests must fail
	@$(MAKE) run-tests RUN=red

##@ Care
docs: ## the datasheet's register chapter, from the headers
	@scripts/regdoc

lint: ## checkpatch (kernel's and QEMU's), sparse, W=1, clang, shellcheck, pyflakes
	@scripts/setup lint debug modules device
	@scripts/kernel.sh distro
	@scripts/device.sh $(ALL_SERIES)
	@scripts/lint.sh

lint-quick: ## the part of lint that compiles nothing
	@scripts/setup lint debug device
	@scripts/lint.sh --quick

clean: ## remove what was built, keep what was fetched
	@scripts/clean

distclean: ## remove build/
	@scripts/clean --all

# Not for calling by hand: parts of the above, some of which run side by side
demo-parts:
	@scripts/setup device modules tools lab
	@$(MAKE) -j2 BANYAN_PARALLEL=1 device lab-parts

check-parts:
	@scripts/setup
	@$(MAKE) -j2 BANYAN_PARALLEL=1 qemu-and-debug-kernel lab-parts test-parts
	@$(MAKE) deb

check-fast-parts:
	@scripts/setup
	@$(MAKE) -j2 BANYAN_PARALLEL=1 qtests lab-parts test-parts
	@$(MAKE) deb

qemu-and-debug-kernel:
	@$(MAKE) qtests
	@$(MAKE) qemu
	@$(MAKE) kernel-debug

lab-parts:
	@$(MAKE) image
	@$(MAKE) distro-modules
	@$(MAKE) tools
	@$(MAKE) -s $(BUILD)/tools/rogue-dma

# What the lab's guests have; drivers for another kernel go to a place of their own
distro-modules:
	@scripts/setup modules
	@scripts/kernel.sh distro
	@scripts/modules.sh distro

kdir-modules:
	@scripts/modules.sh kdir $(KDIR)
	@find $(BUILD)/kernel/kdir-modules -name '*.ko'

test-parts: unit-tests guest-tests

# What the tests in the guest need besides the sources: the kernel's selftest library, tools that
# go behind a driver's back
guest-tests: $(BUILD)/tools/poke $(BUILD)/tools/rogue-dma
	@scripts/setup tests
	@scripts/ksft.sh

$(BUILD)/tools/poke $(BUILD)/tools/rogue-dma: $(BUILD)/tools/%: tests/tools/%.c $(wildcard include/*.h)
	@scripts/setup tools
	@mkdir -p $(@D)
	@$(CC) -O2 -Wall -Wextra -Werror -Iinclude -o $@.$$$$ $< && mv $@.$$$$ $@

qtests:
	@scripts/setup device
	@scripts/device.sh $(ALL_SERIES)
	@scripts/qtests.sh

unit-tests:
	@scripts/setup tests
	@$(call submake,unit tests,unit-tests,-C tests/unit BUILD=$(BUILD))

run-tests:
	@KDIR="$${KDIR:-$$(scripts/modules.sh --kdir)}" $(call run,$(RUN))

.PHONY: help demo check check-long check-fast setup device qemu modules tools deb image kernel-debug lint docs clean distclean \
	lint-quick check-red $(LEVELS:%=check-%) demo-parts check-parts check-fast-parts \
	qemu-and-debug-kernel lab-parts test-parts \
	distro-modules kdir-modules unit-tests guest-tests qtests run-tests
