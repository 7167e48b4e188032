/* Many case files of fictional people, for measuring: in batches that keep every invariant verify asks for. One batch
   is one service and one stored document. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "casefile_demo_store.h"
#include "casefile_internal.h"
#include "search/search.h"

enum { BATCH = 500, PEOPLE_BATCH = 250, VARIANTS = 7, OPEN_IN_100 = 20, CASES_PER_PERSON = 5, BIRTHDAYS = 27000 };

static const char *const first_names[] = {"Anna",  "Bent",  "Cecilie", "Dorthe", "Emil",  "Freja", "Gorm", "Hanne",
                                          "Ida",   "Jens",  "Karen",   "Lars",   "Mads",  "Niels", "Oda",  "Peter",
                                          "Rikke", "Signe", "Thomas",  "Ulla",   "Viggo", "Yrsa",  "Åse",  "Øjvind"};
static const char *const last_names[] = {"Aagaard", "Bach",    "Carlsen", "Dam",   "Enevold", "Friis",  "Gram",
                                         "Holm",    "Iversen", "Juhl",    "Krogh", "Lund",    "Munk",   "Nørgaard",
                                         "Obel",    "Poulsen", "Quist",   "Riis",  "Sand",    "Thorup", "Ussing",
                                         "Vang",    "Winther", "Ødegård", "Ågård"};
static const char *const streets[] = {"Lærkevej", "Havnegade", "Skovbrynet", "Møllevej",
                                      "Engvej",   "Bakken",    "Kirkestien"};
static const char *const matters[] = {"første ansøgning", "fornyelse",  "ændring",   "tillæg",
                                      "genbehandling",    "henvisning", "opfølgning"};
#define PICK(list, i) str_of((list)[(size_t)(i) % (sizeof(list) / sizeof *(list))])

/* splitmix64: the same seed makes the same people. */
static uint64_t dice(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* ---- rows as JSON ---- */

struct rows {
    struct buf b;
    struct json_out o;
};

static void rows_begin(struct cx *cx, struct rows *r)
{
    r->b = buf_make(cx->arena);
    r->o = json_out_make(&r->b);
    json_begin_array(&r->o);
}

static struct str rows_end(struct rows *r)
{
    json_end(&r->o);
    return buf_str(&r->b);
}

/* "i" an int, "z" an int or, when 0, null, "n" null without an argument, "s" a text (struct str by address). */
static void row(struct rows *r, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    json_begin_array(&r->o);
    for (; *format; format++) {
        int64_t v = *format == 'i' || *format == 'z' ? va_arg(ap, int64_t) : 0;
        if (*format == 'i' || (*format == 'z' && v))
            json_i64(&r->o, v);
        else if (*format == 's')
            json_str(&r->o, *va_arg(ap, const struct str *));
        else
            json_out_null(&r->o);
    }
    json_end(&r->o);
    va_end(ap);
}
#define I(x) ((int64_t)(x))
static const struct str empty = {"", 0};

static void terms_of(struct cx *cx, struct rows *r, struct str kind, int64_t ref, struct str text, int64_t sort)
{
    struct str rest = text_fold(cx->arena, text), word, seen[8];
    size_t n = 0;
    while (str_cut(&rest, ' ', &word)) {
        bool again = !word.n || n == 8;
        for (size_t i = 0; i < n && !again; i++)
            again = str_eq(seen[i], word);
        if (again)
            continue;
        seen[n++] = word;
        row(r, "sisi", &kind, ref, &word, sort);
    }
}

/* ---- people ---- */

struct people {
    uint64_t seed;
    int64_t from, n; /* which of them */
    int64_t *ids;
};

static enum err make_people(struct cx *cx, void *ctx)
{
    struct people *p = ctx;
    struct rows facts, terms;
    enum err e = ERR_OK;
    rows_begin(cx, &facts);
    rows_begin(cx, &terms);
    for (int64_t i = p->from; !e && i < p->from + p->n; i++) {
        uint64_t seed = p->seed ^ (uint64_t)i, at = dice(&seed);
        struct str name = str_fmt(cx->arena, "%s %s", PICK(first_names, at).p, PICK(last_names, at / 64).p);
        day_t born = civil_to_day(1930, 1, 1) + (day_t)(i % BIRTHDAYS);
        int year, month, day;
        civil_from_day(born, &year, &month, &day);
        /* day + 60 is nobody's. The seventh digit tells the century: 0 to 3 is 1900 to 1999, 4 to 9 is 2000 to 2036.
           Those born on one day differ in it and in the last one, for a million people */
        int again = (int)(i / BIRTHDAYS), centuries = year < 2000 ? 4 : 6;
        struct str idno = str_fmt(cx->arena, "%02d%02d%02d%d%02d%d", day + 60, month, year % 100,
                                  again % centuries + (year < 2000 ? 0 : 4), (int)(at % 100), again / centuries % 10);
        struct str street = str_fmt(cx->arena, "%s %d", PICK(streets, at / 4096).p, (int)(at / 8192 % 90) + 1);
        e = party_demo(cx, idno, name, &p->ids[i]);
        if (e)
            break;
        struct str attrs[] = {S("name"), S("street"), S("postcode"), S("city"), S("born")};
        struct str values[] = {name, street, S("9999"), S("Fjordby"), civil_iso_day(cx->arena, born)},
                   source = S("register");
        for (size_t k = 0; k < sizeof attrs / sizeof *attrs; k++)
            row(&facts, "isssi", p->ids[i], &attrs[k], &values[k], &source, cx->now_us);
        terms_of(cx, &terms, S("party"), p->ids[i], name, 0);
    }
    if (!e)
        e = q_casefile_demo_fact(cx, rows_end(&facts));
    return e ? e : q_casefile_demo_term(cx, rows_end(&terms));
}

/* ---- one batch of case files ---- */

struct batch {
    uint64_t seed;
    int64_t n, heavy_id; /* heavy_id: whose all of them are; 0: anybody's */
    const int64_t *people;
    int64_t n_people;
    const struct service_version *service;
    int variant;
    struct file_ref answers;
    struct auth_unit unit;
    int64_t workers[16];
    size_t n_workers;
};

struct tables {
    struct rows record, registration, correspondent, document, object, finish, casefile, line, task, reach, event, term;
};

/* What one case file is made of. */
struct one {
    int64_t id, record, registration, document, party, worker;
    int64_t no, journal, year;
    int64_t received_us, deadline_us, closed_us; /* closed_us 0: open */
    struct str title;
};

static void put_record(struct cx *cx, struct tables *t, const struct batch *b,
                       const struct q_casefile_demo_class *class, const struct one *c)
{
    struct str open_status = S("B"), closed_status = S("A"), retention = S("years:5"), code = S("U"),
               kind = S("application");
    struct str basis = record_language_text(cx, T_casefile_access_basis), mime = S("application/json"),
               file = S("application.json");
    row(&t->record, "iiiiisssisssiiz", c->record, class->series_id, class->id, c->year, c->no, &c->title, &c->title,
        c->closed_us ? &closed_status : &open_status, b->unit.id, &retention, &empty, &empty, I(1), c->received_us,
        c->closed_us);
    row(&t->registration, "iiiiiissiiiiissii", c->registration, c->record, I(1), I(RECORD_INCOMING), c->year,
        c->journal, &c->title, &c->title, c->received_us, c->received_us, b->unit.id, c->party, I(1), &code, &basis,
        I(1), c->received_us);
    row(&t->correspondent, "iiii", c->registration, I(1), I(RECORD_SENDER), c->party);
    row(&t->document, "iiissi", c->document, c->registration, I(1), &c->title, &kind, c->received_us);
    row(&t->object, "iiiissii", c->document, c->document, I(1), I(RECORD_PRODUCTION), &mime, &file, b->answers.size,
        c->received_us);
    row(&t->finish, "i", c->registration);
}

static void put_events(struct cx *cx, struct tables *t, const struct batch *b, const struct one *c)
{
    struct str worker = params_text(cx, "caseworker", S("Bo Kjær")), none = S("{}");
    struct str submitted = S("submitted"), taken = S("taken"), closed = S("closed");
    int64_t n = 1;
    row(&t->event, "iiisinnissi", c->id, n, c->received_us, &submitted, c->party, I(1), &none, &empty, c->registration);
    if (c->worker)
        row(&t->event, "iiisniiissn", c->id, ++n, c->received_us + HOUR_US, &taken, c->worker, b->unit.id, I(1),
            &worker, &empty);
    if (c->closed_us)
        row(&t->event, "iiisnziissn", c->id, ++n, c->closed_us, &closed, c->worker, b->unit.id, I(1), &none, &empty);
}

static void put_casefile(struct cx *cx, struct tables *t, const struct batch *b, const struct one *c)
{
    struct str no = str_fmt(cx->arena, "%04d-%06lld", (int)c->year, (long long)c->no), handle = S("handle"),
               all = S("all");
    enum casefile_state state = c->closed_us ? CASEFILE_CLOSED : c->worker ? CASEFILE_WORKING : CASEFILE_RECEIVED;
    int64_t events = 1 + (c->worker != 0) + (c->closed_us != 0);
    row(&t->casefile, "isiiiiissiiziiiiziiizz", c->id, &no, I(1), c->id, c->record, c->registration, b->service->id,
        &b->service->key, &c->title, c->party, b->unit.id, c->worker, I(state), I(LANG_DA), c->received_us,
        c->deadline_us, c->closed_us, events, I(c->worker == 0), I(0), c->closed_us, c->closed_us ? c->deadline_us : 0);
    row(&t->line, "iiss", c->id, I(1), &all, &c->title);
    row(&t->task, "iiizsiiz", c->id, c->id, b->unit.id, c->worker, &handle, c->deadline_us, c->received_us,
        c->closed_us);
    row(&t->reach, "iiiiiii", c->id, I(1), c->party, I(0), I(0), INT64_MAX, c->received_us);
    row(&t->reach, "iiiiiii", c->id, I(2), b->unit.id, I(0), I(0), INT64_MAX, c->received_us);
    terms_of(cx, &t->term, S("casefile"), c->id, c->title, c->received_us);
    put_events(cx, t, b, c);
}

static enum err store_tables(struct cx *cx, struct tables *t, struct hash answers)
{
    struct str finish = rows_end(&t->finish);
    enum err e = q_casefile_demo_record(cx, rows_end(&t->record));
    if (!e)
        e = q_casefile_demo_registration(cx, rows_end(&t->registration));
    if (!e)
        e = q_casefile_demo_correspondent(cx, rows_end(&t->correspondent));
    if (!e)
        e = q_casefile_demo_document(cx, rows_end(&t->document));
    if (!e)
        e = q_casefile_demo_object(cx, rows_end(&t->object), answers);
    if (!e)
        e = q_casefile_demo_finish(cx, finish, cx->now_us);
    if (!e)
        e = q_casefile_demo_casefile(cx, rows_end(&t->casefile));
    if (!e)
        e = q_casefile_demo_line(cx, rows_end(&t->line));
    if (!e)
        e = q_casefile_demo_task(cx, rows_end(&t->task));
    if (!e)
        e = q_casefile_demo_reach(cx, rows_end(&t->reach));
    if (!e)
        e = q_casefile_demo_event(cx, rows_end(&t->event));
    return e ? e : q_casefile_demo_term(cx, rows_end(&t->term));
}

/* The shape of the n-th case file: when it came, how far it is. */
static void shape(struct cx *cx, const struct batch *b, uint64_t *seed, struct one *c)
{
    uint64_t at = dice(seed);
    bool open = at % 100 < OPEN_IN_100;
    int64_t back_us = (int64_t)(at / 128 % (uint64_t)((open ? 30 : 400) * DAY_US));
    int days = b->service->deadline_working_days ? b->service->deadline_working_days : 10;
    c->received_us = cx->now_us - back_us - HOUR_US;
    c->deadline_us = civil_day_start_us(civil_day_of_us(c->received_us) + days * 7 / 5 + (day_t)(at / 1024 % 20) + 1);
    /* one in ten takes up to three times as long as was promised */
    int64_t longest_us = (int64_t)days * 7 / 5 * DAY_US * (at / 64 % 10 ? 1 : 3);
    c->closed_us = c->received_us + 2 * HOUR_US + (int64_t)(dice(seed) % (uint64_t)longest_us);
    open |= c->closed_us > cx->now_us;
    if (open)
        c->closed_us = 0;
    bool taken = (!open || at % 2) && b->n_workers;
    c->worker = taken ? b->workers[at / 4096 % b->n_workers] : 0;
    c->party = b->heavy_id ? b->heavy_id : b->people[dice(seed) % (uint64_t)b->n_people];
}

static enum err make_batch(struct cx *cx, void *ctx)
{
    const struct batch *b = ctx;
    struct tables t;
    struct q_casefile_demo_class class;
    struct q_casefile_demo_count cases, journal;
    uint64_t seed = b->seed;
    int64_t year = civil_from_us(cx->now_us).year, base = rand_id() >> 10 << 10;
    bool found;
    struct rows *const all[] = {&t.record,   &t.registration, &t.correspondent, &t.document, &t.object, &t.finish,
                                &t.casefile, &t.line,         &t.task,          &t.reach,    &t.event,  &t.term};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rows_begin(cx, all[i]);
    enum err e = q_casefile_demo_class(cx, b->service->classification, &class, &found);
    if (!e && !found)
        e = fail(cx, ERR_CONFIG, "the archive has not been prepared");
    if (!e)
        e = files_keep(cx, &b->answers, S("record_object"), rand_id());
    if (!e)
        e = q_casefile_demo_count(cx, S("casefile"), year, b->n, &cases);
    if (!e)
        e = q_casefile_demo_count(cx, S("journal"), year, b->n, &journal);
    for (int64_t i = 0; !e && i < b->n; i++) {
        struct one c = {.no = cases.value - b->n + 1 + i, .journal = journal.value - b->n + 1 + i, .year = year};
        /* ids of a batch lie together: random ones would touch a page of every index for each row */
        c.id = c.record = c.registration = c.document = base + i;
        shape(cx, b, &seed, &c);
        c.title =
            str_fmt(cx->arena, "%.*s, %s", STR_ARG(words_in(&b->service->name, LANG_DA)), PICK(matters, b->variant).p);
        put_record(cx, &t, b, &class, &c);
        put_casefile(cx, &t, b, &c);
    }
    return e ? e : store_tables(cx, &t, b->answers.hash);
}

/* ---- all of it ---- */

static enum err run_people(struct cx *cx, int64_t *ids, int64_t n)
{
    enum err e = ERR_OK;
    for (int64_t i = 0; !e && i < n; i += PEOPLE_BATCH) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct people p = {.seed = 4711, .from = i, .n = n - i < PEOPLE_BATCH ? n - i : PEOPLE_BATCH, .ids = ids};
        e = db_write(cx, make_people, &p);
        if (!e)
            arena_reset(cx->arena, mark);
    }
    return e;
}

