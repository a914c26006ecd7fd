#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each header of include/ compiles by itself, twice over, as strict C11 and without a warning.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
include=$here/../../include

for cc in gcc clang; do
	tap_need $cc "make setup"
	for header in "$include"/bny_*.h; do
		name=${header##*/}
		printf '#include "%s"\n#include "%s"\nint banyan;\n' "$name" "$name" \
			>"$tap_dir/one.c"
		tap_run "$name compiles as C11 with $cc" $cc -std=c11 -Wall -Wextra -pedantic -Werror \
			-I"$include" -fsyntax-only "$tap_dir/one.c"
	done
done

tap_done
