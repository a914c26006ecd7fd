#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bnyctl's dumps: what it wouldn't write it doesn't read, and writing one endangers nothing.
#
# environment: BUILD (where tools/bnyctl was built)

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
bnyctl=${BUILD:-$here/../../build}/tools/bnyctl
pf=$here/dumps/pf.dump

tap_need "$bnyctl" "make tools"

# refused NAME EDIT: of a dump with that edit
refused()
{
	sed "$2" "$pf" >"$tap_dir/edited"
	if cmp -s "$pf" "$tap_dir/edited"; then
		echo "the edit no longer fits" >"$tap_dir/output"
		tap_not_ok "$1" "$tap_dir/output"
		return
	fi
	"$bnyctl" --from "$tap_dir/edited" show >"$tap_dir/output" 2>&1
	[ $? -eq 6 ] && [ "$(wc -l <"$tap_dir/output")" -eq 1 ] && tap_ok "$1" || tap_not_ok "$1" "$tap_dir/output"
}

refused "a value that is too large" 's/^\(reg 00040 \)\(.*\)/\1f\2/'
refused "an offset that wraps" 's/^reg 00040/reg 100000040/'
refused "a negative value" 's/^\(reg 00040\) .*/\1 -0000001/'
refused "words behind a value" 's/^reg 00040.*/& 1/'
refused "letters in a value" 's/^\(reg 00040 .......\)./\1x/'
refused "a size that wraps" 's/^regs-size /regs-size 10000000000000/'
refused "a revision that is too large" '2s/ 02 / 102 /'
refused "words behind the function" '2s/$/ more/'
refused "words behind the end" 's/^end .*/& more/'

sed 's/$/\r/' "$pf" >"$tap_dir/mailed"
tap_run "a dump whose lines end as mail's do" "$bnyctl" --from "$tap_dir/mailed" show

tap_run "a dump goes to a pipe" sh -c '"$1" --from "$2" dump /dev/stdout | cmp - "$2"' sh "$bnyctl" "$pf"

# a device node that can't be written, which stays
ln -s /dev/full "$tap_dir/full"
tap_run "a device isn't removed because it is full" sh -c \
	'! "$1" --from "$2" dump "$3" && [ -L "$3" ] && [ -c /dev/full ]' sh "$bnyctl" "$pf" "$tap_dir/full"
echo old >"$tap_dir/old"
# the file size limit is in blocks of 512 bytes or of 1024; SIGXFSZ is ignored for EFBIG
tap_run "an old dump stays when there is no room for a new one" sh -c \
	'trap "" XFSZ; ulimit -f 1; ! "$1" --from "$2" dump "$3/old" && [ "$(cat "$3/old")" = old ] && [ ! -e "$3/old.tmp" ]' \
	sh "$bnyctl" "$pf" "$tap_dir"
tap_run "a new one takes its place" sh -c '"$1" --from "$2" dump "$3" && cmp "$2" "$3"' \
	sh "$bnyctl" "$pf" "$tap_dir/old"

tap_done
