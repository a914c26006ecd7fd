// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: registers (datasheet, chapters "Life of a function" and "Queues").
 */
#include <linux/if_vlan.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>

#include "bny_event.h"
#include "bny_hw.h"

/* A function that is there but not ready after this long is broken */
#define BNY_RESET_TIMEOUT_US	(2 * USEC_PER_SEC)
#define BNY_RESET_POLL_US	500

/* What a read brings when nobody answers it */
#define BNY_ALL_ONES		(~0U)

/**
 * bny_hw_close() - let nobody touch the function
 * @bd: the function
 *
 * From here on bny_read() brings all ones and bny_write() does nothing.
 *
 * Context: any.
 * Return: false if it was closed before.
 */
bool bny_hw_close(struct bny_dev *bd)
{
	return xchg((__force void **)&bd->regs, NULL);
}

/**
 * bny_hw_open() - undo bny_hw_close(), if the function answers (again)
 * @bd: the function, whose BARs are enabled
 *
 * Context: process.
 * Return: true if it does.
 */
bool bny_hw_open(struct bny_dev *bd)
{
	if (readl(bd->regs_map + BNY_REG_MAGIC) != BNY_MAGIC)
		return false;
	WRITE_ONCE(bd->regs, bd->regs_map);
	return true;
}

/**
 * bny_hw_vanished() - the function doesn't answer any more: let nobody touch it
 * @bd: the function
 *
 * Context: any.
 */
void bny_hw_vanished(struct bny_dev *bd)
{
	if (!bny_hw_close(bd))
		return;
	dev_err(&bd->pdev->dev, "function doesn't answer, has it been removed?\n");
	bny_event(bd, BNY_EVENT_RESET);
}

/**
 * bny_hw_stop_dma() - after this the function's DMA doesn't touch memory any more
 * @bd: the function, its rings disabled. If it didn't hear of that, it ceases to be bus master
 *
 * Context: process.
 */
void bny_hw_stop_dma(struct bny_dev *bd)
{
	/* The writes that disable have arrived when a read behind them comes back */
	if (!bny_present(bd))
		pci_clear_master(bd->pdev);
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
		bny_hw_vanished(bd);
	return val;
}
EXPORT_SYMBOL_NS_GPL(bny_read, "BANYAN");

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
EXPORT_SYMBOL_NS_GPL(bny_read64, "BANYAN");

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
EXPORT_SYMBOL_NS_GPL(bny_write, "BANYAN");

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
	bny_hw_vanished(bd);
	return false;
}
EXPORT_SYMBOL_NS_GPL(bny_present, "BANYAN");

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
 * bny_hw_was_reset() - did somebody else reset the function?
 * @bd: the function
 *
 * Return: true if it isn't as bny_hw_reset() left it, or doesn't answer.
 */
bool bny_hw_was_reset(struct bny_dev *bd)
{
	return bny_read(bd, BNY_REG_GENERATION) != bd->generation;
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
