/*
 * Banyan: interrupts (datasheet, section 5)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "hw/pci/msix.h"
#include "system/runstate.h"
#include "counters.h"
#include "fault.h"
#include "intr.h"
#include "port.h"
#include "trace.h"

/* Messages in one go */
#define BANYAN_MESSAGES_MAX 256

void banyan_intr_notify(BanyanFunc *f, unsigned vector)
{
    f->messages[vector / 32] |= BIT(vector % 32);
    f->port->messages.bits[f->index / 64] |= BIT_ULL(f->index % 64);
    qemu_bh_schedule(f->port->intr_bh);
}

/* Masked, a message stays pending; without bus mastering, it is lost */
static bool banyan_intr_reaches_bus(const BanyanFunc *f, unsigned vector)
{
    return !msix_is_masked(f->pdev, vector) &&
           pci_get_word(f->pdev->config + PCI_COMMAND) & PCI_COMMAND_MASTER;
}

static void banyan_intr_send(BanyanFunc *f, unsigned vector)
{
    trace_bny_intr(f->index, vector);
    if (banyan_intr_reaches_bus(f, vector)) {
        banyan_count(f, BNY_CNT_INTERRUPTS);
    }
    msix_notify(f->pdev, vector);
}

/*
 * Sends up to @max messages of a function. Any of them may be its end.
 * Returns how many more could have been sent.
 */
static unsigned banyan_intr_send_all(BanyanFunc *f, unsigned max)
{
    PCIDevice *pdev = f->pdev;

    object_ref(pdev);
    for (unsigned i = 0; i < ARRAY_SIZE(f->messages); i++) {
        while (max && f->live && f->messages[i]) {
            unsigned bit = ctz32(f->messages[i]);

            f->messages[i] &= ~BIT(bit);
            if (!f->asleep) {
                banyan_intr_send(f, i * 32 + bit);
                max--;
            }
        }
    }
    object_unref(pdev);
    return max;
}

static void banyan_intr_bh(void *opaque)
{
    BanyanPort *port = opaque;
    unsigned left = BANYAN_MESSAGES_MAX;
    unsigned i = 0;

    if (!runstate_is_running()) {
        return; /* banyan_intr_resume() comes back to it */
    }
    banyan_port_enter(port);
    while (left && (i = banyan_func_set_next(&port->messages, i)) <
                   BNY_FUNCTIONS_MAX) {
        port->messages.bits[i / 64] &= ~BIT_ULL(i % 64);
        if (port->func[i]) {
            left = banyan_intr_send_all(port->func[i], left);
        }
        if (left) {
            i++;
        } else {
            port->messages.bits[i / 64] |= BIT_ULL(i % 64);
        }
    }
    if (!left && port->intr_bh) {
        qemu_bh_schedule(port->intr_bh);
    }
    banyan_port_leave(port);
}

void banyan_intr_init(BanyanPort *port)
{
    port->intr_bh = qemu_bh_new_guarded(banyan_intr_bh, port,
                                        &port->owner->mem_reentrancy_guard);
}

void banyan_intr_exit(BanyanPort *port)
{
    g_clear_pointer(&port->intr_bh, qemu_bh_delete);
}

void banyan_intr_resume(BanyanPort *port)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        port->messages.bits[i / 64] |= BIT_ULL(i % 64);
    }
    qemu_bh_schedule(port->intr_bh);
}

void banyan_intr_reset(BanyanFunc *f)
{
    memset(f->messages, 0, sizeof(f->messages));
}

/* The message goes out when the enabled causes turn from none to some */
static void banyan_irq_update(BanyanFunc *f, uint32_t before)
{
    if (before || !(f->irq_cause & f->irq_enable)) {
        return;
    }
    if (!banyan_fault(f->port, LOSE_ADMIN_INTERRUPTS)) {
        banyan_intr_notify(f, BNY_ADMIN_VECTOR);
    }
}

void banyan_irq_raise(BanyanFunc *f, uint32_t causes)
{
    uint32_t before = f->irq_cause & f->irq_enable;

    trace_bny_irq_raise(f->index, causes, f->irq_cause, f->irq_enable);
    f->irq_cause |= causes;
    banyan_irq_update(f, before);
}

void banyan_irq_clear(BanyanFunc *f, uint32_t causes)
{
    f->irq_cause &= ~causes;
}

void banyan_irq_set_enable(BanyanFunc *f, uint32_t causes)
{
    uint32_t before = f->irq_cause & f->irq_enable;

    f->irq_enable = causes;
    banyan_irq_update(f, before);
}
