/*
 * Banyan qtests: what idle VFs cost the host in memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "banyan-qtest.h"

#define KIB_PER_VF_MAX 256

/* preload/heap-in-use.c, which is built beside this program */
static char *preload_path(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = g_path_get_dirname(self);

    return g_build_filename(dir, "heap-in-use.so", NULL);
}

/* Bytes that QEMU has allocated */
static unsigned long heap_now(Nic *nic, const char *file)
{
    g_autofree char *text = NULL;
    unsigned long bytes;

    unlink(file);
    g_assert_cmpint(kill(qtest_pid(nic->qts), SIGUSR2), ==, 0);
    for (unsigned i = 0; i < 6000; i++) {
        if (g_file_get_contents(file, &text, NULL, NULL)) {
            unlink(file);
            g_assert_cmpint(qemu_strtoul(g_strchomp(text), NULL, 10, &bytes),
                            ==, 0);
            return bytes;
        }
        g_usleep(10 * 1000);
    }
    g_assert_not_reached();
}

/*
 * What topologies before have left is freed by a thread, in a while: this is
 * what remains when it no longer gets less.
 */
static unsigned long heap_in_use(Nic *nic, const char *file)
{
    unsigned long least = ULONG_MAX;

    for (unsigned same = 0; same < 5; same++) {
        unsigned long now = heap_now(nic, file);

        if (now < least) {
            least = now;
            same = 0;
        }
        g_usleep(100 * 1000);
    }
    return least;
}

static unsigned long heap_with_vfs(unsigned vfs, const char *file)
{
    g_autofree char *props = g_strdup_printf(",vfs=%u", vfs);
    Nic *nic = nic_start(props);
    unsigned long bytes;

    if (vfs) {
        nic_enable_vfs(nic, vfs);
    }
    for (unsigned i = 0; i < vfs; i++) {
        g_assert_cmphex(reg_read(&nic->vf[i], BNY_REG_MAGIC), ==, BNY_MAGIC);
    }
    bytes = heap_in_use(nic, file);
    nic_stop(nic);
    return bytes;
}

static void test_idle_vfs(void)
{
    g_autofree char *preload = preload_path();
    g_autofree char *dir = g_dir_make_tmp("banyan-qtest-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "heap", NULL);
    unsigned long without, with, each;

    g_assert_true(g_file_test(preload, G_FILE_TEST_EXISTS));
    g_setenv("LD_PRELOAD", preload, true);
    g_setenv("HEAP_IN_USE_FILE", file, true);
    without = heap_with_vfs(0, file);
    with = heap_with_vfs(BNY_VFS_MAX, file);
    g_unsetenv("LD_PRELOAD");
    g_unsetenv("HEAP_IN_USE_FILE");
    rmdir(dir);

    each = (with - MIN(with, without)) / BNY_VFS_MAX / 1024;
    g_test_message("%lu KiB without VFs, %lu KiB with %u", without / 1024,
                   with / 1024, BNY_VFS_MAX);
    g_test_message("FIGURE memory of the device model for an idle VF: %lu KiB",
                   each);
    g_assert_cmpuint(each, >, 0);
    g_assert_cmpuint(each, <=, KIB_PER_VF_MAX);
}

void add_memory_tests(void)
{
    g_test_add_func(TEST_PREFIX "memory/idle-vfs", test_idle_vfs);
}
