/* The foreign formats: YAML and JSON in, JSON and CSV out, Markdown to HTML; and what a file is. No database, no
 * network. */
#pragma once
#include "base/base.h"
#include "csv.h"
#include "filetype.h"
#include "file.h"
#include "json.h"
#include "markdown.h"
#include "problem.h"
#include "url.h"
#include "words.h"
#include "xml.h"
#include "yaml.h"
