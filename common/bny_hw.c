// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: registers (datasheet, chapters "Life of a function" and "Queues").
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>

#include "bny_core.h"

/* A function that is there but not ready after this long is broken */
#define BNY_RESET_TIMEOUT_US	(2 * USEC_PER_SEC)
#define BNY_RESET_POLL_US	500

/* What a read brings when nobody answers it */
#define BNY_ALL_ONES		(~0U)

/**
 * bny_vanish() - the function doesn't answer any more: let nobody touch it
 * @bd: the function
 *
 * From here on bny_read() brings all ones and bny_write() does nothing.
 *
 * Context: any.
 */
void bny_vanish(struct bny_dev *bd)
{
	if (!xchg((__force void **)&bd->regs, NULL))
		return;
	dev_err(&bd->pdev->dev, "function doesn't answer, has it been removed?\n");
	netif_device_detach(bd->netdev);
}

/**
 * bny_reappear() - undo bny_vanish(), if the function answers (again)
 * @bd: the function, whose BARs are enabled
 *
 * Context: process.
 * Return: true if it does.
 */
bool bny_reappear(struct bny_dev *bd)
{
	WRITE_ONCE(bd->regs, bd->regs_map);
	return bny_present(bd);
}

/**
 * bny_read() - read a register
 * @bd: the function
 * @reg: BNY_REG_AT()
 *
 * What a read brings that nobody answers is all ones on most machines, and notices that the
 * function has vanished. Some bring 0, as many registers do: where that matters, bny_present().
 *
 * Context: any.
 * Return: its value; all ones if the function has vanished.
 */
u32 bny_read(struct bny_dev *bd, u32 reg)
{
	u8 __iomem *regs = READ_ONCE(bd->regs);
	u32 val;

	if (unlikely(!regs))
		return BNY_ALL_ONES;
	val = readl(regs + reg);
	/* Some registers may hold all ones, MAGIC doesn't */
	if (unlikely(val == BNY_ALL_ONES) && readl(regs + BNY_REG_MAGIC) != BNY_MAGIC)
		bny_vanish(bd);
	return val;
}
EXPORT_SYMBOL_GPL(bny_read);

/**
 * bny_read64() - read two registers that make one number, the low half first
 * @bd: the function
 * @reg: BNY_REG_AT() of the low half
 *
 * In one access where the machine has 8-byte ones: then the halves belong together.
 *
 * Context: any.
 * Return: the number; all ones if the function has vanished.
 */
u64 bny_read64(struct bny_dev *bd, u32 reg)
{
	u8 __iomem *regs = READ_ONCE(bd->regs);
	u64 val;

	if (unlikely(!regs))
		return ~0ULL;
	val = readq(regs + reg);
	if (unlikely(val == ~0ULL))
		bny_present(bd);
	return val;
}
EXPORT_SYMBOL_GPL(bny_read64);

/**
 * bny_write() - write a register
 * @bd: the function; nothing happens if it has vanished
 * @reg: BNY_REG_AT()
 * @val: value
 *
 * Context: any.
 */
void bny_write(struct bny_dev *bd, u32 reg, u32 val)
{
	u8 __iomem *regs = READ_ONCE(bd->regs);

	if (likely(regs))
		writel(val, regs + reg);
}
EXPORT_SYMBOL_GPL(bny_write);

/**
 * bny_present() - whether the function still answers; if not, it has vanished
 * @bd: the function
 *
 * Context: any.
 * Return: true if it does.
 */
bool bny_present(struct bny_dev *bd)
{
	if (bny_read(bd, BNY_REG_MAGIC) == BNY_MAGIC)
		return true;
	bny_vanish(bd);
	return false;
}
EXPORT_SYMBOL_GPL(bny_present);

static void bny_write_addr(struct bny_dev *bd, u32 reg_lo, u32 reg_hi, dma_addr_t addr)
{
	bny_write(bd, reg_lo, lower_32_bits(addr));
	bny_write(bd, reg_hi, upper_32_bits(addr));
}

/**
 * bny_hw_check() - see whether this is a function that the driver knows, before all else
 * @pdev: PCI function
 * @regs: its BAR 0
 * @queue_pairs: set to LIMITS.queue_pairs
 *
 * Return: 0 or -ENODEV.
 */
int bny_hw_check(struct pci_dev *pdev, u8 __iomem *regs, unsigned int *queue_pairs)
{
	u32 magic = readl(regs + BNY_REG_MAGIC);
	u32 version = readl(regs + BNY_REG_VERSION);

	if (magic != BNY_MAGIC) {
		dev_err(&pdev->dev, "MAGIC is %#x, not %#x\n", magic, BNY_MAGIC);
		return -ENODEV;
	}
	if (FIELD_GET(BNY_VERSION_MAJOR, version) != BNY_PCI_REVISION) {
		dev_err(&pdev->dev, "interface version %lu.%lu isn't supported, %u.x is\n",
			FIELD_GET(BNY_VERSION_MAJOR, version),
			FIELD_GET(BNY_VERSION_MINOR, version), BNY_PCI_REVISION);
		return -ENODEV;
	}

	*queue_pairs = FIELD_GET(BNY_LIMITS_QUEUE_PAIRS, readl(regs + BNY_REG_LIMITS));
	*queue_pairs = min_t(resource_size_t, *queue_pairs,
			     pci_resource_len(pdev, BNY_BAR_DOORBELLS) / BNY_DB_STRIDE);
	if (!*queue_pairs) {
		dev_err(&pdev->dev, "function has no queue pairs\n");
		return -ENODEV;
	}
	return 0;
}

