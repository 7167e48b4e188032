#include "desk.h"

#include "desk_handlers.h"

static const struct field queue_fields[] = {{"scope", FIELD_CODE, .max = 10}, {"after", FIELD_TEXT, .max = 200}};
static const struct field search_fields[] = {{"q", FIELD_TEXT, .max = 200}};
static const struct field version_fields[] = {{"version", FIELD_INT, .required = true}};
static const struct field act_fields[] = {
    {"version", FIELD_INT, .required = true},
    {"text", FIELD_LONG, .max = 10000},
    {"days", FIELD_INT, .min = 1, .max = 60},
    {"basis", FIELD_TEXT, .max = 200},
    {"reached", FIELD_CODE, .max = 3},
    {"day_day", FIELD_TEXT, .max = 2},
    {"day_month", FIELD_TEXT, .max = 2},
    {"day_year", FIELD_TEXT, .max = 4},
    {"employee", FIELD_ID, .max = 0},
    {"unit", FIELD_ID, .max = 0},
    {"do", FIELD_CODE, .max = 4},
    {"language", FIELD_CODE, .max = 2},
};
static const struct field reply_fields[] = {
    {"version", FIELD_INT, .required = true}, {"text", FIELD_LONG, .max = 10000},
    {"basis", FIELD_TEXT, .max = 200},        {"way", FIELD_CODE, .max = 10},
    {"email", FIELD_TEXT, .max = 254},        {"step", FIELD_CODE, .max = 10},
    {"language", FIELD_CODE, .max = 2},       {"files", FIELD_FILE, .many = true, .max = 20 << 20},
};
static const struct field new_letter_fields[] = {{"template", FIELD_TEXT, .required = true, .max = 200},
                                                 {"language", FIELD_CODE, .max = 2}};
static const struct field letter_fields[] = {
    {"version", FIELD_INT, .required = true},
    {"title", FIELD_TEXT, .required = true, .max = 200},
    {"text", FIELD_LONG, .required = true, .max = 50000},
    {"file", FIELD_FILE, .max = 20 << 20},
    {"attachment", FIELD_ID, .max = 0},
    {"do", FIELD_CODE, .max = 10},
    {"language", FIELD_CODE, .max = 2},
};
static const struct field numbers_fields[] = {{"unit", FIELD_ID, .max = 0}, {"service", FIELD_CODE, .max = 100}};
static const struct field pile_fields[] = {
    {"case", FIELD_ID, .many = true}, {"how", FIELD_CODE, .max = 10}, {"to", FIELD_ID, .many = true}};
static const struct field plan_fields[] = {{"moves", FIELD_CODE, .required = true, .max = 40000}};
static const struct field whose_fields[] = {{"employee", FIELD_ID, .max = 0}};
static const struct field absence_fields[] = {
    {"employee", FIELD_ID, .max = 0},      {"do", FIELD_CODE, .max = 4},         {"from_day", FIELD_TEXT, .max = 2},
    {"from_month", FIELD_TEXT, .max = 2},  {"from_year", FIELD_TEXT, .max = 4},  {"until_day", FIELD_TEXT, .max = 2},
    {"until_month", FIELD_TEXT, .max = 2}, {"until_year", FIELD_TEXT, .max = 4},
};
static const struct field posted_fields[] = {{"day_day", FIELD_TEXT, .max = 2},
                                             {"day_month", FIELD_TEXT, .max = 2},
                                             {"day_year", FIELD_TEXT, .max = 4},
                                             {"shown", FIELD_DAY, .required = false}};
