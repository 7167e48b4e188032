/* "Are you sure?" before something is thrown away or cannot be taken back. */
#include "desk_handlers.h"

#include "tpl_desk_confirm.h"

void desk_confirm_typed(struct cx *cx, struct desk_confirm *view, const char *name, struct str value)
{
    vec_add(cx->arena, &view->typed, (struct desk_hidden){str_of(name), value});
}

enum err desk_confirm_in(struct cx *cx, struct request *req, struct reply *rep, const struct desk_confirm *view,
                         struct page *page)
{
    page->face = PAGE_DESK;
    page->form_id = S("confirm");
    struct tpl o = tpl_begin(cx);
    tpl_desk_confirm(&o, view);
    return page_reply(cx, req, rep, page, tpl_end(&o));
}

enum err desk_confirm_page(struct cx *cx, struct request *req, struct reply *rep, const struct desk_confirm *view,
                           const struct casefile *file)
{
    struct page page = {.title = view->title};
    desk_crumbs(cx, &page, file->id, file->no);
    return desk_confirm_in(cx, req, rep, view, &page);
}
