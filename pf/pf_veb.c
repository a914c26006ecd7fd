// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: the VEB's forwarding table (datasheet, chapter "VEB").
 */
#include <linux/etherdevice.h>
#include <linux/unaligned.h>

#include "pf.h"

static int bny_veb_result(struct bny_dev *bd)
{
	u32 status = bny_read(bd, BNY_REG_VEB_STATUS);

	switch (FIELD_GET(BNY_VEB_RESULT, status)) {
	case BNY_VEB_OK:
		return 0;
	case BNY_VEB_FULL:
		return -ENOSPC;
	case BNY_VEB_NOT_FOUND:
		return -ENOENT;
	case BNY_VEB_EXISTS:
		return -EEXIST;
	case BNY_VEB_BAD_FUNC:
		return -ENXIO;
	case BNY_VEB_BAD_OP:
		return -EINVAL;
	default:
		/* NONE: the device was reset under our hands, or taken out of them */
		return bny_present(bd) ? -EIO : -ENODEV;
	}
}

static int bny_veb_command(struct bny_pf *pf, enum bny_veb_op op, u16 func, const u8 *addr)
{
	struct bny_dev *bd = pf->bd;

	lockdep_assert_held(&pf->lock);

	bny_write(bd, BNY_REG_VEB_MAC_LO, get_unaligned_le32(addr));
	bny_write(bd, BNY_REG_VEB_MAC_HI, get_unaligned_le16(addr + 4));
	bny_write(bd, BNY_REG_VEB_COMMAND,
		  FIELD_PREP(BNY_VEB_OP, op) | FIELD_PREP(BNY_VEB_FUNC, func));
	return bny_veb_result(bd);
}

static bool bny_veb_listed(const u8 *list, unsigned int count, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (ether_addr_equal_unaligned(list + i * ETH_ALEN, addr))
			return true;
	return false;
}

/* Remove those of @list that aren't in @keep. What isn't there needn't be removed. */
static void bny_veb_remove(struct bny_pf *pf, u16 func, const u8 *list, unsigned int count,
			   const u8 *keep, unsigned int keep_count)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++, list += ETH_ALEN) {
		if (bny_veb_listed(keep, keep_count, list))
			continue;
		err = bny_veb_command(pf, BNY_VEB_DEL, func, list);
		if (err && err != -ENOENT)
			dev_err_ratelimited(&pf->bd->pdev->dev,
					    "cannot remove %pM of function %u from the VEB: %pe\n",
					    list, func, ERR_PTR(err));
	}
}

/**
 * bny_veb_replace() - replace addresses of a function in the forwarding table
 * @pf: PF
 * @func: function index
 * @old: addresses in the table, one behind the other
 * @old_count: how many
 * @new: addresses to be there instead, likewise; may name one twice
 * @new_count: how many
 *
 * Frames to addresses that are in both lists are forwarded all the time. On error the table is
 * as it was. Context: @pf->lock held.
 *
 * Return: 0, -ENOSPC if the table is full, -EIO if the PF was reset meanwhile, -ENODEV if it has
 * vanished, -ENXIO or -EINVAL if there is no such function or address.
 */
int bny_veb_replace(struct bny_pf *pf, u16 func, const u8 *old, unsigned int old_count,
		    const u8 *new, unsigned int new_count)
{
	const u8 *addr = new;
	unsigned int i;
	int err;

	for (i = 0; i < new_count; i++, addr += ETH_ALEN) {
		if (bny_veb_listed(old, old_count, addr))
			continue;
		err = bny_veb_command(pf, BNY_VEB_ADD, func, addr);
		if (err && err != -EEXIST)
			goto err_remove_new;
	}

	bny_veb_remove(pf, func, old, old_count, new, new_count);
	return 0;

err_remove_new:
	bny_veb_remove(pf, func, new, i, old, old_count);
	return err;
}

/**
 * bny_veb_flush() - remove all addresses of a function from the forwarding table
 * @pf: PF
 * @func: function index
 *
 * Context: @pf->lock held.
 */
void bny_veb_flush(struct bny_pf *pf, u16 func)
{
	static const u8 none[ETH_ALEN];
	int err;

	err = bny_veb_command(pf, BNY_VEB_FLUSH, func, none);
	if (err && err != -ENODEV)
		dev_err_ratelimited(&pf->bd->pdev->dev,
				    "cannot remove function %u from the VEB: %pe\n",
				    func, ERR_PTR(err));
}
