/*
 * Preloaded into QEMU by test-memory.c: on SIGUSR2 it writes the number of
 * bytes that are allocated to the file that HEAP_IN_USE_FILE names.
 *
 * The resident set says nothing about what a VF costs: while VFs are mapped,
 * QEMU rebuilds its memory topology hundreds of times, and what the old ones
 * took stays with the allocator.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void report(const char *path)
{
    struct mallinfo2 info = mallinfo2();
    char tmp[4096];
    FILE *file;

    snprintf(tmp, sizeof(tmp), "%s.new", path);
    file = fopen(tmp, "w");
    if (!file) {
        return;
    }
    fprintf(file, "%zu\n", info.uordblks + info.hblkhd);
    if (!fclose(file)) {
        rename(tmp, path);
    }
}

static void *serve(void *path)
{
    sigset_t set;
    int sig;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    while (!sigwait(&set, &sig)) {
        report(path);
    }
    return NULL;
}

/* Threads that QEMU starts later inherit the mask: the signal is ours alone */
static void __attribute__((constructor)) init(void)
{
    char *path = getenv("HEAP_IN_USE_FILE");
    pthread_t thread;
    sigset_t set;

    if (!path) {
        return;
    }
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (!pthread_create(&thread, NULL, serve, path)) {
        pthread_detach(thread);
    }
}
