#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The datasheet says what the headers say: its register chapter, which names each register, and the
# numbers in its text; and it leaves out nothing that a driver's writer has to know by name.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
root=$(cd "$here/../.." && pwd)

tap_run "docs/registers.md and docs/formats.md are up to date" "$root/scripts/regdoc" --check

missing=$(sed -n 's/^\tREG(\([A-Z0-9_]*\),.*/\1/p' "$root/include/bny_reg_table.h" |
	while read -r name; do
		grep -Eq "^\| [0-9a-f]{5} \| $name(\[n\])? \|" "$root/docs/registers.md" || echo "$name"
	done)
echo "not there: $missing" >"$tap_dir/missing"
if [ -z "$missing" ]; then
	tap_ok "every register has its row"
else
	tap_not_ok "every register has its row" "$tap_dir/missing"
fi

missing=$(sed -n 's/^struct \(bny_[a-z_]*\) {$/\1/p' "$root"/include/bny_*.h |
	while read -r name; do
		grep -q "^\*\*\`struct $name\`\*\*" "$root/docs/formats.md" || echo "$name"
	done)
echo "not there: $missing" >"$tap_dir/missing"
if [ -z "$missing" ]; then
	tap_ok "every structure has its table"
else
	tap_not_ok "every structure has its table" "$tap_dir/missing"
fi

# each WHAT PATTERN NAME...: the datasheet $sheet has a line for each name, PATTERN with it for @
each()
{
	what=$1 pattern=$2
	shift 2
	[ $# -gt 0 ] || echo "$what: no names"
	for name; do
		grep -Eq -- "$(echo "$pattern" | sed "s/@/$name/")" "$sheet" || echo "$what: $name"
	done
}

# names ENUM PREFIX HEADER: what an enumeration names, without PREFIX
names()
{
	sed -n "/^enum $1 {/,/^}/s/^\t$2\([A-Z0-9_]*\) =.*/\1/p" "$root/include/$3"
}

# no_row SHEET: what has no row in a table of the datasheet, though it should
# shellcheck disable=SC2046 # names are words
no_row()
{
	sheet=$1
	each error '^[|] @ [|]' $(names bny_error BNY_ERR_ bny_regs.h | grep -vx NONE)
	each message '^[|] @ [|] [0-9]' $(names bny_mbx_opcode BNY_MBX_ bny_mbx.h)
	each status '^[|] ([A-Z_]*, )?@(, [A-Z_]*)? [|]' \
		$(names bny_mbx_status BNY_MBX_ bny_mbx.h | grep -vx OK)
	each "control status" '^[|] @ [|]' \
		$(names bny_ctrl_status BNY_CTRL_ bny_ctrl.h | grep -vx OK)
	each "hash type" '^[|] [0-9] [|] @ [|]' \
		$(sed -n 's/^#define \(BNY_RSS_TYPE_[A-Z0-9]*\)	.*/\1/p' "$root/include/bny_regs.h")
	each counter '^[|] .* [|] @ [|]' \
		$(sed -n 's/^	CNT(\([A-Z_]*_DROP_[A-Z_]*\),.*/\1/p' "$root/include/bny_counters.h")
}

no_row "$root/docs/datasheet.md" >"$tap_dir/missing"
if [ -s "$tap_dir/missing" ]; then
	tap_not_ok "every error, message, status, hash type and drop has its row" "$tap_dir/missing"
else
	tap_ok "every error, message, status, hash type and drop has its row"
fi

for row in CQ_OVERRUN SET_RX_MODE NO_RESOURCE BAD_ADDRESS BNY_RSS_TYPE_UDPV6 UPLINK_DROP_BAD; do
	grep -v "^|.*$row" "$root/docs/datasheet.md" >"$tap_dir/shorter"
	no_row "$tap_dir/shorter" | grep -q ": $row$" || echo "$row isn't missed"
done >"$tap_dir/output"
if [ -s "$tap_dir/output" ]; then
	tap_not_ok "a row that is gone is noticed" "$tap_dir/output"
else
	tap_ok "a row that is gone is noticed"
fi

# undefined FILE...: names that the chapters use and none of them has a row or a table for
undefined()
{
	cat "$@" | grep -Eo '\bBNY_[A-Z0-9_]*[A-Z0-9](_\*)?' | sort -u | while read -r name; do
		case $name in
		BNY_REG | BNY_CNT | BNY_CNT_\*) true ;;	# with a register's, a counter's name
		*_\*) grep -Eq "[|].*${name%\*}[A-Z0-9]" "$@" ;;
		*) grep -Eq "^[|]( [0-9:]+ [|])?( [A-Z_]+ [|])? .?$name.? [|]" "$@" ;;
		esac || echo "$name is used and not defined"
	done
}

