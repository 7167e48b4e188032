/* The foreign formats: YAML and JSON in, JSON and CSV out, Markdown to HTML. No database, no network. */
#pragma once
#include "base/base.h"
#include "csv.h"
#include "json.h"
#include "markdown.h"
#include "problem.h"
#include "words.h"
#include "yaml.h"
