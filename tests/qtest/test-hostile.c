/*
 * Banyan qtests: a guest that does anything at all, with seeds that repeat.
 * Errors may be latched; QEMU is to live on, and so is who has done nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie_regs.h"
#include "libqmp.h"
#include "qobject/qdict.h"
#include <glib/gstdio.h>

#define VFS         3
#define MEMORY      0x01000000ull
#define FRAMES      0x01100000ull
#define MEMORY_END  0x02000000ull

static Packet packet;

/* Two VFs that talk to each other, and must be able to in the end */
typedef struct Bystanders {
    Port a, b;
} Bystanders;

static Nic *start(Bystanders *by)
{
    Nic *nic = nic_start(",vfs=3");

    nic_enable_vfs(nic, VFS);
    port_start(&by->a, &nic->vf[1]);
    port_start(&by->b, &nic->vf[2]);
    func_up(&nic->vf[0]);
    return nic;
}

/* A new ring for each check: others may have filled or emptied the old ones */
static void assert_alive(Nic *nic, Bystanders *by)
{
    Func *vf = &nic->vf[0];
    uint8_t frame[100];

    g_test_message("VF 0: %" PRIu64 " errors, %" PRIu64 " frames sent, %"
                   PRIu64 " received", counter(vf, BNY_CNT_ERRORS),
                   counter(vf, BNY_CNT_TX_PACKETS),
                   counter(vf, BNY_CNT_RX_PACKETS));

    assert_no_error(by->a.f);
    assert_no_error(by->b.f);
    ring_disable(&by->b.rx);
    ring_start(&by->b.rx, by->b.f, 0, true, PORT_DEPTH);
    rx_post(&by->b.rx, 8, PORT_BUF_LEN);
    frame_build(frame, by->b.mac, by->a.mac, sizeof(frame), 0);
    tx_send(&by->a.tx, frame, sizeof(frame));
    do {
        g_assert_true(rx_packet(&by->b.rx, &packet));
    } while (packet.len != sizeof(frame) ||
             memcmp(packet.data, frame, sizeof(frame)));
    g_assert_true(tx_completed(&by->a.tx, by->a.tx.prod));
    nic->heap = MEMORY_END;
}

/* Numbers as a guest would send that looks for trouble */
static uint32_t number(GRand *rand)
{
    static const uint32_t edges[] = {
        0, 1, 63, 64, 65, 128, 4095, 4096, 4097, 0x7fff, 0x8000, 0xffff,
        0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffffffc0, 0xffffffff,
    };

    switch (g_rand_int_range(rand, 0, 4)) {
    case 0:
        return edges[g_rand_int_range(rand, 0, ARRAY_SIZE(edges))];
    case 1:
        return 1u << g_rand_int_range(rand, 0, 32);
    case 2:
        return g_rand_int_range(rand, 0, 256);
    default:
        return g_rand_int(rand);
    }
}

/* One in @n times */
static bool rarely(GRand *rand, unsigned n)
{
    return !g_rand_int_range(rand, 0, n);
}

static void reset_sometimes(Func *f, GRand *rand)
{
    if (rarely(rand, 16)) {
        reg_write(f, BNY_REG_RESET, BNY_RESET_START);
    }
}

/* Any value to any register of a VF */
static void test_registers(void)
{
    GRand *rand = g_rand_new_with_seed(1);
    Bystanders by;
    Nic *nic = start(&by);
    Func *vf = &nic->vf[0];

    for (unsigned i = 0; i < 20000; i++) {
        uint32_t offset = g_rand_int_range(rand, 0, BNY_VF_BAR_REGS_SIZE / 4);

        /* most registers are in the first pages of their blocks */
        offset *= 4;
        if (i & 1) {
            offset &= 0x80ff;
        }
        reg_write(vf, offset & ~3, number(rand));
        reg_read(vf, offset & ~3);
        reset_sometimes(vf, rand);
    }
    func_reset(vf);
    assert_alive(nic, &by);
    nic_stop(nic);
    g_rand_free(rand);
}

/* The PF may do what it likes to its VFs, but not to QEMU */
static void test_registers_of_pf(void)
{
    GRand *rand = g_rand_new_with_seed(2);
    Bystanders by;
    Nic *nic = start(&by);

    for (unsigned i = 0; i < 20000; i++) {
        uint32_t offset = g_rand_int_range(rand, 0, BNY_PF_BAR_REGS_SIZE / 4);

        offset *= 4;
        switch (i % 3) {
        case 0:
            offset &= 0x80ff;
            break;
        case 1:
            offset = BNY_REGS_PF_ONLY | (offset & 0x103ff);
            break;
        }
        reg_write(&nic->pf, offset & ~3, number(rand));
        reset_sometimes(&nic->pf, rand);
    }
    func_reset(&nic->pf);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    nic_stop(nic);
    g_rand_free(rand);
}