/* Unit and caseworkers of a service; the answers every one of its case files has. */
static enum err prepare_batch(struct cx *cx, struct batch *b)
{
    struct auth_employee *team;
    size_t n;
    struct str answers = S("{\"lang\":\"da\",\"answers\":{},\"sources\":{}}");
    enum err e = auth_unit_by_key(cx, b->service->unit_key, &b->unit);
    if (!e)
        e = auth_employees_of_unit(cx, b->unit.id, &team, &n);
    for (size_t i = 0; !e && i < n && b->n_workers < 16; i++)
        if (team[i].roles & ROLE_CASEWORKER)
            b->workers[b->n_workers++] = team[i].id;
    return e ? e : files_put(cx, answers, &b->answers);
}

enum { BATCHES = 10 }; /* in one transaction: a page is written once for many rows */

struct round {
    struct batch batch[BATCHES];
    size_t n;
};

static enum err make_round(struct cx *cx, void *ctx)
{
    struct round *r = ctx;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < r->n; i++)
        e = make_batch(cx, &r->batch[i]);
    return e ? e : casefile_figures_fold(cx);
}

static enum err run_cases(struct cx *cx, const struct batch *like, int64_t n, struct service_list services)
{
    enum err e = ERR_OK;
    int64_t done = 0;
    for (size_t k = 0; !e && done < n;) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct round *r = arena_new_of(cx->arena, struct round);
        for (; !e && r->n < BATCHES && done < n; k++) {
            struct batch *b = &r->batch[r->n++];
            *b = *like;
            b->service = services.rows.p[k % services.rows.n];
            b->variant = (int)(k / services.rows.n % VARIANTS);
            b->seed = k * 1000003 + (uint64_t)(like->heavy_id != 0);
            b->n = n - done < BATCH ? n - done : BATCH;
            if (like->heavy_id && b->n > 20)
                b->n = 20; /* somewhat of everything */
            done += b->n;
            e = prepare_batch(cx, b);
        }
        if (!e)
            e = db_write(cx, make_round, r);
        if (e)
            break;
        arena_reset(cx->arena, mark);
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r%lld of %lld", (long long)done, (long long)n);
    }
    return e;
}

