/*
 * Banyan: commands of the control queue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_NET_BANYAN_COMMAND_H
#define HW_NET_BANYAN_COMMAND_H

#include "banyan.h"

/**
 * banyan_command_run: carry out a command
 * @f: who gives it
 * @command: as it was read
 * @written: bytes of payload that were
 */
enum bny_ctrl_status
banyan_command_run(BanyanFunc *f, const struct bny_ctrl_command *command,
                   uint32_t *written);

#endif /* HW_NET_BANYAN_COMMAND_H */
