/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for the kernel where the drivers' pure code and its KUnit tests are built natively
 * (Makefile). It has what these use, and no more: pure code that leans on anything else of the
 * kernel fails to build here.
 */
#ifndef BNY_NATIVE_KERNEL_H
#define BNY_NATIVE_KERNEL_H

#include <endian.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef u64 dma_addr_t;
typedef u64 netdev_features_t;
typedef int netdev_tx_t;

#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define NSEC_PER_SEC	1000000000L

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define div_u64(a, b)		((a) / (b))

#define le16_to_cpu(v)	le16toh(v)
#define le32_to_cpu(v)	le32toh(v)
#define cpu_to_le16(v)	htole16(v)
#define cpu_to_le32(v)	htole32(v)
#define be16_to_cpu(v)	be16toh(v)
#define cpu_to_be16(v)	htobe16(v)
#define htons(v)	htobe16(v)

/* Of masks that are constants */
#define FIELD_SHIFT(mask)	__builtin_ctz(mask)
#define FIELD_PREP(mask, v)	((u32)(v) << FIELD_SHIFT(mask) & (mask))
#define FIELD_GET(mask, v)	(((v) & (mask)) >> FIELD_SHIFT(mask))

#define VLAN_N_VID	4096
#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + 8 * sizeof(long) - 1) / (8 * sizeof(long))]

#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)

#define __packed	__attribute__((packed))
#define __iomem
#define __rcu
#define ____cacheline_aligned_in_smp
#define EXPORT_SYMBOL_NS_GPL(name, ns)	static_assert(sizeof(name) != 0 && sizeof(ns) != 0, "there is one")
#define EXPORT_SYMBOL_IF_KUNIT(name)	static_assert(sizeof(name) != 0, "there is one")
#define MODULE_IMPORT_NS(ns)		static_assert(sizeof(ns) != 0, "there is one")
#define MODULE_DESCRIPTION(text)	static_assert(sizeof(text) != 0, "there is one")
#define MODULE_LICENSE(text)		static_assert(sizeof(text) != 0, "there is one")

typedef struct spinlock { int unused; } spinlock_t;
struct mutex { int unused; };
struct completion { int unused; };
struct delayed_work { int unused; };
struct u64_stats_sync { int unused; };
struct ifla_vf_info;

/* linux/if_link.h */
enum {
	IFLA_VF_LINK_STATE_AUTO,
	IFLA_VF_LINK_STATE_ENABLE,
	IFLA_VF_LINK_STATE_DISABLE,
};

static inline bool is_multicast_ether_addr(const u8 *addr)
{
	return addr[0] & 1;
}

static inline bool ether_addr_equal(const u8 *a, const u8 *b)
{
	return !memcmp(a, b, ETH_ALEN);
}

static inline void ether_addr_copy(u8 *to, const u8 *from)
{
	memcpy(to, from, ETH_ALEN);
}

static inline bool is_zero_ether_addr(const u8 *addr)
{
	static const u8 zero[ETH_ALEN];

	return ether_addr_equal(addr, zero);
}

static inline bool is_valid_ether_addr(const u8 *addr)
{
	return !is_multicast_ether_addr(addr) && !is_zero_ether_addr(addr);
}

static inline void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes; bytes--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

/* Numbers that repeat; not the kernel's */
struct rnd_state { u64 x; };

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->x = seed;
}

static inline u32 prandom_u32_state(struct rnd_state *state)
{
	state->x = state->x * 6364136223846793005ULL + 1442695040888963407ULL;
	return state->x >> 33;
}

static inline void prandom_bytes_state(struct rnd_state *state, void *buf, size_t len)
{
	u8 *p = buf;

	while (len--)
		*p++ = prandom_u32_state(state);
}

#define strscpy(to, from, size)	((void)snprintf(to, size, "%s", from))

#include "kunit.h"

#endif /* BNY_NATIVE_KERNEL_H */
