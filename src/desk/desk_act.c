/* What an employee does in a case with a few words. One page, twelve uses; the table says which fields each has. */
#include "desk_handlers.h"

#include "i18n/i18n.h"
#include "tpl_desk_act.h"

enum use { ASK, NOTE, CALL, HEAR, EXEMPT, EXTEND, SUSPEND, HAND_OVER, PASS_ON, APPEAL, SIGNATURE, UPHOLD, USE_COUNT };

static const struct {
    const char *path;
    enum casefile_action action;
    enum text heading, intro, label, done;
    bool no_text, days, basis, reached, day, employee, unit;
    bool sure; /* it cannot be taken back: asked once more */
    int default_days;
} uses[USE_COUNT] = {
    [ASK] = {"ask", CASEFILE_DO_ASK, T_desk_ask, T_desk_ask_intro, T_desk_ask_label, T_desk_ask_done, .days = true,
             .default_days = 5},
    [NOTE] = {"note", CASEFILE_DO_NOTE, T_desk_note, T_desk_note_intro, T_desk_note_label, T_desk_note_done,
              .no_text = false},
    [CALL] = {"call", CASEFILE_DO_CALL, T_desk_call, T_desk_call_intro, T_desk_call_label, T_desk_call_done,
              .reached = true},
    [HEAR] = {"hear", CASEFILE_DO_HEAR, T_desk_hear, T_desk_hear_intro, T_desk_hear_label, T_desk_hear_done,
              .days = true, .default_days = 10},
    [EXEMPT] = {"exempt", CASEFILE_DO_EXEMPT, T_desk_exempt, T_desk_exempt_intro, T_desk_exempt_label,
                T_desk_exempt_done, .basis = true},
    [EXTEND] = {"extend", CASEFILE_DO_EXTEND, T_desk_extend, T_desk_extend_intro, T_desk_extend_label,
                T_desk_extend_done, .day = true},
    [SUSPEND] = {"suspend", CASEFILE_DO_SUSPEND, T_desk_suspend, T_desk_suspend_intro, T_desk_suspend_label,
                 T_desk_suspend_done, .no_text = false},
    [HAND_OVER] = {"hand-over", CASEFILE_DO_HAND_OVER, T_desk_hand_over, T_desk_hand_over_intro, T_desk_ask_label,
                   T_desk_hand_over_done, .no_text = true, .employee = true},
    [PASS_ON] = {"pass-on", CASEFILE_DO_PASS_ON, T_desk_pass_on, T_desk_pass_on_intro, T_desk_pass_on_label,
                 T_desk_pass_on_done, .unit = true, .sure = true},
    [APPEAL] = {"appeal", CASEFILE_DO_RECEIVE_APPEAL, T_desk_appeal, T_desk_appeal_intro, T_desk_appeal_label,
                T_desk_appeal_done, .no_text = false},
    [SIGNATURE] = {"signature", CASEFILE_DO_SETTLE_SIGNING, T_desk_signature, T_desk_signature_intro,
                   T_desk_signature_label, T_desk_signature_done, .basis = true},
    [UPHOLD] = {"uphold", CASEFILE_DO_UPHOLD, T_desk_uphold, T_desk_uphold_intro, T_desk_uphold_label,
                T_desk_uphold_done, .sure = true},
};

struct acting {
    enum use use;
    struct str id;
    struct casefile_view open;
    struct casefile_colleagues colleagues;
    struct auth_unit *units;
    size_t n_units;
    struct str newest;
    day_t day;
    int64_t version; /* of the case as the window that was sent showed it; 0: nothing was sent */
    struct desk_act view;
};

static enum err open_case(struct cx *cx, void *ctx)
{
    struct acting *a = ctx;
    enum err e = desk_open(cx, a->id, &a->open);
    if (!e && uses[a->use].employee)
        e = casefile_colleagues(cx, &a->open, &a->colleagues);
    if (!e && uses[a->use].unit)
        e = auth_units_with(cx, CASEFILE_ROLES, &a->units, &a->n_units);
    return e ? e : desk_newest_event(cx, &a->open, &a->newest);
}

