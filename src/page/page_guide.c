/* /page/styleguide: every component in its states, so that it can be looked at and tested; only in the demo. */
#include "page_handlers.h"

#include "i18n/i18n.h"
#include "page_views.h"
#include "tpl/tpl.h"
#include "tpl_page_guide.h"

static void add_alerts(struct cx *cx, struct page_guide *v)
{
    const struct page_alert alerts[] = {
        {.kind = PAGE_ALERT_INFO,
         .heading = S("Vi behandler din ansøgning"),
         .text = S("Du får svar senest den 14. december 2026.")},
        {.kind = PAGE_ALERT_SUCCESS, .heading = S(""), .text = S("Vi har modtaget din ansøgning.")},
        {.kind = PAGE_ALERT_WARNING,
         .heading = S("Fristen er overskredet"),
         .text = S("Ring til borgeren, før du skriver.")},
        {.kind = PAGE_ALERT_ERROR, .heading = S("Filen kunne ikke læses"), .text = S("Gem den som PDF, og prøv igen.")},
    };
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
        vec_add(cx->arena, &v->alerts, alerts[i]);
}

static void add_options(struct cx *cx, struct page_field *f)
{
    vec_add(cx->arena, &f->options,
            (struct page_option){.value = S("a"),
                                 .label = S("Badebænk"),
                                 .hint = S("Til at sidde på i badet"),
                                 .checked = true,
                                 .more = {S("Her kommer flere spørgsmål.")}});
    vec_add(cx->arena, &f->options, (struct page_option){.value = S("b"), .label = S("Gribetang")});
    vec_add(cx->arena, &f->options,
            (struct page_option){.value = S("c"), .label = S("Rollator til udendørs brug på ujævnt underlag")});
}

static void add_fields(struct cx *cx, struct page_guide *v)
{
    const struct page_field fields[] = {
        {.id = S("name"),
         .label = S("Navn"),
         .value = S("Anna Holm"),
         .readonly = true,
         .source = S("Hentet fra folkeregistret 23. november 2026"),
         .autocomplete = S("name")},
        {.id = S("email"),
         .label = S("E-mail"),
         .hint = S("Så får du besked, når der er nyt"),
         .type = S("email"),
         .autocomplete = S("email"),
         .error = S("Skriv en e-mailadresse, for eksempel navn@example.dk"),
         .value = S("anna@"),
         .why = S("Vi sender kun besked om, at der er nyt. Indholdet læser du på Min side.")},
        {.id = S("price"),
         .label = S("Pris"),
         .suffix = S("kr."),
         .width = 8,
         .inputmode = S("decimal"),
         .optional = true},
        {.kind = PAGE_FIELD_TEXTAREA,
         .id = S("story"),
         .label = S("Hvad er svært for dig?"),
         .max = 500,
         .hint = S("Fortæl med dine egne ord")},
        {.kind = PAGE_FIELD_RADIO, .id = S("one"), .label = S("Hvilket hjælpemiddel?")},
        {.kind = PAGE_FIELD_CHECKBOX,
         .id = S("many"),
         .label = S("Hvad har du prøvet?"),
         .error = S("Vælg mindst ét"),
         .why = S("Så kan vi se, hvad der kan hjælpe.")},
        {.kind = PAGE_FIELD_SELECT, .id = S("pick"), .label = S("Bolig")},
        {.kind = PAGE_FIELD_DATE,
         .id = S("born"),
         .label = S("Hvornår begyndte det?"),
         .day = S("23"),
         .month = S("13"),
         .year = S("2026"),
         .error = S("Måneden skal være et tal fra 1 til 12"),
         .hint = S("For eksempel 27 3 2026")},
        {.kind = PAGE_FIELD_FILE,
         .id = S("picture"),
         .label = S("Billede af badeværelset"),
         .multiple = true,
         .optional = true,
         .accept = S(".jpg,.png,.pdf"),
         .hint = S("PDF, JPEG eller PNG, højst 10 MB")},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct page_field f = fields[i];
        if (f.kind == PAGE_FIELD_RADIO || f.kind == PAGE_FIELD_CHECKBOX || f.kind == PAGE_FIELD_SELECT)
            add_options(cx, &f);
        vec_add(cx->arena, &v->fields, f);
    }
}

