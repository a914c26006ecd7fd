// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan KUnit tests: ring arithmetic (datasheet, chapter "Queues").
 */
#include <kunit/test.h>

#include "bny_dma.h"
#include "bny_tx.h"

/* The device is to be told when an entry is produced at the index that it waits for */
static bool ring_passes_event(u16 event, u16 new, u16 old)
{
	u16 i;

	for (i = old; i != new; i++)
		if (i == event)
			return true;
	return false;
}

static void ring_doorbell_rule(struct kunit *test)
{
	static const u16 starts[] = { 0, 1, 63, 64, 0x7fff, 0x8000, 0xffc0, 0xfffe, 0xffff };
	unsigned int s, burst;
	int event;

	for (s = 0; s < ARRAY_SIZE(starts); s++) {
		for (burst = 0; burst <= 70; burst++) {
			for (event = -75; event <= 75; event++) {
				u16 old = starts[s], new = old + burst, ev = old + event;

				KUNIT_ASSERT_EQ_MSG(test, ring_passes_event(ev, new, old),
						    bny_doorbell_needed(ev, new, old),
						    "event %u new %u old %u", ev, new, old);
			}
		}
	}
}

static void ring_first_entry_needs_doorbell(struct kunit *test)
{
	/* Right after enabling a ring, event is 0 */
	KUNIT_EXPECT_TRUE(test, bny_doorbell_needed(0, 1, 0));
}

static void ring_busy_device_needs_none(struct kunit *test)
{
	/* The device keeps event behind while it works */
	KUNIT_EXPECT_FALSE(test, bny_doorbell_needed(99, 132, 100));
}

struct ring_depth_case {
	const char *name;
	u16 depth;
};

static const struct ring_depth_case ring_depth_cases[] = {
	{ "smallest", BNY_RING_DEPTH_MIN },
	{ "usual", 512 },
	{ "largest", BNY_RING_DEPTH_MAX },
};

KUNIT_ARRAY_PARAM_DESC(ring_depth, ring_depth_cases, name);

/* Write and read a completion ring over twice the range of an index, always one ahead */
static void ring_phase_toggles_each_pass(struct kunit *test)
{
	const struct ring_depth_case *c = test->param_value;
	u32 *flags = kunit_kcalloc(test, c->depth, sizeof(*flags), GFP_KERNEL);
	bool phase = true;
	u32 n;

	KUNIT_ASSERT_NOT_NULL(test, flags);
	for (n = 0; n < 2 * (U16_MAX + 1); n++) {
		u32 slot = n & (c->depth - 1);

		KUNIT_ASSERT_FALSE_MSG(test, bny_cqe_is_new(flags[slot], n, c->depth),
				       "old entry taken for new at %u", n);
		flags[slot] = phase ? BNY_CQE_PHASE : 0;
		KUNIT_ASSERT_TRUE_MSG(test, bny_cqe_is_new(flags[slot], n, c->depth),
				      "new entry not seen at %u", n);
		if (slot == c->depth - 1)
			phase = !phase;
	}
}

static void ring_phase_ignores_other_flags(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, bny_cqe_is_new((u32)~BNY_CQE_PHASE, 0, BNY_RING_DEPTH_MIN));
	KUNIT_EXPECT_TRUE(test, bny_cqe_is_new(~0U, 0, BNY_RING_DEPTH_MIN));
}

static void ring_space(struct kunit *test)
{
	static const u16 starts[] = { 0, 1, 0x7fff, 0x8000, 0xffc0, 0xffff };
	const struct ring_depth_case *c = test->param_value;
	struct bny_tx_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	unsigned int s;

	KUNIT_ASSERT_NOT_NULL(test, ring);
	ring->depth = c->depth;
	for (s = 0; s < ARRAY_SIZE(starts); s++) {
		ring->cons = starts[s];
		ring->prod = starts[s];
		KUNIT_EXPECT_EQ(test, c->depth, bny_tx_unused(ring));
		ring->prod = starts[s] + 1;
		KUNIT_EXPECT_EQ(test, c->depth - 1, bny_tx_unused(ring));
		ring->prod = starts[s] + c->depth;
		KUNIT_EXPECT_EQ(test, 0, bny_tx_unused(ring));
	}
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(ring_doorbell_rule),
	KUNIT_CASE(ring_first_entry_needs_doorbell),
	KUNIT_CASE(ring_busy_device_needs_none),
	KUNIT_CASE_PARAM(ring_phase_toggles_each_pass, ring_depth_gen_params),
	KUNIT_CASE(ring_phase_ignores_other_flags),
	KUNIT_CASE_PARAM(ring_space, ring_depth_gen_params),
	{ }
};

static struct kunit_suite ring_suite = {
	.name = "banyan_ring",
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);
