/*
 * Banyan qtests: saved state. The device is saved with its VFs at work and
 * loaded into another QEMU, where they go on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "standard-headers/linux/pci_regs.h"
#include <glib/gstdio.h>

static Packet packet;

static void test_idle(void)
{
    Nic *nic = nic_start(",vfs=4");
    uint32_t mac = reg_read(&nic->pf, BNY_REG_MAC_LO);

    nic_move(nic, ",vfs=4");
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAGIC), ==, BNY_MAGIC);
    g_assert_cmphex(reg_read(&nic->pf, BNY_REG_MAC_LO), ==, mac);
    nic_stop(nic);
}

enum { IN_FRAME_VFS = 40, IN_FRAME_SEGMENTS = 2000 };

/* Sends a frame to all VFs and stops. How often it has arrived by then */
static unsigned stop_in_a_frame(Nic *nic, Port *a)
{
    static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
    struct bny_tx_desc desc;
    unsigned done = 0;
    Ring rx;

    nic_enable_vfs(nic, IN_FRAME_VFS);
    port_start_with(a, &nic->vf[0], BNY_FEAT_TX_USO);
    for (unsigned i = 1; i < IN_FRAME_VFS; i++) {
        func_up(&nic->vf[i]);
        rx_start_sink(&rx, &nic->vf[i]);
    }
    desc = udp4_uso(a, broadcast, IN_FRAME_SEGMENTS, BNY_MSS_MIN);
    tx_desc(&a->tx, &desc);
    ring_kick(&a->tx);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    for (unsigned i = 1; i < IN_FRAME_VFS; i++) {
        done += counter(&nic->vf[i], BNY_CNT_RX_PACKETS);
    }
    return done;
}

/* A frame that is left off in the middle goes on there: nobody gets it twice */
static void test_in_a_frame(void)
{
    enum { TOTAL = (IN_FRAME_VFS - 1) * IN_FRAME_SEGMENTS, TRIES = 10 };
    unsigned done, tries = 0;
    Nic *nic = NULL;
    Port a;

    /* where the host is busy the frame may be over before it stops */
    do {
        g_assert_cmpuint(tries++, <, TRIES);
        g_clear_pointer(&nic, nic_stop);
        nic = nic_start(",vfs=40");
        done = stop_in_a_frame(nic, &a);
        g_test_message("%u of %u before", done, TOTAL);
    } while (done == 0 || done == TOTAL);
    nic_load(nic, ",vfs=40", nic_save(nic));
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    g_assert_true(tx_completed(&a.tx, 1));
    for (unsigned i = 1; i < IN_FRAME_VFS; i++) {
        g_assert_cmpuint(counter(&nic->vf[i], BNY_CNT_RX_PACKETS), ==,
                         IN_FRAME_SEGMENTS);
    }
    nic_stop(nic);
}

/* VFs with rings at work go on where they were, both ways */
static void test_vfs_at_work(void)
{
    Nic *nic = nic_start(",vfs=3");
    uint64_t packets;
    Port a, b;

    nic_enable_vfs(nic, 3);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[2]);
    for (unsigned i = 0; i < 10; i++) {
        send_and_compare(&a, &b, 100 + i);
    }
    packets = counter(a.f, BNY_CNT_TX_PACKETS);
    nic_move(nic, ",vfs=3");
    g_assert_cmpuint(counter(a.f, BNY_CNT_TX_PACKETS), ==, packets);
    for (unsigned i = 0; i < 10; i++) {
        send_and_compare(&a, &b, 1000 + i);
        send_and_compare(&b, &a, 500 + i);
    }
    nic_move(nic, ",vfs=3");
    send_and_compare(&a, &b, 77);
    assert_no_error(a.f);
    assert_no_error(b.f);
    nic_stop(nic);
}

/* What was published but not yet done is done on the other side */
static void test_unfinished_work(void)
{
    uint8_t frame[60];
    Port a, b;
    Nic *nic = start_pair(&a, &b);

    frame_build(frame, b.mac, a.mac, sizeof(frame), 4);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    tx_send(&a.tx, frame, sizeof(frame));
    nic_load(nic, ",vfs=2", nic_save(nic));
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    g_assert_true(rx_packet(&b.rx, &packet));
    g_assert_cmpmem(packet.data, packet.len, frame, sizeof(frame));
    g_assert_true(tx_completed(&a.tx, 1));
    nic_stop(nic);
}

