#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bnyctl on saved dumps: what it decodes, and one clear line and an exit status for what it can't.
#
# environment: BUILD (where tools/bnyctl was built)

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
BUILD=${BUILD:-$here/../../build}
bnyctl=$BUILD/tools/bnyctl
pf=$here/dumps/pf.dump
vf=$here/dumps/vf.dump

tap_need "$bnyctl" "make tools"

# prints NAME PATTERN ARGUMENT...: the output has a line that PATTERN (extended) matches
prints()
{
	name=$1 pattern=$2
	shift 2
	if "$bnyctl" "$@" >"$tap_dir/output" 2>&1 && grep -Eq -- "$pattern" "$tap_dir/output"; then
		tap_ok "$name"
	else
		tap_not_ok "$name" "$tap_dir/output"
	fi
}

# refuses NAME STATUS PATTERN ARGUMENT...: nothing but one line on stderr, and the exit status
refuses()
{
	name=$1 status=$2 pattern=$3
	shift 3
	"$bnyctl" "$@" >"$tap_dir/stdout" 2>"$tap_dir/output"
	got=$?
	if [ $got -eq "$status" ] && [ ! -s "$tap_dir/stdout" ] &&
	   [ "$(wc -l <"$tap_dir/output")" -eq 1 ] &&
	   grep -Eq -- "^bnyctl: $pattern" "$tap_dir/output"; then
		tap_ok "$name"
	else
		echo "exit status $got, wanted $status" >>"$tap_dir/output"
		tap_not_ok "$name" "$tap_dir/output"
	fi
}

# json NAME EXPRESSION ARGUMENT...: python EXPRESSION over the parsed output d is true
json()
{
	name=$1 expression=$2
	shift 2
	if "$bnyctl" --json "$@" >"$tap_dir/output" 2>&1 &&
	   python3 -c "import json, sys; d = json.load(sys.stdin); assert ($expression)" \
		<"$tap_dir/output" 2>>"$tap_dir/output"; then
		tap_ok "$name"
	else
		tap_not_ok "$name" "$tap_dir/output"
	fi
}

prints "list shows the PF with its VFs" '^0000:01:00\.0 +PF +2/63 +banyan +enp1s0$' \
	--from "$pf" list
prints "list shows a VF with its number" '^0000:01:00\.2 +VF 1 +- +banyanvf +-$' \
	--from "$vf" list
prints "show decodes the SR-IOV capability" '^SR-IOV: VFs enabled, 2 of 63, ARI hierarchy$' \
	--from "$pf" show
prints "show decodes routing IDs and the VF device ID" 'offset 1, stride 1, VF device ID ba01' \
	--from "$pf" show
prints "show decodes fields" '^  00018  LIMITS +00090008  QUEUE_PAIRS=8 VECTORS=9$' \
	--from "$pf" show
prints "flags are named" '^  00040  STATUS +00000005  READY ENABLED$' --from "$pf" show
prints "errors are named" '^  0004c  ERROR +00000002  CODE=REG_VALUE$' --from "$vf" show
prints "the register that an error is about is named" 'ERROR_INFO +00008144  register TX_DEPTH\[1\]$' \
	--from "$vf" show
prints "regs shows queue pairs" '^  08060  TX_INDEX\[0\] +00050005  RING=5 CQ=5$' --from "$pf" regs
prints "regs shows the PF's own" '^  10000  FUNC_RESET_EVENT\[0\] +00000004$' --from "$pf" regs
prints "regs takes names" '^  00080  LINK +800186a0  UP SPEED=100000$' --from "$pf" regs link
prints "counters are 64 bits wide" '^  tx_packets +4294968296$' --from "$pf" counters
prints "counters of a VF" '^  tx_packets +9$' --from "$vf" counters
prints "--help names the exit statuses" '^EXIT STATUS$' --help

json "list as JSON" 'd["functions"][0]["sriov"]["total_vfs"] == 63' --from "$pf" list
json "show as JSON" '[r["fields"]["CODE"] for r in d["functions"][0]["registers"]
	if r["name"] == "ERROR"] == ["REG_VALUE"]' --from "$vf" show
json "regs as JSON" '{r["name"]: r["value"] for r in d["registers"]}["TX_DEPTH"] == 256' \
	--from "$pf" regs
json "counters as JSON" '[f["counters"]["tx_packets"] for f in d["functions"]] == [4294968296] and
	d["functions"][0]["counters"]["errors"] == 0' --from "$pf" counters

for dump in "$pf" "$vf"; do
	"$bnyctl" --from "$dump" dump "$tap_dir/copy"
	tap_run "a dump of ${dump##*/} is the same again" diff "$dump" "$tap_dir/copy"
done

head -n 30 "$pf" >"$tap_dir/truncated"
refuses "a truncated dump is refused" 6 '.*truncated behind line 30$' \
	--from "$tap_dir/truncated" show
head -c 500 "$pf" >"$tap_dir/truncated"
refuses "a dump cut inside a line is refused" 6 '.*truncated behind' --from "$tap_dir/truncated" show
sed 10d "$pf" >"$tap_dir/short"
refuses "a dump that lost a line is refused" 6 '.* lines, and there were' --from "$tap_dir/short" show
sed '1s/1$/2/' "$pf" >"$tap_dir/version"
refuses "a dump of another version is refused" 6 '.*dump version 2, bnyctl reads 1$' \
	--from "$tap_dir/version" show
sed 's/^reg 00040/reg 9ffff/' "$pf" >"$tap_dir/offset"
refuses "a register behind the BAR is refused" 6 ".*offset:[0-9]+: this line can't be$" \
	--from "$tap_dir/offset" show
refuses "a file that is no dump is refused" 6 '.*not a dump of bnyctl$' --from "$0" show
: >"$tap_dir/empty"
refuses "an empty file is refused" 6 '.*not a dump of bnyctl$' --from "$tap_dir/empty" show
refuses "a missing file is refused" 6 '.*No such file' --from "$tap_dir/none" show
sed 's/^reg 00004 .*/reg 00004 00030000/' "$pf" >"$tap_dir/interface"
refuses "another interface version is refused" 4 '.*has interface version 3\.0, bnyctl knows 2$' \
	--from "$tap_dir/interface" show
sed 's/^reg 00000 .*/reg 00000 12345678/' "$pf" >"$tap_dir/magic"
refuses "another device is refused" 4 '.*is not a Banyan function: MAGIC reads 0x12345678' \
	--from "$tap_dir/magic" show
sed 's/^reg 00000 .*/reg 00000 ffffffff/' "$pf" >"$tap_dir/gone"
refuses "a function that is gone is told" 1 ".*doesn't answer" --from "$tap_dir/gone" show
refuses "a PCI address without a device" 3 'there is no PCI device' -s ffff:ff:1f.7 show
refuses "what is not a PCI address" 2 'hello is not a PCI address' -s hello show
refuses "an unknown command" 2 'there is no command frobnicate' frobnicate
refuses "an unknown register" 2 'there is no register NOSUCH' --from "$pf" regs NOSUCH
refuses "no command" 2 'which command'
refuses "a dump without a file" 2 'dump wants' --from "$pf" dump
refuses "a dump that can't be written" 1 '.*No such file or directory' \
	--from "$pf" dump "$tap_dir/no/dir"

tap_done
