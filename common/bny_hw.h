/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Banyan drivers: registers.
 */
#ifndef BNY_HW_H
#define BNY_HW_H

#include "bny.h"

int bny_hw_check(struct pci_dev *pdev, u8 __iomem *regs, unsigned int *queue_pairs);
int bny_hw_reset(struct bny_dev *bd);
bool bny_hw_was_reset(struct bny_dev *bd);
void bny_hw_set_max_frame(struct bny_dev *bd, unsigned int mtu);
void bny_hw_stop_dma(struct bny_dev *bd);
bool bny_hw_close(struct bny_dev *bd);
bool bny_hw_open(struct bny_dev *bd);
void bny_hw_vanished(struct bny_dev *bd);

#endif /* BNY_HW_H */
