/* Models of our own in each dialect: what they decide, what is warned of, what they say for themselves. */
#include "support.h"

#include <pthread.h>
#include <stdio.h>

#include "codec/codec.h"
#include "dmn/dmn.h"

struct at {
    struct cx *cx;
    struct arena *keep, *scratch;
    struct dmn_warnings warnings;
    const struct dmn_model *model;
};

static int setup(void **state)
{
    struct cx *cx = test_cx();
    struct at *at = arena_new_of(cx->arena, struct at);
    at->cx = cx;
    at->keep = arena_new((size_t)256 << 20);
    at->scratch = arena_new((size_t)64 << 20);
    at->warnings = dmn_warnings_make(cx->arena);
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    struct at *at = *state;
    arena_free(at->scratch);
    arena_free(at->keep);
    test_cx_free(at->cx);
    return 0;
}

static void load(struct at *at, const char *name)
{
    struct str path = test_path(at->cx, str_fmt(at->cx->arena, "tests/unit/dmn/models/%s", name).p);
    assert_ok(at->cx, dmn_load_file(at->cx, at->keep, path, &at->warnings, &at->model));
}

static enum err load_text(struct at *at, const char *text)
{
    at->model = NULL;
    return dmn_load(at->cx, at->keep, S("m.dmn"), str_of(text), NULL, &at->warnings, &at->model);
}

static struct str warnings_of(struct at *at)
{
    struct buf b = buf_make(at->cx->arena);
    dmn_warnings_text(&at->warnings, &b);
    return buf_str(&b);
}

static void has(struct str text, const char *wanted)
{
    if (str_find(text, str_of(wanted), 0) == text.n)
        fail_msg("\"%s\" is not in:\n%.*s", wanted, STR_ARG(text));
}

static struct dmn_given *given_of(struct at *at, const char *json, size_t *ret_n)
{
    struct json *v;
    assert_ok(at->cx, json_parse(at->cx, str_of(json), &v));
    struct dmn_given *given = arena_array(at->cx->arena, struct dmn_given, v->n);
    for (size_t i = 0; i < v->n; i++) {
        given[i].item = dmn_find(at->model, DMN_INPUT, (struct str){0}, v->items[i]->key);
        if (!given[i].item)
            given[i].item = dmn_find(at->model, DMN_DECISION, (struct str){0}, v->items[i]->key);
        assert_non_null(given[i].item);
        given[i].value = feel_from_json(at->cx->arena, dmn_model_zones(at->model), v->items[i], given[i].item->type);
    }
    *ret_n = v->n;
    return given;
}

struct asked {
    struct at *at;
    const char *what, *input;
    bool explain;
    struct str result, json, text[LANG_COUNT];
};

static void ask(void *ctx)
{
    struct asked *q = ctx;
    struct at *at = q->at;
    size_t n;
    struct buf b = buf_make(at->cx->arena);
    struct dmn_options options = {.now_us = at->cx->now_us, .explain = q->explain};
    const struct dmn_item *what = dmn_find(at->model, DMN_DECISION, (struct str){0}, str_of(q->what));
    if (!what)
        what = dmn_find(at->model, DMN_SERVICE, (struct str){0}, str_of(q->what));
    assert_non_null(what);
    struct dmn_given *given = given_of(at, q->input, &n);
    for (size_t i = 0; i < n && q->explain; i++)
        if (str_eq_z(given[i].item->name, "Income"))
            given[i].source = S("skatteforvaltningen");
    struct dmn_eval *e = dmn_eval_new(at->model, at->scratch, &options);
    for (int again = 0; again < 2; again++) { /* the second time nothing may be left of the first */
        b.n = 0;
        feel_write(&b, dmn_evaluate(e, what, given, n));
    }
    q->result = buf_str(&b);
    if (!q->explain)
        return;
    struct buf j = buf_make(at->cx->arena);
    struct json_out o = json_out_make(&j);
    struct dmn_receipt r = dmn_receipt(e);
    dmn_receipt_json(&o, &r);
    q->json = buf_str(&j);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        at->cx->lang = (enum lang)lang;
        q->text[lang] = dmn_receipt_text(at->cx, &r);
    }
}

static struct str evaluate(struct at *at, const char *what, const char *input)
{
    struct asked q = {.at = at, .what = what, .input = input};
    struct arena_mark mark = arena_mark(at->scratch);
    assert_true(arena_try(at->scratch, ask, &q));
    arena_reset(at->scratch, mark);
    return q.result;
}

#define assert_decides(at, what, input, result) assert_str(evaluate((at), (what), (input)), (result))

static void dmn_1_1(void **state)
{
    struct at *at = *state;
    load(at, "dmn11.dmn");
    assert_decides(at, "Season", "{\"temperature\": -3}", "\"winter\"");
    assert_decides(at, "Season", "{\"temperature\": 20}", "\"summer\"");
    assert_decides(at, "Chairs", "{\"guests\": 4}", "6");
    assert_decides(at, "Scripted", "{}", "null");
    struct str w = warnings_of(at);
    assert_true(str_find(w, S("dmn11.dmn:30: decision \"Scripted\": an expression in another language"), 0) < w.n);
    assert_int_equal(at->warnings.list.n, 1);
}

