/*
 * Stands in for QEMU's qemu/osdep.h where the pure code is compiled alone.
 *
 * It declares what that file is relied on for and no more, so that anything
 * else of QEMU's that creeps into the pure code fails to build here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QEMU_OSDEP_H
#define QEMU_OSDEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#endif /* QEMU_OSDEP_H */
