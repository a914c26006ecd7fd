/*
 * Banyan qtests: the device model alone, without a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);

    add_property_tests();
    add_mac_tests();
    add_reg_tests();
    add_ring_tests();
    add_doorbell_tests();
    add_veb_tests();
    add_vlan_tests();
    add_gso_tests();
    add_gso_kind_tests();
    add_rate_tests();
    add_offload_tests();
    add_rss_tests();
    add_irq_tests();
    add_moderation_tests();
    add_vector_tests();
    add_mailbox_tests();
    add_ticket_tests();
    add_control_tests();
    add_sriov_tests();
    add_reset_tests();
    add_policy_tests();
    add_power_tests();
    add_aer_tests();
    add_reentry_tests();
    add_message_tests();
    add_error_tests();
    add_hostile_tests();
    add_counter_tests();
    add_drop_tests();
    add_uplink_tests();
    add_multiqueue_tests();
    add_congestion_tests();
    add_wire_tests();
    add_share_tests();
    add_feature_tests();
    add_budget_tests();
    add_migration_tests();
    add_rule_tests();
    add_told_tests();
    add_restore_tests();
    add_load_tests();
    add_memory_tests();
    add_fault_tests();

    status = g_test_run();
    harness_exit();
    return status;
}