#define PAIR(N) \
    {"i" #N, FIELD_TEXT, .max = 200}, \
    { \
        "p" #N, FIELD_TEXT, .max = 200 \
    }
static const struct field rules_fields[] = {{"ask", FIELD_CODE, .max = 3},
                                            PAIR(0),
                                            PAIR(1),
                                            PAIR(2),
                                            PAIR(3),
                                            PAIR(4),
                                            PAIR(5),
                                            PAIR(6),
                                            PAIR(7),
                                            PAIR(8),
                                            PAIR(9),
                                            PAIR(10),
                                            PAIR(11),
                                            PAIR(12),
                                            PAIR(13),
                                            PAIR(14),
                                            PAIR(15),
                                            PAIR(16),
                                            PAIR(17),
                                            PAIR(18),
                                            PAIR(19)};

static const struct field year_fields[] = {{"year", FIELD_INT, .min = 2000, .max = 2999}};

static const struct field post_put_fields[] = {
    {"once", FIELD_ID, .required = true, .max = 0},
    {"file", FIELD_FILE, .many = true, .max = 25 << 20},
};
static const struct field post_fields[] = {
    {"version", FIELD_INT, .required = true},
    {"to", FIELD_CODE, .max = 4},
    {"no", FIELD_TEXT, .max = 20},
    {"kind", FIELD_CODE, .max = 10},
    {"answers", FIELD_CODE, .max = 20},
    {"service", FIELD_CODE, .max = 100},
    {"from", FIELD_CODE, .max = 10},
    {"idno", FIELD_TEXT, .max = 20},
    {"name", FIELD_TEXT, .max = 200},
    {"title", FIELD_TEXT, .max = 200},
    {"written_day", FIELD_TEXT, .max = 2},
    {"written_month", FIELD_TEXT, .max = 2},
    {"written_year", FIELD_TEXT, .max = 4},
    {"arrived_day", FIELD_TEXT, .max = 2},
    {"arrived_month", FIELD_TEXT, .max = 2},
    {"arrived_year", FIELD_TEXT, .max = 4},
};
static const struct field post_pass_fields[] = {{"version", FIELD_INT, .required = true},
                                                {"unit", FIELD_ID, .max = 0},
                                                {"note", FIELD_LONG, .max = 500},
                                                {"do", FIELD_CODE, .max = 4},
                                                {"language", FIELD_CODE, .max = 2}};

#define CHANGE(PATH, FN, DOC) ROUTE(POST, PATH, FN, PERM_EMPLOYEE, DOC, .fields = FIELDS(version_fields))
/* A button of the one form of a letter: whichever it is, what was typed comes along. */
#define WRITE(PATH, FN, DOC) \
    ROUTE(POST, PATH, FN, PERM_EMPLOYEE, DOC, .fields = FIELDS(letter_fields), .body_max = 22 << 20, \
          .flags = ROUTE_OWN_ERRORS)

static const struct route routes[] = {
    ROUTE(GET, "/desk", desk_queue_page, PERM_EMPLOYEE, "the queue: cases of my unit by deadline",
          .fields = FIELDS(queue_fields)),
    ROUTE(GET, "/desk/search", desk_search_page, PERM_EMPLOYEE, "search by number, name, identity number or word",
          .fields = FIELDS(search_fields)),
    ROUTE(GET, "/desk/casefile/{id}", desk_casefile_page, PERM_EMPLOYEE, "one case file with all its parts"),
    ROUTE(GET, "/desk/casefile/{id}/document/{document}", desk_document_page, PERM_EMPLOYEE,
          "a document of the case file"),
    ROUTE(GET, "/desk/casefile/{id}/export", desk_export, PERM_EMPLOYEE,
          "everything on the case, for a request for access"),
    CHANGE("/desk/casefile/{id}/take", desk_take, "take the case"),
    CHANGE("/desk/casefile/{id}/release", desk_release, "give it back to the unit's queue"),
    CHANGE("/desk/casefile/{id}/resume", desk_resume, "let the deadline run again"),
    CHANGE("/desk/casefile/{id}/close", desk_close, "close the case"),
    ROUTE(GET, "/desk/casefile/{id}/do/{what}", desk_act_page, PERM_EMPLOYEE,
          "ask, note, call, hear, exempt, extend, suspend, hand-over, uphold"),
    ROUTE(POST, "/desk/casefile/{id}/do/{what}", desk_act_send, PERM_EMPLOYEE, "carry it out",
          .fields = FIELDS(act_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/casefile/{id}/decision", desk_decision_page, PERM_EMPLOYEE, "decide line by line"),
    ROUTE(POST, "/desk/casefile/{id}/decision", desk_decision_save, PERM_EMPLOYEE, "save the draft, or make it final",
          .body_max = 1 << 20, .flags = ROUTE_ANY_FIELDS),
    ROUTE(POST, "/desk/casefile/{id}/decision/discard", desk_decision_discard, PERM_EMPLOYEE,
          "throw the draft away: asks first", .body_max = 1 << 20, .flags = ROUTE_ANY_FIELDS),
    ROUTE(GET, "/desk/casefile/{id}/reply", desk_reply_page, PERM_EMPLOYEE, "reply to one who gave no name"),
    ROUTE(POST, "/desk/casefile/{id}/reply", desk_reply_send, PERM_EMPLOYEE, "look at the reply, or give it",
          .fields = FIELDS(reply_fields), .body_max = 101 << 20, .time_max_ms = 60000, .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/casefile/{id}/reply/{n}", desk_reply_print, PERM_EMPLOYEE, "a reply that was given, to print"),
    ROUTE(POST, "/desk/casefile/{id}/reply/{n}/posted", desk_reply_posted, PERM_EMPLOYEE,
          "a reply by letter was posted"),
    ROUTE(GET, "/desk/casefile/{id}/letter", desk_letter_new_page, PERM_EMPLOYEE, "choose a letter template"),
    ROUTE(POST, "/desk/casefile/{id}/letter", desk_letter_new_make, PERM_EMPLOYEE, "begin a letter",
          .fields = FIELDS(new_letter_fields)),
    ROUTE(GET, "/desk/letter/{id}", desk_letter_page, PERM_EMPLOYEE, "write a letter, see it as the citizen will"),
    WRITE("/desk/letter/{id}", desk_letter_save, "save the letter"),
    WRITE("/desk/letter/{id}/attach", desk_letter_attach, "save it and attach a file"),
    WRITE("/desk/letter/{id}/detach", desk_letter_detach, "save it and take an attachment away"),
    WRITE("/desk/letter/{id}/send", desk_letter_send, "save it and send it; it may be recalled for a short time"),
    CHANGE("/desk/letter/{id}/recall", desk_letter_recall, "recall a letter before it leaves"),
    CHANGE("/desk/letter/{id}/retry", desk_letter_retry, "try a failed letter again"),
    WRITE("/desk/letter/{id}/delete", desk_letter_delete, "throw a draft away: asks first"),
    ROUTE(GET, "/desk/letter/{id}/pdf", desk_letter_pdf, PERM_EMPLOYEE, "the letter as PDF once it has left"),
    ROUTE(GET, "/desk/channels", desk_channels_page, PERM_EMPLOYEE,
          "for leaders: how applications come, and the share without a computer", .fields = FIELDS(year_fields)),
    ROUTE(GET, "/desk/channels.csv", desk_channels_csv, PERM_EMPLOYEE, "the same for a spreadsheet",
          .fields = FIELDS(year_fields)),
    ROUTE(GET, "/desk/rules", desk_rules_page, PERM_EMPLOYEE, "the services that rules decide"),
    ROUTE(GET, "/desk/rules/{service}", desk_rules_try, PERM_EMPLOYEE,
          "change an input of the rules, see what changes and why", .fields = FIELDS(rules_fields),
          .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/print", desk_print_page, PERM_EMPLOYEE, "paper letters that wait for printing"),
    ROUTE(POST, "/desk/print/batch", desk_print_make, PERM_EMPLOYEE, "put all that wait into one batch"),
    ROUTE(GET, "/desk/print/batch/{id}/pdf", desk_print_pdf, PERM_EMPLOYEE,
          "the batch as one PDF, as often as one likes", .time_max_ms = 60000),
    ROUTE(GET, "/desk/print/batch/{id}/posted", desk_posting_batch, PERM_EMPLOYEE, "ask: are all of them posted?"),
    ROUTE(POST, "/desk/print/batch/{id}/posted", desk_posted_batch, PERM_EMPLOYEE,
          "all letters of the batch were posted", .fields = FIELDS(posted_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/print/letter/{id}/posted", desk_posting_letter, PERM_EMPLOYEE, "ask: is it posted?"),
    ROUTE(POST, "/desk/print/letter/{id}/posted", desk_posted_letter, PERM_EMPLOYEE, "a paper letter was posted",
          .fields = FIELDS(posted_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/numbers", desk_numbers_page, PERM_LEADER,
          "a leader's figures: what waits, how long an answer takes", .fields = FIELDS(numbers_fields)),
    ROUTE(GET, "/desk/numbers/export", desk_numbers_export, PERM_LEADER, "the same figures as CSV",
          .fields = FIELDS(numbers_fields)),
    ROUTE(GET, "/desk/post", desk_post_page, PERM_EMPLOYEE, "post that waits to be registered"),
    ROUTE(GET, "/desk/post/new", desk_post_new_page, PERM_EMPLOYEE, "put in a scanned letter or an e-mail"),
    ROUTE(POST, "/desk/post/new", desk_post_put, PERM_EMPLOYEE, "the same, once for each page",
          .fields = FIELDS(post_put_fields), .body_max = 100 << 20, .time_max_ms = 60000, .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/post/{id}", desk_post_open_page, PERM_EMPLOYEE, "one letter or e-mail, to register it"),
    ROUTE(POST, "/desk/post/{id}", desk_post_register, PERM_EMPLOYEE, "register it in a case file, old or new",
          .fields = FIELDS(post_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/post/{id}/file/{number}", desk_post_file, PERM_EMPLOYEE, "a file of it"),
    ROUTE(POST, "/desk/post/{id}/pass-on", desk_post_pass_on, PERM_EMPLOYEE, "to the unit it belongs to: asks first",
          .fields = FIELDS(post_pass_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/desk/post/{id}/discard", desk_post_discard_page, PERM_EMPLOYEE, "throw it away? Are you sure?"),
    ROUTE(POST, "/desk/post/{id}/discard", desk_post_discard, PERM_EMPLOYEE, "throw it away",
          .fields = FIELDS(version_fields)),
    ROUTE(GET, "/desk/team", desk_team_page, PERM_LEADER, "who is here, and how many cases each has"),
    ROUTE(GET, "/desk/team/{employee}", desk_pile_page, PERM_LEADER, "the cases of one employee, or of nobody (queue)"),
    ROUTE(POST, "/desk/team/{employee}", desk_pile_plan, PERM_LEADER, "what handing them over would do",
          .fields = FIELDS(pile_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(POST, "/desk/team/{employee}/hand-over", desk_pile_hand_over, PERM_LEADER, "hand them over as shown",
          .fields = FIELDS(plan_fields)),
    ROUTE(GET, "/desk/absence", desk_absence_page, PERM_EMPLOYEE, "one's own absence, or a leader's word of another's",
          .fields = FIELDS(whose_fields)),
    ROUTE(POST, "/desk/absence", desk_absence_save, PERM_EMPLOYEE, "save it, or here again",
          .fields = FIELDS(absence_fields), .flags = ROUTE_OWN_ERRORS),
};

const struct http_module desk_module = HTTP_MODULE("desk", routes);
