/* What the pages about incoming post bind. */
#pragma once
#include "desk_views.h"
#include "post/post.h"

struct desk_post_row {
    int64_t id, put_us;
    struct str title, sender, unit, by, channel;
};
struct desk_post_list {
    VEC_OF(struct desk_post_row) rows;
};

struct desk_post_new {
    int64_t once;
    struct page_errors errors;
    struct page_field file;
};

struct desk_post_file {
    int64_t number, size;
    struct str name;
};
struct desk_post_open {
    int64_t id, version, put_us;
    bool email, conflict;
    struct str sender, subject, words, note, by, unit;
    bool has_sent;
    int64_t sent_us;
    VEC_OF(struct desk_post_file) files;
    struct page_errors errors;
    struct page_field title, written, arrived, to, from;
    bool asks; /* the case waits for an answer: is this it? */
    struct page_field answers;
    struct page_field unit_field, note_field; /* of passing it on */
};

struct desk_post_receipt {
    struct str no, title, unit;
    int64_t casefile_id;
    bool may_see, has_deadline;
    day_t deadline;
};
struct desk_post_discard {
    int64_t id, version;
    struct str what;
};
