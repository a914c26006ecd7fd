/*
 * A short, repeatable run of the fuzzer's entry point
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "frames.h"
#include "fuzz.h"

#define RUNS 10000

static void run(const struct FuzzInput *in, const uint8_t *frame, size_t len)
{
    g_autofree uint8_t *data = g_malloc(sizeof(*in) + len);

    memcpy(data, in, sizeof(*in));
    memcpy(data + sizeof(*in), frame, len);
    g_assert_cmpint(LLVMFuzzerTestOneInput(data, sizeof(*in) + len), ==, 0);
}

static void test_noise(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    int i;

    for (i = 0; i < RUNS; i++) {
        struct FuzzInput in;
        uint8_t frame[300];

        fill(rand, (uint8_t *)&in, sizeof(in));
        fill(rand, frame, sizeof(frame));
        run(&in, frame, g_rand_int_range(rand, 0, sizeof(frame)));
    }
}

static Frame *extended_frame(size_t payload)
{
    Frame *f = frame_new();

    frame_ether(f, 0x86dd);
    frame_tag(f, 0x88a8, 1, 0x8100);
    frame_tag(f, 0x8100, 2, 0x86dd);
    frame_ipv6(f, 0);
    frame_ipv6_ext(f, 43, 8);
    frame_ipv6_ext(f, 44, 24);
    frame_ipv6_fragment(f, 6, 0);
    frame_tcp(f, 7, 0x99, 4);
    frame_payload(f, payload, 9);
    frame_finish(f);
    return f;
}

/* Frames that are right but for a few bytes get further than noise does */
static void check_mutations(Frame *(*make)(size_t payload), uint32_t seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    int i;

    for (i = 0; i < RUNS; i++) {
        g_autofree Frame *f = make(g_rand_int_range(rand, 0, 400));
        int changes = g_rand_int_range(rand, 0, 4);
        struct FuzzInput in = {
            .hdr_len = BANYAN_PACKET_HDR_MAX,
            .cut = g_rand_int_range(rand, 0, 100),
            .l3_off = f->l3_off,
            .l4_off = f->l4_off,
            .csum_off = f->proto == 17 ? 6 : 16,
            .gso_hdr_len = f->payload_off,
            .mss = g_rand_int_range(rand, 20, 300),
            .type = f->proto == 17 ? 3 : f->ipv6 ? 2 : 1,
        };

        while (changes--) {
            f->data[g_rand_int_range(rand, 0, f->payload_off)] =
                g_rand_int(rand);
        }
        if (i % 4 == 0) {
            in.hdr_len = g_rand_int_range(rand, 0, f->len);
        }
        if (i % 8 == 1) {
            ((uint8_t *)&in)[g_rand_int_range(rand, 0, sizeof(in))] =
                g_rand_int(rand);
        }
        run(&in, f->data, f->len);
    }
}

static void test_mutated_tcpv4(void)
{
    check_mutations(frame_tcpv4, 2);
}

static void test_mutated_tcpv6(void)
{
    check_mutations(frame_tcpv6, 3);
}

static void test_mutated_udpv4(void)
{
    check_mutations(frame_udpv4, 4);
}

static void test_mutated_udpv6(void)
{
    check_mutations(frame_udpv6, 5);
}

static void test_mutated_tags_and_extension_headers(void)
{
    check_mutations(extended_frame, 6);
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
#define ADD(name) g_test_add_func("/fuzz/" #name, test_##name)
    ADD(noise);
    ADD(mutated_tcpv4);
    ADD(mutated_tcpv6);
    ADD(mutated_udpv4);
    ADD(mutated_udpv6);
    ADD(mutated_tags_and_extension_headers);
    return g_test_run();
}
