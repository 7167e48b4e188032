/* Ask once: what a party answered in one service, read for a draft in another. Only by a permit, and only while the
   application may be used at all: casefile.sql, may_use_again. */
#include "casefile_internal.h"

static enum err latest(struct cx *cx, int64_t party_id, struct str service_key, struct form_earlier_source *ret,
                       bool *ret_found)
{
    struct q_casefile_reuse_latest row;
    struct viewer v = viewer_of(cx);
    struct q_casefile_reuse_latest_in in = {.party_id = party_id, .service_key = service_key, VIEWER_IN(cx, v)};
    enum err e = q_casefile_reuse_latest(cx, &in, &row, ret_found);
    if (!e && *ret_found)
        *ret = (struct form_earlier_source){row.id, row.service_version_id, row.no, row.received_us};
    return e;
}

static enum err permit(struct cx *cx, const struct form_earlier_permit *p)
{
    return q_casefile_reuse_permit(cx, &(struct q_casefile_reuse_permit_in){.draft_id = p->draft_id,
                                                                            .field = p->field,
                                                                            .casefile_id = p->casefile_id,
                                                                            .from_field = p->from_field,
                                                                            .from_purpose = p->from_purpose,
                                                                            .purpose = p->purpose,
                                                                            .law = p->law,
                                                                            .now_us = cx->now_us});
}

static enum err read_permitted(struct cx *cx, int64_t draft_id, struct form_earlier_reads *ret)
{
    struct q_casefile_reuse_read *rows;
    struct viewer v = viewer_of(cx);
    struct str json = {0};
    size_t n;
    *ret = (struct form_earlier_reads){0};
    enum err e = q_casefile_reuse_read(cx, draft_id, v.kind, v.refs, v.party, cx->now_us, &rows, &n);
    for (size_t i = 0; !e && i < n; i++) {
        if (!i || rows[i].casefile_id != rows[i - 1].casefile_id)
            e = record_text(cx, rows[i].application_id, &json);
        vec_add(cx->arena, &ret->rows,
                (struct form_earlier_read){.field = rows[i].field,
                                           .from_field = rows[i].from_field,
                                           .service_key = rows[i].service_key,
                                           .version_id = rows[i].service_version_id,
                                           .at_us = rows[i].received_us,
                                           .answers_json = json});
    }
    return e;
}

static enum err forget(struct cx *cx, int64_t draft_id)
{
    return q_casefile_reuse_forget(cx, draft_id);
}

const struct form_earlier_hooks casefile_reuse = {latest, permit, read_permitted, forget};