/* Services that lead to a case file, those first that end in a decision. */
static struct service_list applied_for(struct cx *cx)
{
    struct service_list all = service_list(cx), some = {0};
    for (int decides = 1; decides >= 0; decides--)
        for (size_t i = 0; i < all.rows.n; i++) {
            const struct service_version *v = all.rows.p[i];
            if (v->apply != SERVICE_INFORMATION && v->classification.n && v->decides == decides)
                vec_add(cx->arena, &some.rows, v);
        }
    return some;
}

static enum err make_room(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_casefile_demo_room(cx);
}

static enum err analyze(struct cx *cx, void *ctx)
{
    (void)ctx;
    return q_casefile_demo_analyze(cx);
}

enum err casefile_demo_fill(struct cx *cx, int64_t n, int64_t heavy)
{
    struct service_list services = applied_for(cx);
    struct batch b = {.n_people = n / CASES_PER_PERSON + 1};
    if (!services.rows.n || !cx->muni || !cx->muni->people.n)
        return fail(cx, ERR_CONFIG, "a demo needs a service with a form, and people.yaml");
    int64_t *ids = arena_array(cx->arena, int64_t, (size_t)b.n_people);
    enum err e = casefile_prepare(cx);
    if (!e)
        e = db_write(cx, make_room, NULL);
    if (!e)
        e = run_people(cx, ids, b.n_people);
    b.people = ids;
    if (!e)
        e = run_cases(cx, &b, n > heavy ? n - heavy : n, services);
    if (!e && n > heavy && heavy > 0) {
        e = party_by_idno(cx, cx->muni->people.p[0].idno, &b.heavy_id);
        if (!e)
            e = run_cases(cx, &b, heavy, services);
    }
    return e ? e : db_write(cx, analyze, NULL);
}
