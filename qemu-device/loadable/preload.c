/*
 * Banyan, loadable: banyan.so, which is preloaded into QEMU's stock binary
 *
 * It looks at the program that it finds itself in, and loads the device model
 * that was made for it, banyan-<major>.<minor>.so beside it. In any other
 * program it says so in one line, and that is all: it needs nothing of QEMU
 * itself, so nothing can be missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define PRELOAD "LD_PRELOAD"

/* What QEMU's qmp_query_version() returns (qapi/control.json) */
struct version_info {
    struct {
        int64_t major;
        int64_t minor;
        int64_t micro;
    } *qemu;
    char *package;
};

typedef struct version_info *(*query_version)(void *errp);

/* Take @self out of the environment: what QEMU starts is no QEMU */
static void leave_environment(const char *self)
{
    const char *all = getenv(PRELOAD);
    char *copy, *rest, *save;

    if (!all) {
        return;
    }
    copy = strdup(all);
    rest = calloc(1, strlen(all) + 1);
    if (copy && rest) {
        for (char *name = strtok_r(copy, ": ", &save); name;
             name = strtok_r(NULL, ": ", &save)) {
            if (strcmp(name, self)) {
                strcat(strcat(rest, *rest ? ":" : ""), name);
            }
        }
        if (*rest) {
            setenv(PRELOAD, rest, 1);
        } else {
            unsetenv(PRELOAD);
        }
    }
    free(copy);
    free(rest);
}

/* Why there is no device model to load; otherwise, its file's name in @model */
static char *find_model(const char *self, char **model)
{
    query_version query = (query_version)dlsym(RTLD_DEFAULT,
                                               "qmp_query_version");
    char *dir = strdup(self), *why = NULL;
    struct version_info *found;
    Dl_info program;

    if (!query || !dladdr(query, &program)) {
        if (asprintf(&why, "%s exports no symbols of QEMU",
                     (const char *)getauxval(AT_EXECFN)) < 0) {
            abort();
        }
        return why;
    }
    /* never freed: it is QEMU's allocator's, and a few bytes */
    found = query(NULL);
    if (!dir || asprintf(model, "%s/banyan-%" PRId64 ".%" PRId64 ".so",
                         dirname(dir), found->qemu->major,
                         found->qemu->minor) < 0) {
        abort();
    }
    if (access(*model, R_OK) &&
        asprintf(&why, "%s is QEMU %" PRId64 ".%" PRId64 ".%" PRId64
                 ", and there is no %s", program.dli_fname,
                 found->qemu->major, found->qemu->minor, found->qemu->micro,
                 *model) < 0) {
        abort();
    }
    free(dir);
    return why;
}

static void __attribute__((constructor)) banyan_preload(void)
{
    char *model = NULL, *why;
    Dl_info self;

    if (!dladdr(banyan_preload, &self)) {
        return;
    }
    leave_environment(self.dli_fname);
    why = find_model(self.dli_fname, &model);
    if (why) {
        fprintf(stderr, "banyan: not loaded: %s ('make device' makes one for "
                "QEMU 10.0 and 11.1)\n", why);
    } else if (!dlopen(model, RTLD_NOW)) {
        fprintf(stderr, "banyan: not loaded: %s\n", dlerror());
    }
    free(why);
    free(model);
}
