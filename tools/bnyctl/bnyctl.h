/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bnyctl: what its files share.
 */
#ifndef BNYCTL_H
#define BNYCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_SIZE	4096

/* Exit statuses; they are in the help text and tests rely on them */
enum bnyctl_exit {
	BNYCTL_OK = 0,
	BNYCTL_FAILED = 1,
	BNYCTL_USAGE = 2,
	BNYCTL_NO_DEVICE = 3,
	BNYCTL_NOT_BANYAN = 4,
	BNYCTL_DENIED = 5,
	BNYCTL_BAD_DUMP = 6,
};

/**
 * struct function - a Banyan function, live or from a dump
 * @bdf: PCI address
 * @driver: name of the driver bound to it, or empty
 * @netdev: name of its network interface, or empty
 * @device: PCI device ID
 * @revision: PCI revision ID
 * @vf: number of the VF, -1: the PF or not known
 * @num_vfs: VFs that a live PF has, as the kernel tells everybody, -1: not known
 * @total_vfs: VFs that it can have, likewise
 * @asleep: a live function's power state is one in which its registers don't answer
 * @config: configuration space, little-endian
 * @config_len: bytes of it that could be read
 * @regs_size: bytes of BAR 0
 * @mmio: BAR 0 of a live function
 * @image: registers in the host's byte order, from a dump or from the driver, where @mmio is NULL
 */
struct function {
	char bdf[16];
	char driver[32];
	char netdev[16];
	uint16_t device;
	uint8_t revision;
	int vf, num_vfs, total_vfs;
	bool asleep;
	uint8_t config[CONFIG_SIZE];
	size_t config_len;
	size_t regs_size;
	const volatile uint32_t *mmio;
	uint32_t *image;
};

enum access { ACCESS_RO, ACCESS_RW, ACCESS_W1C, ACCESS_WO };
enum scope { SCOPE_ALL, SCOPE_PF };

/* A row of BNY_REGS */
struct reg {
	const char *name;
	uint32_t offset, stride, count;
	enum access access;
	uint32_t reset, writable;
	enum scope scope;
	const char *text;
};

/* A row of BNY_REG_FIELDS */
struct field {
	uint32_t reg;
	const char *name;
	uint32_t mask;
	const char *text;
};

/* The SR-IOV capability */
struct sriov {
	bool enabled, memory_enabled, ari;
	uint16_t initial_vfs, total_vfs, num_vfs, offset, stride, vf_device;
	uint32_t page_sizes, page_size;
};

extern const struct reg regs[];
extern const size_t n_regs;
extern const struct field fields[];
extern const size_t n_fields;
extern const char *const counter_names[];

/**
 * struct view - what to show, and of what
 * @functions: the functions
 * @count: how many
 * @names: registers to show; NULL or none: all but the counters
 * @all: also what is zero
 */
struct view {
	struct function *functions;
	size_t count;
	char *const *names;
	bool all;
};

typedef void reg_visit(void *context, const struct function *f, const struct reg *r,
		       unsigned int instance, uint32_t value);

/* main.c */
void fail(enum bnyctl_exit status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* function.c: live functions */
struct function *functions_find(size_t *count, const char *bdf);
void function_open(struct function *f);

/* ethtool.c: through the driver */
bool ethtool_read(struct function *f);

/* access.c: registers of either kind */
bool function_is_vf(const struct function *f);
bool function_has_pf_blocks(const struct function *f);
uint32_t function_read(const struct function *f, uint32_t offset);
void function_check(const struct function *f);
uint64_t function_counter(const struct function *f, unsigned int counter);

/* dump.c */
void dump_write(const struct function *f, const char *path);
struct function *dump_read(const char *path);

/* decode.c */
const struct reg *reg_find(const char *name);
bool field_of(const struct field *field, const struct reg *r, unsigned int instance);
uint32_t field_value(const struct field *field, uint32_t value);
const char *field_symbol(const struct field *field, uint32_t value);
void regs_visit(const struct function *f, const struct view *view, bool arrays, reg_visit *visit,
		void *context);
void reg_name_at(uint32_t offset, char *name, size_t size);

/* config.c */
bool config_asleep(const struct function *f);
bool sriov_decode(const struct function *f, struct sriov *s);

/* text.c, json.c: the same commands for people and for programs */
struct output {
	void (*list)(const struct view *view);
	void (*show)(const struct view *view);
	void (*regs)(const struct view *view);
	void (*counters)(const struct view *view);
};

const char *or_dash(const char *name);

extern const struct output text_output, json_output;

#endif /* BNYCTL_H */