chapters="$root/docs/datasheet.md $root/docs/registers.md $root/docs/formats.md"
# shellcheck disable=SC2086 # files
undefined $chapters >"$tap_dir/missing"
if [ -s "$tap_dir/missing" ]; then
	tap_not_ok "every name has its definition" "$tap_dir/missing"
else
	tap_ok "every name has its definition"
fi
# shellcheck disable=SC2086 # files
cat $chapters | grep -v '^| .BNY_MSS_MIN' >"$tap_dir/less"
undefined "$tap_dir/less" >"$tap_dir/output"
if grep -q '^BNY_MSS_MIN is used' "$tap_dir/output"; then
	tap_ok "a name without a definition is noticed"
else
	tap_not_ok "a name without a definition is noticed" "$tap_dir/output"
fi

# What the drivers and the device model know and the datasheet promises
{
	grep -rhE '^#define[[:space:]]+BNY_(VF_REQUEST_[A-Z]+|LOOK_DELAY_[A-Z]+|MBOX_(TIMEOUT_MS|TRIES_REQUEST)|RESET_TIMEOUT_US|PF_(REST_US|TELL_TRIES))[[:space:]]' \
		"$root/common" "$root/pf" "$root/vf"
	sed -e ':again' -e '/\\$/{N; s/\\\n//; t again' -e '}' "$root"/qemu-device/*.[ch] |
		grep -E '^#define[[:space:]]+BANYAN_(TX_BATCH|RX_CACHE|PACKET_HDR_MAX|WIRE_(BYTES|NS)|CAPS)[[:space:]]'
} >"$tap_dir/drivers.h"

# not_said INCLUDE: those of the phrases with numbers (phrases.c) that the datasheet hasn't
not_said()
{
	gcc -std=c11 -Wall -Wextra -Werror -I"$1" -I"$tap_dir" -o "$tap_dir/phrases" "$here/phrases.c" || return
	tr '\n' ' ' <"$root/docs/datasheet.md" >"$tap_dir/datasheet"
	"$tap_dir/phrases" | while read -r phrase; do
		grep -qF -- "$phrase" "$tap_dir/datasheet" || echo "not there: $phrase"
	done
}

not_said "$root/include" >"$tap_dir/missing" 2>&1
if [ -s "$tap_dir/missing" ]; then
	tap_not_ok "numbers are the headers'" "$tap_dir/missing"
else
	tap_ok "numbers are the headers'"
fi

cp -r "$root/include" "$tap_dir/include"
sed -i '/RING_DEPTH_MAX/s/4096/8192/' "$tap_dir/include/bny_desc.h"
not_said "$tap_dir/include" >"$tap_dir/output" 2>&1
if grep -qx 'not there: powers of two from 64 to 8192.' "$tap_dir/output"; then
	tap_ok "another number is noticed"
else
	tap_not_ok "another number is noticed" "$tap_dir/output"
fi
sed -i '/VF_REQUEST_RATE/s/100/50/' "$tap_dir/drivers.h"
not_said "$root/include" >"$tap_dir/output" 2>&1
if grep -qx 'not there: takes 64 messages of a VF at once, then 50 a second' "$tap_dir/output"; then
	tap_ok "another rate of the drivers is noticed"
else
	tap_not_ok "another rate of the drivers is noticed" "$tap_dir/output"
fi
sed -i '/BANYAN_WIRE_NS/s/100/200/' "$tap_dir/drivers.h"
not_said "$root/include" >"$tap_dir/output" 2>&1
if grep -qx 'not there: | time for which the uplink may take nothing | 200 ms |' "$tap_dir/output"; then
	tap_ok "another time of the model is noticed"
else
	tap_not_ok "another time of the model is noticed" "$tap_dir/output"
fi
sed -i '/REG(LINK,/s/link state/link condition/' "$tap_dir/include/bny_reg_table.h"
if "$root/scripts/regdoc" --check --include "$tap_dir/include" >"$tap_dir/output" 2>&1; then
	tap_not_ok "a change of the headers is noticed"
elif grep -q "is out of date" "$tap_dir/output"; then
	tap_ok "a change of the headers is noticed"
else
	tap_not_ok "a change of the headers is noticed" "$tap_dir/output"
fi

tap_done
