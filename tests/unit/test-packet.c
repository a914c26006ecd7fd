/*
 * Unit tests: where the headers of a frame are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "frames.h"

/* Ethernet */

static void test_every_truncation_is_safe(void)
{
    g_autofree Frame *f = frame_new();
    BanyanPacket pkt;
    size_t len;

    frame_ether(f, 0x86dd);
    frame_tag(f, 0x88a8, 7, 0x8100);
    frame_tag(f, 0x8100, 8, 0x86dd);
    frame_ipv6(f, 0);
    frame_ipv6_ext(f, 60, 16);
    frame_ipv6_ext(f, 6, 8);
    frame_tcp(f, 1, 0x10, 3);
    frame_payload(f, 20, 0);
    frame_finish(f);
    for (len = 0; len < f->len; len++) {
        parse_exact(&pkt, f->data, len, f->len);
        g_assert_cmpint(pkt.l3 != BANYAN_L3_NONE, ==, len >= f->l3_off + 40);
        g_assert_cmpint(pkt.l4 != BANYAN_L4_NONE, ==, len >= f->l4_off + 20);
    }
}

static void test_shorter_than_ethernet(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    parse_exact(&pkt, f->data, 13, 13);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
    g_assert_cmphex(pkt.ethertype, ==, 0);
}

