/* From what was posted to answers; and the page that shows both when two windows wrote. */
#include "form_views.h"

#include "i18n/i18n.h"

/* What was posted, by name: a page may have hundreds of fields, and each asks for its own. */
struct posted {
    const struct req_field *fields;
    struct form_index first; /* of a name: the place of its first value */
    int *next;               /* of a place: that of the next value of the same name; -1: none */
};

static struct posted posted_of(struct cx *cx, const struct request *req)
{
    size_t n;
    struct posted p = {.fields = req_fields(req, &n)};
    p.next = arena_array(cx->arena, int, n + 1);
    for (size_t i = n; i-- > 0;) {
        if (p.fields[i].is_file || !p.fields[i].value.n)
            continue;
        p.next[i] = form_index_get(&p.first, p.fields[i].name);
        form_index_put(cx->arena, &p.first, p.fields[i].name, (int)i);
    }
    return p;
}

static void posted_part(struct cx *cx, const struct posted *p, struct str key, const struct form_field *f,
                        const char *part, struct form_raws *ret)
{
    int at = form_index_get(&p->first, str_fmt(cx->arena, "%" PRI_STR "_%s", STR_ARG(f->id), part));
    struct str name = str_fmt(cx->arena, "%" PRI_STR ".%s", STR_ARG(key), part);
    form_raw_set(cx->arena, ret, name,
                 &(struct str){at < 0 ? "" : p->fields[at].value.p, at < 0 ? 0 : p->fields[at].value.n}, 1);
}

/* Lines as one LF, whatever the browser sent. */
static struct str lines(struct cx *cx, struct str s)
{
    struct buf b = buf_make(cx->arena);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r')
            buf_add_char(&b, s.p[i]);
    return str_trim(buf_str(&b));
}

static void posted_field(struct cx *cx, const struct posted *p, struct str key, const struct form_field *f,
                         struct form_raws *ret)
{
    static const char *const date[] = {"day", "month", "year"}, *const address[] = {"street", "postcode", "city"};
    if (f->kind == FORM_DATE || f->kind == FORM_MONTH || f->kind == FORM_ADDRESS) {
        for (int i = f->kind == FORM_MONTH; i < 3; i++)
            posted_part(cx, p, key, f, f->kind == FORM_ADDRESS ? address[i] : date[i], ret);
        return;
    }
    VEC_OF(struct str) clean = {0};
    for (int i = form_index_get(&p->first, f->id); i >= 0 && (!clean.n || f->kind == FORM_MULTISELECT); i = p->next[i])
        vec_add(cx->arena, &clean, lines(cx, p->fields[i].value));
    if (!clean.n && f->kind != FORM_MULTISELECT)
        vec_add(cx->arena, &clean, S(""));
    form_raw_set(cx->arena, ret, key, clean.p, clean.n);
}

/* Every field that stood on the page: also the boxes that were not ticked, which a browser does not send. */
struct form_raws form_posted(struct cx *cx, const struct request *req, const struct form_eval *eval,
                             struct form_spot at)
{
    struct form_raws ret = {0};
    struct posted p = posted_of(cx, req);
    int first, last;
    form_spot_fields(eval->form, at, &first, &last);
    for (int i = first; i <= last; i++) {
        const struct form_field *f = eval->form->fields.p[i];
        if (f->repeat == at.repeat && form_at(eval, f)->visible && form_asks(f) && form_is_typed(eval, f) &&
            f->kind != FORM_FILE)
            posted_field(cx, &p, form_key(cx->arena, at.row, f), f, &ret);
    }
    return ret;
}

static void add_inputs(struct cx *cx, const struct form_raws *posted, const struct form *form,
                       struct form_conflict_view *ret)
{
    for (size_t i = 0; i < posted->list.n; i++) {
        const struct form_raw *r = &posted->list.p[i];
        struct str row;
        const struct form_field *f = form_field_of_key(form, r->name, &row);
        if (!f)
            continue;
        size_t dot = str_find_char(r->name, '.', 0);
        struct str name = f->id;
        if (dot < r->name.n)
            name = str_fmt(cx->arena, "%" PRI_STR "_%" PRI_STR, STR_ARG(f->id),
                           STR_ARG(str_slice(r->name, dot + 1, r->name.n)));
        size_t n = f->kind == FORM_IDNO && r->values.n == 2 ? 1 : 0; /* the masked number stands for the known person */
        for (size_t k = n; k < r->values.n; k++)
            vec_add(cx->arena, &ret->inputs, (struct form_conflict_input){name, r->values.p[k]});
    }
}

static void add_conflict_rows(struct cx *cx, const struct form_eval *saved, const struct form_eval *yours,
                              struct form_spot at, struct form_conflict_view *ret)
{
    int first, last;
    form_spot_fields(saved->form, at, &first, &last);
    for (int i = first; i <= last; i++) {
        const struct form_field *f = saved->form->fields.p[i];
        const struct form_value *a = form_at(saved, f), *b = form_at(yours, f);
        if (f->repeat != at.repeat || !form_asks(f) || !form_is_typed(saved, f) || f->kind == FORM_FILE ||
            (!a->visible && !b->visible))
            continue;
        struct form_conflict_row row = {.label = words_in(&f->label, cx->lang),
                                        .saved = form_value_words(cx, f, a),
                                        .yours = form_value_words(cx, f, b)};
        row.differs = !str_eq(row.saved, row.yours);
        vec_add(cx->arena, &ret->rows, row);
    }
}

void form_view_conflict(struct cx *cx, const struct form_draft *now, struct form_spot at,
                        const struct form_raws *posted, struct form_conflict_view *ret)
{
    const struct form *form = now->form;
    struct form_draft mine = *now;
    struct form_eval saved, yours;
    mine.given.raws = form_raws_copy(cx->arena, &now->given.raws);
    if (at.repeat)
        form_row_add(cx, &mine, at.repeat, at.row);
    for (size_t i = 0; i < posted->list.n; i++)
        form_raw_set(cx->arena, &mine.given.raws, posted->list.p[i].name, posted->list.p[i].values.p,
                     posted->list.p[i].values.n);
    form_evaluate(cx, form, &now->given, &saved);
    form_evaluate(cx, form, &mine.given, &yours);
    if (at.repeat) {
        saved = form_in_row(&saved, form_row_of(&saved, at.repeat, at.row));
        yours = form_in_row(&yours, form_row_of(&yours, at.repeat, at.row));
    }
    *ret = (struct form_conflict_view){
        .title = words_in(at.repeat ? &at.repeat->row : &form->pages.p[at.page].title, cx->lang),
        .seen = form_draft_saved(cx, now, at)};
    add_conflict_rows(cx, &saved, &yours, at, ret);
    add_inputs(cx, posted, form, ret);
    ret->action = form_spot_path(cx, now, at);
    ret->href_keep =
        at.repeat && !saved.row ? form_spot_path(cx, now, (struct form_spot){.page = at.page}) : ret->action;
}
