// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output for programs: one JSON object.
 */
#include <json-c/json.h>
#include <stdio.h>

#include "bny_counters.h"
#include "bny_regs.h"
#include "bnyctl.h"

static void add_number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, value[0] ? json_object_new_string(value) : NULL);
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

static void add_sriov(struct json_object *object, const struct function *f)
{
	struct json_object *sriov;
	struct sriov s;

	bool decoded = sriov_decode(f, &s);

	if (!decoded && f->total_vfs < 0)
		return;
	sriov = json_object_new_object();
	json_object_object_add(object, "sriov", sriov);
	if (!decoded) {
		add_number(sriov, "total_vfs", f->total_vfs);
		add_number(sriov, "num_vfs", f->num_vfs);
		return;
	}
	add_bool(sriov, "enabled", s.enabled);
	add_bool(sriov, "memory_enabled", s.memory_enabled);
	add_bool(sriov, "ari", s.ari);
	add_number(sriov, "initial_vfs", s.initial_vfs);
	add_number(sriov, "total_vfs", s.total_vfs);
	add_number(sriov, "num_vfs", s.num_vfs);
	add_number(sriov, "offset", s.offset);
	add_number(sriov, "stride", s.stride);
	add_number(sriov, "vf_device", s.vf_device);
	add_number(sriov, "supported_page_sizes", s.page_sizes);
	add_number(sriov, "system_page_size", s.page_size);
}

static struct json_object *identity(const struct function *f)
{
	struct json_object *object = json_object_new_object();

	add_string(object, "function", f->bdf);
	add_string(object, "type", function_is_vf(f) ? "VF" : "PF");
	if (f->vf >= 0)
		add_number(object, "vf", f->vf);
	add_number(object, "device", f->device);
	add_number(object, "revision", f->revision);
	add_string(object, "driver", f->driver);
	add_string(object, "netdev", f->netdev);
	add_bool(object, "asleep", f->asleep);
	add_sriov(object, f);
	return object;
}

static struct json_object *fields_of(const struct reg *r, unsigned int instance, uint32_t value)
{
	struct json_object *object = NULL;

	for (size_t i = 0; i < n_fields; i++) {
		uint32_t number = field_value(&fields[i], value);
		const char *symbol = field_symbol(&fields[i], number);

		if (!field_of(&fields[i], r, instance))
			continue;
		if (!object)
			object = json_object_new_object();
		if (symbol)
			add_string(object, fields[i].name, symbol);
		else
			add_number(object, fields[i].name, number);
	}
	return object;
}

static void add_register(void *context, const struct function *f __attribute__((unused)),
			 const struct reg *r, unsigned int instance, uint32_t value)
{
	struct json_object *object = json_object_new_object();
	struct json_object *decoded = fields_of(r, instance, value);

	add_string(object, "name", r->name);
	if (r->count > 1)
		add_number(object, "instance", instance);
	add_number(object, "offset", r->offset + instance * r->stride);
	add_number(object, "value", value);
	if (decoded)
		json_object_object_add(object, "fields", decoded);
	json_object_array_add(context, object);
}

static void add_registers(struct json_object *object, const struct function *f,
			  const struct view *view, bool arrays)
{
	struct json_object *list = json_object_new_array();

	regs_visit(f, view, arrays, add_register, list);
	json_object_object_add(object, "registers", list);
}

static void print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static void print_functions(struct json_object *list)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "functions", list);
	print(object);
}

static void json_list(const struct view *view)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < view->count; i++)
		json_object_array_add(list, identity(&view->functions[i]));
	print_functions(list);
}

static void json_show(const struct view *view)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < view->count; i++) {
		struct json_object *object = identity(&view->functions[i]);

		add_registers(object, &view->functions[i], view, false);
		json_object_array_add(list, object);
	}
	print_functions(list);
}

static void json_regs(const struct view *view)
{
	struct json_object *object = json_object_new_object();

	add_string(object, "function", view->functions[0].bdf);
	add_registers(object, &view->functions[0], view, true);
	print(object);
}

/* All counters, those that are zero too: programs want a fixed shape */
static struct json_object *counters_of(const struct function *f)
{
	struct json_object *counters = json_object_new_object();

	for (unsigned int c = 0; c < BNY_CNT_COUNT; c++)
		add_number(counters, counter_names[c], function_counter(f, c));
	return counters;
}

static void json_counters(const struct view *view)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < view->count; i++) {
		const struct function *f = &view->functions[i];
		struct json_object *object = identity(f);

		if (!f->asleep)
			json_object_object_add(object, "counters", counters_of(f));
		json_object_array_add(list, object);
	}
	print_functions(list);
}

const struct output json_output = {
	.list = json_list,
	.show = json_show,
	.regs = json_regs,
	.counters = json_counters,
};
