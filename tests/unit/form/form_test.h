/* Shared by the tests of form/: forms written in a few lines. */
#pragma once
#include "support.h"

#include "codec/codec.h"
#include "form/form_draft.h"
#include "form/form_tree.h"

#define W(s) "{da: " s ", nb: " s ", nn: " s ", en: " s "}"
#define TOP "pages:\n  - id: one\n    title: " W("One") "\n    why: know\n    fields:\n"
/* A field on one line of flow style; it begins in column 9 of its line. */
#define F(id, type, more) "      - {id: " id ", type: " type ", label: " W(id) more "}\n"
#define P2 "  - id: two\n    title: " W("Two") "\n    why: know\n    fields:\n"

struct service_version *form_test_version(struct cx *cx);
/* Load; the faults land in *ps. NULL when there were any. */
const struct form *form_test_load(struct cx *cx, struct service_version *v, const char *yaml, struct problems *ps);
/* Load what must be right. */
const struct form *form_test_form(struct cx *cx, const char *yaml);
/* The only fault of a service folder's form. */
void form_test_print(const struct problems *ps);
