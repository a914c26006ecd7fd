// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs KUnit cases natively, as TAP:
 *
 *   test-kunit -l            lists them, as SUITE.CASE
 *   test-kunit [-p NAME]     runs them, or one
 */
#include "kernel.h"

static struct kunit_suite *suites;

/* The kernel frees what a case has allocated; here that is left to the end of the program */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

void kunit_add_suite(struct kunit_suite *suite)
{
	suite->next = suites;
	suites = suite;
}

void kunit_fail(struct kunit *test, bool stop, const char *file, int line, const char *what)
{
	printf("# %s:%d: %s%s%s\n", file, line, what, test->desc[0] ? "; " : "", test->desc);
	test->failed = true;
	if (stop)
		longjmp(test->abort, 1);
}

static bool run_case(const struct kunit_case *c)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	struct kunit test = { .desc = desc };

	do {
		if (c->generate_params) {
			test.param_value = c->generate_params(&test, test.param_value, desc);
			if (!test.param_value)
				break;
		}
		if (!setjmp(test.abort))
			c->run_case(&test);
	} while (c->generate_params);
	return !test.failed;
}

int main(int argc, char **argv)
{
	bool list = argc == 2 && !strcmp(argv[1], "-l");
	const char *only = argc == 3 && !strcmp(argv[1], "-p") ? argv[2] : NULL;
	const struct kunit_suite *suite;
	const struct kunit_case *c;
	bool passed = true;
	char name[200];
	int count = 0;

	for (suite = suites; suite; suite = suite->next) {
		for (c = suite->test_cases; c->run_case; c++) {
			bool good;

			snprintf(name, sizeof(name), "%s.%s", suite->name, c->name);
			if (list) {
				puts(name);
				continue;
			}
			if (only && strcmp(only, name))
				continue;
			good = run_case(c);
			passed &= good;
			printf("%s %d - %s\n", good ? "ok" : "not ok", ++count, name);
		}
	}
	if (!list)
		printf("1..%d\n", count);
	return passed ? 0 : 1;
}
