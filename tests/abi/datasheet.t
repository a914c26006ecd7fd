#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The register chapter of the datasheet says what the headers say, and names each register.

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

cp -r "$root/include" "$tap_dir/include"
sed -i '/REG(LINK,/s/link state/link condition/' "$tap_dir/include/bny_reg_table.h"
if "$root/scripts/regdoc" --check --include "$tap_dir/include" >"$tap_dir/output" 2>&1; then
	tap_not_ok "a change of the headers is noticed"
elif grep -q "is out of date" "$tap_dir/output"; then
	tap_ok "a change of the headers is noticed"
else
	tap_not_ok "a change of the headers is noticed" "$tap_dir/output"
fi

tap_done