/* Of single tables that declare no input, their columns are the inputs; cells of another language match nothing. */
static void dmn_1_1_of_a_workflow_engine(void **state)
{
    struct at *at = *state;
    load(at, "dmn11-flow.dmn");
    struct str w = warnings_of(at);
    has(w, "dmn11-flow.dmn:7: decision \"Dish\": no inputData declares \"season\"; it is taken as an input");
    has(w, "no inputData declares \"guests\"; it is taken as an input");
    has(w, "dmn11-flow.dmn:22: decision \"Dish\": a cell in another language than FEEL is not evaluated");
    has(w, "dmn11-flow.dmn:28: decision \"Dish\": a cell in another language than FEEL is not evaluated");
    has(w, "dmn11-flow.dmn:36: decision \"Drink\": name: no such name: guests");
    assert_int_equal(at->warnings.list.n, 5);
    const struct dmn_item *season = dmn_find(at->model, DMN_INPUT, (struct str){0}, S("season"));
    assert_non_null(season);
    assert_str(season->label, "Time of the year");
    assert_int_equal(season->type->kind, FEEL_T_STRING);
    assert_decides(at, "Dish", "{\"season\": \"winter\", \"guests\": 4}", "\"stew\"");
    assert_decides(at, "Dish", "{\"season\": \"winter\", \"guests\": 9}", "null");
    assert_decides(at, "Dish", "{\"season\": \"summer\", \"guests\": 9}", "null");
    assert_decides(at, "Drink", "{\"season\": \"winter\", \"guests\": 4}", "\"beer\"");
}

static void dmn_1_1_with_types_of_its_own(void **state)
{
    struct at *at = *state;
    load(at, "dmn11-suite.dmn");
    has(warnings_of(at),
        "dmn11-suite.dmn:25: variable \"Names\": the type \"tStrings\" is unknown; any value is taken");
    assert_int_equal(at->warnings.list.n, 1);
    const char *people = "{\"People\": [{\"name\": \"Anna\", \"age\": 30, \"since\": \"2020-01-31\"},"
                         "{\"name\": \"Bo\", \"age\": 17, \"since\": \"2021-01-31\"}]}";
    assert_decides(at, "Names", people, "[\"Anna\"]");
    assert_decides(at, "Names", "{\"People\": [{\"name\": \"Anna\", \"age\": \"old\"}]}", "null");
}

static void dmn_1_2(void **state)
{
    struct at *at = *state;
    load(at, "dmn12.dmn");
    assert_str(warnings_of(at), "");
    assert_decides(at, "Total", "{\"Loan\": {\"principal amount\": 1000, \"kind\": \"car\"}}", "1020.00");
    /* a kind that is not allowed: the whole loan is null */
    assert_decides(at, "Total", "{\"Loan\": {\"principal amount\": 1000, \"kind\": \"boat\"}}", "null");
}

static void dmn_1_3(void **state)
{
    struct at *at = *state;
    load(at, "dmn13.dmn");
    assert_str(warnings_of(at), "");
    assert_decides(at, "Subsidy", "{\"Income\": 200000, \"Single parent\": false, \"Born\": \"2022-01-31\"}",
                   "\"fuldt\"");
    assert_decides(at, "Subsidy", "{\"Income\": 650000, \"Single parent\": true, \"Born\": \"2022-01-31\"}",
                   "\"halvt\"");
    assert_decides(at, "Subsidy", "{\"Income\": 650000, \"Single parent\": false, \"Born\": \"2022-01-31\"}",
                   "\"intet\"");
    assert_decides(at, "Subsidy", "{\"Income\": 1, \"Single parent\": false, \"Born\": \"2012-01-31\"}", "null");
    assert_decides(at, "Decide", "{\"Income\": 1, \"Single parent\": false, \"Born\": \"2022-01-31\"}", "\"fuldt\"");
    assert_decides(at, "For two", "{}", "[\"fuldt\", \"halvt\"]");
    /* a decision that is given is not evaluated */
    assert_decides(at, "Subsidy", "{\"Income\": 650000, \"Limit\": 900000, \"Born\": \"2022-01-31\"}", "\"halvt\"");
}

static void dmn_1_4(void **state)
{
    struct at *at = *state;
    load(at, "dmn14.dmn");
    assert_str(warnings_of(at), "");
    assert_decides(at, "Conditional", "{\"n\": 1}", "\"plus\"");
    assert_decides(at, "Conditional", "{\"n\": -1}", "\"not plus\"");
    assert_decides(at, "Filter", "{\"xs\": [1, 2, 3, 4]}", "[3, 4]");
    assert_decides(at, "Loop", "{\"xs\": [1, 2, 3]}", "[1, 5, 11]");
    assert_decides(at, "Some", "{\"xs\": [1, 2, 3]}", "true");
    assert_decides(at, "Every", "{\"xs\": [1, 2, 3]}", "false");
    assert_decides(at, "Names", "{}", "[\"Anna\", \"Bo\"]");
    assert_decides(at, "Relation", "{}", "[{first name: \"Anna\", age: 30}, {first name: \"Bo\", age: null}]");
    assert_decides(at, "List", "{\"n\": 1}", "[1, 2]");
    assert_decides(at, "Function", "{\"n\": 20}", "2432902008176640000");
}

