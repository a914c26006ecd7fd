#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the build goes, and what is taken for its own.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)

# in_lib COMMAND: bash with the scripts' library
in_lib()
{
	env BUILD="$tap_dir/build" bash -c '. "$0/scripts/lib.sh"; '"$1" "$top"
}

mkdir "$tap_dir/tree"
touch "$tap_dir/tree/file"
tap_run "a source tree is copied" in_lib \
	"mkdir -p '$tap_dir/copy'; copy_tree copy copy '$tap_dir/tree' '$tap_dir/copy' && [ -e '$tap_dir/copy/file' ]"
tap_run "one that can't be read is no success" in_lib \
	"! copy_tree copy copy '$tap_dir/none' '$tap_dir/copy'"

tap_run "an ordinary user's PATH will do" env -i PATH=/usr/bin:/bin bash -c \
	'. "$0/scripts/lib.sh"; for tool in /usr/sbin/*; do need "${tool##*/}"; exit; done' "$top"

tap_done
