#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each header of include/ compiles by itself, twice over, as strict C11 and without a warning; for
# 32 bits and other systems than Linux too.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
include=$here/../../include

# As much of a C library as they want
mkdir "$tap_dir/libc"
echo '#define static_assert _Static_assert' >"$tap_dir/libc/assert.h"

for cc in gcc clang; do
	tap_need $cc "make setup"
	for header in "$include"/bny_*.h; do
		name=${header##*/}
		printf '#include "%s"\n#include "%s"\nint banyan;\n' "$name" "$name" \
			>"$tap_dir/one.c"
		tap_run "$name compiles as C11 with $cc" $cc -std=c11 -Wall -Wextra -pedantic -Werror \
			-I"$include" -fsyntax-only "$tap_dir/one.c"
		tap_run "$name compiles elsewhere with $cc" $cc -std=c11 -Wall -Wextra -pedantic \
			-Werror -ffreestanding -m32 -U__linux__ -nostdinc -isystem "$tap_dir/libc" \
			-isystem "$($cc -print-file-name=include)" -I"$include" \
			-fsyntax-only "$tap_dir/one.c"
	done
done

tap_done
