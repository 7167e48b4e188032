/* The handlers of this room, for its own route table. */
#pragma once
#include "http/http.h"
#include "mypage_views.h"

#define HANDLER(name) enum err name(struct cx *cx, struct request *req, struct reply *rep)
HANDLER(mypage_front);
HANDLER(mypage_casefiles);
HANDLER(mypage_letters);
HANDLER(mypage_casefile);
HANDLER(mypage_document);
HANDLER(mypage_question);
HANDLER(mypage_question_send);
HANDLER(mypage_hearing);
HANDLER(mypage_hearing_send);
HANDLER(mypage_add);
HANDLER(mypage_add_send);
HANDLER(mypage_withdraw);
HANDLER(mypage_withdraw_send);
HANDLER(mypage_appeal);
HANDLER(mypage_appeal_send);
HANDLER(mypage_signatures);
HANDLER(mypage_sign);
HANDLER(mypage_sign_send);
HANDLER(mypage_sign_refuse);
HANDLER(mypage_sign_document);
HANDLER(mypage_remind);
HANDLER(mypage_take_back);
HANDLER(mypage_take_back_send);
HANDLER(mypage_data);
HANDLER(mypage_data_save);
#undef HANDLER

/* Helpers shared by the pages of this room. */
struct mypage_cases mypage_case_rows(struct cx *cx, const struct casefile_rows *rows);
/* The letters of that party (cx->who, or one whose case they have opened), of one case (casefile_id) or all (0), at
   most `max`. */
enum err mypage_letter_rows(struct cx *cx, int64_t party_id, int64_t casefile_id, size_t max,
                            struct mypage_letters *ret);
