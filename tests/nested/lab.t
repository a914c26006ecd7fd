#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The contract of tools/lab and tenant: output, exit status, time-out, splats, Ctrl-C.

set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib/tap.sh"
lab=$here/../../tools/lab

# For tools that look for their processes by this word in QEMU's arguments
mark=banyan-lab-t-$$

# lab STATUS ARGUMENT...: run it, with its output in stdout and stderr; wants that exit status
lab()
{
	local wanted=$1 got=0

	shift
	"$lab" run --append "$mark" "$@" >"$tap_dir/stdout" 2>"$tap_dir/stderr" </dev/null || got=$?
	[ "$got" -eq "$wanted" ] && return
	echo "exit status $got, wanted $wanted" >>"$tap_dir/stderr"
	return 1
}

# both FILE...: what was printed, for who reads the failure
both()
{
	head -n 50 "$tap_dir/stdout" "$tap_dir/stderr"
}

# case_is NAME CONDITION: shell code
case_is()
{
	both >"$tap_dir/why"
	if (cd "$tap_dir" && eval "$2"); then tap_ok "$1"; else tap_not_ok "$1" "$tap_dir/why"; fi
}

# On the host, without a guest
tap_run "what is a splat and what is none" python3 - "$here/../../lab" <<'END'
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import vm

SPLATS = """\
BUG: kernel NULL pointer dereference, address: 0000000000000008
BUG: sleeping function called from invalid context at mm/page_alloc.c:4000
BUG: KASAN: slab-use-after-free in bny_rx_poll+0x1f/0x2a0 [banyan_core]
WARNING: CPU: 1 PID: 42 at net/core/dev.c:1234 netif_napi_del+0x12/0x30
WARNING: net/core/dev.c:1234 at netif_napi_del+0x12/0x30, CPU#1: ip/42
WARNING: drivers/pci/remove.c:128 at pci_remove_bus+0x67/0x80, CPU#1: sh/42
WARNING: possible circular locking dependency detected
WARNING: inconsistent lock state
WARNING: suspicious RCU usage
INFO: trying to register non-static key: the lock
UBSAN: array-index-out-of-bounds in common/bny_queues.c:77:3
INFO: task kworker/0:1:12 blocked for more than 120 seconds.
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: INFO: rcu_preempt self-detected stall on CPU
kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
Oops: general protection fault, probably for non-canonical address: 0000 [#1] PREEMPT SMP
Kernel panic - not syncing: Fatal exception
refcount_t: underflow; use-after-free.
DMA-API: banyan 0000:01:00.0: device driver frees DMA memory with different size
list_add corruption. prev->next should be next
unregister_netdevice: waiting for eth0 to become free. Usage count = 2
"""
NONE = """\
DMAR: DRHD: handling fault status reg 2
DMAR: [DMA Read NO_PASID] Request device [01:00.1] fault addr 0xdead0000 [fault reason 0x06] PTE Read access is not set
banyan 0000:01:00.0: VF 0: error latched: DMA
banyanvf 0000:01:00.1 enp1s0: Link is up
WARNING: drivers/pci/remove.c:128 at pci_stop_and_remove_bus_device+0x67/0x80, CPU#1: sh/42
Warning: unable to open an initial console.
"""

def found(line, stamp):
    return vm.SPLAT.search(f"[    1.0] x\n{stamp}{line}\n".encode())

wrong = [line for line in SPLATS.splitlines() if not found(line, "[   12.345678] ")]
wrong += [line for line in SPLATS.splitlines() if not found(line, "[   12.345678][  T42] ")]
wrong += [line for line in NONE.splitlines() if found(line, "[   12.345678] ")]
# only the kernel's own lines
wrong += [line for line in SPLATS.splitlines() if found(line, "")]
print("\n".join(wrong))
sys.exit(bool(wrong))
END

tap_need "${BUILD:-$here/../../build}/tools/bnyctl" "make tools"
tap_need pgrep "make setup"

mkdir "$tap_dir/share"
echo from outside >"$tap_dir/share/in"
cat >"$tap_dir/share/script" <<'END'
echo out; echo err >&2
echo "$BANYAN_PF_BDF $BANYAN_PF_NETDEV"
ls -d /sys/class/net/"$BANYAN_PF_NETDEV"/device/virtfn* | wc -l
cat /mnt/share/in; echo from inside >/mnt/share/out
for tool in ip tc bridge ethtool iperf3 tcpdump socat jq lspci setpci python3 bpftool netsniff-ng trafgen nft \
	qemu-system-x86_64 ps free sysctl modprobe lsmod ping arping tracepath bnyctl tenant; do
	command -v $tool >/dev/null || echo "no $tool"
