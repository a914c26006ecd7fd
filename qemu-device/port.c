/*
 * Banyan: port, what the functions of a device share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "port.h"

void banyan_port_enter(BanyanPort *port)
{
    object_ref(port);
    object_ref(port->owner);
    port->at_work++;
}

static void banyan_port_release(void *opaque)
{
    BanyanPort *port = opaque;

    object_unref(port->owner);
    object_unref(port);
}

void banyan_port_leave(BanyanPort *port)
{
    if (--port->at_work == 0 && port->wire_waits && port->bh) {
        qemu_bh_schedule(port->bh);
    }
    if (port->gone) {
        /* the caller's caller has still to write to the owner's guard */
        aio_bh_schedule_oneshot(qemu_get_aio_context(), banyan_port_release,
                                port);
    } else {
        banyan_port_release(port);
    }
}

/*
 * May BAR 0 and 2 be accessed? Not when the function is gone: a processor may
 * have found the region before, and waited for the lock. Nor may they be
 * written while a burst lasts: processors wait for its end, so it is another
 * device's DMA, or an interrupt message sent there.
 */
bool banyan_func_accepts(void *opaque, hwaddr addr, unsigned size,
                         bool is_write, MemTxAttrs attrs)
{
    BanyanFunc *f = opaque;

    return f->live && !(is_write && banyan_port_at_work(f->port));
}

static const TypeInfo banyan_port_info = {
    .name = TYPE_BANYAN_PORT,
    .parent = TYPE_OBJECT,
    .instance_size = sizeof(BanyanPort),
};

static void banyan_port_register_types(void)
{
    type_register_static(&banyan_port_info);
}

type_init(banyan_port_register_types)
