/* What the roles of an employee open. Which case files are theirs to see, the filter says (law 7); this only closes
   whole parts of the model. A program is no employee: it may do what the model allows, in its unit. */
#include <string.h>

#include "noark/noark_internal.h"

enum {
    WORK = ROLE_CASEWORKER | ROLE_LEADER | ROLE_ARCHIVIST,
    KEEP = ROLE_ARCHIVIST,               /* the structure of the archive */
    WORDS = ROLE_ARCHIVIST | ROLE_ADMIN, /* code lists, fields of our own */
    PEOPLE = ROLE_ARCHIVIST | ROLE_ADMIN,
    TRACE = ROLE_LEADER | ROLE_ARCHIVIST | ROLE_DPO,
};

struct right {
    const char *package;
    unsigned reads, writes; /* enum role; 0: everybody */
};
static const struct right rights[] = {{"arkivstruktur", WORK, WORK},
                                      {"sakarkiv", WORK, WORK},
                                      {"loggingogsporing", TRACE, TRACE},
                                      {"metadata", 0, WORDS},
                                      {"admin", PEOPLE, PEOPLE}};

static bool is_structure(const struct noark_type *t)
{
    static const char *const names[] = {"arkiv", "arkivskaper", "arkivdel", "klassifikasjonssystem", "klasse"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(t->name, names[i]))
            return true;
    return false;
}

enum { EVERYTHING = ~0u >> 1 };

unsigned noark_rights(const struct who *w)
{
    bool employee = w->kind == WHO_EMPLOYEE && w->employee_id;
    return employee ? w->roles & (WORK | KEEP | WORDS | PEOPLE | TRACE) : EVERYTHING;
}

static bool opens(const struct who *w, unsigned roles)
{
    return !roles || noark_rights(w) & roles;
}

bool noark_reads(const struct who *w, const struct noark_type *t)
{
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (!strcmp(t->package, rights[i].package))
            return opens(w, rights[i].reads);
    return false;
}

bool noark_writes(const struct who *w, const struct noark_type *t)
{
    if (is_structure(t))
        return opens(w, KEEP);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (!strcmp(t->package, rights[i].package))
            return opens(w, rights[i].writes);
    return false;
}

enum err need_write(struct api *api, const struct noark_type *t)
{
    return noark_writes(api->cx->who, t)
               ? ERR_OK
               : fail(api->cx, ERR_FORBIDDEN, "your roles do not let you create or change a %s", t->name);
}