static void dmn_1_5_types(void **state)
{
    struct at *at = *state;
    load(at, "dmn15.dmn");
    assert_str(warnings_of(at), "");
    assert_decides(at, "The even", "{\"Even\": 4}", "4");
    assert_decides(at, "The even", "{\"Even\": 3}", "null");
    assert_decides(at, "The even", "{\"Even\": 12}", "null");
    assert_decides(at, "The few", "{\"Few\": [1, 2]}", "[1, 2]");
    assert_decides(at, "The few", "{\"Few\": [1, 2, 3]}", "null");
    assert_decides(at, "The few", "{\"Few\": [1, 11]}", "null");
    assert_decides(at, "The sum",
                   "{\"Tree\": {\"value\": 1, \"children\": [{\"value\": 2, \"children\": []},"
                   "{\"value\": 3, \"children\": []}]}}",
                   "5");
    assert_decides(at, "The sum", "{\"Tree\": {\"value\": 1, \"children\": [{\"value\": \"x\"}]}}", "null");
}

static void hit_policies(void **state)
{
    struct at *at = *state;
    load(at, "dmn15.dmn");
    assert_decides(at, "Unique", "{\"n\": 2}", "10");
    assert_decides(at, "Unique", "{\"n\": 3}", "null");
    assert_decides(at, "First", "{\"n\": 3}", "10");
    assert_decides(at, "Any", "{\"n\": 2}", "10");
    assert_decides(at, "Any", "{\"n\": 3}", "null");
    assert_decides(at, "Priority", "{\"n\": 3}", "30");
    assert_decides(at, "Priority", "{\"n\": 6.5}", "10");
    assert_decides(at, "Collect", "{\"n\": 9}", "[10, 20, 30]");
    assert_decides(at, "Rules", "{\"n\": 5}", "[10, 20, 30]");
    assert_decides(at, "Outputs", "{\"n\": 3}", "[30, 10, 20]");
    assert_decides(at, "Sum", "{\"n\": 3}", "60");
    assert_decides(at, "Sum", "{\"n\": 0}", "null");
    assert_decides(at, "Min", "{\"n\": 3}", "10");
    assert_decides(at, "Max", "{\"n\": 3}", "30");
    assert_decides(at, "Count", "{\"n\": 3}", "3");
    assert_decides(at, "Count", "{\"n\": 1}", "0");
    assert_decides(at, "First", "{\"n\": null}", "null");
    assert_decides(at, "Two outputs", "{\"n\": 3}", "{a: 4, b c: \"x\"}");
    assert_decides(at, "Two outputs", "{\"n\": 2}", "{a: \"none\", b c: null}");
}

static void explains_itself(void **state)
{
    struct at *at = *state;
    load(at, "dmn13.dmn");
    struct asked q = {.at = at, .what = "Subsidy", .explain = true};
    q.input = "{\"Income\": 650000, \"Single parent\": false, \"Born\": \"2022-01-31\"}";
    assert_true(arena_try(at->scratch, ask, &q));
    assert_str(q.result, "\"intet\"");
    has(q.text[LANG_DA], "Tilskuddet: intet.\n");
    has(q.text[LANG_DA], "Husstandens indkomst: 650.000 (fra skatteforvaltningen).\n");
    has(q.text[LANG_DA], "Barnets fødselsdag: 31. januar 2022.\n");
    has(q.text[LANG_DA], "Enlig forsørger: nej.\n");
    has(q.text[LANG_DA], "Indkomstgrænsen: 600.000,5.\n");
    has(q.text[LANG_DA], "Tilskuddet: intet, fordi regel 3 passer.\n");
    has(q.text[LANG_DA], "Regel 3: Indkomsten er over grænsen\n");
    has(q.text[LANG_DA], "Regel 1 passede næsten: »Indkomsten« skulle være højst 200.000, men er 650.000.\n");
    has(q.text[LANG_DA], "Regel 2 passede næsten: »Under grænsen« skulle være ja, men er nej.\n");
    has(q.text[LANG_NB], "Regel 1 passet nesten: «Indkomsten» skulle vært høyst 200");
    has(q.text[LANG_NN], "Regel 1 passa nesten: «Indkomsten» skulle ha vore høgst 200");
    has(q.text[LANG_EN], "Rule 2 nearly matched: “Under grænsen” should have been yes, but is no.\n");
    has(q.json, "\"sha256\":\"");
    has(q.json, "\"evaluated\":\"Subsidy\",\"result\":\"intet\"");
    has(q.json, "\"source\":\"skatteforvaltningen\"");
    has(q.json, "\"matched\":[{\"rule\":3,\"id\":\"none\",\"annotation\":\"Indkomsten er over grænsen\"}]");
    has(q.json, "\"failed\":[{\"input\":\"Under grænsen\",\"wanted\":\"true\",\"value\":false}]");
}

static void says_why_it_is_null(void **state)
{
    struct at *at = *state;
    load(at, "dmn13.dmn");
    struct asked q = {.at = at, .what = "Subsidy", .input = "{\"Born\": \"2012-01-31\"}", .explain = true};
    assert_true(arena_try(at->scratch, ask, &q));
    assert_str(q.result, "null");
    has(q.text[LANG_DA], "Husstandens indkomst: ikke oplyst.\n");
    has(q.text[LANG_DA], "Tilskuddet: ingen regel passer.\n");
    has(q.text[LANG_EN], "“Tilskuddet” could not be decided: the rules do not give one answer here.\n");
    has(q.json, "\"detail\":\"no rule matches\"");
}