/* Accesses of other sizes and alignments than there are */
static void test_odd_accesses(void)
{
    GRand *rand = g_rand_new_with_seed(3);
    Bystanders by;
    Nic *nic = start(&by);
    Func *vf = &nic->vf[0];
    const uint64_t bars[] = { vf->regs, vf->doorbells, vf->msix };

    for (unsigned i = 0; i < 10000; i++) {
        uint64_t addr = bars[i % 3] + g_rand_int_range(rand, 0, 0xfff8);
        uint32_t value = number(rand);

        switch (g_rand_int_range(rand, 0, 6)) {
        case 0:
            qtest_writeb(nic->qts, addr, value);
            break;
        case 1:
            qtest_writew(nic->qts, addr, value);
            break;
        case 2:
            qtest_writeq(nic->qts, addr, (uint64_t)value << 32 | value);
            break;
        case 3:
            qtest_writel(nic->qts, addr, value);
            break;
        case 4:
            qtest_readw(nic->qts, addr);
            break;
        default:
            qtest_readq(nic->qts, addr);
            break;
        }
    }
    func_reset(vf);
    assert_alive(nic, &by);
    nic_stop(nic);
    g_rand_free(rand);
}

/*
 * Descriptors that are nearly right, so that the device gets far, and wrong
 * here and there.
 */
static void random_tx_desc(GRand *rand, struct bny_tx_desc *desc)
{
    uint32_t gso = g_rand_int_range(rand, 0, 4);
    uint32_t cmd = FIELD_PREP(BNY_TX_CMD_GSO, gso);

    *desc = tcp4_tso(g_rand_int_range(rand, BNY_MSS_MIN, 1500));
    desc->addr = cpu_to_le64(FRAMES + g_rand_int_range(rand, 0, 0x80000));
    desc->len = cpu_to_le32(g_rand_int_range(rand, 14, 3000));
    if (!rarely(rand, 4)) {
        desc->addr = cpu_to_le64(FRAMES + 256 * g_rand_int_range(rand, 0, 99));
        cmd |= BNY_TX_CMD_EOP;
    }
    if (rarely(rand, 2)) {
        cmd |= BNY_TX_CMD_CSUM;
    }
    if (rarely(rand, 16)) {
        desc->l4_off = cpu_to_le16(number(rand));
        desc->hdr_len = cpu_to_le16(number(rand) & 0xff);
        desc->mss = cpu_to_le16(number(rand));
        desc->l3_off = number(rand);
        desc->csum_off = cpu_to_le16(number(rand));
    }
    if (rarely(rand, 50)) {
        ((uint8_t *)desc)[g_rand_int_range(rand, 0, sizeof(*desc))] =
            g_rand_int(rand);
    }
    desc->cmd = cpu_to_le32(cmd);
}

static void random_rx_desc(GRand *rand, struct bny_rx_desc *desc)
{
    *desc = (struct bny_rx_desc) {
        .addr = cpu_to_le64(MEMORY + g_rand_int_range(rand, 0, 0x80000)),
        .len = cpu_to_le32(g_rand_int_range(rand, BNY_RX_BUF_LEN_MIN, 2048)),
        .buf_id = cpu_to_le16(g_rand_int(rand)),
    };
    if (rarely(rand, 100)) {
        ((uint8_t *)desc)[g_rand_int_range(rand, 0, sizeof(*desc))] =
            g_rand_int(rand);
    }
}

/* Memory that descriptors point to: frames of some sort, side by side */
static void fill_memory(Nic *nic, Bystanders *by)
{
    static uint8_t frames[0x1000];

    for (unsigned i = 0; i < sizeof(frames) / 256; i++) {
        tcp4_build(frames + i * 256, i & 1 ? by->b.mac : by->a.mac, by->a.mac,
                   40);
    }
    for (unsigned i = 0; i < 0x100; i++) {
        qtest_memwrite(nic->qts, FRAMES + i * sizeof(frames), frames,
                       sizeof(frames));
    }
}

