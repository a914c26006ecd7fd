#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Check the sources the way their upstreams would, report everything, fail if there is anything:
#
#   drivers, include   checkpatch --strict of the kernel, W=1 with gcc, sparse, clang in the tree
#   device model       checkpatch of QEMU 11.1, clang
#   scripts            shellcheck, pyflakes
#                      no circle of files, by includes and by symbols
#   everything         an SPDX line, no trailing blanks
#
# lint.sh --quick leaves out what compiles.

# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/qemu-lib.sh
. "$top/scripts/qemu-lib.sh"

cd "$top"
failed=0
mkdir -p "$logs"

# check NAME COMMAND...: one line if it passes, its output otherwise
check()
{
	local name=$1 log

	shift
	log=${name,,}
	log=$logs/lint-${log//[^a-z0-9]/-}.log
	if "$@" >"$log" 2>&1; then
		echo "lint: $name: ok"
	else
		failed=1
		tail -n 40 "$log" | sed 's/^/  | /'
		echo "lint: $name: FAILED; log: $log"
	fi
}

# Tracked files, or all where this isn't a git checkout
sources()
{
	git ls-files -- "$@" 2>/dev/null | grep . || find "$@" -type f
}

# The interface's tables are macros that take macros, a row a line, and its types are C's own where there is no
# Linux: not for checkpatch to judge
interface=PREFER_KERNEL_TYPES,COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,LONG_LINE,LONG_LINE_COMMENT

kernel_checkpatch()
{
	local -a checkpatch=(perl "$BUILD/kernel/src/scripts/checkpatch.pl" --strict --no-tree
		--no-summary --terse --show-types --max-line-length=100)

	sources common pf vf compat tests/kunit tests/vm/module | grep '\.[ch]$' | xargs "${checkpatch[@]}" -f &&
		sources include | grep '\.h$' | xargs "${checkpatch[@]}" --ignore "$interface" -f
}

qemu_checkpatch()
{
	sources qemu-device tests/qtest tests/unit | grep '\.[ch]$' |
		xargs perl "$BUILD/qemu/11.1/src/scripts/checkpatch.pl" --no-tree --no-summary --terse -f
}

spdx()
{
	local file bad=0

	# of debian/, three files whose format has no comments
	for file in $(sources . | grep -Ev '^(LICENSE|LICENSES/|.*\.(md|json|dump|patch)$|\.gitignore|\.shellcheckrc)' |
		grep -Ev '^debian/(changelog|copyright|source/format)$'); do
		[ ! -s "$file" ] || head -n 20 "$file" | grep -q SPDX-License-Identifier || {
			echo "$file: no SPDX line"
			bad=1
		}
	done
	return "$bad"
}

blanks()
{
	! sources . | grep -E '\.(c|h|py|sh|t|md|config)$|Makefile|Kbuild|Kconfig' |
		xargs grep -nE '[[:blank:]]+$'
}

shell()
{
	sources scripts lab tools tests .ci | while read -r file; do
		head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh$' && echo "$file" || :
	done | xargs shellcheck
}

# Programs with and without a suffix
python()
{
	sources lab scripts tools tests | while read -r file; do
		case "$file" in
		tests/vm/ksft/*) ;; # stands for the kernel's own, which does the same
		*.py) echo "$file" ;;
		*) head -n 1 "$file" | grep -qE '^#!.*\bpython3$' && echo "$file" || : ;;
		esac
	done | xargs pyflakes3
}

# A build of its own, so that warnings don't depend on what is built already
modules_with()
{
	local out=$BUILD/lint/modules kdir

	kdir=$(scripts/modules.sh --kdir) || return
	rm -rf "$out"
	scripts/modules.sh --copy "$out" tests/vm/module
	make -C "$kdir" "M=$out" "-j$JOBS" KCFLAGS=-Werror "$@" modules
}

sparse_modules()
{
	modules_with C=2 CF=-Wsparse-error
}

# The device model once more, by clang, against each QEMU
device_clang()
{
	local series

	for series in $all_series; do
		rm -rf "$BUILD/lint/device"
		make -s -C qemu-device/loadable "-j$JOBS" CC=clang "QEMU_SRC=$BUILD/qemu/$series/src" \
			"QEMU_BUILD=$BUILD/qemu/$series/headers" "SERIES=$series" "OUT=$BUILD/lint/device" || return
	done
}

circles_of_includes()
{
	scripts/circles common && scripts/circles qemu-device
}

# The objects are those of modules_with and device_clang
circles_of_symbols()
{
	scripts/circles --objects "$BUILD/lint/modules/common" common &&
		scripts/circles --objects "$BUILD/lint/device/obj-${all_series##* }" qemu-device
}

need perl pyflakes3 python3 shellcheck
scripts/kernel.sh source
need_source 11.1
check "SPDX lines" spdx
check "trailing blanks" blanks
check "shellcheck" shell
check "pyflakes" python
check "checkpatch, kernel" kernel_checkpatch
check "checkpatch, QEMU" qemu_checkpatch
check "circles, by includes" circles_of_includes
if [ "${1:-}" != --quick ]; then
	need clang gcc make sparse
	check "modules with W=1" modules_with W=1
	check "modules with sparse" sparse_modules
	check "modules in the kernel tree, with clang" scripts/kernel.sh intree
	check "device model with clang" device_clang
	check "circles, by symbols" circles_of_symbols
fi
exit $failed