static void lists_what_there_is(void **state)
{
    struct at *at = *state;
    load(at, "dmn13.dmn");
    const struct dmn_item *it = dmn_find(at->model, DMN_DECISION, (struct str){0}, S(" Subsidy"));
    assert_non_null(it);
    assert_str(it->label, "Tilskuddet");
    assert_int_equal(it->n_requires, 5); /* three inputs, the limit, and the imported function */
    it = dmn_find(at->model, DMN_SERVICE, (struct str){0}, S("Decide"));
    assert_int_equal(it->n_params, 3);
    assert_str(it->params[0].name, "Income");
    it = dmn_find(at->model, DMN_KNOWLEDGE, (struct str){0}, S("Raise"));
    assert_true(it->imported);
    assert_null(dmn_find(at->model, DMN_INPUT, S("http://kommune.example/satser"), S("Income")));
}

/* ---- What is not valid */

#define HEAD "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='m' namespace='urn:m'>\n"

static void the_rest_works(void **state)
{
    struct at *at = *state;
    assert_ok(
        at->cx,
        load_text(at, HEAD
                  "<decision id='a' name='A'><literalExpression><text>1 +</text></literalExpression></decision>\n"
                  "<decision id='b' name='B'><variable name='B' "
                  "typeRef='tNone'/><literalExpression><text>2</text></literalExpression></decision>\n"
                  "<decision id='c' name='C'><informationRequirement><requiredDecision "
                  "href='#nowhere'/></informationRequirement>"
                  "<literalExpression><text>3</text></literalExpression></decision>\n"
                  "<decision id='d' name='D'/>\n"
                  "<bogus/>\n"
                  "<import name='x' namespace='urn:x' importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>\n"
                  "<decision id='e' name='E'><decisionTable "
                  "hitPolicy='LAST'><output/><rule><outputEntry><text>5</text></outputEntry>"
                  "</rule></decisionTable></decision>\n"
                  "</definitions>"));
    struct str w = warnings_of(at);
    has(w, "m.dmn:2: decision \"A\": syntax: ");
    has(w, "m.dmn:3: variable \"B\": the type \"tNone\" is unknown; any value is taken");
    has(w, "m.dmn:4: decision \"C\": requiredDecision points at nothing: \"#nowhere\"");
    has(w, "m.dmn:6: definitions \"m\": DMN knows no element bogus here");
    has(w, "m.dmn:7: import \"x\": the model with the namespace \"urn:x\" was not found");
    has(w, "m.dmn:8: decision \"E\": the hit policy is unknown; taken as UNIQUE");
    assert_decides(at, "A", "{}", "null");
    assert_decides(at, "B", "{}", "2");
    assert_decides(at, "C", "{}", "3");
    assert_decides(at, "D", "{}", "null");
    assert_decides(at, "E", "{}", "5");
}

static void refuses_what_is_no_model(void **state)
{
    struct at *at = *state;
    assert_err(at->cx, load_text(at, "<definitions xmlns='urn:other'/>"), ERR_SYNTAX);
    assert_err(at->cx, load_text(at, "<html/>"), ERR_SYNTAX);
    assert_err(at->cx, load_text(at, HEAD), ERR_SYNTAX);
    assert_err(at->cx, load_text(at, ""), ERR_SYNTAX);
}

static void circles_end(void **state)
{
    struct at *at = *state;
    assert_ok(
        at->cx,
        load_text(
            at, HEAD
            "<itemDefinition name='t1'><typeRef>t2</typeRef></itemDefinition>"
            "<itemDefinition name='t2'><typeRef>t1</typeRef></itemDefinition>\n"
            "<decision id='a' name='A'><informationRequirement><requiredDecision href='#b'/></informationRequirement>"
            "<literalExpression><text>B</text></literalExpression></decision>\n"
            "<decision id='b' name='B'><variable name='B' typeRef='t1'/><informationRequirement><requiredDecision "
            "href='#a'/>"
            "</informationRequirement><literalExpression><text>A</text></literalExpression></decision>\n"
            "<businessKnowledgeModel id='f' "
            "name='F'><encapsulatedLogic><literalExpression><text>F()</text></literalExpression>"
            "</encapsulatedLogic></businessKnowledgeModel>\n"
            "<decision id='c' name='C'><knowledgeRequirement><requiredKnowledge href='#f'/></knowledgeRequirement>"
            "<literalExpression><text>F()</text></literalExpression></decision>\n"
            "<decisionService id='s' name='S'><outputDecision href='#d'/></decisionService>\n"
            "<decision id='d' name='D'><knowledgeRequirement><requiredKnowledge href='#s'/></knowledgeRequirement>"
            "<literalExpression><text>S()</text></literalExpression></decision>\n"
            "</definitions>"));
    struct str w = warnings_of(at);
    has(w, "the type is defined by itself");
    has(w, "it requires itself, by way of decision \"A\"");
    assert_decides(at, "A", "{}", "null");
    assert_decides(at, "C", "{}", "null");
    assert_decides(at, "D", "{}", "null");
}

static struct str repeat(struct at *at, const char *open, int n, const char *middle, const char *close)
{
    struct buf b = buf_make(at->cx->arena);
    buf_add_z(&b, HEAD "<decision id='a' name='A'>");
    for (int i = 0; i < n; i++)
        buf_add_z(&b, open);
    buf_add_z(&b, middle);
    for (int i = 0; i < n; i++)
        buf_add_z(&b, close);
    buf_add_z(&b, "</decision></definitions>");
    buf_add_char(&b, 0);
    return buf_str(&b);
}

