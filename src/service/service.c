/* Looking things up in a version. */
#include "i18n/i18n.h"
#include "service.h"

const struct service_law *service_law(const struct service_version *v, struct str key)
{
    for (size_t i = 0; i < v->laws.n; i++)
        if (str_eq(v->laws.p[i].key, key))
            return &v->laws.p[i];
    return NULL;
}

const struct service_purpose *service_purpose(const struct service_version *v, struct str key)
{
    for (size_t i = 0; i < v->purposes.n; i++)
        if (str_eq(v->purposes.p[i].key, key))
            return &v->purposes.p[i];
    return NULL;
}

const struct service_compatible *service_compatible(const struct service_purpose *p, struct str service, struct str key)
{
    for (size_t i = 0; i < p->compatible.n; i++) {
        struct str rest = p->compatible.p[i].purpose, of = {0};
        if (str_cut(&rest, '/', &of) && str_eq(of, service) && str_eq(rest, key))
            return &p->compatible.p[i];
    }
    return NULL;
}

const struct service_file *service_file(const struct service_version *v, struct str path)
{
    for (size_t i = 0; i < v->files.n; i++)
        if (str_eq(v->files.p[i].path, path))
            return &v->files.p[i];
    return NULL;
}

const struct service_letter *service_letter(const struct service_version *v, struct str key, enum lang lang)
{
    for (size_t i = 0; i < v->letters.n; i++)
        if (str_eq(v->letters.p[i].key, key) && v->letters.p[i].lang == lang)
            return &v->letters.p[i];
    return NULL;
}

struct str service_retention(struct cx *cx, const struct service_version *v, enum service_ending ending)
{
    int own = ending < ENDING_COUNT ? v->retention_ending[ending] : 0;
    if (own < 0 || (!own && v->retention_keep))
        return S("keep");
    return str_fmt(cx->arena, "years:%d", own ? own : v->retention_years);
}

bool service_is_sensitive(const struct service_version *v)
{
    for (size_t i = 0; i < v->purposes.n; i++)
        if (str_starts(v->purposes.p[i].gdpr, S("9")) || str_starts(v->purposes.p[i].gdpr, S("10")))
            return true;
    return false;
}

struct words service_appeal_body(struct cx *cx, const struct service_version *v)
{
    return v && !words_empty(&v->appeal_body) ? v->appeal_body : cx->muni->rules->appeal_body;
}

struct str service_appeal_term(struct cx *cx, const struct service_version *v)
{
    int days = v ? v->appeal_days : 0;
    if (!days)
        return words_in(&cx->muni->rules->appeal_term, cx->lang);
    return days % 7 ? i18n_fmt(cx, T_service_appeal_days, ARG("n", days))
                    : i18n_fmt(cx, T_service_appeal_weeks, ARG("n", days / 7));
}

day_t service_appeal_deadline(struct cx *cx, const struct service_version *v, day_t arrived)
{
    int days = v ? v->appeal_days : 0;
    return days ? municipality_add_working_days(cx->muni, arrived + days, 0)
                : municipality_appeal_deadline(cx->muni, arrived);
}
