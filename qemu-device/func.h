/*
 * Banyan: a function as a whole (datasheet, sections 2 and 3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_FUNC_H
#define HW_NET_BANYAN_FUNC_H

#include "banyan.h"

/**
 * banyan_func_init: BARs, capabilities and state of a function
 * @index: function index
 *
 * banyan_func_exit() undoes it, after a failure too. Its memory goes with
 * banyan_func_finalize() only: until then somebody may unwind into it.
 */
bool banyan_func_init(BanyanFunc *f, PCIDevice *pdev, BanyanPort *port,
                      unsigned index, unsigned queue_pairs, unsigned vectors,
                      Error **errp);
void banyan_func_exit(BanyanFunc *f);
void banyan_func_finalize(BanyanFunc *f);

void banyan_func_write_config(BanyanFunc *f, uint32_t addr, uint32_t val,
                              int len);
void banyan_func_reset_hold(BanyanFunc *f);
void banyan_func_update_power(BanyanFunc *f);
void banyan_func_resume(BanyanFunc *f);

#endif /* HW_NET_BANYAN_FUNC_H */
