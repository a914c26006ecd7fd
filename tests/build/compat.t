#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# compat/ stands in for what a kernel's headers lack, and for nothing else: the distribution's headers, edited.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
top=$(cd "$here/../.." && pwd)
kdir=$("$top/scripts/modules.sh" --kdir)
tap_need "$kdir" "make modules"
name=$(basename "$kdir")

# links, but for the files that are edited
mkdir "$tap_dir/src"
cp -rs "$(dirname "$kdir")"/* "$tap_dir/src"
linux=$(find "$tap_dir/src" -path '*-common/include/linux')
"$top/scripts/modules.sh" --copy "$tap_dir/drivers"

# edit HEADER PERL: that one of the distribution's, so edited
edit()
{
	perl -0pe "$2" "$(readlink -f "$kdir")/../$(basename "${linux%/include/linux}")/include/linux/$1" >"$tap_dir/edited"
	mv -f "$tap_dir/edited" "$linux/$1"
}

# build TARGET...: without a warning
build()
{
	make -C "$tap_dir/src/$name" M="$tap_dir/drivers" KCFLAGS=-Werror "$@"
}

# compat_functions NUMBER: so many of compat/'s are in bny_ethtool.o
compat_functions()
{
	nm "$tap_dir/drivers/common/bny_ethtool.o" | tee /dev/stderr | grep -c " compat_[gs]et_rxnfc" | grep -qx "$1"
}

no_count='s/.*\(\*get_rx_ring_count\).*\n//;'
no_fields='s/struct ethtool_rxfh_fields \{.*?\};//s; s/\tint\s+\(\*[gs]et_rxfh_fields\)\(.*?\);\n//sg;'
no_objects='s/#define k(v)?[mz]alloc_(objs?|flex)\(.*?[^\\]\n//sg;'

edit ethtool.h "$no_count"
tap_run "a kernel without get_rx_ring_count" build common/bny_ethtool.o
tap_run "compat/ answers for it" compat_functions 2
edit ethtool.h "$no_count"'s/(struct ethtool_ops \{)/$1\n\tu32 (*get_rx_ring_count)(struct net_device *dev);/'
tap_run "a kernel with it" build common/bny_ethtool.o
tap_run "needs no compat/" compat_functions 0
edit ethtool.h "$no_count $no_fields"
edit slab.h "$no_objects"
tap_run "a kernel without get_rxfh_fields and allocation by type" build common/ pf/ vf/
tap_run "has them of compat/" compat_functions 2

tap_done
