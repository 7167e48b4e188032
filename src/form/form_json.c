/* The answers as the record keeps them (form.h), and back. */
#include "form_eval.h"
#include "codec/codec.h"

static const char *const attr_words[] = {"name", "address", "email",    "phone", "born",
                                         "idno", "income",  "children", "single"};

static void write_files(struct cx *cx, struct json_out *o, const struct form_eval *e, const struct form_field *f)
{
    struct str key = form_key(cx->arena, e->row ? e->row->id : (struct str){0}, f);
    json_begin_array(o);
    for (size_t i = 0; i < e->given->uploads.n; i++) {
        const struct form_upload *u = &e->given->uploads.p[i];
        if (!str_eq(u->field, key))
            continue;
        json_begin_object(o);
        json_key(o, "name"), json_str(o, u->name);
        json_key(o, "mime"), json_str(o, u->mime);
        json_key(o, "size"), json_i64(o, u->file.size);
        json_key(o, "sha256"), json_str(o, hash_hex(cx->arena, u->file.hash));
        json_end(o);
    }
    json_end(o);
}

static void write_address(struct json_out *o, const struct form_value *v)
{
    json_begin_object(o);
    json_key(o, "street"), json_str(o, v->street);
    json_key(o, "postcode"), json_str(o, v->postcode);
    json_key(o, "city"), json_str(o, v->city);
    json_end(o);
}

static void write_idno(struct json_out *o, const struct form_value *v)
{
    json_begin_object(o);
    json_key(o, "party"), json_i64(o, v->number);
    json_key(o, "masked"), json_str(o, v->text);
    json_end(o);
}

static void write_value(struct cx *cx, struct json_out *o, const struct form_field *f, const struct form_eval *e)
{
    const struct form_value *v = form_at(e, f);
    if (v->bad && f->kind != FORM_ADDRESS) { /* only in a draft: a submission has none */
        json_str(o, v->text);
        return;
    }
    switch (f->kind) {
    case FORM_NUMBER:
        json_str(o, form_write_number(cx->arena, v->number));
        break;
    case FORM_MONEY:
        json_i64(o, v->number);
        break;
    case FORM_DATE:
        json_str(o, civil_iso_day(cx->arena, (day_t)v->number));
        break;
    case FORM_MONTH:
        json_str(o, str_slice(civil_iso_day(cx->arena, (day_t)v->number), 0, 7));
        break;
    case FORM_YESNO:
    case FORM_CHECKBOX:
    case FORM_DECLARATION:
        json_bool(o, v->number);
        break;
    case FORM_MULTISELECT:
        json_begin_array(o);
        for (size_t i = 0; i < v->chosen.n; i++)
            json_str(o, v->chosen.p[i]);
        json_end(o);
        break;
    case FORM_ADDRESS:
        write_address(o, v);
        break;
    case FORM_IDNO:
        write_idno(o, v);
        break;
    case FORM_FILE:
        write_files(cx, o, e, f);
        break;
    default:
        json_str(o, v->text);
    }
}

static void write_source(struct cx *cx, struct json_out *o, const struct form_field *f, const struct form_value *v)
{
    json_key_str(o, f->id);
    json_begin_object(o);
    json_key(o, "source"), json_str(o, v->told_by);
    json_key(o, "attr"), json_str(o, v->service.n ? v->question : str_of(attr_words[f->attr]));
    if (v->service.n)
        json_key(o, "service"), json_str(o, v->service);
    json_key(o, "at"), json_str(o, civil_iso_us(cx->arena, v->fetched_us));
    json_end(o);
}

static void write_head(struct json_out *o, const struct form_json_head *head)
{
    static const char *const channels[] = {
        [CHANNEL_COUNTER] = "counter", [CHANNEL_TELEPHONE] = "telephone", [CHANNEL_LETTER] = "letter"};
    json_key(o, "lang"), json_str(o, str_of(lang_tag(head->lang)));
    if (head->channel > CHANNEL_SELF)
        json_key(o, "channel"), json_str(o, str_of(channels[head->channel]));
    if (head->helper.n)
        json_key(o, "helper"), json_str(o, head->helper);
}

static void write_fields(struct cx *cx, struct json_out *o, const struct form_eval *e, int from, int to);