static enum err begin(struct cx *cx, struct request *req, struct acting *a)
{
    struct str what = req_param(req, "what");
    a->id = req_param(req, "id");
    a->use = USE_COUNT;
    for (int i = 0; i < USE_COUNT; i++)
        if (str_eq_z(what, uses[i].path))
            a->use = (enum use)i;
    if (a->use == USE_COUNT)
        return fail(cx, ERR_NOT_FOUND, "nothing of that name can be done");
    enum err e = db_read(cx, open_case, a);
    if (!e && !a->open.can[uses[a->use].action])
        e = fail_say(cx, ERR_CONFLICT, text_keys[T_casefile_why_state],
                     "case file %" PRI_STR " does not allow this now", STR_ARG(a->open.file.no));
    return e;
}

static void set_field(struct cx *cx, struct acting *a, struct page_field *f, const char *id, enum text label)
{
    f->id = str_of(id);
    f->label = i18n_text(cx->lang, label);
    f->error = page_errors_of(&a->view.errors, f->id);
}

static void add_choices(struct cx *cx, struct acting *a)
{
    struct desk_act *v = &a->view;
    v->reached.kind = PAGE_FIELD_RADIO;
    vec_add(cx->arena, &v->reached.options,
            (struct page_option){.value = S("yes"),
                                 .label = i18n_text(cx->lang, T_desk_reached_yes),
                                 .checked = str_eq(v->reached.value, S("yes"))});
    vec_add(cx->arena, &v->reached.options,
            (struct page_option){.value = S("no"),
                                 .label = i18n_text(cx->lang, T_desk_reached_no),
                                 .checked = str_eq(v->reached.value, S("no"))});
    struct page_option none = {.label = i18n_text(cx->lang, T_desk_post_service_choose)}; /* nobody by mistake */
    v->employee.kind = PAGE_FIELD_SELECT;
    vec_add(cx->arena, &v->employee.options, none);
    for (size_t i = 0; i < a->colleagues.rows.n; i++) {
        const struct casefile_colleague *c = &a->colleagues.rows.p[i];
        struct str value = str_fmt(cx->arena, "%lld", (long long)c->employee_id);
        vec_add(cx->arena, &v->employee.options,
                (struct page_option){.value = value, .label = c->name, .checked = str_eq(value, v->employee.value)});
    }
    v->unit.kind = PAGE_FIELD_SELECT;
    vec_add(cx->arena, &v->unit.options, none);
    for (size_t i = 0; i < a->n_units; i++) {
        struct str value = str_fmt(cx->arena, "%lld", (long long)a->units[i].id);
        if (a->units[i].id != a->open.file.unit_id)
            vec_add(cx->arena, &v->unit.options,
                    (struct page_option){
                        .value = value, .label = a->units[i].name, .checked = str_eq(value, v->unit.value)});
    }
}