static void test_armed_interrupt(void)
{
    Nic *nic = nic_start(",vfs=2");
    Port a, b;

    nic_enable_vfs(nic, 2);
    func_enable_msix(&nic->vf[1]);
    reg_write(&nic->vf[1], BNY_REG_QP_VECTOR, 1);
    port_start(&a, &nic->vf[0]);
    port_start(&b, &nic->vf[1]);
    doorbell(b.f, 0, BNY_DB_ARM, BNY_DB_ARM_ON);
    nic_move(nic, ",vfs=2");
    g_assert_false(func_got_message(b.f, 1));
    send_and_compare(&a, &b, 60);
    g_assert_true(func_got_message(b.f, 1));
    nic_stop(nic);
}

/* Registers, policy, mailbox, VEB and a latched error come along */
static void test_everything_else(void)
{
    Nic *nic = nic_start(",vfs=2");
    Func *pf = &nic->pf, *vf = &nic->vf[1];
    static const uint8_t mac[6] = { 0x44, 0x33, 0x22, 0x11, 0x55, 0x66 };
    uint32_t generation, entries;

    nic_enable_vfs(nic, 2);
    func_reset(vf);
    func_up(vf);
    reg_write(vf, BNY_REG_FEATURES, BNY_FEAT_RX_HASH);
    reg_write(vf, BNY_REG_MAX_FRAME, 9000);
    reg_write(vf, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK);
    reg_write(vf, BNY_REG_AT(RSS_KEY, 3), 0xcafe0003);
    reg_write(vf, BNY_REG_AT(RSS_TABLE, 3), 0x01000100);
    reg_write(vf, BNY_REG_AT(QP_MODERATION, 1), 0x00100020);
    func_set_mac(nic, vf->index, mac);
    for (unsigned i = 0; i < 4; i++) {
        reg_write(vf, BNY_REG_AT(MBX_TX_DATA, i), 0xf00 + i);
    }
    reg_write(vf, BNY_REG_MBX_TX, FIELD_PREP(BNY_MBX_LEN, 16));
    reg_write(vf, BNY_REG_AT(QP_VECTOR, 1), 1);
    reg_write(&nic->vf[0], BNY_REG_STATUS, 0);
    generation = reg_read(vf, BNY_REG_GENERATION);
    entries = veb_entries(nic);
    g_assert_cmpuint(entries, >, 0);

    nic_move(nic, ",vfs=2");
    g_assert_cmpuint(reg_read(vf, BNY_REG_GENERATION), ==, generation);
    g_assert_cmphex(reg_read(vf, BNY_REG_FEATURES), ==, BNY_FEAT_RX_HASH);
    g_assert_cmpuint(reg_read(vf, BNY_REG_MAX_FRAME), ==, 9000);
    g_assert_cmphex(reg_read(vf, BNY_REG_IRQ_ENABLE), ==, BNY_IRQ_LINK);
    g_assert_cmphex(reg_read(vf, BNY_REG_AT(RSS_KEY, 3)), ==, 0xcafe0003);
    g_assert_cmphex(reg_read(vf, BNY_REG_AT(RSS_TABLE, 3)), ==, 0x01000100);
    g_assert_cmphex(reg_read(vf, BNY_REG_AT(QP_MODERATION, 1)), ==,
                    0x00100020);
    g_assert_cmphex(reg_read(vf, BNY_REG_AT(QP_VECTOR, 1)), ==, 1);
    g_assert_cmphex(reg_read(vf, BNY_REG_MAC_LO), ==, 0x11223344);
    g_assert_cmphex(reg_read(vf, BNY_REG_STATUS), ==,
                    BNY_STATUS_READY | BNY_STATUS_ENABLED);
    g_assert_cmphex(reg_read(vf, BNY_REG_MAC_HI), ==, 0x6655);
    g_assert_cmpuint(veb_entries(nic), ==, entries);
    g_assert_cmphex(reg_read(pf, BNY_REG_MBX_RX), ==,
                    FIELD_PREP(BNY_MBX_LEN, 16) |
                    FIELD_PREP(BNY_MBX_PEER, vf->index));
    g_assert_cmphex(reg_read(pf, BNY_REG_AT(MBX_RX_DATA, 3)), ==, 0xf03);
    assert_error_info(&nic->vf[0], BNY_ERR_REG_ACCESS, BNY_REG_STATUS);
    nic_stop(nic);
}