/* A list of objects, one a row. */
static void write_rows(struct cx *cx, struct json_out *o, const struct form_eval *e, const struct form_field *f)
{
    const struct form_value *v = &e->values[f->order];
    json_key_str(o, f->id);
    json_begin_array(o);
    for (size_t i = 0; i < v->rows.n; i++) {
        struct form_eval in = form_in_row(e, &v->rows.p[i]);
        json_begin_object(o);
        write_fields(cx, o, &in, f->order + 1, f->last);
        json_end(o);
    }
    json_end(o);
}

/* The answers of the fields from … to; those of a repeat lie in its rows. */
static void write_fields(struct cx *cx, struct json_out *o, const struct form_eval *e, int from, int to)
{
    for (int i = from; i <= to; i++) {
        const struct form_field *f = e->form->fields.p[i];
        const struct form_value *v = form_at(e, f);
        if (f->kind == FORM_REPEAT) {
            if (v->visible)
                write_rows(cx, o, e, f);
            i = f->last;
        } else if (v->visible && form_asks(f) && (!v->empty || form_is_tick(f))) {
            json_key_str(o, f->id);
            write_value(cx, o, f, e);
        }
    }
}

/* What was asked and left empty: the id, in a row "children.0.child_born". */
static void write_asked(struct cx *cx, struct json_out *o, const struct form_eval *e, struct str prefix, int from,
                        int to)
{
    for (int i = from; i <= to; i++) {
        const struct form_field *f = e->form->fields.p[i];
        const struct form_value *v = form_at(e, f);
        if (v->visible && v->empty && form_asks(f))
            json_str(o, str_cat(cx->arena, prefix, f->id));
        if (f->kind != FORM_REPEAT)
            continue;
        for (size_t r = 0; r < v->rows.n; r++) {
            struct form_eval in = form_in_row(e, &v->rows.p[r]);
            write_asked(cx, o, &in, str_fmt(cx->arena, "%" PRI_STR ".%zu.", STR_ARG(f->id), r), f->order + 1, f->last);
        }
        i = f->last;
    }
}

struct str form_answers_json(struct cx *cx, const struct form_eval *e, const struct form_json_head *head)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    int last = (int)e->form->fields.n - 1;
    json_begin_object(&o);
    write_head(&o, head);
    json_key(&o, "answers");
    json_begin_object(&o);
    write_fields(cx, &o, e, 0, last);
    json_end(&o);
    json_key(&o, "asked");
    json_begin_array(&o);
    write_asked(cx, &o, e, (struct str){0}, 0, last);
    json_end(&o);
    json_key(&o, "sources");
    json_begin_object(&o);
    for (size_t i = 0; i < e->form->fields.n; i++)
        if (e->values[i].register_fact)
            write_source(cx, &o, e->form->fields.p[i], &e->values[i]);
    json_end(&o);
    json_key(&o, "changed");
    json_begin_array(&o);
    for (size_t i = 0; i < e->form->fields.n; i++)
        if (e->values[i].changed)
            json_str(&o, e->form->fields.p[i]->id);
    json_end(&o);
    json_end(&o);
    return buf_str(&b);
}

/* "2026-11-23T10:26:00Z" as form_answers_json wrote it: the day is all that is shown. */
static int64_t read_moment(struct str s)
{
    day_t day;
    return civil_parse_day(str_slice(s, 0, 10), &day) ? day * DAY_US + DAY_US / 2 : 0;
}

static void read_value(struct cx *cx, const struct form_field *f, const struct json *j, struct form_value *v)
{
    v->text = j->kind == JSON_TEXT ? j->text : (struct str){0};
    v->number = j->kind == JSON_INT ? j->i64 : j->kind == JSON_FLAG ? j->flag : 0;
    day_t day = 0;
    if (f->kind == FORM_NUMBER)
        v->bad = !form_read_number(v->text, 4, &v->number);
    if (f->kind == FORM_DATE || f->kind == FORM_MONTH) {
        struct str whole = f->kind == FORM_MONTH ? str_cat(cx->arena, v->text, S("-01")) : v->text;
        v->bad = !civil_parse_day(whole, &day);
        v->number = day;
    }
    if (f->kind == FORM_ADDRESS) {
        v->street = json_text(j, "street");
        v->postcode = json_text(j, "postcode");
        v->city = json_text(j, "city");
    }
    if (f->kind == FORM_IDNO) {
        v->number = json_int(j, "party", 0);
        v->text = json_text(j, "masked");
    }
    if (j->kind != JSON_LIST)
        return;
    struct buf names = buf_make(cx->arena);
    for (size_t i = 0; i < j->n; i++) {
        if (f->kind == FORM_MULTISELECT && j->items[i]->kind == JSON_TEXT)
            vec_add(cx->arena, &v->chosen, j->items[i]->text);
        if (f->kind == FORM_FILE)
            buf_fmt(&names, "%s%" PRI_STR, i ? "\n" : "", STR_ARG(json_text(j->items[i], "name")));
    }
    v->n_files = f->kind == FORM_FILE ? j->n : 0;
    if (f->kind == FORM_FILE)
        v->text = buf_str(&names);
}

