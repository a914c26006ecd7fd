/*
 * Fuzzing: what the bytes mean
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_UNIT_FUZZ_H
#define TESTS_UNIT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The input starts with this, in host byte order; the frame is the rest */
struct FuzzInput {
    uint16_t hdr_len;       /* bytes of the frame that the parser sees */
    uint16_t cut;           /* where the frame is split into two buffers */
    uint16_t l4_off;
    uint16_t csum_off;
    uint16_t gso_hdr_len;
    uint16_t mss;
    uint8_t l3_off;
    uint8_t type;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* TESTS_UNIT_FUZZ_H */