static void test_frame_bounds_the_buffer(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    banyan_packet_parse(&pkt, f->data, f->len, 20);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

static void test_length_field_is_no_type(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    put16(f->data + 12, 0x05ff);
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

static void test_other_ethertype(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    put16(f->data + 12, 0x0806);
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
    g_assert_cmphex(pkt.ethertype, ==, 0x0806);
}

/* Tags */

static Frame *tagged(unsigned tags)
{
    Frame *f = frame_new();
    unsigned i;

    frame_ether(f, 0x0800);
    for (i = 0; i < tags; i++) {
        frame_tag(f, i + 1 < tags ? 0x88a8 : 0x8100, 5, 0x0800);
    }
    frame_ipv4(f, 17, 0);
    frame_udp(f);
    frame_payload(f, 9, 0);
    frame_finish(f);
    return f;
}

static void test_one_and_two_tags(void)
{
    unsigned tags;
    BanyanPacket pkt;

    for (tags = 0; tags <= 2; tags++) {
        g_autofree Frame *f = tagged(tags);

        parse_frame(&pkt, f);
        g_assert_cmpuint(pkt.vlan_tags, ==, tags);
        g_assert_cmphex(pkt.ethertype, ==, 0x0800);
        g_assert_cmpuint(pkt.l3_off, ==, 14 + 4 * tags);
        g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
    }
}

static void check_vlan(const Frame *f, size_t len, uint16_t tpid, uint16_t vid)
{
    BanyanVlan vlan = banyan_packet_vlan(f->data, len);

    g_assert_cmphex(vlan.tpid, ==, tpid);
    g_assert_cmpuint(vlan.vid, ==, vid);
}

/* That of the outermost tag; a priority tag is none */
static void test_vlan(void)
{
    g_autofree Frame *f = tagged(2);

    put16(f->data + 14, 0xf234);
    check_vlan(f, f->len, 0x88a8, 0x234);
    g_assert_true(banyan_packet_is_tagged(f->data));
    put16(f->data + 12, 0x8100);
    check_vlan(f, f->len, 0x8100, 0x234);
    put16(f->data + 14, 0xf000);
    check_vlan(f, f->len, 0, 0);
    g_assert_true(banyan_packet_is_tagged(f->data));
    put16(f->data + 12, 0x0800);
    check_vlan(f, f->len, 0, 0);
    g_assert_false(banyan_packet_is_tagged(f->data));
}

/* A frame that ends within its tag is in no VLAN that there is */
static void test_vlan_cut_off(void)
{
    g_autofree Frame *f = tagged(1);
    size_t len;

    for (len = 14; len < 18; len++) {
        g_autofree uint8_t *data = g_memdup2(f->data, len);
        BanyanVlan vlan = banyan_packet_vlan(data, len);

        g_assert_cmphex(vlan.tpid, ==, 0x8100);
        g_assert_cmpuint(vlan.vid, ==, 4095);
    }
    check_vlan(f, 18, 0x8100, 5);
}

static void test_third_tag_stops(void)
{
    g_autofree Frame *f = tagged(3);
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    g_assert_cmpuint(pkt.vlan_tags, ==, 2);
    g_assert_cmphex(pkt.ethertype, ==, 0x8100);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

/* IPv4 */

static void test_ipv4_tcp(void)
{
    g_autofree Frame *f = frame_tcpv4(100);
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_IPV4);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_TCP);
    g_assert_cmpuint(pkt.ip_proto, ==, 6);
    g_assert_cmpuint(pkt.l3_off, ==, 14);
    g_assert_cmpuint(pkt.l4_off, ==, 34);
    g_assert_cmpuint(pkt.hdr_len, ==, 66);
    g_assert_cmpuint(pkt.l4_len, ==, 132);
}

static void test_ipv4_options(void)
{
    g_autofree Frame *f = frame_new();
    BanyanPacket pkt;

    frame_ether(f, 0x0800);
    frame_ipv4(f, 17, 10);
    frame_udp(f);
    frame_finish(f);
    parse_frame(&pkt, f);
    g_assert_cmpuint(pkt.l4_off, ==, 74);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
}

static void test_ipv4_wrong_version(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    f->data[14] = 0x65;
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

static void test_ipv4_short_header_length(void)
{
    g_autofree Frame *f = frame_tcpv4(0);
    BanyanPacket pkt;

    f->data[14] = 0x44;
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

static void check_no_l4(const Frame *f, BanyanL3 l3)
{
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, l3);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_NONE);
    g_assert_cmpuint(pkt.l4_len, ==, 0);
}

static void test_ipv4_length_beyond_frame(void)
{
    g_autofree Frame *f = frame_tcpv4(0);

    put16(f->data + 16, f->len - 14 + 1);
    check_no_l4(f, BANYAN_L3_IPV4);
}

static void test_ipv4_length_below_headers(void)
{
    g_autofree Frame *f = frame_tcpv4(50);

    put16(f->data + 16, 19);
    check_no_l4(f, BANYAN_L3_IPV4);
    put16(f->data + 16, 20 + 31);
    check_no_l4(f, BANYAN_L3_IPV4);
}

static void test_ipv4_padding_is_not_l4(void)
{
    g_autofree Frame *f = frame_udpv4(3);
    BanyanPacket pkt;

    f->len = 60;
    parse_frame(&pkt, f);
    g_assert_cmpuint(pkt.l4_len, ==, 11);
}

static void test_ipv4_fragments(void)
{
    static const uint16_t fields[] = { 0x2000, 0x2001, 0x0001, 0x1fff };
    g_autofree Frame *f = frame_udpv4(50);
    BanyanPacket pkt;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(fields); i++) {
        put16(f->data + 20, fields[i]);
        parse_frame(&pkt, f);
        g_assert_true(pkt.fragment);
        check_no_l4(f, BANYAN_L3_IPV4);
    }
}

static void test_ipv4_dont_fragment_is_whole(void)
{
    g_autofree Frame *f = frame_udpv4(50);
    BanyanPacket pkt;

    put16(f->data + 20, 0x4000);
    parse_frame(&pkt, f);
    g_assert_false(pkt.fragment);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
}

static void test_other_protocol(void)
{
    g_autofree Frame *f = frame_tcpv4(50);
    BanyanPacket pkt;

    f->data[23] = 47;
    check_no_l4(f, BANYAN_L3_IPV4);
    parse_frame(&pkt, f);
    g_assert_cmpuint(pkt.ip_proto, ==, 47);
}

/* TCP, UDP */

static void test_tcp_short_data_offset(void)
{
    g_autofree Frame *f = frame_tcpv4(50);

    f->data[f->l4_off + 12] = 0x40;
    check_no_l4(f, BANYAN_L3_IPV4);
}