/* Where the values of a record come from. */
struct back {
    const struct json *sources;
    struct form_index asked;   /* what was left empty */
    struct form_index changed; /* what is another than was filled in beforehand */
    struct form_eval *eval;
};

static void read_rows(struct cx *cx, struct back *b, const struct form_field *f, const struct json *list);

/* The fields from … to of an object of answers; prefix as in write_asked. */
static void read_fields(struct cx *cx, struct back *b, const struct json *answers, struct str prefix, int from, int to)
{
    for (int i = from; i <= to; i++) {
        const struct form_field *f = b->eval->form->fields.p[i];
        struct form_value *v = (struct form_value *)form_at(b->eval, f); /* cast: the values are ours */
        const struct json *j = json_get_str(answers, f->id);
        v->empty = !j;
        v->visible = j || form_index_get(&b->asked, str_cat(cx->arena, prefix, f->id)) >= 0;
        if (f->kind == FORM_REPEAT) {
            read_rows(cx, b, f, j);
            i = f->last;
        } else if (j) {
            read_value(cx, f, j, v);
        }
        const struct json *source = json_get_str(b->sources, f->id);
        v->register_fact = source && !prefix.n;
        v->changed = !prefix.n && v->visible && form_index_get(&b->changed, f->id) >= 0;
        if (v->register_fact) {
            v->told_by = json_text(source, "source");
            v->service = json_text(source, "service");
            v->fetched_us = read_moment(json_text(source, "at"));
        }
        b->eval->pages[f->page] |= v->visible;
    }
}

static void read_rows(struct cx *cx, struct back *b, const struct form_field *f, const struct json *list)
{
    struct form_value *v = &b->eval->values[f->order];
    size_t fields = (size_t)(f->last - f->order), n = list && list->kind == JSON_LIST ? list->n : 0;
    for (size_t i = 0; i < n && i < FORM_ROWS; i++)
        vec_add(cx->arena, &v->rows,
                (struct form_row){str_fmt(cx->arena, "%zu", i), arena_array(cx->arena, struct form_value, fields + 1)});
    for (size_t i = 0; i < v->rows.n; i++) {
        b->eval->row = &v->rows.p[i];
        struct str prefix = str_fmt(cx->arena, "%" PRI_STR ".%zu.", STR_ARG(f->id), i);
        read_fields(cx, b, list->items[i], prefix, f->order + 1, f->last);
    }
    b->eval->row = NULL;
    v->empty = !v->rows.n;
}

static void read_names(struct cx *cx, const struct json *list, struct form_index *ret)
{
    for (size_t i = 0; list && i < list->n; i++)
        form_index_put(cx->arena, ret, list->items[i]->text, 1);
}

enum err form_answers_read(struct cx *cx, const struct form *form, struct str answers_json, struct form_eval *ret)
{
    struct json *top;
    enum err e = json_parse(cx, answers_json, &top);
    const struct json *answers = e ? NULL : json_get(top, "answers");
    if (!answers)
        return fail(cx, ERR_INTERNAL, "answers that are no JSON of ours");
    struct back b = {.sources = json_get(top, "sources"), .eval = ret};
    read_names(cx, json_get(top, "asked"), &b.asked);
    read_names(cx, json_get(top, "changed"), &b.changed);
    *ret = (struct form_eval){.form = form, .arena = cx->arena};
    ret->values = arena_array(cx->arena, struct form_value, form->fields.n + 1);
    ret->pages = arena_array(cx->arena, bool, form->pages.n + 1);
    read_fields(cx, &b, answers, (struct str){0}, 0, (int)form->fields.n - 1);
    return ERR_OK;
}
