// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan PF: what the VEB forwards to a function (datasheet, chapter "VEB").
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "bny_ctrl.h"
#include "pf.h"

/**
 * bny_veb_set_policy() - set what a function may do
 * @pf: PF
 * @func: function index
 * @policy: all of it
 *
 * Context: @pf->lock held.
 * Return: 0 or an error of bny_ctrlq_set().
 */
int bny_veb_set_policy(struct bny_pf *pf, u16 func, const struct bny_ctrl_policy *policy)
{
	lockdep_assert_held(&pf->lock);

	return bny_ctrlq_set(&pf->ctrlq, BNY_CTRL_SET_POLICY, func, policy, sizeof(*policy));
}

/**
 * bny_veb_set_vlans() - replace the list of VLANs that a function is in
 * @pf: PF
 * @func: function index
 * @vlans: all of them
 *
 * Context: @pf->lock held.
 * Return: 0 or an error of bny_ctrlq_set().
 */
int bny_veb_set_vlans(struct bny_pf *pf, u16 func, const struct bny_ctrl_vlans *vlans)
{
	lockdep_assert_held(&pf->lock);

	return bny_ctrlq_set(&pf->ctrlq, BNY_CTRL_SET_VLANS, func, vlans, sizeof(*vlans));
}

/**
 * bny_veb_set_rate() - set how much a function may send
 * @pf: PF
 * @func: function index
 * @min: Mb/s that are guaranteed to it
 * @max: Mb/s; 0: no limit
 *
 * Context: @pf->lock held.
 * Return: 0; -EINVAL if these can't be, with those of all others; or another error of
 * bny_ctrlq_set().
 */
int bny_veb_set_rate(struct bny_pf *pf, u16 func, u32 min, u32 max)
{
	const struct bny_ctrl_rate rate = {
		.min = cpu_to_le32(min),
		.max = cpu_to_le32(max),
	};

	lockdep_assert_held(&pf->lock);

	return bny_ctrlq_set(&pf->ctrlq, BNY_CTRL_SET_RATE, func, &rate, sizeof(rate));
}

static int bny_veb_send(struct bny_pf *pf, u16 func, u16 flags,
			const struct bny_ctrl_address *changes, unsigned int count)
{
	struct bny_veb_list *list = &pf->list;

	lockdep_assert_held(&pf->lock);

	list->head = (struct bny_ctrl_addresses) {
		.count = cpu_to_le16(count),
		.flags = cpu_to_le16(flags),
	};
	if (count)
		memcpy(list->changes, changes, count * sizeof(*changes));
	return bny_ctrlq_set(&pf->ctrlq, BNY_CTRL_SET_ADDRESSES, func, list,
			     sizeof(list->head) + count * sizeof(*changes));
}

/* In as many commands as it takes; @done: changes that are in force */
static int bny_veb_send_all(struct bny_pf *pf, u16 func, const struct bny_ctrl_address *changes,
			    unsigned int count, unsigned int *done)
{
	int err = 0;

	for (*done = 0; *done < count && !err;) {
		unsigned int n = min(count - *done, BNY_CTRL_ADDRESSES_MAX);

		err = bny_veb_send(pf, func, 0, changes + *done, n);
		if (!err)
			*done += n;
	}
	return err;
}

static bool bny_veb_listed(const u8 *list, unsigned int count, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (ether_addr_equal_unaligned(list + i * ETH_ALEN, addr))
			return true;
	return false;
}

/* A change for each of @list that isn't in @other */
static unsigned int bny_veb_differ(struct bny_ctrl_address *changes, enum bny_address_op op,
				   const u8 *list, unsigned int count, const u8 *other,
				   unsigned int other_count)
{
	unsigned int i, n = 0;

	for (i = 0; i < count; i++, list += ETH_ALEN) {
		if (bny_veb_listed(other, other_count, list))
			continue;
		changes[n] = (struct bny_ctrl_address) { .op = op };
		memcpy(changes[n].mac, list, ETH_ALEN);
		n++;
	}
	return n;
}

/* What was carried out is taken back: there is room for that */
static void bny_veb_undo(struct bny_pf *pf, u16 func, struct bny_ctrl_address *changes,
			 unsigned int count)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++)
		changes[i].op = changes[i].op == BNY_ADDRESS_ADD ? BNY_ADDRESS_REMOVE :
								   BNY_ADDRESS_ADD;
	err = bny_veb_send_all(pf, func, changes, count, &i);
	if (err)
		dev_err_ratelimited(&pf->bd->pdev->dev,
				    "cannot put back addresses of function %u: %pe\n", func,
				    ERR_PTR(err));
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
 * Return: 0, -ENOSPC if the table is full, -ENOMEM, or another error of bny_ctrlq_set().
 */
int bny_veb_replace(struct bny_pf *pf, u16 func, const u8 *old, unsigned int old_count,
		    const u8 *new, unsigned int new_count)
{
	struct bny_ctrl_address *changes;
	unsigned int n, done;
	int err;

	if (!old_count && !new_count)
		return 0;
	changes = kvzalloc_objs(*changes, old_count + new_count);
	if (!changes)
		return -ENOMEM;

	n = bny_veb_differ(changes, BNY_ADDRESS_ADD, new, new_count, old, old_count);
	n += bny_veb_differ(changes + n, BNY_ADDRESS_REMOVE, old, old_count, new, new_count);
	err = bny_veb_send_all(pf, func, changes, n, &done);
	if (err && done)
		bny_veb_undo(pf, func, changes, done);
	kvfree(changes);
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
	int err;

	err = bny_veb_send(pf, func, BNY_ADDRESSES_FLUSH, NULL, 0);
	if (err && bny_present(pf->bd))
		dev_err_ratelimited(&pf->bd->pdev->dev,
				    "cannot remove function %u from the VEB: %pe\n",
				    func, ERR_PTR(err));
}