static enum err show(struct cx *cx, struct request *req, struct reply *rep, struct acting *a)
{
    struct desk_act *v = &a->view;
    v->action = str_fmt(cx->arena, "/desk/casefile/%lld/do/%s", (long long)a->open.file.id, uses[a->use].path);
    v->back = str_fmt(cx->arena, "/desk/casefile/%lld", (long long)a->open.file.id);
    v->heading = i18n_text(cx->lang, uses[a->use].heading);
    v->intro = i18n_text(cx->lang, uses[a->use].intro);
    v->button = i18n_text(cx->lang, T_desk_do_it);
    v->version = v->conflict || !a->version ? a->open.file.version : a->version; /* law 2 */
    v->happened = a->newest;
    v->has_text = !uses[a->use].no_text;
    v->has_days = uses[a->use].days;
    v->has_basis = uses[a->use].basis;
    v->has_reached = uses[a->use].reached;
    v->has_day = uses[a->use].day;
    v->has_employee = uses[a->use].employee;
    v->has_unit = uses[a->use].unit;
    if (v->has_unit && a->open.party.reserved_digital)
        v->warning = i18n_text(cx->lang, T_desk_pass_on_reserved);
    if (v->has_days && a->open.party.reserved_digital)
        v->warning = i18n_fmt(cx, T_desk_ask_reserved, ARG("n", 2 * cx->muni->postal_days));
    set_field(cx, a, &v->text, "text", uses[a->use].label);
    v->text.kind = PAGE_FIELD_TEXTAREA;
    v->text.max = 10000;
    set_field(cx, a, &v->days, "days", T_desk_days_label);
    v->days.width = 4;
    v->days.inputmode = S("numeric");
    set_field(cx, a, &v->basis, "basis", T_desk_basis_label);
    v->basis.hint = i18n_text(cx->lang, T_desk_basis_hint);
    set_field(cx, a, &v->reached, "reached", T_desk_reached_label);
    set_field(cx, a, &v->day, "day", T_desk_day_label);
    v->day.kind = PAGE_FIELD_DATE;
    if (a->open.file.deadline_us.set)
        v->day.hint =
            i18n_fmt(cx, T_desk_day_hint, ARG("day", i18n_day(cx, civil_day_of_us(a->open.file.deadline_us.v - 1))));
    set_field(cx, a, &v->employee, "employee", T_desk_employee_label);
    set_field(cx, a, &v->unit, "unit", T_desk_unit_label);
    add_choices(cx, a);
    struct page page = {.title = v->heading, .face = PAGE_DESK, .has_errors = v->errors.n > 0, .form_id = S("act")};
    page.status = v->conflict ? 409 : 0;
    desk_crumbs(cx, &page, a->open.file.id, a->open.file.no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_act(&o, v);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}

enum err desk_act_page(struct cx *cx, struct request *req, struct reply *rep)
{
    struct acting a = {0};
    enum err e = begin(cx, req, &a);
    if (e)
        return e;
    if (uses[a.use].default_days)
        a.view.days.value = str_fmt(cx->arena, "%d", uses[a.use].default_days);
    return show(cx, req, rep, &a);
}

static void wrong(struct cx *cx, struct acting *a, const char *field, enum text message)
{
    page_errors_add(cx, &a->view.errors, str_of(field), i18n_text(cx->lang, message));
}

/* The new deadline; an error when it is no day, or not later than the one that holds. */
static void read_day(struct cx *cx, struct acting *a)
{
    if (!page_date_day(&a->view.day, &a->day))
        wrong(cx, a, "day", T_desk_day_invalid);
    else if (a->open.file.deadline_us.set && a->day <= civil_day_of_us(a->open.file.deadline_us.v - 1))
        wrong(cx, a, "day", T_desk_day_early);
}

static void read_fields(struct cx *cx, const struct request *req, struct acting *a)
{
    struct desk_act *v = &a->view;
    v->text.value = req_str(req, "text");
    v->days.value = req_str(req, "days");
    v->basis.value = req_str(req, "basis");
    v->reached.value = req_str(req, "reached");
    v->employee.value = req_str(req, "employee");
    v->unit.value = req_str(req, "unit");
    v->day.id = S("day");
    page_date_fill(cx, req, &v->day);
}

static void check_fields(struct cx *cx, struct request *req, struct acting *a)
{
    struct desk_act *v = &a->view;
    if (!uses[a->use].no_text && str_empty(v->text.value))
        wrong(cx, a, "text", T_desk_text_missing);
    if (uses[a->use].days && req_int(req, "days") <= 0)
        wrong(cx, a, "days", T_desk_days_invalid);
    if (uses[a->use].basis && str_empty(v->basis.value))
        wrong(cx, a, "basis", T_desk_basis_missing);
    if (uses[a->use].reached && str_empty(v->reached.value))
        wrong(cx, a, "reached", T_desk_reached_missing);
    if (uses[a->use].day)
        read_day(cx, a);
    if (uses[a->use].employee && !req_int(req, "employee"))
        wrong(cx, a, "employee", T_desk_employee_missing);
    if (uses[a->use].unit && !req_int(req, "unit"))
        wrong(cx, a, "unit", T_desk_unit_missing);
}

static enum err carry_out(struct cx *cx, struct request *req, const struct acting *a)
{
    int64_t id = a->open.file.id, version = a->version;
    struct str text = a->view.text.value;
    switch (a->use) {
    case ASK:
        return casefile_ask(cx, id, text, req_int(req, "days"));
    case NOTE:
        return casefile_note(cx, id, text);
    case CALL:
        return casefile_call(cx, id, text, str_eq(a->view.reached.value, S("yes")));
    case HEAR:
        return casefile_hear(cx, id, text, req_int(req, "days"));
    case EXEMPT:
        return casefile_exempt(cx, id, text, a->view.basis.value);
    case EXTEND:
        return casefile_extend(cx, id, version, a->day, text);
    case SUSPEND:
        return casefile_suspend(cx, id, version, text);
    case HAND_OVER:
        return casefile_hand_over(cx, id, version, req_int(req, "employee"));
    case PASS_ON:
        return casefile_pass_on(cx, id, version, req_int(req, "unit"), text);
    case APPEAL:
        return casefile_receive_appeal(cx, id, text);
    case SIGNATURE:
        return casefile_settle_signing(cx, id, text, a->view.basis.value);
    case UPHOLD:
        return casefile_uphold(cx, id, version, text);
    case USE_COUNT:
        break;
    }
    return ERR_INTERNAL;
}

/* Where it goes, of a case that is given away; empty: to nowhere that can be. */
static struct str chosen_unit(struct request *req, const struct acting *a)
{
    for (size_t i = 0; i < a->n_units; i++)
        if (a->units[i].id == req_int(req, "unit") && a->units[i].id != a->open.file.unit_id)
            return a->units[i].name;
    return S("");
}

static void say_pass_on(struct cx *cx, const struct acting *a, struct str unit, struct desk_confirm *v)
{
    v->title = i18n_text(cx->lang, T_desk_pass_on_sure_title);
    v->what = i18n_fmt(cx, T_desk_pass_on_sure, ARG("no", a->open.file.no), ARG("unit", unit));
    v->text = i18n_text(cx->lang, T_desk_pass_on_final);
    v->yes = i18n_fmt(cx, T_desk_pass_on_do, ARG("unit", unit));
    desk_confirm_typed(cx, v, "unit", a->view.unit.value);
}

static void say_uphold(struct cx *cx, const struct acting *a, struct desk_confirm *v)
{
    struct words body = casefile_appeal_body(cx, &a->open.file);
    v->title = i18n_text(cx->lang, T_desk_uphold_sure);
    v->what = i18n_fmt(cx, T_desk_uphold_happens, ARG("body", words_in(&body, cx->lang)));
    v->text = i18n_text(cx->lang, T_desk_uphold_final);
    v->yes = i18n_text(cx->lang, T_desk_uphold_yes);
}

/* What will happen, and what was written, before it cannot be taken back. *ret_asked: the page is made. */
static enum err ask_sure(struct cx *cx, struct request *req, struct reply *rep, struct acting *a, bool *ret_asked)
{
    *ret_asked = uses[a->use].sure && !str_eq(req_str(req, "do"), S("sure"));
    if (!*ret_asked)
        return ERR_OK;
    struct str unit = chosen_unit(req, a);
    if (a->use == PASS_ON && !unit.n) {
        wrong(cx, a, "unit", T_desk_unit_missing);
        return show(cx, req, rep, a);
    }
    struct desk_confirm v = {
        .action = str_fmt(cx->arena, "/desk/casefile/%lld/do/%s", (long long)a->open.file.id, uses[a->use].path),
        .label = i18n_text(cx->lang, uses[a->use].label),
        .quote = a->view.text.value};
    v.back = v.action;
    if (a->use == PASS_ON)
        say_pass_on(cx, a, unit, &v);
    else
        say_uphold(cx, a, &v);
    desk_confirm_typed(cx, &v, "version", str_fmt(cx->arena, "%lld", (long long)a->version));
    desk_confirm_typed(cx, &v, "text", a->view.text.value);
    return desk_confirm_page(cx, req, rep, &v, &a->open.file);
}

enum err desk_act_send(struct cx *cx, struct request *req, struct reply *rep)
{
    struct acting a = {0};
    enum lang lang;
    bool asked, again;
    enum err e = begin(cx, req, &a);
    if (e)
        return e;
    read_fields(cx, req, &a);
    a.version = req_int(req, "version");
    again = str_eq(req_str(req, "do"), S("edit"));
    if (i18n_lang(req_str(req, "language"), &lang)) {
        page_switch_language(cx, rep, lang);
        again = true;
    }
    if (!again)
        check_fields(cx, req, &a);
    if (again || a.view.errors.n)
        return show(cx, req, rep, &a);
    if ((e = ask_sure(cx, req, rep, &a, &asked)) || asked)
        return e;
    e = carry_out(cx, req, &a);
    if (e == ERR_CONFLICT) { /* law 2: show what the other one did, keep what was written */
        struct acting now = {.use = a.use, .id = a.id, .view = a.view};
        now.view.conflict = true;
        e = db_read(cx, open_case, &now);
        return e ? e : show(cx, req, rep, &now);
    }
    if (e == ERR_INVALID && !str_empty(cx->fail.field)) {
        page_errors_add(cx, &a.view.errors, cx->fail.field, i18n_text(cx->lang, T_desk_value_invalid));
        return show(cx, req, rep, &a);
    }
    if (e)
        return e;
    page_done(cx, rep, uses[a.use].done);
    if (a.use == PASS_ON) /* this unit no longer sees it */
        return reply_redirect(cx, rep, "/desk");
    return reply_redirect(cx, rep, "/desk/casefile/%lld", (long long)a.open.file.id);
}
