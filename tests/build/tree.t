#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What holds for the tree as a whole: it names no host of a registry, and 'make help' every target.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
cd "$top" || exit 1

# Where to fetch from is the machine's configuration to say. In pieces, lest this file name them
hosts="(deb|ftp|snapshot|security|archive)[.](debian|ubuntu)|debian[.](org|net)|pypi[.]org|pythonhosted"
hosts+="|(cdn|www|git)[.]kernel[.]org|github[.]com|gitlab[.]com|qemu[.]org|crates[.]io|npmjs|rubygems"

# names_host FILE...: prints where
names_host()
{
	grep -nIE "$hosts" -- "$@"
}

# Tracked files, or all where this isn't a git checkout
git ls-files >"$tap_dir/files" 2>/dev/null && [ -s "$tap_dir/files" ] ||
	find . -type f -not -path './build/*' >"$tap_dir/files"
grep -v '^\(./\)\?tests/build/tree.t$' "$tap_dir/files" |
	while read -r file; do [ ! -f "$file" ] || names_host "$file" /dev/null; done |
	# the name of a format, as it is prescribed
	grep -v '^debian/copyright:1:Format: ' >"$tap_dir/output"
if [ -s "$tap_dir/output" ]; then
	tap_not_ok "no registry's host name in the tree" "$tap_dir/output"
else
	tap_ok "no registry's host name in the tree"
fi
echo "curl http://deb.debian.org/debian" >"$tap_dir/bad"
tap_run "a host name would be found" names_host "$tap_dir/bad"

# Every .PHONY target, but those that are not for calling by hand, which come last
make -pnq help 2>/dev/null | sed -n 's/^\.PHONY: *//p' | tr ' ' '\n' | sort -u >"$tap_dir/phony"
sed -n '/^# Not for calling by hand/,$ s/^\([a-z-]*\):.*/\1/p' Makefile | sort >"$tap_dir/internal"
make help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | sort >"$tap_dir/listed"
comm -23 "$tap_dir/phony" "$tap_dir/internal" >"$tap_dir/public"
tap_run "there are public targets and others" test -s "$tap_dir/public" -a -s "$tap_dir/internal"
tap_run "'make help' lists every public target" sh -c \
	"diff '$tap_dir/public' '$tap_dir/listed'"
tap_run "with a line each" sh -c "! make help | grep -E '^  [a-z-]+ *$'"

tap_done
