/* Values in the test cases of the public suite (namespace http://www.omg.org/spec/DMN/20160719/testcase). For dmn/
 * alone.
 */
#pragma once
#include "dmn_inner.h"

/* The value that an inputNode, expected, component or item element holds: <value>, <list> or <component>s. A <value>
   that names no type has the one declared for it; declared NULL: it is a text. */
struct feel_value dmn_suite_value(struct arena *a, struct feel_zones *zones, const struct xml *e,
                                  const struct feel_type *declared);
/* As the published runners compare. */
bool dmn_suite_same(struct feel_value wanted, struct feel_value got);