static void depth_ends(void **state)
{
    struct at *at = *state;
    const char *one = "<literalExpression><text>1</text></literalExpression>";
    assert_err(at->cx, load_text(at, repeat(at, "<list>", 250, one, "</list>").p), ERR_TOO_LARGE);
    assert_ok(at->cx, load_text(at, repeat(at, "<list>", 150, one, "</list>").p));
    has(warnings_of(at), "expressions are nested too deep");
    assert_ok(at->cx, load_text(at, repeat(at, "<list>", 50, one, "</list>").p));
    struct buf b = buf_make(at->cx->arena);
    for (int i = 0; i < 20000; i++)
        buf_add_char(&b, '(');
    struct str text =
        str_fmt(at->cx->arena, "<literalExpression><text>%.*s1</text></literalExpression>", STR_ARG(buf_str(&b)));
    assert_ok(at->cx, load_text(at, repeat(at, "", 0, text.p, "").p));
    assert_decides(at, "A", "{}", "null");
}

/* A chain of requirements as long as the limit works; a longer one is cut and the stack stays whole. */
static void chains_end(void **state)
{
    struct at *at = *state;
    struct buf b = buf_make(at->cx->arena);
    buf_add_z(&b, HEAD);
    for (int i = 0; i < 5000; i++) {
        buf_fmt(&b, "<decision id='d%d' name='D%d'>", i, i);
        if (i < 4999)
            buf_fmt(&b, "<informationRequirement><requiredDecision href='#d%d'/></informationRequirement>", i + 1);
        buf_add_z(&b, "<literalExpression><text>1</text></literalExpression></decision>\n");
    }
    buf_add_z(&b, "</definitions>");
    buf_add_char(&b, 0);
    assert_ok(at->cx, load_text(at, buf_str(&b).p));
    has(warnings_of(at), "the chain of its requirements is longer than 1000");
    assert_decides(at, "D0", "{}", "1");
    assert_decides(at, "D4500", "{}", "1");
}

static int draw(uint32_t *seed, int n)
{
    *seed = *seed * 1664525 + 1013904223;
    return (int)((*seed >> 8) % (uint32_t)n);
}

/* The index finds what looking at each rule finds: 300 rules with bounds of every kind, 2000 values. */
static void the_index_agrees_with_the_cells(void **state)
{
    struct at *at = *state;
    struct buf b = buf_make(at->cx->arena), indexed = buf_make(at->cx->arena), asked = buf_make(at->cx->arena);
    uint32_t seed = 12345;
    for (int i = 0; i < 300; i++) {
        static const char *const forms[] = {"%d",         "&lt; %d",  "&gt;= %d", "[%d..%d]",      "(%d..%d]",
                                            "[%d..%d)",   "%d, %d.5", "not(%d)",  "not([%d..%d])", "-",
                                            "&gt; %d.25", "null",     "%d, null"};
        char cell[80], test[120];
        int x = draw(&seed, 100), form = draw(&seed, 13), y = x + draw(&seed, 20);
        snprintf(cell, sizeof cell, forms[form], x, y);
        snprintf(test, sizeof test, form == 9 ? "-" : "? in (%s)", cell);
        if (form == 7 || form == 8)
            snprintf(test, sizeof test, "not(? in (%.*s))", (int)strlen(cell) - 5, cell + 4);
        buf_fmt(&indexed,
                "<rule><inputEntry><text>%s</text></inputEntry><outputEntry><text>%d</text></outputEntry></rule>", cell,
                i);
        buf_fmt(
            &asked,
            "<rule><inputEntry><text>%s and true</text></inputEntry><outputEntry><text>%d</text></outputEntry></rule>",
            form == 9 ? "true" : test, i);
    }
    buf_add_z(&b, HEAD "<inputData id='n' name='n'/>");
    for (int i = 0; i < 2; i++)
        buf_fmt(
            &b,
            "<decision id='d%d' name='D%d'><informationRequirement><requiredInput href='#n'/></informationRequirement>"
            "<decisionTable "
            "hitPolicy='COLLECT'><input><inputExpression><text>n</text></inputExpression></input><output/>%.*s"
            "</decisionTable></decision>",
            i, i, STR_ARG(buf_str(i ? &asked : &indexed)));
    buf_add_z(&b, "</definitions>");
    buf_add_char(&b, 0);
    assert_ok(at->cx, load_text(at, buf_str(&b).p));
    assert_str(warnings_of(at), "");
    static const char *const fractions[] = {"0", "5", "25", "2500001", "0000000000000000000000001"};
    for (int i = 0; i < 2000; i++) {
        char input[80];
        snprintf(input, sizeof input,
                 i % 50 == 0   ? "{\"n\": \"x%d\"}"
                 : i % 70 == 0 ? "{\"n\": null}"
                               : "{\"n\": %d.%s}",
                 draw(&seed, 130) - 5, fractions[draw(&seed, 5)]);
        struct str one = evaluate(at, "D0", input), two = evaluate(at, "D1", input);
        if (!str_eq(one, two))
            fail_msg("%s: index %.*s, cells %.*s", input, STR_ARG(one), STR_ARG(two));
    }
}

