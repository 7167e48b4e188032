#include "auth/auth.h"

const struct who *auth_system(void)
{
    static const struct who system = {.kind = WHO_SYSTEM};
    return &system;
}

const struct who *auth_nobody(void)
{
    static const struct who nobody = {.kind = WHO_NOBODY};
    return &nobody;
}

bool auth_in_unit(const struct who *w, int64_t unit_id)
{
    for (size_t i = 0; i < w->n_units; i++)
        if (w->unit_ids[i] == unit_id)
            return true;
    return false;
}
