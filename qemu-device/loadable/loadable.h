/*
 * Banyan, loadable: included before all else of a file of the device model
 *
 * Types aren't registered by constructors, as in a QEMU that was built with
 * them, but by loadable.c, once it has seen that it fits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_LOADABLE_H
#define HW_NET_BANYAN_LOADABLE_H

#include "qemu/osdep.h"
#include "qemu/module.h"
#include "compat.h"

void banyan_loadable_add(void (*register_types)(void));

#undef type_init
#define type_init(function)                                             \
    static void __attribute__((constructor)) add_ ## function(void)     \
    {                                                                   \
        banyan_loadable_add(function);                                  \
    }

#endif /* HW_NET_BANYAN_LOADABLE_H */
