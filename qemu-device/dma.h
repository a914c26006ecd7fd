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

bool bny_dma_read(BnyFunc *f, uint64_t addr, void *buf, size_t len);
bool bny_dma_write(BnyFunc *f, uint64_t addr, const void *buf, size_t len);

/**
 * bny_dma_map: map guest memory, or a part of it
 * @len: bytes wanted; bytes mapped, from the first one on
 *
 * Returns NULL if the first byte isn't in RAM.
 */
void *bny_dma_map(BnyFunc *f, uint64_t addr, dma_addr_t *len,
                  DMADirection dir);
void bny_dma_unmap(BnyFunc *f, void *ptr, dma_addr_t len, DMADirection dir,
                   dma_addr_t used);

/**
 * bny_dma_map_iov: map all of a buffer, in as many pieces as it takes
 * @cnt: pieces that @iov holds already; counted up
 * @max: room in @iov
 */
bool bny_dma_map_iov(BnyFunc *f, uint64_t addr, uint32_t len,
                     struct iovec *iov, unsigned *cnt, unsigned max);

/* bny_dma_unmap_iov: give back what was mapped to be read */
void bny_dma_unmap_iov(BnyFunc *f, struct iovec *iov, unsigned cnt);

#endif /* HW_NET_BANYAN_DMA_H */
