// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: memory that driver and device share, doorbells (datasheet, chapter "Queues").
 */
#include <linux/dma-mapping.h>

#include "bny_dma.h"

/**
 * bny_mem_alloc() - allocate coherent memory, zeroed
 * @bd: the function
 * @mem: filled in
 * @size: bytes
 *
 * The DMA API aligns to whole pages, which is more than %BNY_RING_ALIGN.
 *
 * Return: 0 or -ENOMEM.
 */
int bny_mem_alloc(struct bny_dev *bd, struct bny_mem *mem, size_t size)
{
	mem->size = size;
	mem->va = dma_alloc_coherent(&bd->pdev->dev, size, &mem->dma, GFP_KERNEL);
	return mem->va ? 0 : -ENOMEM;
}

/**
 * bny_mem_free() - undo bny_mem_alloc()
 * @bd: the function
 * @mem: memory
 */
void bny_mem_free(struct bny_dev *bd, struct bny_mem *mem)
{
	dma_free_coherent(&bd->pdev->dev, mem->size, mem->va, mem->dma);
	mem->va = NULL;
}

/**
 * bny_shadow_publish() - show the device new entries of a ring
 * @shadow: shadow doorbells of the ring
 * @db: doorbell of the ring
 * @old: producer index published before
 * @new: producer index now; all entries before it are filled
 */
void bny_shadow_publish(struct bny_shadow *shadow, u8 __iomem *db, u16 old, u16 new)
{
	/* The device reads entries after it has read prod: write them before */
	dma_wmb();
	WRITE_ONCE(shadow->prod, cpu_to_le16(new));

	/* The device stores event, then looks at prod once more before it sleeps. We store prod,
	 * then load event. With a full barrier on both sides, one sees what the other stored. Even
	 * on one CPU the device is another observer, so smp_mb() would be too little.
	 */
	mb();
	if (bny_doorbell_needed(le16_to_cpu(READ_ONCE(shadow->event)), new, old))
		writel(FIELD_PREP(BNY_DB_INDEX, new), db);
}
