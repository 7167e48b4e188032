/* How many evaluations of prepared FEEL a second, on one thread. Usage: bench_feel [EXPRESSION]; the expression sees
   the numbers n = 100 and x, which differs each time. Without one, a table of what is common. */
#include <stdio.h>

#include "feel/feel.h"

enum { ROUNDS = 3 };

static double measure(struct arena *scratch, struct feel_run *run, const struct feel_code *code)
{
    struct arena_mark mark = arena_mark(scratch);
    struct feel_value slots[2] = {feel_int(100), feel_int(7)};
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = time_cpu_us(), spent = 0, n = 0;
        while (spent < 300 * 1000) {
            for (int i = 0; i < 1000; i++, n++) {
                arena_reset(scratch, mark);
                feel_run_reset(run);
                slots[1] = feel_int(n);
                feel_run_code(run, code, slots);
            }
            spent = time_cpu_us() - start;
        }
        double rate = (double)n * 1e6 / (double)spent;
        best = rate > best ? rate : best;
    }
    arena_reset(scratch, mark);
    feel_run_reset(run);
    return best;
}

static void report(const char *text)
{
    struct arena *keep = arena_new(16 << 20), *scratch = arena_new(64 << 20);
    struct feel_env *env = feel_env_new(keep, NULL);
    feel_env_add(env, S("n"), 0, feel_type_of_kind(FEEL_T_NUMBER));
    feel_env_add(env, S("x"), 1, feel_type_of_kind(FEEL_T_NUMBER));
    struct feel_source source = {.name = S("bench"), .text = str_of(text)};
    const struct feel_problem *problems = NULL;
    const struct feel_code *code = feel_compile(keep, env, &source, &problems);
    if (problems)
        printf("%s: %" PRI_STR "\n", text, STR_ARG(problems->detail));
    else
        printf("%12.0f/s  %s\n", measure(scratch, feel_run_new(scratch, NULL, NULL, 0, S("")), code), text);
    arena_free(scratch);
    arena_free(keep);
}

int main(int argc, char **argv)
{
    static const char *const common[] = {"sum(for i in 1..n return i * x)",
                                         "for i in 1..n return i * x",
                                         "x * 0.075 + 12.50",
                                         "x / 3",
                                         "if x > 100 and x < 100000 then \"a\" else \"b\"",
                                         "{income: x, rate: 0.3, tax: income * rate}.tax",
                                         "[1, 5, n, x][item > 4][1]",
                                         "count([{a: 1}, {a: x}, {a: 3}][a > 2])",
                                         "{f: function(k) if k = 0 then 0 else k + f(k - 1), r: f(20)}.r",
                                         "string join([\"a\", string(x)], \"-\")",
                                         "@\"2024-01-31\" + duration(\"P1D\") * x"};
    if (argc > 1) {
        report(argv[1]);
        return 0;
    }
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        report(common[i]);
    return 0;
}
