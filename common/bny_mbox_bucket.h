/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan mailbox: how often a VF may ask. Pure arithmetic, which KUnit tests as it is.
 *
 * The PF drops what comes faster without a look at it. A VF keeps below that by the same means, so
 * that nothing of its own is lost.
 */
#ifndef BNY_MBOX_BUCKET_H
#define BNY_MBOX_BUCKET_H

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <linux/types.h>

/* Messages and resets of a VF: this many at once, then this many a second */
#define BNY_VF_REQUEST_BURST	64
#define BNY_VF_REQUEST_RATE	100

/* A token comes each time */
#define BNY_BUCKET_INTERVAL	(NSEC_PER_SEC / BNY_VF_REQUEST_RATE)

/**
 * struct bny_bucket - token bucket
 * @burst: tokens that it holds
 * @tokens: left
 * @stamp: when @tokens was right, nanoseconds
 */
struct bny_bucket {
	u32 burst;
	u32 tokens;
	u64 stamp;
};

/**
 * bny_bucket_init() - a full bucket
 * @bucket: bucket
 * @burst: tokens that it holds
 * @now: monotonic time, nanoseconds
 */
static inline void bny_bucket_init(struct bny_bucket *bucket, u32 burst, u64 now)
{
	bucket->burst = burst;
	bucket->tokens = burst;
	bucket->stamp = now;
}

/**
 * bny_bucket_take() - may there be one more?
 * @bucket: of the VF
 * @now: monotonic time, nanoseconds
 *
 * Return: true, and one token less, if there is one.
 */
static inline bool bny_bucket_take(struct bny_bucket *bucket, u64 now)
{
	u64 fresh = div_u64(now - bucket->stamp, BNY_BUCKET_INTERVAL);

	/* Keep the rest of the division: it counts for the next token */
	bucket->stamp += fresh * BNY_BUCKET_INTERVAL;
	bucket->tokens = min_t(u64, bucket->tokens + fresh, bucket->burst);
	if (!bucket->tokens)
		return false;
	bucket->tokens--;
	return true;
}

#endif /* BNY_MBOX_BUCKET_H */
