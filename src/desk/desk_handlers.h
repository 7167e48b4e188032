/* The handlers of this room, for its own route table, and what its pages share. */
#pragma once
#include "desk_views.h"
#include "http/http.h"

#define HANDLER(name) enum err name(struct cx *cx, struct request *req, struct reply *rep)
HANDLER(desk_queue_page);
HANDLER(desk_search_page);
HANDLER(desk_casefile_page);
HANDLER(desk_document_page);
HANDLER(desk_export);
HANDLER(desk_take);
HANDLER(desk_release);
HANDLER(desk_resume);
HANDLER(desk_close);
HANDLER(desk_act_page);
HANDLER(desk_act_send);
HANDLER(desk_reply_page);
HANDLER(desk_reply_send);
HANDLER(desk_reply_print);
HANDLER(desk_reply_posted);
HANDLER(desk_decision_page);
HANDLER(desk_decision_save);
HANDLER(desk_decision_discard);
HANDLER(desk_letter_new_page);
HANDLER(desk_letter_new_make);
HANDLER(desk_letter_page);
HANDLER(desk_letter_save);
HANDLER(desk_letter_attach);
HANDLER(desk_letter_detach);
HANDLER(desk_letter_send);
HANDLER(desk_letter_recall);
HANDLER(desk_letter_retry);
HANDLER(desk_letter_delete);
HANDLER(desk_letter_pdf);
HANDLER(desk_channels_page);
HANDLER(desk_channels_csv);
HANDLER(desk_print_page);
HANDLER(desk_print_make);
HANDLER(desk_print_pdf);
HANDLER(desk_posting_batch);
HANDLER(desk_posting_letter);
HANDLER(desk_posted_batch);
HANDLER(desk_posted_letter);
HANDLER(desk_rules_page);
HANDLER(desk_rules_try);
HANDLER(desk_numbers_page);
HANDLER(desk_numbers_export);
HANDLER(desk_team_page);
HANDLER(desk_pile_page);
HANDLER(desk_pile_plan);
HANDLER(desk_pile_hand_over);
HANDLER(desk_absence_page);
HANDLER(desk_absence_save);
HANDLER(desk_post_page);
HANDLER(desk_post_new_page);
HANDLER(desk_post_put);
HANDLER(desk_post_open_page);
HANDLER(desk_post_file);
HANDLER(desk_post_register);
HANDLER(desk_post_pass_on);
HANDLER(desk_post_discard_page);
HANDLER(desk_post_discard);
#undef HANDLER

/* Open the case file of the route's {id} for the work of the unit; notes the access. */
enum err desk_open(struct cx *cx, struct str id_or_no, struct casefile_view *ret);

/* A count up to CASEFILE_COUNT_MAX in words. */
struct str desk_count_text(struct cx *cx, int64_t n);

struct desk_rows desk_rows_of(struct cx *cx, const struct casefile_rows *rows);

/* What was replied to one who gave no name, for the page of the case. */
void desk_reply_rows(struct cx *cx, const struct casefile_replies *replies, struct desk_casefile *v);

/* Breadcrumbs: the case file, then this page. */
void desk_crumbs(struct cx *cx, struct page *page, int64_t casefile_id, struct str no);

/* "Are you sure?": the page `view` says, for the case file of the crumbs; or under the title and crumbs of
 *page. */
enum err desk_confirm_page(struct cx *cx, struct request *req, struct reply *rep, const struct desk_confirm *view,
                           const struct casefile *file);
enum err desk_confirm_in(struct cx *cx, struct request *req, struct reply *rep, const struct desk_confirm *view,
                         struct page *page);
/* What was typed before, and comes with the answer. */
void desk_confirm_typed(struct cx *cx, struct desk_confirm *view, const char *name, struct str value);

/* The newest line of the timeline in words, for the page that tells of a conflict (law 2). */
enum err desk_newest_event(struct cx *cx, const struct casefile_view *open, struct str *ret);
