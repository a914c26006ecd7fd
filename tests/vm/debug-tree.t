#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tools/lab --kernel with a build tree, the debug kernel's: its modules and the drivers are those made for it

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
tree=${BUILD:-$here/../../build}/kernel/debug
tap_need "$tree/arch/x86/boot/bzImage" "make kernel-debug"

# shellcheck disable=SC2016 # for the guest
tap_run "L1 with a build tree's kernel" "$here/../../tools/lab" run --kernel "$tree" --memory 1G --smp 1 --vfs 1 -- sh -c '
	modprobe -a netdevsim smc && [ "$(readlink "/sys/bus/pci/devices/$BANYAN_PF_BDF/virtfn0/driver" | xargs basename)" = banyanvf ] &&
	uname -r | grep banyan-debug'
tap_done