static void test_tcp_options_beyond_datagram(void)
{
    g_autofree Frame *f = frame_tcpv4(0);

    f->data[f->l4_off + 12] = 0x90;
    check_no_l4(f, BANYAN_L3_IPV4);
}

static void test_udp_has_only_its_header(void)
{
    g_autofree Frame *f = frame_udpv4(0);
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
    g_assert_cmpuint(pkt.l4_len, ==, 8);
    g_assert_cmpuint(pkt.hdr_len, ==, 42);
}

/* IPv6 */

static void test_ipv6_tcp(void)
{
    g_autofree Frame *f = frame_tcpv6(100);
    BanyanPacket pkt;

    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_IPV6);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_TCP);
    g_assert_cmpuint(pkt.l4_off, ==, 54);
    g_assert_cmpuint(pkt.hdr_len, ==, 74);
    g_assert_cmpuint(pkt.l4_len, ==, 120);
    g_assert_false(pkt.routed);
}

static void test_ipv6_wrong_version(void)
{
    g_autofree Frame *f = frame_tcpv6(0);
    BanyanPacket pkt;

    f->data[14] = 0x45;
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l3, ==, BANYAN_L3_NONE);
}

static void test_ipv6_length_beyond_frame(void)
{
    g_autofree Frame *f = frame_tcpv6(0);

    put16(f->data + 18, 21);
    check_no_l4(f, BANYAN_L3_IPV6);
}

/* Each kind by itself, then UDP */
static void test_ipv6_each_extension_header(void)
{
    static const uint8_t types[] = { 0, 43, 60, 135, 139, 140 };
    BanyanPacket pkt;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree Frame *f = frame_new();

        frame_ether(f, 0x86dd);
        frame_ipv6(f, types[i]);
        frame_ipv6_ext(f, 17, 24);
        frame_udp(f);
        frame_finish(f);
        parse_frame(&pkt, f);
        g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
        g_assert_cmpuint(pkt.l4_off, ==, 54 + 24);
        g_assert_cmpuint(pkt.ip_proto, ==, 17);
    }
}

/* RFC 4302 counts in units of 4 bytes where the others count 8 */
static void test_ipv6_authentication_header(void)
{
    g_autofree Frame *f = frame_new();
    BanyanPacket pkt;

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 51);
    frame_ipv6_ext(f, 17, 24);
    f->data[55] = 24 / 4 - 2;
    frame_udp(f);
    frame_finish(f);
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
    g_assert_cmpuint(pkt.l4_off, ==, 54 + 24);
}

static void test_ipv6_extension_chain(void)
{
    g_autofree Frame *f = frame_new();
    BanyanPacket pkt;

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 0);
    frame_ipv6_ext(f, 43, 8);
    frame_ipv6_ext(f, 60, 32);
    frame_ipv6_ext(f, 6, 16);
    frame_tcp(f, 0, 0x10, 2);
    frame_finish(f);
    parse_frame(&pkt, f);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_TCP);
    g_assert_cmpuint(pkt.l4_off, ==, f->l4_off);
    g_assert_cmpuint(pkt.hdr_len, ==, f->payload_off);
}

static void test_ipv6_endless_chain_ends(void)
{
    g_autofree Frame *f = frame_new();
    int i;

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 60);
    for (i = 0; i < 500; i++) {
        frame_ipv6_ext(f, 60, 8);
    }
    frame_finish(f);
    check_no_l4(f, BANYAN_L3_IPV6);
}

static void test_ipv6_extension_beyond_frame(void)
{
    g_autofree Frame *f = frame_new();

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 60);
    frame_ipv6_ext(f, 17, 8);
    f->data[55] = 255;
    frame_udp(f);
    frame_finish(f);
    check_no_l4(f, BANYAN_L3_IPV6);
}

static void test_ipv6_fragments(void)
{
    static const uint16_t fields[] = { 0x0001, 0x0008, 0xfff9 };
    BanyanPacket pkt;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree Frame *f = frame_new();

        frame_ether(f, 0x86dd);
        frame_ipv6(f, 44);
        frame_ipv6_fragment(f, 17, fields[i]);
        frame_udp(f);
        frame_finish(f);
        parse_frame(&pkt, f);
        g_assert_true(pkt.fragment);
        g_assert_cmpuint(pkt.ip_proto, ==, 17);
        check_no_l4(f, BANYAN_L3_IPV6);
    }
}