/* Times and dates and times too: local ones, ones with an offset, and a column that has both. */
static void the_index_agrees_about_times(void **state)
{
    struct at *at = *state;
    static const char *const forms[] = {"%s", "&lt; %s", "&gt;= %s", "[%s..%s]", "(%s..%s)", "%s, %s", "not(%s)", "-"};
    static const char *const zones[] = {"", "Z", "+01:00", "@Europe/Copenhagen", "-05:30"};
    uint32_t seed = 4711;
    for (int table = 0; table < 4; table++) { /* local, with an offset, both, dates and times with an offset */
        struct buf b = buf_make(at->cx->arena), rows[2] = {buf_make(at->cx->arena), buf_make(at->cx->arena)};
        for (int i = 0; i < 200; i++) {
            char ends[2][80], cell[200], test[240];
            int form = draw(&seed, 8);
            for (int k = 0; k < 2; k++) {
                int hour = draw(&seed, 12) + 12 * k, zone = table == 0   ? 0
                                                            : table == 2 ? draw(&seed, 5)
                                                                         : 1 + draw(&seed, 4);
                snprintf(ends[k], sizeof ends[k], "@\"%s%02d:%02d:00%s%s\"", table == 3 ? "2026-03-29T" : "", hour,
                         draw(&seed, 4) * 15, draw(&seed, 3) ? "" : ".0004", zones[zone]);
            }
            snprintf(cell, sizeof cell, forms[form], ends[0], ends[1]);
            snprintf(test, sizeof test,
                     form == 7   ? "true"
                     : form == 6 ? "not(? in (%s))"
                                 : "? in (%s)",
                     form == 6 ? ends[0] : cell);
            for (int k = 0; k < 2; k++)
                buf_fmt(
                    &rows[k],
                    "<rule><inputEntry><text>%s%s</text></inputEntry><outputEntry><text>%d</text></outputEntry></rule>",
                    k ? test : cell, k ? " and true" : "", i);
        }
        buf_add_z(&b, HEAD "<inputData id='t' name='t'/>");
        for (int k = 0; k < 2; k++)
            buf_fmt(&b,
                    "<decision id='d%d' name='D%d'><informationRequirement><requiredInput "
                    "href='#t'/></informationRequirement>"
                    "<decisionTable "
                    "hitPolicy='COLLECT'><input><inputExpression><text>%s(t)</text></inputExpression></input>"
                    "<output/>%.*s</decisionTable></decision>",
                    k, k, table == 3 ? "date and time" : "time", STR_ARG(buf_str(&rows[k])));
        buf_add_z(&b, "</definitions>");
        buf_add_char(&b, 0);
        assert_ok(at->cx, load_text(at, buf_str(&b).p));
        assert_str(warnings_of(at), "");
        for (int i = 0; i < 400; i++) {
            char input[120];
            snprintf(input, sizeof input, "{\"t\": \"%s%02d:%02d:00%s%s\"}", table == 3 ? "2026-03-29T" : "",
                     draw(&seed, 24), draw(&seed, 12) * 5, draw(&seed, 3) ? "" : ".0009", zones[draw(&seed, 5)]);
            struct str one = evaluate(at, "D0", input), two = evaluate(at, "D1", input);
            if (!str_eq(one, two))
                fail_msg("%s: index %.*s, cells %.*s", input, STR_ARG(one), STR_ARG(two));
        }
    }
}

/* A function that calls itself, called from outside an evaluation, ends by the limit on the stack: also in a thread
   that has no more than 1 MB. */
static void call_itself(void *ctx)
{
    struct at *at = ctx;
    struct dmn_options options = {.now_us = at->cx->now_us};
    struct dmn_eval *e = dmn_eval_new(at->model, at->scratch, &options);
    const struct dmn_item *f = dmn_find(at->model, DMN_KNOWLEDGE, (struct str){0}, S("F"));
    struct feel_value one = feel_int(1), v = dmn_call(e, f, &one, 1);
    assert_true(feel_is_null(v));
    assert_non_null(feel_reason_of(v));
    assert_int_equal(feel_reason_of(v)->why, FEEL_WHY_LIMIT);
}

static void *call_in_thread(void *ctx)
{
    struct at *at = ctx;
    assert_true(arena_try(at->scratch, call_itself, at));
    return NULL;
}

static void a_call_from_outside_ends(void **state)
{
    struct at *at = *state;
    pthread_attr_t attr;
    pthread_t thread;
    assert_ok(at->cx, load_text(at, HEAD "<businessKnowledgeModel id='f' name='F'><encapsulatedLogic><formalParameter "
                                         "name='x'/><literalExpression><text>F([x])</text></literalExpression>"
                                         "</encapsulatedLogic></businessKnowledgeModel></definitions>"));
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 1 << 20);
    assert_int_equal(pthread_create(&thread, &attr, call_in_thread, at), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
}

/* ---- gaps and overlaps ---- */

struct holes {
    size_t gaps, overlaps, unproved;
    struct str first;
};

static struct holes holes_of(struct at *at, const char *decision, const struct dmn_domain *domains, size_t n)
{
    struct dmn_hole *list;
    struct holes h = {0};
    size_t n_list;
    const struct dmn_item *what = dmn_find(at->model, DMN_DECISION, (struct str){0}, str_of(decision));
    assert_non_null(what);
    dmn_find_holes(at->cx, at->model, what, domains, n, &list, &n_list);
    for (size_t i = 0; i < n_list; i++) {
        h.gaps += list[i].kind == DMN_GAP;
        h.overlaps += list[i].kind == DMN_OVERLAP;
        h.unproved += list[i].kind == DMN_UNPROVED;
        if (list[i].kind == DMN_OVERLAP)
            assert_true(list[i].rules[0] < list[i].rules[1]);
    }
    if (n_list)
        h.first = list[0].example;
    return h;
}