done
python3 -c 'import yaml' || echo "no yaml"
bnyctl list | wc -l
# L2 with a card of QEMU's own: the same contract
tenant run --vf 0 --nic virtio --timeout 5 -- sh -c 'echo L2 out; echo L2 err >&2; ethtool -i $BANYAN_PF_NETDEV |
	head -n 1; sleep 100'
echo "tenant $?"
tenant run --vf 7 -- true 2>/dev/null
echo "tenant without its VF $?"
# a VF that is kept for a tenant sleeps
vf=$(readlink -f "/sys/class/net/$BANYAN_PF_NETDEV/device/virtfn1")
modprobe vfio-pci
echo "${vf##*/}" >"$vf/driver/unbind"
echo vfio-pci >"$vf/driver_override"
echo "${vf##*/}" >/sys/bus/pci/drivers_probe
bnyctl show >/tmp/show && grep -A 1 "^${vf##*/}" /tmp/show
grep -c '^Registers:' /tmp/show
setpriv --reuid nobody --clear-groups bnyctl list | grep -c ' PF  *2/63 '
exit 7
END
tap_run "L1 runs a command" lab 7 --vfs 2 --share "$tap_dir/share" -- sh /mnt/share/script
case_is "its standard output comes unmixed" '[ "$(head -n 1 stdout)" = out ] && ! grep -q err stdout'
case_is "so does its standard error" '[ "$(grep -Ev "^(lab|tenant):" stderr)" = "err
L2 err" ]'
case_is "the PF is named" 'sed -n 2p stdout | grep -Eq "^0000:[0-9a-f:.]+ [a-z0-9]+$"'
case_is "--vfs makes VFs" '[ "$(sed -n 3p stdout)" = 2 ]'
case_is "--share is read and written" '[ "$(sed -n 4p stdout)" = "from outside" ] &&
	[ "$(cat share/out)" = "from inside" ]'
case_is "the testers' tools are there" '! grep "^no " stdout'
case_is "bnyctl lists three functions" '[ "$(sed -n 5p stdout)" = 4 ]'
case_is "a tenant has another card, output and time-out" '[ "$(sed -n 6,8p stdout)" = "L2 out
driver: virtio_net
tenant 124" ]'
case_is "a tenant without its VF fails as the lab does" 'grep -qx "tenant without its VF 125" stdout'

case_is "bnyctl goes on where a function is asleep" 'sed -n 10,12p stdout | paste -s |
	grep -Eq "^0000:[0-9a-f:.]+ VF 1, .*driver vfio-pci,.*	Asleep .*	2$"'
case_is "bnyctl lists the VFs without root" '[ "$(sed -n 13p stdout)" = 1 ]'

tap_run "a splat is the lab's failure" lab 125 -- sh -c 'echo "<0>BUG: a test" >/dev/kmsg; echo done'
case_is "with the reason" 'grep -qx "lab: L1.s kernel reported: BUG: a test" stderr'
case_is "the output comes all the same" '[ "$(cat stdout)" = done ]'

tap_run "a time-out is status 124" lab 124 --timeout 1 -- sh -c 'echo begun; sleep 100'
case_is "with the reason" 'grep -q "^lab: .*time-out" stderr'
case_is "what was printed until then comes" '[ "$(cat stdout)" = begun ]'

# In the background, an interrupt would be ignored
interrupt()
{
	python3 - "$lab" "$mark" <<-'END'
		import signal, subprocess, sys

		lab = subprocess.Popen([sys.argv[1], "run", "--append", sys.argv[2], "--", "sh", "-c", "echo up; sleep 100"],
		                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
		lab.stdout.readline()
		lab.send_signal(signal.SIGINT)
		lab.send_signal(signal.SIGINT)
		sys.exit(lab.wait(30) != 128 + signal.SIGINT)
	END
}
tap_run "an interrupt ends the lab" interrupt
tap_run "and leaves no process behind" sh -c "! pgrep -af 'append.*[b]${mark#b}'"

tap_done
