/* Inside the room: the catalogue in memory. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "service.h"

/* A version and the memory it lives in. */
struct loaded {
    struct arena *arena;
    const struct service_version *v;
};

/* What search looks at, folded; made once per snapshot. */
struct searchable {
    const struct service_version *v;
    struct str name[LANG_COUNT], words[LANG_COUNT], rest[LANG_COUNT]; /* rest: summary, audience and guidance */
};

/* The current versions at one moment; never changed. Old ones stay until the catalogue is closed, because a request may
   still read them: there are as many as there were publications while the process ran. */
struct snapshot {
    struct snapshot *older;
    struct arena *arena;
    int64_t change;
    size_t n;
    const struct service_version **by_key;
    struct searchable *by_name[LANG_COUNT]; /* in the order of that language's names */
};

struct catalogue {
    _Atomic(struct snapshot *) now;
    _Atomic int64_t checked_us; /* when the database was last looked at */
    pthread_mutex_t lock;       /* of what follows */
    struct arena *arena;
    VEC_OF(struct loaded) versions;
};

/* A version of the database from its stored files, whatever this program thinks of them today. */
enum err service_load_stored(struct cx *cx, struct arena *a, struct str key, const struct service_file *files, size_t n,
                             struct service_version **ret);

/* The hash a folder's version would have, without compiling it; and the key of its service: the last part of its path.
 */
enum err service_folder_hash(struct cx *cx, struct str dir, struct hash *ret);
struct str service_folder_key(struct str dir);

/* Today lies within its valid days. */
bool service_is_offered(const struct cx *cx, const struct service_version *v);
