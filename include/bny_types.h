/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Banyan hardware interface: what the other headers need of their environment.
 *
 * The same files are compiled into the Linux drivers, the QEMU device model, the qtests and the
 * userspace tools. In the kernel everything comes from <linux/>; elsewhere from here.
 */
#ifndef BNY_TYPES_H
#define BNY_TYPES_H

#ifdef __KERNEL__
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
#include <linux/types.h>
#else
typedef uint8_t __u8;
typedef uint32_t __u32;
typedef uint16_t __le16;
typedef uint32_t __le32;
typedef uint64_t __le64;
#endif

#ifndef BIT
#define BIT(nr)			(1UL << (nr))
#endif
#ifndef GENMASK
#define GENMASK(hi, lo)		((~0ULL << (lo)) & (~0ULL >> (63 - (hi))))
#endif
#ifndef FIELD_GET
#define FIELD_GET(mask, reg)	((uint32_t)(((reg) & (mask)) / ((mask) & ~((mask) << 1))))
#endif
#ifndef FIELD_PREP
#define FIELD_PREP(mask, val)	((uint32_t)(((val) * ((mask) & ~((mask) << 1))) & (mask)))
#endif
#endif /* __KERNEL__ */

#endif /* BNY_TYPES_H */
