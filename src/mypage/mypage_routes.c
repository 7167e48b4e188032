#include "mypage.h"

#include "mypage_handlers.h"

static const struct field list_fields[] = {{"after", FIELD_TEXT, .max = 200}};
static const struct field write_fields[] = {
    {"text", FIELD_LONG, .max = 10000},
    {"files", FIELD_FILE, .many = true, .max = 10 << 20},
    {"language", FIELD_CODE, .max = 2},
};
static const struct field sign_fields[] = {{"hash", FIELD_TEXT, .max = 64}, {"agree", FIELD_CODE, .max = 3}};
static const struct field refuse_fields[] = {{"text", FIELD_LONG, .max = 8000}, {"language", FIELD_CODE, .max = 2}};
static const struct field contact_fields[] = {
    {"version", FIELD_INT, .required = true},
    {"email", FIELD_TEXT, .max = 254},
    {"phone", FIELD_TEXT, .max = 30},
    {"language", FIELD_CODE, .max = 2},
};

enum { UPLOAD_MAX_BYTES = 44 << 20 }; /* four files of 10 MiB and the text */

#define WRITE(PATH, GET_FN, POST_FN, DOC) \
    ROUTE(GET, PATH, GET_FN, PERM_PARTY, DOC), \
        ROUTE(POST, PATH, POST_FN, PERM_PARTY, DOC ": send", .fields = FIELDS(write_fields), \
              .body_max = UPLOAD_MAX_BYTES, .flags = ROUTE_OWN_ERRORS)

static const struct route routes[] = {
    ROUTE(GET, "/mypage", mypage_front, PERM_PARTY, "my page: what is new, my cases, my drafts"),
    ROUTE(GET, "/mypage/casefiles", mypage_casefiles, PERM_PARTY, "all my cases", .fields = FIELDS(list_fields)),
    ROUTE(GET, "/mypage/letters", mypage_letters, PERM_PARTY, "my messages"),
    ROUTE(GET, "/mypage/casefile/{id}", mypage_casefile, PERM_PARTY,
          "one case: what happens, what happened, documents"),
    ROUTE(GET, "/mypage/casefile/{id}/document/{document}", mypage_document, PERM_PARTY, "a document of my case"),
    WRITE("/mypage/casefile/{id}/question/{ref}", mypage_question, mypage_question_send, "answer a question"),
    WRITE("/mypage/casefile/{id}/hearing/{ref}", mypage_hearing, mypage_hearing_send, "answer a hearing"),
    WRITE("/mypage/casefile/{id}/add", mypage_add, mypage_add_send, "add something to my case"),
    WRITE("/mypage/casefile/{id}/withdraw", mypage_withdraw, mypage_withdraw_send, "withdraw, after asking once more"),
    WRITE("/mypage/casefile/{id}/appeal", mypage_appeal, mypage_appeal_send, "appeal the decision"),
    ROUTE(POST, "/mypage/casefile/{id}/remind", mypage_remind, PERM_PARTY, "remind those who have not signed"),
    ROUTE(GET, "/mypage/casefile/{id}/take-back", mypage_take_back, PERM_PARTY, "ask whether to change the answers"),
    ROUTE(POST, "/mypage/casefile/{id}/take-back", mypage_take_back_send, PERM_PARTY,
          "withdraw it before all have signed, and change the answers"),
    ROUTE(GET, "/mypage/signatures", mypage_signatures, PERM_PARTY, "what others ask me to sign"),
    ROUTE(GET, "/mypage/sign/{id}", mypage_sign, PERM_PARTY, "what I am asked to sign, exactly"),
    ROUTE(POST, "/mypage/sign/{id}", mypage_sign_send, PERM_PARTY, "sign it", .fields = FIELDS(sign_fields)),
    ROUTE(POST, "/mypage/sign/{id}/refuse", mypage_sign_refuse, PERM_PARTY, "say no, with a reason",
          .fields = FIELDS(refuse_fields), .flags = ROUTE_OWN_ERRORS),
    ROUTE(GET, "/mypage/sign/{id}/document/{document}", mypage_sign_document, PERM_PARTY,
          "an attachment of what I am asked to sign"),
    ROUTE(GET, "/mypage/data", mypage_data, PERM_PARTY, "the data held about me, with source and date"),
    ROUTE(POST, "/mypage/data", mypage_data_save, PERM_PARTY, "where to send notices", .fields = FIELDS(contact_fields),
          .flags = ROUTE_OWN_ERRORS),
};

const struct http_module mypage_module = HTTP_MODULE("mypage", routes);
