/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: life of a function (datasheet, chapter "Life of a function").
 */
#ifndef BNY_FUNC_H
#define BNY_FUNC_H

#include "bny.h"

int bny_func_init(struct bny_dev *bd);
void bny_func_fini(struct bny_dev *bd);
int bny_func_restore(struct bny_dev *bd);
int bny_func_tell(struct bny_dev *bd);
void bny_func_quiesce(struct bny_dev *bd, enum bny_state state);
int bny_func_revive(struct bny_dev *bd);

#endif /* BNY_FUNC_H */
