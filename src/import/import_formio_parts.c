/* Components of Nav's forms that ask several things: who one is, an address, how long it is good for, who sends. Their
   answers lie in an object, so conditions of the form reach them by name. */
#include "i18n/i18n.h"
#include "import_form.h"

static struct item *part(struct import *im, struct item *of, const char *type, const char *key, int text)
{
    struct item *item = import_add(im, of, ITEM_FIELD, type, str_of(key));
    struct words own = import_plain(im, json_text(json_get(of->from, "customLabels"), key));
    item->label = import_words_given(&own) ? own : import_ours(text);
    item->from_type = of->from_type;
    item->required = true;
    return item;
}

static void option(struct import *im, struct item *item, const char *value, int text)
{
    import_option(im, item, str_of(value))->label = import_ours(text);
}

static struct item *yes_no(struct import *im, struct item *of, const char *key, int text)
{
    struct item *item = part(im, of, "radio", key, text);
    option(im, item, "ja", T_import_yes);
    option(im, item, "nei", T_import_no);
    return item;
}

static void identity(struct import *im, struct item *of)
{
    struct item *has = yes_no(im, of, "harDuFodselsnummer", T_import_has_idno);
    struct words question = import_plain(im, json_text(json_get(of->from, "customLabels"), "doYouHaveIdentityNumber"));
    if (import_words_given(&question))
        has->label = question;
    struct item *idno = part(im, of, "idno", "identitetsnummer", T_import_idno);
    idno->when = cond_is(im, has, S("ja"));
    struct item *born = part(im, of, "date", "fodselsdato", T_import_born);
    born->when = cond_is(im, has, S("nei"));
    import_own_text(im, born, "max", S("today"));
}

static void address(struct import *im, struct item *of)
{
    struct item *home = yes_no(im, of, "borDuINorge", T_import_in_norway);
    struct words question = import_plain(im, json_text(json_get(of->from, "customLabels"), "livesInNorway"));
    if (import_words_given(&question))
        home->label = question;
    const struct cond *in = cond_is(im, home, S("ja")), *out = cond_is(im, home, S("nei"));
    struct item *kind = part(im, of, "radio", "vegadresseEllerPostboksadresse", T_import_street_or_box);
    option(im, kind, "vegadresse", T_import_street);
    option(im, kind, "postboksadresse", T_import_box);
    kind->when = in;
    struct item *here = part(im, of, "address", "norskAdresse", T_import_address);
    here->when = cond_not(im, cond_empty(im, kind));
    struct item *line = part(im, of, "text", "adresse", T_import_street_line);
    struct item *code = part(im, of, "text", "postnummer", T_import_postcode);
    struct item *city = part(im, of, "text", "bySted", T_import_city);
    struct item *land = part(im, of, "country", "land", T_import_country);
    struct item *abroad[] = {line, code, city, land};
    for (size_t i = 0; i < 4; i++)
        abroad[i]->when = out;
    code->required = city->required = false;
}

static void validity(struct import *im, struct item *of)
{
    struct arena *a = im->cx->arena;
    struct item *from = part(im, of, "date", "gyldigFraDato", T_import_valid_from);
    struct item *until = part(im, of, "date", "gyldigTilDato", T_import_valid_until);
    until->required = false;
    import_own(im, until, "min",
               import_one(a, "shift", import_pair(a, import_scalar(a, from->id), import_quoted(a, S("+1d")))));
    import_own(im, until, "max",
               import_one(a, "shift", import_pair(a, import_scalar(a, from->id), import_quoted(a, S("+1y")))));
}

static void sender(struct import *im, struct item *of)
{
    if (str_eq_z(json_text(of->from, "senderRole"), "organization")) {
        part(im, of, "text", "organizationName", T_import_org_name);
        part(im, of, "orgno", "organizationNumber", T_import_org_no);
        return;
    }
    part(im, of, "text", "firstName", T_import_given_name);
    part(im, of, "text", "surname", T_import_surname);
    part(im, of, "idno", "nationalIdentityNumber", T_import_idno);
}

void import_formio_parts(struct import *im, struct item *item)
{
    if (str_eq_z(item->from_type, "identity"))
        identity(im, item);
    else if (str_eq_z(item->from_type, "navAddress"))
        address(im, item);
    else if (str_eq_z(item->from_type, "addressValidity"))
        validity(im, item);
    else
        sender(im, item);
    import_note(im, item, (struct str){0},
                "asks for several things in one: became questions of their own; who logs in is known already, see "
                "`prefill` in the grammar");
}
