#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The register table is sound: sorted, without overlaps, inside its BAR (registers.c). And the
# checks go red for a table that isn't.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
root=$(cd "$here/../.." && pwd)

# check INCLUDE
check()
{
	gcc -std=c11 -Wall -Wextra -Werror -I"$1" -o "$tap_dir/registers" "$here/registers.c" &&
		"$tap_dir/registers"
}

check "$root/include" >"$tap_dir/report" 2>&1
tap_run "the checks run to their end" grep -q '^1\.\.[1-9]' "$tap_dir/report"
while read -r line; do
	case $line in
	"ok "*)
		tap_ok "${line#* - }"
		: >"$tap_dir/why"
		;;
	"not ok "*)
		tap_not_ok "${line#* - }" "$tap_dir/why"
		: >"$tap_dir/why"
		;;
	*)
		echo "$line" >>"$tap_dir/why"
		;;
	esac
done <"$tap_dir/report"

# broken NAME EDIT MESSAGE: with EDIT applied to a copy of the table, the checks say MESSAGE
broken()
{
	rm -rf "$tap_dir/copy"
	mkdir "$tap_dir/copy"
	cp "$root"/include/bny_*.h "$tap_dir/copy"
	sed -i "$2" "$tap_dir/copy/bny_reg_table.h"
	if check "$tap_dir/copy" >"$tap_dir/output" 2>&1; then
		tap_not_ok "$1"
	elif grep -q "^# $3" "$tap_dir/output"; then
		tap_ok "$1"
	else
		tap_not_ok "$1" "$tap_dir/output"
	fi
}
broken "an overlap is noticed" '/REG(LIMITS,/s/0x0018/0x0014/' "CAPS and LIMITS are both"
broken "an overlap between interleaved arrays is noticed" \
	'/REG(RX_INDEX,/s/0x80a0, 0x100/0x80a0, 0xe0/' ".* are both at"
broken "a wrong order is noticed" '/REG(LINK,/s/0x0080/0x0110/' "IRQ_CAUSE is not behind LINK"
broken "a register outside its BAR is noticed" '/REG(RX_INDEX,/s/128/129/' "RX_INDEX ends"
broken "an access class that contradicts its mask is noticed" '/REG(STATUS,/s/RO/RW/' \
	"STATUS: its access"
broken "a writable bit without a field is noticed" '/REG(CTLQ_CTRL,/s/0x1, ALL/0x3, ALL/' \
	"CTLQ_CTRL: fields"

tap_done
