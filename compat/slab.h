/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a kernel whose linux/slab.h allocates by size alone: those by type that the drivers use.
 */
#ifndef BNY_COMPAT_SLAB_H
#define BNY_COMPAT_SLAB_H

#include <linux/slab.h>

#define kzalloc_objs(P, COUNT)	kcalloc(COUNT, sizeof(P), GFP_KERNEL)
#define kzalloc_obj(P)		kzalloc_objs(P, 1)
#define kvzalloc_objs(P, COUNT)	kvcalloc(COUNT, sizeof(P), GFP_KERNEL)
#define kvzalloc_obj(P)		kvzalloc_objs(P, 1)
#define kzalloc_flex(P, FAM, COUNT) \
	kzalloc(struct_size_t(typeof(P), FAM, COUNT), GFP_KERNEL)

#endif /* BNY_COMPAT_SLAB_H */
