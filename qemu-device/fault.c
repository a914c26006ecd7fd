/*
 * Banyan: faults that the device can be told to have (property "fault")
 *
 * The property is a list of names with ':' between them. It can also be set
 * while the device runs (qom-set); the empty string ends all faults.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "fault.h"
#include "trace.h"

static const char *const fault_names[BANYAN_FAULT_COUNT] = {
    [BANYAN_FAULT_DROP_TX_COMPLETIONS] = "drop-tx-completions",
    [BANYAN_FAULT_DROP_RX_COMPLETIONS] = "drop-rx-completions",
    [BANYAN_FAULT_STALL_TX] = "stall-tx",
    [BANYAN_FAULT_LOSE_INTERRUPTS] = "lose-interrupts",
    [BANYAN_FAULT_LOSE_ADMIN_INTERRUPTS] = "lose-admin-interrupts",
    [BANYAN_FAULT_DROP_MAILBOX] = "drop-mailbox",
    [BANYAN_FAULT_WRONG_CHECKSUM] = "wrong-checksum",
    [BANYAN_FAULT_WRONG_HASH] = "wrong-hash",
    [BANYAN_FAULT_CORRUPT_PAYLOAD] = "corrupt-payload",
    [BANYAN_FAULT_MISFORWARD] = "misforward",
    [BANYAN_FAULT_IGNORE_FLR] = "ignore-flr",
    [BANYAN_FAULT_KEEP_REGISTERS] = "keep-registers",
    [BANYAN_FAULT_IGNORE_ERRORS] = "ignore-errors",
    [BANYAN_FAULT_FAIL_TX] = "fail-tx",
    [BANYAN_FAULT_DROP_STATE] = "drop-state",
};

static char *banyan_fault_list(uint32_t faults, const char *separator)
{
    GString *s = g_string_new(NULL);

    for (unsigned i = 0; i < BANYAN_FAULT_COUNT; i++) {
        if (faults & BIT(i)) {
            g_string_append_printf(s, "%s%s", s->len ? separator : "",
                                   fault_names[i]);
        }
    }
    return g_string_free(s, false);
}

static char *banyan_fault_get(Object *obj, Error **errp)
{
    return banyan_fault_list(BANYAN(obj)->port->faults, ":");
}

static void banyan_fault_set(Object *obj, const char *value, Error **errp)
{
    g_auto(GStrv) names = g_strsplit(value, ":", 0);
    uint32_t faults = 0;

    for (char **name = names; *name; name++) {
        unsigned i;

        for (i = 0; i < BANYAN_FAULT_COUNT; i++) {
            if (!strcmp(*name, fault_names[i])) {
                faults |= BIT(i);
                break;
            }
        }
        if (i == BANYAN_FAULT_COUNT && **name) {
            g_autofree char *known = banyan_fault_list(UINT32_MAX, ", ");

            error_setg(errp, "property 'fault' doesn't know '%s'; it takes "
                       "these, with ':' between them: %s", *name, known);
            return;
        }
    }
    BANYAN(obj)->port->faults = faults;
    trace_bny_fault(value);
}

void banyan_fault_add_property(ObjectClass *klass)
{
    object_class_property_add_str(klass, "fault", banyan_fault_get,
                                  banyan_fault_set);
    object_class_property_set_description(klass, "fault",
        "faults that the device is to have, with ':' between them");
}
