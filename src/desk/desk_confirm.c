/* "Are you sure?" before something is thrown away or cannot be taken back. */
#include "desk_handlers.h"

#include "tpl_desk_confirm.h"

enum err desk_confirm_page(struct cx *cx, struct request *req, struct reply *rep, const struct desk_confirm *view,
                           const struct casefile *file)
{
    struct page page = {.title = view->title, .face = PAGE_DESK, .form_id = S("confirm")};
    desk_crumbs(cx, &page, file->id, file->no);
    struct tpl o = tpl_begin(cx);
    tpl_desk_confirm(&o, view);
    return page_reply(cx, req, rep, &page, tpl_end(&o));
}