static void add_shown(struct cx *cx, struct page_guide *v)
{
    const struct page_step steps[] = {
        {.label = S("Om dig"), .href = S("/page/styleguide"), .state = PAGE_STEP_DONE},
        {.label = S("Dit behov"), .href = S("/page/styleguide"), .state = PAGE_STEP_ERROR},
        {.label = S("Bilag"), .href = S("/page/styleguide"), .state = PAGE_STEP_CURRENT},
        {.label = S("Se efter og send"), .state = PAGE_STEP_COMING}};
    const struct page_summary_row rows[] = {
        {.label = S("Navn"), .value = S("Anna Holm")},
        {.label = S("Adresse"), .value = S("Strandvejen 4\n9999 Fjordby"), .href = S("/page/styleguide")},
        {.label = S("Hjælpemiddel"), .value = S("Badebænk, gribetang"), .href = S("/page/styleguide")}};
    for (size_t i = 0; i < 4; i++)
        vec_add(cx->arena, &v->steps.steps, steps[i]);
    for (size_t i = 0; i < 3; i++) {
        vec_add(cx->arena, &v->summary.rows, rows[i]);
        vec_add(cx->arena, &v->cards, rows[i]);
    }
    v->summary.heading = S("Om dig");
    struct page_event events[] = {
        {.state = PAGE_EVENT_DONE,
         .at_us = cx->now_us - 3 * DAY_US,
         .title = S("Du sendte ansøgningen"),
         .text = S("Sag 2026-004711")},
        {.state = PAGE_EVENT_DONE,
         .at_us = cx->now_us - DAY_US,
         .title = S("Bo Kjær tog sagen"),
         .who = S("Hjælpemiddelteamet")},
        {.state = PAGE_EVENT_CURRENT,
         .at_us = cx->now_us,
         .title = S("Vi har stillet dig et spørgsmål"),
         .text = S("Hvor bredt er dit badeværelse?")},
        {.state = PAGE_EVENT_COMING, .when = S("senest 14. december 2026"), .title = S("Afgørelse")}};
    for (size_t i = 0; i < 4; i++)
        vec_add(cx->arena, &v->timeline.events, events[i]);
    v->timeline.label = S("Det er der sket i sagen");
}

enum err page_styleguide(struct cx *cx, struct request *req, struct reply *rep)
{
    if (page_municipality(cx)->people.n == 0)
        return fail(cx, ERR_NOT_FOUND, "the style guide is only in the demo");
    struct page_guide v = {
        .query = {.id = S("q"), .label = S("Navn, sagsnummer eller ord"), .type = S("search")},
        .pages = {
            .previous = S("/page/styleguide"), .next = S("/page/styleguide"), .from = 51, .to = 100, .total = 1234}};
    page_errors_add(cx, &v.errors, S("email"), S("Skriv en e-mailadresse, for eksempel navn@example.dk"));
    page_errors_add(cx, &v.errors, S("many"), S("Vælg mindst ét"));
    page_errors_add(cx, &v.errors, S("born"), S("Måneden skal være et tal fra 1 til 12"));
    add_alerts(cx, &v);
    add_fields(cx, &v);
    add_shown(cx, &v);
    struct tpl o = tpl_begin(cx);
    tpl_page_guide(&o, &v);
    struct page page = {
        .title = i18n_text(cx->lang, T_page_guide), .has_errors = true, .status = 200, .form_id = S("guide")};
    vec_add(cx->arena, &page.crumbs, (struct page_crumb){.label = page.title});
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
