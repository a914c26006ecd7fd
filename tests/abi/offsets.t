#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The headers mean the same to userspace (gcc, clang), to the kernel and to QEMU: every constant,
# size, offset and field has one value.
#
# environment: KDIR (kernel build tree), QEMU_SRC and QEMU_BUILD (a configured QEMU)

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
root=$(cd "$here/../.." && pwd)
BUILD=${BUILD:-$root/build}
QEMU_SRC=${QEMU_SRC:-$BUILD/qemu/10.0/src}
QEMU_BUILD=${QEMU_BUILD:-$BUILD/qemu/10.0/headers}
KDIR=${KDIR:-$("$root/scripts/modules.sh" --kdir)}
tap_need clang "make setup"
tap_need "${KDIR:-KDIR}/include/config/kernel.release" "make modules"
tap_need "$QEMU_BUILD/config-host.h" "make device"

# values ASM >TABLE: "name value" lines from the assembler output
values()
{
	sed -n 's/.*\.ascii[ \t]*"->\([^ ]*\) [$]*\([-0-9]*\).*/\1 \2/p' "$1"
}

# prepare DIR INCLUDE: a directory with the headers of INCLUDE to compile in
prepare()
{
	mkdir -p "$1"
	cp "$2"/bny_*.h "$here/offsets.c" "$here/Kbuild" "$1"
	python3 "$here/gen_table.py" "$2" >"$1/offsets_table.h"
}

# user CC DIR TABLE
user()
{
	"$1" -std=gnu11 -O2 -Wall -Wextra -Werror -I"$2" -S -o "$2/$1.s" "$2/offsets.c" &&
		values "$2/$1.s" >"$3"
}

# kernel DIR TABLE
kernel()
{
	make -s -C "$KDIR" M="$1" KCFLAGS="-I$1 -Werror" offsets.s &&
		values "$1/offsets.s" >"$2"
}

# qemu DIR TABLE
# shellcheck disable=SC2046 # pkg-config prints words
qemu()
{
	gcc -std=gnu11 -O2 -Wall -Werror -DBNY_ABI_QEMU -I"$1" -I"$QEMU_BUILD" \
		-I"$QEMU_SRC/include" $(pkg-config --cflags glib-2.0) \
		-S -o "$1/qemu.s" "$1/offsets.c" &&
		values "$1/qemu.s" >"$2"
}

# compare NAME TABLE: TABLE is the reference's equal
compare()
{
	if [ -s "$2" ] && diff "$tap_dir/reference" "$2" >"$tap_dir/output"; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "$tap_dir/output"
	fi
}

work=$tap_dir/headers
prepare "$work" "$root/include"

if ! user gcc "$work" "$tap_dir/reference" 2>"$tap_dir/output"; then
	tap_not_ok "userspace (gcc) compiles the table" "$tap_dir/output"
	tap_done
fi
tap_ok "userspace (gcc) compiles the table"

# What the generator can't have missed: each register, counter and structure has its lines
expected=$(grep -hc '^	REG(' "$root/include/bny_reg_table.h")
tap_run "every register is in the table" test "$expected" -gt 0 -a "$expected" -eq \
	"$(grep -c '^BNY_REG_STRIDE_' "$tap_dir/reference")"
expected=$(grep -hc '^	CNT(' "$root/include/bny_counters.h")
tap_run "every counter is in the table" test "$expected" -gt 0 -a "$expected" -eq \
	"$(grep -c '^BNY_CNT_' "$tap_dir/reference")"
expected=$(cat "$root"/include/bny_*.h | grep -c '^struct .*{$')
tap_run "every structure is in the table" test "$expected" -gt 0 -a "$expected" -eq \
	"$(grep -c '^sizeof\.[a-z_]* ' "$tap_dir/reference")"

user clang "$work" "$tap_dir/clang" 2>"$tap_dir/output"
compare "userspace (clang) agrees with gcc" "$tap_dir/clang"
kernel "$work" "$tap_dir/kernel" >"$tap_dir/output" 2>&1
compare "the kernel agrees with userspace" "$tap_dir/kernel"
qemu "$work" "$tap_dir/qemu" 2>"$tap_dir/output"
compare "QEMU agrees with userspace" "$tap_dir/qemu"

# Proof that the comparison can fail: a copy of the headers in which a structure, a register, a mask
# is another one, as if one environment saw it so.
# broken NAME HEADER EDIT
broken()
{
	rm -rf "$tap_dir/copy" "$tap_dir/broken"
	mkdir "$tap_dir/copy"
	cp "$root"/include/bny_*.h "$tap_dir/copy"
	sed -i "$3" "$tap_dir/copy/$2"
	if cmp -s "$tap_dir/copy/$2" "$root/include/$2"; then
		echo "the edit no longer fits $2" >"$tap_dir/output"
		tap_not_ok "$1" "$tap_dir/output"
		return
	fi
	# The structures' own assertions would stop the change before this test
	sed -i -e '/^static_assert.*;$/d' -e '/^static_assert/,/;$/d' "$tap_dir/copy"/bny_*.h
	prepare "$tap_dir/broken" "$tap_dir/copy"
	if user gcc "$tap_dir/broken" "$tap_dir/changed" 2>"$tap_dir/output" &&
	   ! diff "$tap_dir/reference" "$tap_dir/changed" >/dev/null; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "$tap_dir/output"
	fi
}
broken "a moved structure member is noticed" bny_desc.h 's/^	__le32 len;/	__le16 len;/'
broken "a moved register is noticed" bny_reg_table.h '/REG(LINK,/s/0x0080/0x0084/'
broken "a changed mask is noticed" bny_regs.h '/BNY_LINK_SPEED	/s/23, 0/22, 0/'
broken "a removed counter is noticed" bny_counters.h '/CNT(TX_BYTES,/d'

tap_done
