/*
 * Banyan: access to guest memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/pci/pci_device.h"
#include "system/memory.h"
#include "counters.h"
#include "dma.h"
#include "trace.h"

/* Memory only: no other device's registers can be reached */
static const MemTxAttrs banyan_dma_attrs = { .memory = 1 };

static bool banyan_dma_failed(BanyanFunc *f, uint64_t addr, size_t len,
                              bool write)
{
    trace_bny_dma_error(f->index, addr, len, write);
    banyan_count(f, BNY_CNT_DMA_ERRORS);
    return false;
}

/*
 * Is it the machine's memory? A bounce buffer stands for what isn't RAM. And
 * what belongs to a device, a frame buffer say, is another one's BAR.
 */
static bool banyan_dma_is_memory(void *ptr)
{
    ram_addr_t offset;
    MemoryRegion *mr = memory_region_from_host(ptr, &offset);

    return mr && !object_dynamic_cast(memory_region_owner(mr), TYPE_DEVICE);
}

void *banyan_dma_map(BanyanFunc *f, uint64_t addr, dma_addr_t *len,
                     DMADirection dir)
{
    AddressSpace *as = pci_get_address_space(f->pdev);
    dma_addr_t wanted = *len;
    void *ptr;

    ptr = dma_memory_map(as, addr, len, dir, banyan_dma_attrs);
    if (ptr && !banyan_dma_is_memory(ptr)) {
        dma_memory_unmap(as, ptr, *len, dir, 0);
        ptr = NULL;
    }
    if (!ptr) {
        banyan_dma_failed(f, addr, wanted, dir == DMA_DIRECTION_FROM_DEVICE);
    }
    return ptr;
}

void *banyan_dma_map_whole(BanyanFunc *f, uint64_t addr, dma_addr_t len,
                           DMADirection dir)
{
    dma_addr_t mapped = len;
    void *ptr = banyan_dma_map(f, addr, &mapped, dir);

    if (ptr && mapped < len) {
        banyan_dma_unmap(f, ptr, mapped, dir, 0);
        ptr = NULL;
    }
    return ptr;
}

/* Through mappings, since they alone say what memory it is */
bool banyan_dma_read(BanyanFunc *f, uint64_t addr, void *buf, size_t len)
{
    while (len) {
        dma_addr_t n = len;
        void *ptr = banyan_dma_map(f, addr, &n, DMA_DIRECTION_TO_DEVICE);

        if (!ptr) {
            return false;
        }
        memcpy(buf, ptr, n);
        banyan_dma_unmap(f, ptr, n, DMA_DIRECTION_TO_DEVICE, n);
        buf = (uint8_t *)buf + n;
        addr += n;
        len -= n;
    }
    return true;
}

bool banyan_dma_write(BanyanFunc *f, uint64_t addr, const void *buf, size_t len)
{
    while (len) {
        dma_addr_t n = len;
        void *ptr = banyan_dma_map(f, addr, &n, DMA_DIRECTION_FROM_DEVICE);

        if (!ptr) {
            return false;
        }
        memcpy(ptr, buf, n);
        banyan_dma_unmap(f, ptr, n, DMA_DIRECTION_FROM_DEVICE, n);
        buf = (const uint8_t *)buf + n;
        addr += n;
        len -= n;
    }
    return true;
}

void banyan_dma_unmap(BanyanFunc *f, void *ptr, dma_addr_t len,
                      DMADirection dir, dma_addr_t used)
{
    dma_memory_unmap(pci_get_address_space(f->pdev), ptr, len, dir, used);
}

bool banyan_dma_map_iov(BanyanFunc *f, uint64_t addr, uint32_t len,
                        struct iovec *iov, unsigned *cnt, unsigned max)
{
    while (len) {
        dma_addr_t n = len;
        void *ptr;

        if (*cnt == max) {
            return banyan_dma_failed(f, addr, len, false);
        }
        ptr = banyan_dma_map(f, addr, &n, DMA_DIRECTION_TO_DEVICE);
        if (!ptr) {
            return false;
        }
        iov[*cnt].iov_base = ptr;
        iov[*cnt].iov_len = n;
        ++*cnt;
        addr += n;
        len -= n;
    }
    return true;
}

void banyan_dma_unmap_iov(BanyanFunc *f, struct iovec *iov, unsigned cnt)
{
    for (unsigned i = 0; i < cnt; i++) {
        banyan_dma_unmap(f, iov[i].iov_base, iov[i].iov_len,
                         DMA_DIRECTION_TO_DEVICE, iov[i].iov_len);
    }
}