/* A device of another shape refuses the state, and QEMU ends */
static void test_other_shape(void)
{
    static const char *const props[] = { ",vfs=3", ",vfs=2,queue-pairs=4" };

    for (unsigned i = 0; i < ARRAY_SIZE(props); i++) {
        Nic *nic = nic_start(",vfs=2");
        char *path = nic_save(nic);
        g_autofree char *args = g_strdup_printf(
            "-device banyan,id=nic,bus=rp0%s -incoming file:%s", props[i],
            path);
        g_autofree char *message = NULL;

        g_assert_cmpint(qemu_try(args, &message), ==, 1);
        g_test_message("%s: %s", props[i], message);
        g_assert_nonnull(strstr(message, "load of migration failed"));
        g_unlink(path);
        g_free(path);
        g_free(nic);
    }
}

/*
 * Sets a word of the PF's SR-IOV capability in the state at @path. Its
 * configuration space is found by how it begins, @config.
 */
static void edit_sriov(const char *path, const uint8_t *config, size_t len,
                       unsigned offset, uint16_t val)
{
    g_autofree char *state = NULL;
    size_t size;
    char *at;

    g_assert_true(g_file_get_contents(path, &state, &size, NULL));
    at = memmem(state, size, config, len);
    g_assert_nonnull(at);
    stw_le_p(at + offset, val);
    g_assert_true(g_file_set_contents(path, state, size, NULL));
}

static void read_config(Func *f, uint8_t *config, size_t len)
{
    for (unsigned i = 0; i < len; i++) {
        config[i] = func_cfg_read(f, i, 1);
    }
}

/* More VFs than there are: refused before QEMU enables them */
static void test_too_many_vfs(void)
{
    static const uint16_t numbers[] = { 4, 0x4000, 0xffff };

    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        Nic *nic = nic_start(",vfs=3");
        unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);
        g_autofree char *message = NULL;
        g_autofree char *args = NULL;
        uint8_t config[256];
        char *path;

        nic_enable_vfs(nic, 3);
        read_config(&nic->pf, config, sizeof(config));
        path = nic_save(nic);
        edit_sriov(path, config, sizeof(config), cap + PCI_SRIOV_NUM_VF,
                   numbers[i]);
        args = g_strdup_printf("-device banyan,id=nic,bus=rp0,vfs=3 "
                               "-incoming file:%s", path);
        g_assert_cmpint(qemu_try(args, &message), ==, 1);
        g_test_message("%s", message);
        g_assert_nonnull(strstr(message, "VFs enabled; there are 3"));
        g_unlink(path);
        g_free(path);
        g_free(nic);
    }
}

/* A VF that isn't enabled does nothing, whatever is said of its rings */
static void test_disabled_vf(void)
{
    Port a, b;
    Nic *nic = start_pair(&a, &b);
    unsigned cap = func_ext_cap(&nic->pf, PCI_EXT_CAP_ID_SRIOV);
    uint8_t frame[60], config[256];
    char *path;

    frame_build(frame, b.mac, a.mac, sizeof(frame), 4);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'stop' }");
    tx_send(&a.tx, frame, sizeof(frame));
    read_config(&nic->pf, config, sizeof(config));
    path = nic_save(nic);
    edit_sriov(path, config, sizeof(config), cap + PCI_SRIOV_CTRL,
               PCI_SRIOV_CTRL_MSE);
    nic_load(nic, ",vfs=2", path);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'cont' }");
    nic_settle(nic);
    g_assert_cmpuint(counter_from_pf(nic, a.f->index, BNY_CNT_TX_PACKETS), ==,
                     0);
    g_assert_cmpuint(counter_from_pf(nic, b.f->index, BNY_CNT_RX_PACKETS), ==,
                     0);
    nic_stop(nic);
}

void add_migration_tests(void)
{
    g_test_add_func(TEST_PREFIX "migration/in-a-frame", test_in_a_frame);
    g_test_add_func(TEST_PREFIX "migration/idle", test_idle);
    g_test_add_func(TEST_PREFIX "migration/vfs-at-work", test_vfs_at_work);
    g_test_add_func(TEST_PREFIX "migration/unfinished-work",
                   test_unfinished_work);
    g_test_add_func(TEST_PREFIX "migration/armed-interrupt",
                   test_armed_interrupt);
    g_test_add_func(TEST_PREFIX "migration/everything-else",
                   test_everything_else);
    g_test_add_func(TEST_PREFIX "migration/other-shape", test_other_shape);
    g_test_add_func(TEST_PREFIX "migration/too-many-vfs", test_too_many_vfs);
    g_test_add_func(TEST_PREFIX "migration/disabled-vf", test_disabled_vf);
}
