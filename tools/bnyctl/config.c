// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capabilities in configuration space: SR-IOV (PCIe 6.0, 9.3.3), power management (7.5.2).
 */
#include <linux/pci_regs.h>

#include "bnyctl.h"

static uint32_t config_read(const struct function *f, unsigned int offset, unsigned int size)
{
	uint32_t value = 0;

	while (size--)
		value = value << 8 | f->config[offset + size];
	return value;
}

/* Offset of an extended capability, 0: none */
static unsigned int ext_cap_find(const struct function *f, unsigned int id)
{
	unsigned int offset = PCI_CFG_SPACE_SIZE;
	unsigned int left = (CONFIG_SIZE - PCI_CFG_SPACE_SIZE) / 8;

	/* The list may be damaged in a dump: walk no further than it can be long */
	while (left-- && offset >= PCI_CFG_SPACE_SIZE && offset + 4 <= f->config_len) {
		uint32_t header = config_read(f, offset, 4);

		if (!header)
			return 0;
		if (PCI_EXT_CAP_ID(header) == id)
			return offset;
		offset = PCI_EXT_CAP_NEXT(header);
	}
	return 0;
}

/* Is the function in a power state in which its registers don't answer? */
bool config_asleep(const struct function *f)
{
	unsigned int offset, left = PCI_CFG_SPACE_SIZE / 4;

	if (f->config_len < PCI_CFG_SPACE_SIZE)
		return false;
	for (offset = f->config[PCI_CAPABILITY_LIST]; offset && left--;
	     offset = f->config[offset + PCI_CAP_LIST_NEXT]) {
		offset &= ~3;
		if (f->config[offset] == PCI_CAP_ID_PM)
			return config_read(f, offset + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK;
	}
	return false;
}

bool sriov_decode(const struct function *f, struct sriov *s)
{
	unsigned int cap = ext_cap_find(f, PCI_EXT_CAP_ID_SRIOV);
	uint32_t ctrl;

	if (!cap || cap + PCI_SRIOV_BAR + 4 * PCI_SRIOV_NUM_BARS > f->config_len)
		return false;

	ctrl = config_read(f, cap + PCI_SRIOV_CTRL, 2);
	s->enabled = ctrl & PCI_SRIOV_CTRL_VFE;
	s->memory_enabled = ctrl & PCI_SRIOV_CTRL_MSE;
	s->ari = ctrl & PCI_SRIOV_CTRL_ARI;
	s->initial_vfs = config_read(f, cap + PCI_SRIOV_INITIAL_VF, 2);
	s->total_vfs = config_read(f, cap + PCI_SRIOV_TOTAL_VF, 2);
	s->num_vfs = config_read(f, cap + PCI_SRIOV_NUM_VF, 2);
	s->offset = config_read(f, cap + PCI_SRIOV_VF_OFFSET, 2);
	s->stride = config_read(f, cap + PCI_SRIOV_VF_STRIDE, 2);
	s->vf_device = config_read(f, cap + PCI_SRIOV_VF_DID, 2);
	s->page_sizes = config_read(f, cap + PCI_SRIOV_SUP_PGSIZE, 4);
	s->page_size = config_read(f, cap + PCI_SRIOV_SYS_PGSIZE, 4);
	return true;
}
