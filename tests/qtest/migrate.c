/*
 * Banyan qtests: the device's state, saved into a file and loaded from it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "banyan-qtest.h"
#include "libqmp.h"
#include "qobject/qdict.h"
#include <glib/gstdio.h>

#define PATIENCE_MS     60000

/* Environment: the QEMU that state is loaded into, if it is another */
#define QEMU_INTO       "QTEST_QEMU_BINARY_INTO"

/* Bytes of a page of memory that come after all that matters */
#define MARK            "the device may write now"

static bool migration_completed(QTestState *qts)
{
    QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-migrate' }");
    const char *status = qdict_get_try_str(qdict_get_qdict(reply, "return"),
                                           "status");
    bool completed = !g_strcmp0(status, "completed");

    g_assert_cmpstr(status, !=, "failed");
    qobject_unref(reply);
    return completed;
}

static bool machine_runs(QTestState *qts)
{
    QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-status' }");
    bool running = qdict_get_bool(qdict_get_qdict(reply, "return"), "running");

    qobject_unref(reply);
    return running;
}

static void wait_until(bool (*holds)(QTestState *qts), QTestState *qts)
{
    for (unsigned i = 0; !holds(qts); i++) {
        g_assert_cmpuint(i, <, PATIENCE_MS / 10);
        g_usleep(10 * 1000);
    }
}

static char *new_file(void)
{
    g_autoptr(GError) err = NULL;
    char *path = NULL;
    int fd = g_file_open_tmp("banyan-qtest-XXXXXX", &path, &err);

    g_assert_no_error(err);
    close(fd);
    return path;
}

/* Save @nic into a file and end it; the file's name */
char *nic_save(Nic *nic)
{
    char *path = new_file();
    g_autofree char *uri = g_strdup_printf("file:%s", path);

    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'migrate', 'arguments':"
                             " { 'uri': %s } }", uri);
    wait_until(migration_completed, nic->qts);
    qtest_quit(nic->qts);
    return path;
}

/* Add what there is to read; false: it was the end */
static bool read_more(int fd, GByteArray *state)
{
    uint8_t data[16384];
    ssize_t n = read(fd, data, sizeof(data));

    g_assert_cmpint(n, >=, 0);
    g_byte_array_append(state, data, n);
    return n > 0;
}

/*
 * Save @nic while it works: @meanwhile is called when all memory that it has
 * been given has gone already, and what is written now has to go once more.
 * A pipe that isn't read keeps QEMU from going on.
 */
char *nic_save_with(Nic *nic, void (*meanwhile)(Nic *nic, void *opaque),
                    void *opaque)
{
    g_autoptr(GByteArray) state = g_byte_array_new();
    g_autoptr(GError) err = NULL;
    char *path = new_file();
    int fd[2];

    qtest_memwrite(nic->qts, nic_alloc(nic, sizeof(MARK)), MARK, sizeof(MARK));
    g_assert_cmpint(pipe(fd), ==, 0);
    qtest_qmp_fds_assert_success(nic->qts, &fd[1], 1, "{ 'execute': 'getfd',"
                                 " 'arguments': { 'fdname': 'state' } }");
    close(fd[1]);
    qtest_qmp_assert_success(nic->qts, "{ 'execute': 'migrate', 'arguments':"
                             " { 'uri': 'fd:state' } }");
    while (!memmem(state->data, state->len, MARK, sizeof(MARK))) {
        g_assert_true(read_more(fd[0], state));
    }
    meanwhile(nic, opaque);
    while (read_more(fd[0], state)) {
    }
    close(fd[0]);
    wait_until(migration_completed, nic->qts);
    qtest_quit(nic->qts);
    g_file_set_contents(path, (char *)state->data, state->len, &err);
    g_assert_no_error(err);
    return path;
}

/* A QEMU that waits for state; functions are where they were */
void nic_load(Nic *nic, const char *props, char *path)
{
    g_autofree char *args = g_strdup_printf(
        "%s -device banyan,id=nic,bus=rp0%s%s -incoming file:%s",
        machine_args(), props, g_getenv("BANYAN_QTEST_PROPS") ?: "", path);

    nic->qts = qtest_init_with_env(g_getenv(QEMU_INTO) ? QEMU_INTO : NULL,
                                   args, true);
    wait_until(migration_completed, nic->qts);
    g_unlink(path);
    g_free(path);
}

void nic_move(Nic *nic, const char *props)
{
    nic_load(nic, props, nic_save(nic));
    wait_until(machine_runs, nic->qts);
}


/*
 * State that can't be is refused, with @message, which QEMU prints or has as
 * the result of the migration. It is told not to end then, so that one that
 * takes the state is known at once.
 */
void assert_not_loaded(const char *props, const char *path,
                       const char *message)
{
    char *file = new_file();
    g_autofree char *uri = g_strdup_printf("file:%s", path);
    g_autofree char *args = g_strdup_printf(
        "%s -device banyan,id=nic,bus=rp0%s -incoming defer 2>%s",
        machine_args(), props, file);
    QTestState *qts = qtest_init(args);
    g_autofree char *said = NULL;
    g_autofree char *result = NULL;
    bool failed, loaded;

    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate-incoming',"
                             " 'arguments': { 'uri': %s,"
                             " 'exit-on-error': false } }", uri);
    do {
        QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-migrate' }");
        QDict *info = qdict_get_qdict(reply, "return");
        const char *status = qdict_get_try_str(info, "status");

        failed = !g_strcmp0(status, "failed");
        loaded = !g_strcmp0(status, "completed");
        g_free(result);
        result = g_strdup(qdict_get_try_str(info, "error-desc"));
        qobject_unref(reply);
        g_usleep(1000);
    } while (!failed && !loaded);
    qtest_quit(qts);
    g_assert_true(g_file_get_contents(file, &said, NULL, NULL));
    g_unlink(file);
    g_free(file);
    g_test_message("%s%s", said, result ?: "");
    g_assert_true(failed);
    g_assert_true(strstr(said, message) || (result &&
                                            strstr(result, message)));
}

/*
 * Change a number of @size bytes in the state at @path, @offset bytes behind
 * where the only place with @mark starts
 */
void state_edit(const char *path, const void *mark, size_t len, int offset,
                unsigned size, uint64_t value)
{
    g_autofree char *state = NULL;
    g_autoptr(GError) err = NULL;
    size_t all;
    char *at;

    g_file_get_contents(path, &state, &all, &err);
    g_assert_no_error(err);
    at = memmem(state, all, mark, len);
    g_assert_nonnull(at);
    g_assert_null(memmem(at + 1, state + all - at - 1, mark, len));
    for (unsigned i = 0; i < size; i++) {
        at[offset + (int)i] = value >> 8 * (size - 1 - i);
    }
    g_file_set_contents(path, state, all, &err);
    g_assert_no_error(err);
}
