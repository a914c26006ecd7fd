/*
 * Banyan: access to guest memory
 *
 * Each function reads and writes under its own requester ID, RAM only. What
 * fails is counted; the caller latches the error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_DMA_H
#define HW_NET_BANYAN_DMA_H

#include "qemu/iov.h"
#include "banyan.h"

bool banyan_dma_read(BanyanFunc *f, uint64_t addr, void *buf, size_t len);
bool banyan_dma_write(BanyanFunc *f, uint64_t addr, const void *buf,
                      size_t len);

/**
 * banyan_dma_map: map guest memory, or a part of it
 * @len: bytes wanted; bytes mapped, from the first one on
 *
 * Returns NULL if the first byte isn't in RAM.
 */
void *banyan_dma_map(BanyanFunc *f, uint64_t addr, dma_addr_t *len,
                     DMADirection dir);

/* banyan_dma_map_whole: the same, but NULL if it isn't @len bytes in a piece */
void *banyan_dma_map_whole(BanyanFunc *f, uint64_t addr, dma_addr_t len,
                           DMADirection dir);
void banyan_dma_unmap(BanyanFunc *f, void *ptr, dma_addr_t len,
                      DMADirection dir, dma_addr_t used);

/**
 * banyan_dma_map_iov: map all of a buffer, in as many pieces as it takes
 * @cnt: pieces that @iov holds already; counted up
 * @max: room in @iov
 */
bool banyan_dma_map_iov(BanyanFunc *f, uint64_t addr, uint32_t len,
                        struct iovec *iov, unsigned *cnt, unsigned max);

/* banyan_dma_unmap_iov: give back what was mapped to be read */
void banyan_dma_unmap_iov(BanyanFunc *f, struct iovec *iov, unsigned cnt);

#endif /* HW_NET_BANYAN_DMA_H */
