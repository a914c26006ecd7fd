// SPDX-License-Identifier: GPL-2.0-only
/*
 * bnyctl: look at Banyan functions.
 */
#include <argp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bny_pci.h"
#include "bnyctl.h"

#define VERSION_TEXT_(x) #x
#define VERSION_TEXT(x) VERSION_TEXT_(x)

const char *argp_program_version =
	"bnyctl " BANYAN_VERSION " (interface version " VERSION_TEXT(BNY_PCI_REVISION) ")";

static const char doc[] =
	"Look at Banyan SR-IOV Ethernet functions: live ones, or dumps."
	"\v"
	"COMMANDS\n"
	"  list              the Banyan functions of this machine\n"
	"  show              identity, state and SR-IOV capability; without -s: of all functions\n"
	"  regs [NAME...]    registers with their fields; of arrays only what isn't zero\n"
	"  counters          what the device has counted; without -s: of all functions\n"
	"  dump FILE         save configuration space and registers\n"
	"\n"
	"Where a command wants one function and -s is missing, the machine's only PF is taken.\n"
	"Registers are only ever read; reading those of a live function needs root.\n"
	"\n"
	"EXIT STATUS\n"
	"  0  done\n"
	"  1  failed for another reason\n"
	"  2  wrong usage\n"
	"  3  there is no such device\n"
	"  4  it is not a Banyan function, or one of a version that isn't known\n"
	"  5  not allowed (no root, or the kernel keeps the registers for the driver)\n"
	"  6  the dump can't be used\n"
	"\n"
	"EXAMPLES\n"
	"  bnyctl list\n"
	"  bnyctl -s 01:00.0 show\n"
	"  bnyctl regs STATUS ERROR ERROR_INFO\n"
	"  bnyctl --json -s 01:00.3 counters\n"
	"  bnyctl dump pf.dump && bnyctl --from pf.dump regs";

enum { KEY_FROM = 0x100 };

static const struct argp_option options[] = {
	{ "slot", 's', "BDF", 0, "the function at this PCI address", 0 },
	{ "from", KEY_FROM, "FILE", 0, "a dump instead of a live function", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "all", 'a', NULL, 0, "show what is zero, too", 0 },
	{ 0 },
};

struct arguments {
	const char *command, *slot, *from;
	char **operands;
	int n_operands;
	bool json, all;
};

void fail(enum bnyctl_exit status, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("bnyctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(status);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 's':
		args->slot = arg;
		return 0;
	case KEY_FROM:
		args->from = arg;
		return 0;
	case 'j':
		args->json = true;
		return 0;
	case 'a':
		args->all = true;
		return 0;
	case ARGP_KEY_ARG:
		/* The first is the command, what follows is its own (options may stand between) */
		if (!args->command)
			args->command = arg;
		else
			args->operands[args->n_operands++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = { options, parse, "COMMAND [ARGUMENT...]", doc, NULL, NULL, NULL };

/* The function that a command for one means without -s: the only PF */
static struct function *only_pf(struct function *functions, size_t count)
{
	struct function *pf = NULL;

	for (size_t i = 0; i < count; i++) {
		if (function_is_vf(&functions[i]))
			continue;
		if (pf)
			fail(BNYCTL_USAGE, "there are several PFs: choose a function with -s");
		pf = &functions[i];
	}
	if (!pf && count)
		fail(BNYCTL_USAGE, "there is no PF: choose a function with -s");
	if (!pf)
		fail(BNYCTL_NO_DEVICE, "there is no Banyan function");
	return pf;
}

/* Find and open what the command is about */
static void gather(const struct arguments *args, struct view *view)
{
	bool list = !strcmp(args->command, "list");
	bool all = list || !strcmp(args->command, "show") || !strcmp(args->command, "counters");

	if (args->from) {
		view->functions = dump_read(args->from);
		view->count = 1;
		return;
	}
	view->functions = functions_find(&view->count, args->slot);
	if (!all && !args->slot) {
		view->functions = only_pf(view->functions, view->count);
		view->count = 1;
	}
	if (!list && !view->count)
		fail(BNYCTL_NO_DEVICE, "there is no Banyan function");
	/* Among many, one that sleeps says so itself: a tenant's that isn't in use may */
	for (size_t i = 0; !list && i < view->count; i++)
		if (!view->functions[i].asleep || view->count == 1)
			function_open(&view->functions[i]);
}

static void run(const struct arguments *args)
{
	const struct output *out = args->json ? &json_output : &text_output;
	struct view view = { .all = args->all };

	if (!strcmp(args->command, "dump")) {
		if (args->n_operands != 1)
			fail(BNYCTL_USAGE, "dump wants the name of one file");
		gather(args, &view);
		dump_write(&view.functions[0], args->operands[0]);
		return;
	}
	if (strcmp(args->command, "regs") && args->n_operands)
		fail(BNYCTL_USAGE, "%s takes no argument: %s", args->command, args->operands[0]);

	if (!strcmp(args->command, "list")) {
		gather(args, &view);
		out->list(&view);
	} else if (!strcmp(args->command, "show")) {
		gather(args, &view);
		out->show(&view);
	} else if (!strcmp(args->command, "regs")) {
		for (int i = 0; i < args->n_operands; i++)
			if (!reg_find(args->operands[i]))
				fail(BNYCTL_USAGE, "there is no register %s", args->operands[i]);
		view.names = args->operands;
		gather(args, &view);
		out->regs(&view);
	} else if (!strcmp(args->command, "counters")) {
		gather(args, &view);
		out->counters(&view);
	} else {
		fail(BNYCTL_USAGE, "there is no command %s (try --help)", args->command);
	}
}

int main(int argc, char **argv)
{
	struct arguments args = { 0 };

	args.operands = calloc(argc + 1, sizeof(*args.operands));
	if (!args.operands)
		fail(BNYCTL_FAILED, "out of memory");

	argp_err_exit_status = BNYCTL_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!args.command)
		fail(BNYCTL_USAGE, "which command? list, show, regs, counters, dump (--help)");
	if (args.slot && args.from)
		fail(BNYCTL_USAGE, "either -s or --from");

	run(&args);
	if (fflush(stdout) || ferror(stdout))
		fail(BNYCTL_FAILED, "can't write the output");
	return BNYCTL_OK;
}
