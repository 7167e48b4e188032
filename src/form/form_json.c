/* The answers as the record keeps them (form.h), and back. */
#include "form_eval.h"
#include "codec/codec.h"

static const char *const attr_words[] = {"name", "address", "email",    "phone", "born",
                                         "idno", "income",  "children", "single"};

static void write_files(struct cx *cx, struct json_out *o, const struct form_field *f, const struct form_given *given)
{
    json_begin_array(o);
    for (size_t i = 0; i < given->uploads.n; i++) {
        const struct form_upload *u = &given->uploads.p[i];
        if (!str_eq(u->field, f->id))
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
    const struct form_value *v = &e->values[f->order];
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
    case FORM_YESNO:
    case FORM_CHECKBOX:
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
        write_files(cx, o, f, e->given);
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
    json_key(o, "attr"), json_str(o, str_of(attr_words[f->attr]));
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

struct str form_answers_json(struct cx *cx, const struct form_eval *e, const struct form_json_head *head)
{
    struct buf b = buf_make(cx->arena);
    struct json_out o = json_out_make(&b);
    json_begin_object(&o);
    write_head(&o, head);
    json_key(&o, "answers");
    json_begin_object(&o);
    for (size_t i = 0; i < e->form->fields.n; i++) {
        const struct form_field *f = e->form->fields.p[i];
        const struct form_value *v = &e->values[i];
        if (!v->visible || !form_asks(f) || (v->empty && f->kind != FORM_CHECKBOX))
            continue;
        json_key_str(&o, f->id);
        write_value(cx, &o, f, e);
    }
    json_end(&o);
    json_key(&o, "asked");
    json_begin_array(&o);
    for (size_t i = 0; i < e->form->fields.n; i++)
        if (e->values[i].visible && e->values[i].empty && form_asks(e->form->fields.p[i]))
            json_str(&o, e->form->fields.p[i]->id);
    json_end(&o);
    json_key(&o, "sources");
    json_begin_object(&o);
    for (size_t i = 0; i < e->form->fields.n; i++)
        if (e->values[i].register_fact)
            write_source(cx, &o, e->form->fields.p[i], &e->values[i]);
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
    if (f->kind == FORM_DATE) {
        v->bad = !civil_parse_day(v->text, &day);
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

enum err form_answers_read(struct cx *cx, const struct form *form, struct str answers_json, struct form_eval *ret)
{
    struct json *top;
    enum err e = json_parse(cx, answers_json, &top);
    const struct json *answers = e ? NULL : json_get(top, "answers");
    if (!answers)
        return fail(cx, ERR_INTERNAL, "answers that are no JSON of ours");
    const struct json *asked = json_get(top, "asked");
    *ret = (struct form_eval){.form = form};
    ret->values = arena_array(cx->arena, struct form_value, form->fields.n + 1);
    ret->pages = arena_array(cx->arena, bool, form->pages.n + 1);
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct form_field *f = form->fields.p[i];
        struct form_value *v = &ret->values[i];
        const struct json *j = json_get_str(answers, f->id);
        v->empty = !j;
        v->visible = j;
        for (size_t k = 0; !j && asked && k < asked->n; k++)
            v->visible |= str_eq(asked->items[k]->text, f->id);
        if (j)
            read_value(cx, f, j, v);
        const struct json *source = json_get_str(json_get(top, "sources"), f->id);
        v->register_fact = source;
        v->told_by = json_text(source, "source");
        v->fetched_us = source ? read_moment(json_text(source, "at")) : 0;
        ret->pages[f->page] |= v->visible;
    }
    return ERR_OK;
}
