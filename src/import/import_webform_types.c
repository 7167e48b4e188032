/* The types of elements of a Drupal webform and of OS2forms, and what they are here. */
#include "import_webform.h"

#define SIGNED "who is logged in has signed by sending"
#define RECEIPT "a document that the site made of the answers; here the receipt is made by itself"
#define LOGIN_NUMBER "a number of the login, which is not kept here"
#define EMPLOYEE "it tells of an employee who is logged in at the site"

static const struct web_type types[] = {
    {"textfield", WEB_FIELD, "text", NULL},
    {"textarea", WEB_FIELD, "longtext", NULL},
    {"text_format", WEB_FIELD, "longtext", NULL},
    {"webform_codemirror", WEB_FIELD, "longtext", NULL},
    {"webform_autocomplete", WEB_FIELD, "text", NULL},
    {"webform_name", WEB_FIELD, "text", NULL},
    {"url", WEB_FIELD, "text", NULL},
    {"webform_link", WEB_FIELD, "text", NULL},
    {"webform_time", WEB_FIELD, "text", NULL},
    {"email", WEB_FIELD, "email", NULL},
    {"webform_email_confirm", WEB_FIELD, "email", NULL},
    {"webform_email_multiple", WEB_FIELD, "email", NULL},
    {"tel", WEB_FIELD, "phone", NULL},
    {"webform_telephone", WEB_FIELD, "phone", NULL},
    {"number", WEB_FIELD, "number", NULL},
    {"range", WEB_FIELD, "number", NULL},
    {"webform_scale", WEB_FIELD, "number", NULL},
    {"webform_rating", WEB_FIELD, "number", NULL},
    {"date", WEB_FIELD, "date", NULL},
    {"datetime", WEB_FIELD, "date", NULL},
    {"datelist", WEB_FIELD, "date", NULL},
    {"checkbox", WEB_FIELD, "checkbox", NULL},
    {"webform_toggle", WEB_FIELD, "checkbox", NULL},
    {"webform_terms_of_service", WEB_FIELD, "checkbox", NULL},
    {"managed_file", WEB_FIELD, "file", NULL},
    {"webform_document_file", WEB_FIELD, "file", NULL},
    {"webform_image_file", WEB_FIELD, "file", NULL},
    {"webform_audio_file", WEB_FIELD, "file", NULL},
    {"webform_video_file", WEB_FIELD, "file", NULL},
    {"webform_address", WEB_FIELD, "address", NULL},
    {"os2forms_dawa_address", WEB_FIELD, "address", NULL},
    {"os2forms_dawa_address_matrikula", WEB_FIELD, "address", NULL},
    {"os2forms_dawa_block", WEB_FIELD, "text", NULL},
    {"os2forms_dawa_matrikula", WEB_FIELD, "text", NULL},
    {"cpr_element", WEB_FIELD, "idno", NULL},
    {"cpr_value_element", WEB_FIELD, "idno", NULL},
    {"cvr_element", WEB_FIELD, "orgno", NULL},
    {"cvr_value_element", WEB_FIELD, "orgno", NULL},
    {"radios", WEB_CHOICE, "radio", NULL},
    {"webform_buttons", WEB_CHOICE, "radio", NULL},
    {"webform_buttons_other", WEB_CHOICE, "radio", NULL},
    {"webform_radios_other", WEB_CHOICE, "radio", NULL},
    {"webform_term_radios", WEB_CHOICE, "radio", NULL},
    {"webform_entity_radios", WEB_CHOICE, "radio", NULL},
    {"select", WEB_CHOICE, "select", NULL},
    {"webform_select_other", WEB_CHOICE, "select", NULL},
    {"webform_term_select", WEB_CHOICE, "select", NULL},
    {"webform_entity_select", WEB_CHOICE, "select", NULL},
    {"webform_remote_select_element", WEB_CHOICE, "select", NULL},
    {"webform_image_select", WEB_CHOICE, "select", NULL},
    {"checkboxes", WEB_CHOICE, "multiselect", NULL},
    {"tableselect", WEB_CHOICE, "multiselect", NULL},
    {"webform_toggles", WEB_CHOICE, "multiselect", NULL},
    {"webform_checkboxes_other", WEB_CHOICE, "multiselect", NULL},
    {"webform_entity_checkboxes", WEB_CHOICE, "multiselect", NULL},
    {"webform_term_checkboxes", WEB_CHOICE, "multiselect", NULL},
    {"webform_markup", WEB_TEXT, "info", NULL},
    {"processed_text", WEB_TEXT, "info", NULL},
    {"webform_message", WEB_TEXT, "info", NULL},
    {"item", WEB_TEXT, "info", NULL},
    {"label", WEB_TEXT, "info", NULL},
    {"webform_more", WEB_TEXT, "info", NULL},
    {"fieldset", WEB_GROUP, NULL, NULL},
    {"details", WEB_GROUP, NULL, NULL},
    {"webform_section", WEB_GROUP, NULL, NULL},
    {"container", WEB_LAYOUT, NULL, NULL},
    {"webform_flexbox", WEB_LAYOUT, NULL, NULL},
    {"webform_table", WEB_LAYOUT, NULL, NULL},
    {"webform_table_row", WEB_LAYOUT, NULL, NULL},
    {"webform_wizard_page", WEB_PAGE, NULL, NULL},
    {"webform_card", WEB_PAGE, NULL, NULL},
    {"webform_custom_composite", WEB_ROWS, NULL, NULL},
    {"webform_contact", WEB_PARTS, NULL, NULL},
    {"os2forms_person_lookup", WEB_PARTS, NULL, NULL},
    {"webform_actions", WEB_NOTHING, NULL, NULL},
    {"captcha", WEB_NOTHING, NULL, NULL},
    {"webform_horizontal_rule", WEB_NOTHING, NULL, NULL},
    {"webform_wizard_page_preview", WEB_NOTHING, NULL, NULL},
    {"os2forms_nemid_nemlogin_link", WEB_NOTHING, NULL, NULL},
    {"webform_signature", WEB_TOLD, NULL, SIGNED},
    {"os2forms_digital_signature_document", WEB_TOLD, NULL, SIGNED},
    {"os2forms_attachment", WEB_TOLD, NULL, RECEIPT},
    {"webform_entity_print_attachment", WEB_TOLD, NULL, RECEIPT},
    {"os2forms_nemid_pid", WEB_TOLD, NULL, LOGIN_NUMBER},
    {"os2forms_nemid_uuid", WEB_TOLD, NULL, LOGIN_NUMBER},
    {"os2forms_nemid_company_rid", WEB_TOLD, NULL, LOGIN_NUMBER},
    {"mine_organisations_data_element", WEB_TOLD, NULL, EMPLOYEE},
    {"user_field_element", WEB_TOLD, NULL, EMPLOYEE},
    {"user_field_element_checkbox", WEB_TOLD, NULL, EMPLOYEE},
    {"os2forms_payment", WEB_TOLD, NULL, "payment is not taken here; say in service.yaml how one pays"},
    {"booking_element", WEB_TOLD, NULL, "a time or a place was booked in another system"},
    {"os2forms_nemid_name", WEB_FACT, "text", "register name"},
    {"os2forms_nemid_cpr", WEB_FACT, "idno", "login idno"},
    {"os2forms_nemid_address", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_street", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_house_nr", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_floor", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_apartment_nr", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_postal_code", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_zipcode", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_city", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_coaddress", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_kommunekode", WEB_FACT, "address", "register address"},
    {"os2forms_nemid_cpr_fetch_data", WEB_FIELD, "idno", NULL},
    {"os2forms_nemid_company_cvr", WEB_FIELD, "orgno", NULL},
    {"os2forms_nemid_company_cvr_fetch_data", WEB_FIELD, "orgno", NULL},
    {"os2forms_nemid_company_p_number", WEB_FIELD, "text", NULL},
    {"os2forms_nemid_company_name", WEB_FIELD, "text", NULL},
    {"os2forms_nemid_company_address", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_street", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_house_nr", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_floor", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_apartment_nr", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_postal_code", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_city", WEB_BIT, "address", "company_"},
    {"os2forms_nemid_company_kommunekode", WEB_BIT, "address", "company_"},
    {"os2forms_mitid_child_name", WEB_FIELD, "text", NULL},
    {"os2forms_mitid_child_cpr", WEB_FIELD, "idno", NULL},
    {"os2forms_mitid_child_other_guardian", WEB_FIELD, "text", NULL},
    {"os2forms_mitid_child_address", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_coaddress", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_street", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_house_nr", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_floor", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_apartment_nr", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_postal_code", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_city", WEB_BIT, "address", "child_"},
    {"os2forms_mitid_child_kommunekode", WEB_BIT, "address", "child_"},
    {"os2forms_nemid_children_select", WEB_TOLD, NULL,
     "one chose among one's children; ask whom it is about, and give the right to act for a child by a mandate"},
    {"os2forms_nemid_children_radios", WEB_TOLD, NULL,
     "one chose among one's children; ask whom it is about, and give the right to act for a child by a mandate"},
};

struct str web_bare(struct str name)
{
    bool login = str_starts(name, S("os2forms_mitid_")) || str_starts(name, S("os2forms_nemid_"));
    return login ? str_slice(name, 15, name.n) : name;
}

const struct web_type *web_type_of(struct str name)
{
    name = web_bare(name);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(name, web_bare(str_of(types[i].name))))
            return &types[i];
    return NULL;
}

struct str web_text(const struct yaml *map, const char *key)
{
    const struct yaml *y = yaml_get(map, key);
    return y && y->kind == YAML_SCALAR && !(y->plain && str_eq_z(y->text, "null")) ? str_trim(y->text)
                                                                                   : (struct str){0};
}

bool web_truthy(const struct yaml *map, const char *key)
{
    struct str s = web_text(map, key);
    return s.n && !str_eq_z(s, "false") && !str_eq_z(s, "0");
}
