/*
 * Banyan, loadable: does the device model fit the QEMU that has loaded it?
 *
 * An object belongs to one version: it embeds QEMU's structures and reaches
 * into them. So it takes part only in a QEMU of the release that its headers
 * were of, or a later one of the same stable series, whose structures look as
 * they did. Their sizes aren't exported, but offsets in the properties, and
 * sizes of exported variables, are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include "hw/core/qdev-properties.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie_aer.h"
#include "qapi/qapi-commands-control.h"
#include "system/memory.h"
#include "../banyan.h"

/* banyan and banyan-vf, with room */
static void (*types[4])(void);
static unsigned types_count;

void banyan_loadable_add(void (*register_types)(void))
{
    assert(types_count < ARRAY_SIZE(types));
    types[types_count++] = register_types;
}

/* One line; QEMU can't report errors yet */
static void G_GNUC_PRINTF(1, 2) refuse(const char *format, ...)
{
    g_autofree char *why = NULL;
    va_list args;

    va_start(args, format);
    why = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "banyan: not loaded: it was made for QEMU %d.%d.%d, %s\n",
            QEMU_VERSION_MAJOR, QEMU_VERSION_MINOR, QEMU_VERSION_MICRO, why);
}

/* Offset in PCIDevice that the property has; -1: there is none */
static ptrdiff_t property_offset(const char *name)
{
    ObjectClass *klass = object_class_by_name(TYPE_PCI_DEVICE);
    ObjectProperty *prop = klass ? object_class_property_find(klass, name)
                                 : NULL;

    return prop ? ((const Property *)prop->opaque)->offset : -1;
}

/* Size of an exported variable; -1: its symbol has none */
static ptrdiff_t variable_size(const void *variable)
{
    const ElfW(Sym) *sym = NULL;
    Dl_info info;

    return dladdr1(variable, &info, (void **)&sym, RTLD_DL_SYMENT) && sym ?
           sym->st_size : -1;
}

/* What the allocator makes of a size: it rounds up to 16 bytes */
static ptrdiff_t rounded(size_t size)
{
    g_autofree void *p = g_malloc(size);

    return malloc_usable_size(p);
}

static ptrdiff_t memory_region_size_here(void)
{
    Object *obj = object_new(TYPE_MEMORY_REGION);
    ptrdiff_t size = malloc_usable_size(obj);

    object_unref(obj);
    return size;
}

/* The entries of the AER log, as QEMU describes them behind three others */
static const VMStateField compiled =
    VMSTATE_STRUCT_VARRAY_POINTER_UINT16(log, PCIEAERLog, log_num,
                                         vmstate_pcie_aer_log, PCIEAERErr);

/* Bytes in which QEMU's description differs from what ours makes of it */
static ptrdiff_t field_difference(void)
{
    VMStateField here = vmstate_pcie_aer_log.fields[3];
    const uint8_t *a = (const uint8_t *)&compiled, *b = (const uint8_t *)&here;
    ptrdiff_t n = 0;

    /* these point to others of the same content */
    here.name = compiled.name;
    here.vmsd = compiled.vmsd;
    for (size_t i = 0; i < sizeof(here); i++) {
        n += a[i] != b[i];
    }
    return n;
}

typedef struct Measure {
    const char *what;
    ptrdiff_t compiled;
    ptrdiff_t here;
} Measure;

static bool layout_fits(void)
{
    const Measure measures[] = {
        { "PCIDevice.devfn", offsetof(PCIDevice, devfn),
          property_offset("addr") },
        { "PCIDevice.romfile", offsetof(PCIDevice, romfile),
          property_offset("romfile") },
        { "PCIDevice.cap_present", offsetof(PCIDevice, cap_present),
          property_offset("multifunction") },
        /* behind this one there are no structures any more */
        { "PCIDevice.max_bounce_buffer_size",
          offsetof(PCIDevice, max_bounce_buffer_size),
          property_offset("x-max-bounce-buffer-size") },
        { "sizeof(MemoryRegion)", rounded(sizeof(MemoryRegion)),
          memory_region_size_here() },
        { "sizeof(MemoryRegionOps)", sizeof(MemoryRegionOps),
          variable_size(&unassigned_io_ops) },
        { "sizeof(PropertyInfo)", sizeof(PropertyInfo),
          variable_size(&qdev_prop_uint32) },
        { "sizeof(VMStateDescription)", sizeof(VMStateDescription),
          variable_size(&vmstate_pci_device) },
        { "sizeof(VMStateInfo)", sizeof(VMStateInfo),
          variable_size(&vmstate_info_uint32) },
        { "what differs in a VMStateField", 0, field_difference() },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(measures); i++) {
        if (measures[i].compiled != measures[i].here) {
            refuse("where %s is %td; here it is %td", measures[i].what,
                   measures[i].compiled, measures[i].here);
            return false;
        }
    }
    return true;
}

static bool version_fits(void)
{
    g_autoptr(VersionInfo) found = qmp_query_version(NULL);
    const VersionTriple *qemu = found->qemu;

    if (qemu->major == QEMU_VERSION_MAJOR &&
        qemu->minor == QEMU_VERSION_MINOR &&
        qemu->micro >= QEMU_VERSION_MICRO) {
        return true;
    }
    refuse("this is %" PRId64 ".%" PRId64 ".%" PRId64, qemu->major,
           qemu->minor, qemu->micro);
    return false;
}

/* All of QEMU's own types are there by now, and none has been used */
static void banyan_loadable_init(void)
{
    if (object_class_by_name(TYPE_BANYAN)) {
        refuse("and this one has the device already");
    } else if (version_fits() && layout_fits()) {
        for (unsigned i = 0; i < types_count; i++) {
            types[i]();
        }
    }
}

migration_init(banyan_loadable_init)