static void fill_ring(Ring *r, GRand *rand)
{
    ring_config(r, r->f, r->qp, r->rx, BNY_RING_DEPTH_MIN);
    ring_enable(r);
    for (unsigned i = 0; i < BNY_RING_DEPTH_MIN; i++) {
        union {
            struct bny_tx_desc tx;
            struct bny_rx_desc rx;
        } desc;

        if (r->rx) {
            random_rx_desc(rand, &desc.rx);
        } else {
            random_tx_desc(rand, &desc.tx);
        }
        ring_write(r, i, &desc);
    }
    r->prod = g_rand_int_range(rand, 1, BNY_RING_DEPTH_MIN + 2);
    ring_publish(r);
    doorbell(r->f, r->qp, r->rx ? BNY_DB_RX : BNY_DB_TX, r->prod);
}

/* Rings of descriptors that are nearly right */
static void test_rings(void)
{
    GRand *rand = g_rand_new_with_seed(4);
    Bystanders by;
    Nic *nic = start(&by);
    Func *vf = &nic->vf[0];
    Ring tx = { .f = vf }, rx = { .f = vf, .rx = true };
    uint8_t frame[2000], mac[6];

    fill_memory(nic, &by);
    mac_of(vf->index, mac);
    for (unsigned round = 0; round < 400; round++) {
        nic->heap = MEMORY_END;
        reg_write(vf, BNY_REG_RESET, BNY_RESET_START);
        reg_write(vf, BNY_REG_FEATURES, reg_read(vf, BNY_REG_CAPS));
        doorbell(vf, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
        fill_ring(&rx, rand);
        tx_send(&by.a.tx, frame,
                frame_build(frame, mac, by.a.mac,
                            g_rand_int_range(rand, 60, sizeof(frame)), 0));
        fill_ring(&tx, rand);
        g_assert_true(tx_completed(&by.a.tx, by.a.tx.prod));
        qtest_clock_step(nic->qts, 3000 * 1000);
    }
    g_assert_cmpuint(counter(vf, BNY_CNT_TX_PACKETS), >, 200);
    g_assert_cmpuint(counter(vf, BNY_CNT_RX_PACKETS), >, 20);
    func_reset(vf);
    assert_alive(nic, &by);
    nic_stop(nic);
    g_rand_free(rand);
}

/* The shadow record and the rings change under the device's hands */
static void test_moving_memory(void)
{
    GRand *rand = g_rand_new_with_seed(5);
    Bystanders by;
    Nic *nic = start(&by);
    Func *vf = &nic->vf[0];
    uint8_t frame[60];
    Ring tx;

    frame_build(frame, by.b.mac, by.a.mac, sizeof(frame), 0);
    for (unsigned round = 0; round < 300; round++) {
        nic->heap = MEMORY_END;
        reg_write(vf, BNY_REG_RESET, BNY_RESET_START);
        ring_config(&tx, vf, 0, false, BNY_RING_DEPTH_MIN);
        ring_enable(&tx);
        for (unsigned i = 0; i < 32; i++) {
            tx_put(&tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
        }
        ring_kick(&tx);
        for (unsigned i = 0; i < 8; i++) {
            uint64_t base[] = { tx.base, tx.cq, tx.shadow };

            qtest_writel(nic->qts, base[i % 3] +
                         g_rand_int_range(rand, 0, 16) * 4, number(rand));
            doorbell(vf, 0, BNY_DB_TX, number(rand));
        }
    }
    func_reset(vf);
    assert_alive(nic, &by);
    nic_stop(nic);
    g_rand_free(rand);
}

/* Anything to the VF's configuration space */
static void test_configuration_space(void)
{
    GRand *rand = g_rand_new_with_seed(6);
    Bystanders by;
    Nic *nic = start(&by);
    Func *vf = &nic->vf[0];

    for (unsigned i = 0; i < 20000; i++) {
        func_cfg_write(vf, g_rand_int_range(rand, 0, i & 1 ? 0x100 : 0x1000),
                       1 << g_rand_int_range(rand, 0, 2), number(rand));
    }
    func_set_power(vf, 0);
    func_flr(vf);
    func_bus_master(vf, true);
    func_reset(vf);
    assert_alive(nic, &by);
    nic_stop(nic);
    g_rand_free(rand);
}

/* VFs come and go while their rings work */
static void test_vfs_come_and_go(void)
{
    GRand *rand = g_rand_new_with_seed(7);
    Nic *nic = nic_start(",vfs=8");
    uint8_t frame[60];

    for (unsigned round = 0; round < 30; round++) {
        unsigned vfs = g_rand_int_range(rand, 2, 9);
        Port a, b;

        nic->heap = MEMORY_END;
        nic_enable_vfs(nic, vfs);
        func_reset(&nic->pf);
        port_start(&a, &nic->vf[0]);
        port_start(&b, &nic->vf[vfs - 1]);
        frame_build(frame, b.mac, a.mac, sizeof(frame), round);
        for (unsigned i = 0; i < 40; i++) {
            tx_put(&a.tx, frame, sizeof(frame), BNY_TX_CMD_EOP);
        }
        ring_kick(&a.tx);
        if (g_rand_boolean(rand)) {
            g_assert_true(rx_packet(&b.rx, &packet));
        }
        if (g_rand_boolean(rand)) {
            func_flr(&nic->vf[g_rand_int_range(rand, 0, vfs)]);
        }
        nic_disable_vfs(nic);
    }
    assert_no_error(&nic->pf);
    nic_stop(nic);
    g_rand_free(rand);
}

/* Load the state in a file into a new device. True: it was taken */
static bool load_state(const char *uri)
{
    Nic *nic = nic_start_with(",vfs=3", "-incoming defer");
    char status[16];

    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'migrate-incoming',"
                             " 'arguments': { 'uri': %s,"
                             " 'exit-on-error': false } }", uri);
    do {
        QDict *reply = qtest_qmp(nic->qts, "{ 'execute': 'query-migrate' }");
        QDict *info = qdict_get_qdict(reply, "return");

        g_strlcpy(status, qdict_get_try_str(info, "status") ?: "none",
                  sizeof(status));
        qobject_unref(reply);
        g_usleep(1000);
    } while (strcmp(status, "completed") && strcmp(status, "failed"));

    /* if it was taken, the device goes on from there */
    nic_settle(nic);
    nic_stop(nic);
    return !strcmp(status, "completed");
}

/* Saved state that was damaged is refused or taken, and never ends badly */
static void test_damaged_state(void)
{
    enum { ROUNDS = 16, FUNCTIONS = 1 + VFS, BYTES = 2048 };
    GRand *rand = g_rand_new_with_seed(8);
    g_autofree char *dir = g_dir_make_tmp("banyan-qtest-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "state", NULL);
    g_autofree char *uri = g_strdup_printf("file:%s", file);
    g_autofree char *state = NULL;
    unsigned taken = 0;
    size_t section[FUNCTIONS], len;
    Bystanders by;
    Nic *nic = start(&by);

    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'migrate', 'arguments':"
                             " { 'uri': %s } }", uri);
    qtest_qmp_eventwait(nic->qts, "STOP");
    nic_stop(nic);
    g_assert_true(load_state(uri));

    g_assert_true(g_file_get_contents(file, &state, &len, NULL));
    /* behind each function's configuration space there is its state */
    for (unsigned i = 0, at = 0; i < FUNCTIONS; i++) {
        char *name = memmem(state + at, len - at, "/banyan",
                            strlen("/banyan"));

        g_assert_nonnull(name);
        at = name - state + PCIE_CONFIG_SPACE_SIZE;
        section[i] = at;
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        g_autofree char *damaged = g_memdup2(state, len);

        for (unsigned k = 0; k < 1u << i % 8; k++) {
            size_t at = section[g_rand_int_range(rand, 0, FUNCTIONS)];

            damaged[at + g_rand_int_range(rand, 0, BYTES)] = g_rand_int(rand);
        }
        g_assert_true(g_file_set_contents(file, damaged, len, NULL));
        taken += load_state(uri);
    }
    g_test_message("%u of %u taken", taken, ROUNDS);
    g_assert_cmpuint(taken, >, 0);
    g_assert_cmpuint(taken, <, ROUNDS);
    g_unlink(file);
    g_rmdir(dir);
    g_rand_free(rand);
}

void add_hostile_tests(void)
{
    g_test_add_func(TEST_PREFIX "hostile/registers", test_registers);
    g_test_add_func(TEST_PREFIX "hostile/registers-of-pf",
                    test_registers_of_pf);
    g_test_add_func(TEST_PREFIX "hostile/odd-accesses", test_odd_accesses);
    g_test_add_func(TEST_PREFIX "hostile/rings", test_rings);
    g_test_add_func(TEST_PREFIX "hostile/moving-memory", test_moving_memory);
    g_test_add_func(TEST_PREFIX "hostile/configuration-space",
                    test_configuration_space);
    g_test_add_func(TEST_PREFIX "hostile/vfs-come-and-go",
                    test_vfs_come_and_go);
    g_test_add_func(TEST_PREFIX "hostile/damaged-state", test_damaged_state);
}
