/* Forms of others become service folders of ours: Form.io JSON and Drupal webform YAML in, and the data contract of a
   service (JSON Schema) out. What is not translated stands in import-report.md. Nothing of the original is ever
   executed. */
#pragma once
#include "base/base.h"
#include "codec/codec.h"
#include "municipality/municipality.h"
#include "service/service.h"

/* What is to be imported, as text. */
struct import_source {
    struct str name;              /* of the file: "forms/nav540004.json" */
    struct str text;              /* the form */
    struct str translations_name; /* empty: none */
    struct str translations;      /* Form.io: {"en": {"Ja": "Yes"}} */
    enum lang written_in;         /* the language of the texts of the form */
    bool language_given;          /* somebody said so: it goes before what the form says of itself */
    struct str key;               /* of the service that comes out: "barnebidrag" */
};

struct import_file {
    struct str path; /* below the service folder: "form.yaml" */
    struct str text;
};
/* What came out; all in cx->arena. */
struct import_result {
    VEC_OF(struct import_file) files;
    size_t questions, conditions, validations; /* seen in the original */
    size_t conditions_kept, validations_kept;  /* translated */
    size_t decide;                             /* entries of the report that a person must decide */
    struct str map;                            /* JSON: which component became which question, see import_map_json */
};

/* Texts come in the languages of cx->muni, or da, nb, nn and en when it is NULL; unit and situation are its first ones.
   ERR_SYNTAX: not JSON, or not a form, and where. ERR_TOO_LARGE: more than a form.yaml can hold. */
enum err import_formio(struct cx *cx, const struct import_source *source, struct import_result *ret);
/* The same of a Drupal webform (configuration file webform.webform.*.yml; elements as YAML inside the YAML). */
enum err import_webform(struct cx *cx, const struct import_source *source, struct import_result *ret);

/* As import_write, but one file. ERR_IO; ERR_DUPLICATE. */
enum err import_write_map(struct cx *cx, struct str path, const struct import_result *result);
/* Write the files into the new folder `dir`. ERR_DUPLICATE: it is there already; ERR_IO. */
enum err import_write(struct cx *cx, struct str dir, const struct import_result *result);

/* JSON Schema 2020-12 of the answers that a submission of the service holds (form.h, answers_json). ERR_NOT_FOUND: the
   service has no form. The version must have been loaded without faults. */
enum err import_jsonschema(struct cx *cx, const struct service_version *version, struct str *ret_json);
