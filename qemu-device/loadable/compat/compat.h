/*
 * Banyan, loadable: what a QEMU older than the one that the device model
 * speaks to lacks. The Makefile finds out what that is, by looking into its
 * headers, and includes this before all else of a file that has
 * "qemu/osdep.h". Headers that have moved since stand beside this one, under
 * their new names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_COMPAT_H
#define HW_NET_BANYAN_COMPAT_H

#include "qemu/osdep.h"
#include "hw/pci/pci_device.h"
#include "migration/vmstate.h"
#include "net/net.h"
#include "system/runstate.h"

#ifdef COMPAT_CLASS_INIT
/* class_init and interfaces aren't const: the same for who calls */
#pragma GCC diagnostic ignored "-Wincompatible-pointer-types"
#pragma GCC diagnostic ignored "-Wdiscarded-qualifiers"
#endif

#ifdef COMPAT_NET_OFFLOADS
/* qemu_set_offload() takes the offloads one by one */
typedef struct NetOffloads {
    bool csum;
    bool tso4;
    bool tso6;
    bool ecn;
    bool ufo;
    bool uso4;
    bool uso6;
} NetOffloads;

static inline void compat_set_offload(NetClientState *nc,
                                      const NetOffloads *o)
{
    qemu_set_offload(nc, o->csum, o->tso4, o->tso6, o->ecn, o->ufo, o->uso4,
                     o->uso6);
}
#define qemu_set_offload compat_set_offload
#endif

#ifdef COMPAT_VM_CHANGE_STATE
/* ... and has no callback that may fail */
#define qdev_add_vm_change_state_handler(dev, cb, cb_ret, opaque) \
    qdev_add_vm_change_state_handler(dev, cb, opaque)
#endif

#ifdef COMPAT_VMSTATE_EQUAL
/* An error says what its caller wants it to say, and not the field's name */
#undef VMSTATE_UINT32_EQUAL
#define VMSTATE_UINT32_EQUAL(_f, _s) \
    VMSTATE_UINT32_EQUAL_V(_f, _s, 0, "property " #_f)
#endif

#endif /* HW_NET_BANYAN_COMPAT_H */