/**
 * bny_hw_reset() - reset the function and wait until it is ready
 * @bd: the function
 *
 * Context: process.
 * Return: 0, -ENODEV if it has vanished, -ETIMEDOUT.
 */
int bny_hw_reset(struct bny_dev *bd)
{
	u32 status;
	int err;

	bny_write(bd, BNY_REG_RESET, BNY_RESET_START);
	err = read_poll_timeout(bny_read, status, status & BNY_STATUS_READY, BNY_RESET_POLL_US,
				BNY_RESET_TIMEOUT_US, false, bd, BNY_REG_STATUS);
	if (!bny_present(bd))
		return -ENODEV;
	if (err) {
		dev_err(&bd->pdev->dev, "not ready %lu ms after a reset, STATUS %#x\n",
			BNY_RESET_TIMEOUT_US / USEC_PER_MSEC, status);
		return err;
	}
	bd->generation = bny_read(bd, BNY_REG_GENERATION);
	return 0;
}

/**
 * bny_hw_identify() - read what the function is and has
 * @bd: the function
 */
void bny_hw_identify(struct bny_dev *bd)
{
	struct bny_policy *policy = &bd->policy;
	u32 lo = bny_read(bd, BNY_REG_MAC_LO);
	u32 hi = bny_read(bd, BNY_REG_MAC_HI);

	bd->caps = bny_read(bd, BNY_REG_CAPS);

	put_unaligned_le32(lo, &policy->mac[0]);
	put_unaligned_le16(hi, &policy->mac[4]);
	policy->max_mtu = BNY_MTU_MAX;
	policy->queue_pairs = bd->netdev->num_tx_queues;
}

/**
 * bny_hw_set_max_frame() - receive frames of a given MTU, with up to two VLAN tags
 * @bd: the function
 * @mtu: bytes
 *
 * The stack counts no tag into the MTU, and a VLAN device on top of another has the MTU of both.
 */
void bny_hw_set_max_frame(struct bny_dev *bd, unsigned int mtu)
{
	static_assert(BNY_MTU_MAX + ETH_HLEN + 2 * VLAN_HLEN == BNY_FRAME_LEN_MAX);

	bny_write(bd, BNY_REG_MAX_FRAME, mtu + ETH_HLEN + 2 * VLAN_HLEN);
}

/**
 * bny_hw_set_moderation() - write &bny_dev.moderation to all queue pairs in use
 * @bd: the function
 */
void bny_hw_set_moderation(struct bny_dev *bd)
{
	unsigned int i;

	for (i = 0; i < bd->config.queue_pairs; i++)
		bny_write(bd, BNY_REG_AT(QP_MODERATION, i), bd->moderation);
}

/**
 * bny_hw_configure() - write all settings that a reset has undone, and those for new rings
 * @bd: the function; no ring is enabled
 */
void bny_hw_configure(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_FEATURES, bd->config.features);
	bny_hw_set_max_frame(bd, bd->netdev->mtu);
	bny_hw_set_moderation(bd);
	bny_rss_write(bd);
}

/**
 * bny_hw_qp_enable() - hand the rings of a queue pair to the device
 * @bd: the function
 * @qp: queue pair, its rings reset
 */
void bny_hw_qp_enable(struct bny_dev *bd, struct bny_qp *qp)
{
	const struct bny_tx_ring *tx = &qp->tx;
	const struct bny_rx_ring *rx = &qp->rx;
	unsigned int i = qp->index;

	bny_write(bd, BNY_REG_AT(QP_VECTOR, i), qp->vector);

	bny_write(bd, BNY_REG_AT(TX_DEPTH, i), tx->depth);
	bny_write_addr(bd, BNY_REG_AT(TX_BASE_LO, i), BNY_REG_AT(TX_BASE_HI, i), tx->desc_mem.dma);
	bny_write_addr(bd, BNY_REG_AT(TX_CQ_LO, i), BNY_REG_AT(TX_CQ_HI, i), tx->cq_mem.dma);
	bny_write_addr(bd, BNY_REG_AT(TX_SHADOW_LO, i), BNY_REG_AT(TX_SHADOW_HI, i),
		       tx->shadow_dma);

	bny_write(bd, BNY_REG_AT(RX_DEPTH, i), rx->depth);
	bny_write_addr(bd, BNY_REG_AT(RX_BASE_LO, i), BNY_REG_AT(RX_BASE_HI, i), rx->desc_mem.dma);
	bny_write_addr(bd, BNY_REG_AT(RX_CQ_LO, i), BNY_REG_AT(RX_CQ_HI, i), rx->cq_mem.dma);
	bny_write_addr(bd, BNY_REG_AT(RX_SHADOW_LO, i), BNY_REG_AT(RX_SHADOW_HI, i),
		       rx->shadow_dma);

	bny_write(bd, BNY_REG_AT(RX_CTRL, i), BNY_RING_ENABLE);
	bny_write(bd, BNY_REG_AT(TX_CTRL, i), BNY_RING_ENABLE);
}

/**
 * bny_hw_qp_disable() - take the rings of a queue pair back
 * @bd: the function
 * @index: of the queue pair
 */
void bny_hw_qp_disable(struct bny_dev *bd, unsigned int index)
{
	bny_write(bd, BNY_REG_AT(TX_CTRL, index), 0);
	bny_write(bd, BNY_REG_AT(RX_CTRL, index), 0);
	/* The writes have arrived when a read behind them comes back: the memory is ours again */
	bny_read(bd, BNY_REG_AT(RX_CTRL, index));
}
