/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of KUnit as the tests use, for native programs (kunit.c)
 */
#ifndef BNY_NATIVE_KUNIT_H
#define BNY_NATIVE_KUNIT_H

#include <stdio.h>

#define KUNIT_PARAM_DESC_SIZE	128
#define GFP_KERNEL		0

struct kunit {
	const void *param_value;
	const char *desc;
	bool failed;
	jmp_buf abort;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(struct kunit *test, const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
	struct kunit_suite *next;
};

void kunit_add_suite(struct kunit_suite *suite);
void kunit_fail(struct kunit *test, bool stop, const char *file, int line, const char *what);

#define KUNIT_CASE(fn)			{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, gen)	{ .run_case = fn, .name = #fn, .generate_params = gen }

#define kunit_test_suite(suite)						\
	static void __attribute__((constructor)) add_##suite(void)	\
	{								\
		kunit_add_suite(&(suite));				\
	}								\
	static_assert(sizeof(suite) != 0, "there is one")

#define KUNIT_ARRAY_PARAM_DESC(param, array, desc_member)				\
	static const void *param##_gen_params(struct kunit *test, const void *prev, char *desc) \
	{										\
		typeof((array)[0]) *next = prev ? (typeof(next))prev + 1 : (array);	\
											\
		if (next == (array) + ARRAY_SIZE(array))				\
			return NULL;							\
		strscpy(desc, next->desc_member, KUNIT_PARAM_DESC_SIZE);		\
		return next;								\
	}

/* Never freed but at the end of the program: a sanitizer looks at their bounds, not for leaks */
#define kunit_kzalloc(test, size, gfp)		calloc(1, size)
#define kunit_kcalloc(test, n, size, gfp)	calloc(n, size)
#define kunit_kfree(test, p)			free((void *)(p))

#define KUNIT_CHECK(test, stop, holds, what)				\
	do {								\
		if (!(holds))						\
			kunit_fail(test, stop, __FILE__, __LINE__, what); \
	} while (0)

#define KUNIT_EXPECT_EQ(test, a, b)	KUNIT_CHECK(test, false, (a) == (b), #a " == " #b)
#define KUNIT_EXPECT_NE(test, a, b)	KUNIT_CHECK(test, false, (a) != (b), #a " != " #b)
#define KUNIT_EXPECT_LT(test, a, b)	KUNIT_CHECK(test, false, (a) < (b), #a " < " #b)
#define KUNIT_EXPECT_LE(test, a, b)	KUNIT_CHECK(test, false, (a) <= (b), #a " <= " #b)
#define KUNIT_EXPECT_GE(test, a, b)	KUNIT_CHECK(test, false, (a) >= (b), #a " >= " #b)
#define KUNIT_EXPECT_TRUE(test, a)	KUNIT_CHECK(test, false, a, #a)
#define KUNIT_EXPECT_FALSE(test, a)	KUNIT_CHECK(test, false, !(a), "!" #a)
#define KUNIT_EXPECT_NULL(test, a)	KUNIT_CHECK(test, false, !(a), #a " is NULL")
#define KUNIT_EXPECT_NOT_NULL(test, a)	KUNIT_CHECK(test, false, a, #a " isn't NULL")
#define KUNIT_EXPECT_MEMEQ(test, a, b, size) \
	KUNIT_CHECK(test, false, !memcmp(a, b, size), #a " is " #b)
#define KUNIT_EXPECT_STREQ(test, a, b)	KUNIT_CHECK(test, false, !strcmp(a, b), #a " is " #b)
#define KUNIT_ASSERT_NOT_NULL(test, a)	KUNIT_CHECK(test, true, a, #a " isn't NULL")

#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...)		KUNIT_EXPECT_EQ(test, a, b)
#define KUNIT_EXPECT_PTR_EQ_MSG(test, a, b, ...)	KUNIT_EXPECT_EQ(test, a, b)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, ...) \
	KUNIT_CHECK(test, true, (a) == (b), #a " == " #b)
#define KUNIT_ASSERT_TRUE_MSG(test, a, ...)		KUNIT_CHECK(test, true, a, #a)
#define KUNIT_ASSERT_FALSE_MSG(test, a, ...)		KUNIT_CHECK(test, true, !(a), "!" #a)

#endif /* BNY_NATIVE_KUNIT_H */
