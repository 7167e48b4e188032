/* What failed, on its way to the administrator: counted in memory, because when it fails there is perhaps nothing to
   write to, and written by a later request. Every process has its own; the table adds them up. */
#include <stdatomic.h>

#include "admin/admin.h"
#include "app/app.h"

enum { ERRS = 64, PAUSE_US = 5 * SECOND_US };

static atomic_llong counts[ERRS], first_us[ERRS], last_us[ERRS], next_try_us;
static atomic_bool waiting;

void incidents_note(enum err e)
{
    if ((int)e >= ERRS)
        return;
    long long now = time_now_us(), none = 0;
    atomic_store(&last_us[e], now);
    atomic_compare_exchange_strong(&first_us[e], &none, now);
    atomic_fetch_add(&counts[e], 1);
    atomic_store(&waiting, true);
}

struct taken {
    struct admin_incident of[ERRS];
};

static enum err write_down(struct cx *cx, void *ctx)
{
    const struct taken *t = ctx;
    enum err e = ERR_OK;
    for (int i = 0; !e && i < ERRS; i++)
        if (t->of[i].n)
            e = admin_incident_add(cx, (enum err)i, &t->of[i]);
    return e;
}

static void take(struct taken *t)
{
    atomic_store(&waiting, false);
    for (int i = 0; i < ERRS; i++)
        t->of[i] = (struct admin_incident){.n = atomic_exchange(&counts[i], 0),
                                           .first_us = atomic_exchange(&first_us[i], 0),
                                           .last_us = atomic_load(&last_us[i])};
}

static void give_back(const struct taken *t)
{
    for (int i = 0; i < ERRS; i++) {
        atomic_fetch_add(&counts[i], t->of[i].n);
        if (t->of[i].n)
            atomic_store(&first_us[i], t->of[i].first_us);
    }
    atomic_store(&waiting, true);
}

void incidents_flush(struct cx *cx)
{
    long long now = time_now_us(), due = atomic_load(&next_try_us);
    admin_note_outage(cx);
    if (!atomic_load(&waiting) || cx->read_only || now < due ||
        !atomic_compare_exchange_strong(&next_try_us, &due, now + PAUSE_US))
        return;
    struct taken t;
    take(&t);
    if (!db_write(cx, write_down, &t))
        return;
    give_back(&t); /* still nothing to write to: later */
    atomic_store(&next_try_us, time_now_us() + 6 * PAUSE_US);
}
