/* A model in a folder, with what it imports beside it. */
#include <dirent.h>
#include <stdlib.h>

#include "dmn_inner.h"

enum { MAX_BESIDE = 500 };

static struct str folder_of(struct str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return n ? str_slice(path, 0, n - 1 ? n - 1 : 1) : S(".");
}

/* The file of the folder that has this namespace. The import's own location is not followed: it may point anywhere. */
static enum err load_beside(struct cx *cx, void *ctx, struct str ns, struct str location, struct str *ret_file,
                            struct str *ret_bytes)
{
    (void)location;
    struct dirent **entries;
    struct str folder = *(struct str *)ctx;
    enum err e = ERR_NOT_FOUND;
    int n = scandir(str_z(cx->arena, folder), &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct str name = str_of(entries[i]->d_name), bytes;
        struct str path = str_fmt(cx->arena, "%.*s/%s", STR_ARG(folder), entries[i]->d_name);
        bool look = e && i < MAX_BESIDE && str_ends(name, S(".dmn"));
        free(entries[i]);
        if (!look || file_read(cx, path, XML_MAX_BYTES, &bytes) || !str_eq(dmn_namespace_of(cx, path, bytes), ns))
            continue;
        *ret_file = path;
        *ret_bytes = bytes;
        e = ERR_OK;
    }
    if (n >= 0)
        free(entries);
    return e;
}

enum err dmn_load_file(struct cx *cx, struct arena *keep, struct str path, struct dmn_warnings *warnings,
                       const struct dmn_model **ret_model)
{
    struct str bytes, folder = folder_of(path);
    struct dmn_loader loader = {load_beside, &folder};
    enum err e = file_read(cx, path, XML_MAX_BYTES, &bytes);
    return e ? e : dmn_load(cx, keep, path, bytes, &loader, warnings, ret_model);
}