static void random_cell(struct arena *a, uint32_t *seed, int column, struct str *ret)
{
    int x = (int)draw(seed, 5), y = x + (int)draw(seed, 4);
    static const char *const words[] = {"\"x\"", "\"y\"", "\"x\", \"z\"", "not(\"y\")", "-", "-"};
    static const char *const flags[] = {"true", "false", "-", "-"};
    if (column == 1)
        *ret = str_of(words[draw(seed, 6)]);
    else if (column == 2)
        *ret = str_of(flags[draw(seed, 4)]);
    else
        switch (draw(seed, 8)) {
        case 0:
            *ret = str_fmt(a, "&lt; %d", x);
            break;
        case 1:
            *ret = str_fmt(a, "&lt;= %d", x);
            break;
        case 2:
            *ret = str_fmt(a, "&gt; %d", x);
            break;
        case 3:
            *ret = str_fmt(a, "&gt;= %d", x);
            break;
        case 4:
            *ret = str_fmt(a, "[%d..%d)", x, y + 1);
            break;
        case 5:
            *ret = str_fmt(a, "%d, %d", x, y);
            break;
        case 6:
            *ret = str_fmt(a, "not(%d)", x);
            break;
        default:
            *ret = S("-");
        }
}

/* The same rules twice: as a table that must be unique, and as one that counts those that match. */
static void load_random(struct at *at, uint32_t *seed)
{
    struct buf rules = buf_make(at->cx->arena), b = buf_make(at->cx->arena);
    int n = 1 + (int)draw(seed, 5);
    for (int i = 0; i < n; i++) {
        buf_add_z(&rules, "<rule>");
        for (int k = 0; k < 3; k++) {
            struct str cell;
            random_cell(at->cx->arena, seed, k, &cell);
            buf_fmt(&rules, "<inputEntry><text>%.*s</text></inputEntry>", STR_ARG(cell));
        }
        buf_fmt(&rules, "<outputEntry><text>%d</text></outputEntry></rule>", i);
    }
    buf_add_z(&b, HEAD "<inputData id='n' name='n'><variable name='n' typeRef='number'/></inputData>"
                       "<inputData id='s' name='s'><variable name='s' typeRef='string'/></inputData>"
                       "<inputData id='f' name='f'><variable name='f' typeRef='boolean'/></inputData>");
    for (int i = 0; i < 2; i++)
        buf_fmt(
            &b,
            "<decision id='d%d' name='D%d'><informationRequirement><requiredInput href='#n'/></informationRequirement>"
            "<informationRequirement><requiredInput href='#s'/></informationRequirement>"
            "<informationRequirement><requiredInput href='#f'/></informationRequirement>"
            "<decisionTable %s><input><inputExpression><text>n</text></inputExpression></input>"
            "<input><inputExpression><text>s</text></inputExpression></input>"
            "<input><inputExpression><text>f</text></inputExpression></input><output/>%.*s</decisionTable></decision>",
            i, i, i ? "hitPolicy='COLLECT' aggregation='COUNT'" : "hitPolicy='UNIQUE'", STR_ARG(buf_str(&rules)));
    buf_add_z(&b, "</definitions>");
    buf_add_char(&b, 0);
    assert_ok(at->cx, load_text(at, buf_str(&b).p));
}

/* What is found in tables drawn at random is what asking every combination finds. */
static void finds_the_gaps_and_overlaps_there_are(void **state)
{
    struct at *at = *state;
    static const char *const words[] = {"x", "y", "z", "w"};
    uint32_t seed = 11;
    for (int t = 0; t < 150; t++) {
        struct arena_mark mark = arena_mark(at->cx->arena);
        int64_t least = 99, most = 0, count;
        load_random(at, &seed);
        for (int k = 0; k < 15 * 8; k++) {
            char input[80];
            int half = k / 8 - 2;
            snprintf(input, sizeof input, "{\"n\": %d.%d, \"s\": \"%s\", \"f\": %s}", half / 2, half % 2 ? 5 : 0,
                     words[k / 2 % 4], k % 2 ? "true" : "false");
            if (half < 0)
                snprintf(input, sizeof input, "{\"n\": -%d, \"s\": \"%s\", \"f\": %s}", -half, words[k / 2 % 4],
                         k % 2 ? "true" : "false");
            assert_true(str_to_i64(evaluate(at, "D1", input), &count));
            least = count < least ? count : least;
            most = count > most ? count : most;
        }
        struct holes h = holes_of(at, "D0", NULL, 0);
        assert_int_equal(h.unproved, 0);
        if ((h.gaps > 0) != (least == 0) || (h.overlaps > 0) != (most > 1))
            fail_msg("table %d: %zu gaps and %zu overlaps found, rules that match: %d to %d; first: %.*s", t, h.gaps,
                     h.overlaps, (int)least, (int)most, STR_ARG(h.first));
        struct holes none = holes_of(at, "D1", NULL, 0); /* a table that collects has neither */
        assert_int_equal(none.gaps + none.overlaps, 0);
        arena_reset(at->cx->arena, mark);
    }
}

