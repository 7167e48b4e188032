/* What failed, on its way to the administrator: counted in memory, because when it fails there is perhaps nothing to
   write to, and written by a later request. Every process has its own; the table adds them up. */
#include <stdatomic.h>

#include "admin/admin.h"
#include "app/app.h"

enum { ERRS = 64, PAUSE_US = 5 * SECOND_US };

static atomic_llong counts[ERRS], last_us[ERRS], next_try_us;
static atomic_bool waiting;

void incidents_note(enum err e)
{
    if ((int)e >= ERRS)
        return;
    atomic_store(&last_us[e], time_now_us());
    atomic_fetch_add(&counts[e], 1);
    atomic_store(&waiting, true);
}

struct taken {
    int64_t n[ERRS], last_us[ERRS];
};

static enum err write_down(struct cx *cx, void *ctx)
{
    const struct taken *t = ctx;
    enum err e = ERR_OK;
    for (int i = 0; !e && i < ERRS; i++)
        if (t->n[i])
            e = admin_incident_add(cx, (enum err)i, t->n[i], t->last_us[i]);
    return e;
}

void incidents_flush(struct cx *cx)
{
    long long now = time_now_us(), due = atomic_load(&next_try_us);
    if (!atomic_load(&waiting) || cx->read_only || now < due ||
        !atomic_compare_exchange_strong(&next_try_us, &due, now + PAUSE_US))
        return;
    struct taken t;
    atomic_store(&waiting, false);
    for (int i = 0; i < ERRS; i++) {
        t.n[i] = atomic_exchange(&counts[i], 0);
        t.last_us[i] = atomic_load(&last_us[i]);
    }
    if (!db_write(cx, write_down, &t))
        return;
    for (int i = 0; i < ERRS; i++) /* still nothing to write to: later */
        atomic_fetch_add(&counts[i], t.n[i]);
    atomic_store(&waiting, true);
    atomic_store(&next_try_us, time_now_us() + 6 * PAUSE_US);
}