/* RFC 6946 */
static void check_whole(uint16_t field)
{
    g_autofree Frame *f = frame_new();
    BanyanPacket pkt;

    frame_ether(f, 0x86dd);
    frame_ipv6(f, 44);
    frame_ipv6_fragment(f, 17, field);
    frame_udp(f);
    frame_finish(f);
    parse_frame(&pkt, f);
    g_assert_false(pkt.fragment);
    g_assert_cmpint(pkt.l4, ==, BANYAN_L4_UDP);
}

static void test_ipv6_atomic_fragment_is_whole(void)
{
    check_whole(0);
    /* reserved bits, which receivers don't look at */
    check_whole(0x0006);
}

static void test_ipv6_no_next_header(void)
{
    g_autofree Frame *f = frame_tcpv6(0);

    f->data[20] = 59;
    check_no_l4(f, BANYAN_L3_IPV6);
}

static void test_ipv6_routing_header_says_routed(void)
{
    uint8_t left;
    BanyanPacket pkt;

    for (left = 0; left < 3; left++) {
        g_autofree Frame *f = frame_new();

        frame_ether(f, 0x86dd);
        frame_ipv6(f, 43);
        frame_ipv6_ext(f, 6, 40);
        f->data[54 + 3] = left;
        frame_tcp(f, 0, 0x10, 0);
        frame_finish(f);
        parse_frame(&pkt, f);
        g_assert_cmpint(pkt.l4, ==, BANYAN_L4_TCP);
        g_assert_cmpint(pkt.routed, ==, left > 0);
    }
}

/* Not believing the IP length */

static void test_headers_whatever_ip_says(void)
{
    static const uint16_t lens[] = { 0, 19, 40, 1000, 65535 };
    g_autofree Frame *f = frame_tcpv4(100);
    BanyanPacket pkt;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lens); i++) {
        put16(f->data + 16, lens[i]);
        banyan_packet_parse_headers(&pkt, f->data, 66, f->len);
        g_assert_cmpint(pkt.l4, ==, BANYAN_L4_TCP);
        g_assert_cmpuint(pkt.l4_len, ==, 132);
        g_assert_cmpuint(pkt.hdr_len, ==, 66);
    }
}

int main(int argc, char **argv)
{
    unit_init(&argc, &argv);
#define ADD(name) g_test_add_func("/packet/" #name, test_##name)
    ADD(every_truncation_is_safe);
    ADD(shorter_than_ethernet);
    ADD(frame_bounds_the_buffer);
    ADD(length_field_is_no_type);
    ADD(other_ethertype);
    ADD(one_and_two_tags);
    ADD(vlan);
    ADD(vlan_cut_off);
    ADD(third_tag_stops);
    ADD(ipv4_tcp);
    ADD(ipv4_options);
    ADD(ipv4_wrong_version);
    ADD(ipv4_short_header_length);
    ADD(ipv4_length_beyond_frame);
    ADD(ipv4_length_below_headers);
    ADD(ipv4_padding_is_not_l4);
    ADD(ipv4_fragments);
    ADD(ipv4_dont_fragment_is_whole);
    ADD(other_protocol);
    ADD(tcp_short_data_offset);
    ADD(tcp_options_beyond_datagram);
    ADD(udp_has_only_its_header);
    ADD(ipv6_tcp);
    ADD(ipv6_wrong_version);
    ADD(ipv6_length_beyond_frame);
    ADD(ipv6_each_extension_header);
    ADD(ipv6_authentication_header);
    ADD(ipv6_extension_chain);
    ADD(ipv6_endless_chain_ends);
    ADD(ipv6_extension_beyond_frame);
    ADD(ipv6_fragments);
    ADD(ipv6_atomic_fragment_is_whole);
    ADD(ipv6_no_next_header);
    ADD(ipv6_routing_header_says_routed);
    ADD(headers_whatever_ip_says);
    return g_test_run();
}