/* What an input can be closes gaps; a cell that is more than a comparison leaves the table unproved. */
static void a_domain_closes_gaps(void **state)
{
    struct at *at = *state;
    static const char model[] =
        HEAD "<inputData id='n' name='n'><variable name='n' typeRef='number'/></inputData>"
             "<decision id='d' name='D'><informationRequirement><requiredInput href='#n'/></informationRequirement>"
             "<decisionTable><input><inputExpression><text>n</text></inputExpression></input><output/>"
             "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
             "<rule><inputEntry><text>&gt;= 2</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"
             "</decisionTable></decision>"
             "<decision id='e' name='E'><informationRequirement><requiredInput href='#n'/></informationRequirement>"
             "<decisionTable><input><inputExpression><text>n</text></inputExpression></input><output/>"
             "<rule><inputEntry><text>abs(?) &gt; 1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
             "</decisionTable></decision></definitions>";
    assert_ok(at->cx, load_text(at, model));
    struct dmn_domain n = {.item = dmn_find(at->model, DMN_INPUT, (struct str){0}, S("n")),
                           .range = {.low_bound = FEEL_UNBOUNDED, .high_bound = FEEL_UNBOUNDED}};
    struct holes h = holes_of(at, "D", &n, 1);
    assert_int_equal(h.gaps, 2);
    assert_str(h.first, "n = 0.9");
    n.range.low = feel_int(1), n.range.low_bound = FEEL_CLOSED;
    h = holes_of(at, "D", &n, 1);
    assert_int_equal(h.gaps, 1);
    assert_str(h.first, "n = 1.5");
    n.whole = true;
    assert_int_equal(holes_of(at, "D", &n, 1).gaps, 0);
    struct feel_value only[] = {feel_int(1), feel_int(7)};
    n = (struct dmn_domain){.item = n.item, .values = only, .n_values = 2};
    assert_int_equal(holes_of(at, "D", &n, 1).gaps, 0);
    only[1] = feel_int(0);
    assert_str(holes_of(at, "D", &n, 1).first, "n = 0");
    h = holes_of(at, "E", &n, 1);
    assert_int_equal(h.unproved, 1);
    assert_int_equal(h.gaps, 0);
}

/* Bounds that are nearly the greatest numbers there are leave a table unproved; where nothing is allowed nothing can be
   a gap; what a type lists are its values, and a comma between quotes parts nothing. */
static void a_domain_may_be_strange(void **state)
{
    struct at *at = *state;
    static const char model[] = HEAD
        "<itemDefinition name='tNothing'><typeRef>number</typeRef><allowedValues><text>[10..5]</text></allowedValues>"
        "</itemDefinition><itemDefinition name='tWord'><typeRef>string</typeRef><allowedValues>"
        "<text>\"a, b\", \"c\"</text></allowedValues></itemDefinition><itemDefinition name='tSpan'>"
        "<typeRef>number</typeRef><allowedValues><text>[1..5]</text></allowedValues></itemDefinition>"
        "<inputData id='n' name='n'><variable name='n' typeRef='number'/></inputData>"
        "<inputData id='z' name='z'><variable name='z' typeRef='tNothing'/></inputData>"
        "<inputData id='w' name='w'><variable name='w' typeRef='tWord'/></inputData>"
        "<inputData id='p' name='p'><variable name='p' typeRef='tSpan'/></inputData>"
        "<decision id='d' name='D'><informationRequirement><requiredInput href='#n'/></informationRequirement>"
        "<informationRequirement><requiredInput href='#z'/></informationRequirement>"
        "<decisionTable><input><inputExpression><text>n</text></inputExpression></input>"
        "<input><inputExpression><text>z</text></inputExpression></input><output/>"
        "<rule><inputEntry><text>1</text></inputEntry><inputEntry><text>&gt; 7</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
        "<decision id='e' name='E'><decisionTable><input><inputExpression><text>duration(\"P1D\")</text>"
        "</inputExpression></input><output/><rule><inputEntry><text>&lt; duration(\"PT9223372036854775807S\")</text>"
        "</inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
        "<decision id='f' name='F'><informationRequirement><requiredInput href='#w'/></informationRequirement>"
        "<decisionTable><input><inputExpression><text>w</text></inputExpression></input><output/>"
        "<rule><inputEntry><text>\"a, b\"</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
        "</decisionTable></decision></definitions>";
    assert_ok(at->cx, load_text(at, model));
    struct holes h = holes_of(at, "D", NULL, 0);
    assert_int_equal(h.gaps + h.overlaps + h.unproved, 0);
    h = holes_of(at, "E", NULL, 0);
    assert_int_equal(h.unproved, 1);
    h = holes_of(at, "F", NULL, 0);
    assert_int_equal(h.gaps, 1);
    assert_str(h.first, "w = \"c\"");
    const struct feel_value *values;
    const struct dmn_item *w = dmn_find(at->model, DMN_INPUT, (struct str){0}, S("w"));
    assert_int_equal(dmn_type_values(at->cx->arena, w->type, &values), 2);
    assert_str(feel_str(values[0]), "a, b");
    const struct dmn_item *p = dmn_find(at->model, DMN_INPUT, (struct str){0}, S("p"));
    assert_int_equal(dmn_type_values(at->cx->arena, p->type, &values), 0); /* a range lists none */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(dmn_1_1),
        T(dmn_1_1_of_a_workflow_engine),
        T(dmn_1_1_with_types_of_its_own),
        T(dmn_1_2),
        T(dmn_1_3),
        T(dmn_1_4),
        T(dmn_1_5_types),
        T(hit_policies),
        T(explains_itself),
        T(says_why_it_is_null),
        T(lists_what_there_is),
        T(the_rest_works),
        T(refuses_what_is_no_model),
        T(circles_end),
        T(depth_ends),
        T(chains_end),
        T(the_index_agrees_with_the_cells),
        T(the_index_agrees_about_times),
        T(a_call_from_outside_ends),
        T(finds_the_gaps_and_overlaps_there_are),
        T(a_domain_closes_gaps),
        T(a_domain_may_be_strange),
    };
    return cmocka_run_group_tests_name("dmn", tests, NULL, NULL);
}
