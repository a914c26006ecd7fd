/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: memory that driver and device share, doorbells (datasheet, chapter "Queues").
 */
#ifndef BNY_DMA_H
#define BNY_DMA_H

#include "bny.h"

/**
 * struct bny_mem - coherent memory
 * @va: address
 * @dma: bus address
 * @size: bytes
 */
struct bny_mem {
	void *va;
	dma_addr_t dma;
	size_t size;
};

/**
 * bny_doorbell_needed() - whether the device asks for a doorbell
 * @event: event index that it stored
 * @new: producer index just stored
 * @old: producer index stored before
 *
 * Return: true if @event lies in [@old, @new), modulo 2^16.
 */
static inline bool bny_doorbell_needed(u16 event, u16 new, u16 old)
{
	return (u16)(new - event - 1) < (u16)(new - old);
}

/**
 * bny_cqe_is_new() - whether the device has written a completion in this pass
 * @flags: its flags word
 * @index: its free-running index
 * @depth: entries of the ring
 *
 * Return: true if PHASE is that of the pass which @index belongs to.
 */
static inline bool bny_cqe_is_new(u32 flags, u16 index, u16 depth)
{
	/* depth divides 2^16, so its bit in the index toggles with every pass; first pass: 1 */
	return !!(flags & BNY_CQE_PHASE) == !(index & depth);
}

int bny_mem_alloc(struct bny_dev *bd, struct bny_mem *mem, size_t size);
void bny_mem_free(struct bny_dev *bd, struct bny_mem *mem);
void bny_shadow_publish(struct bny_shadow *shadow, u8 __iomem *db, u16 old, u16 new);

#endif /* BNY_DMA_H */
