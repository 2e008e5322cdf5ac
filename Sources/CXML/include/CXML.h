#ifndef TALLYMAN_CXML_H
#define TALLYMAN_CXML_H

#include <stddef.h>

/// An attribute of an element: its local name, its namespace's URI (NULL where it has none), and its value.
struct cxml_attribute {
  const char *local;
  const char *uri;
  const char *value;
  size_t length;
};

/// What a parser tells, in the document's order. Texts are UTF-8 and live only as long as the call.
struct cxml_handler {
  void *context;
  void (*start)(void *context, const char *local, const char *uri, int line,
                const struct cxml_attribute *attributes, int count);
  void (*end)(void *context);
  void (*text)(void *context, const char *text, int length);
};

/// Why a parser has stopped.
enum cxml_fault { CXML_NONE, CXML_BROKEN, CXML_DOCTYPE };

typedef struct cxml_parser cxml_parser;

/// A push parser over libxml2's SAX2 interface: no DTD, no entities but the five predefined ones, no network. Elements
/// may be 256 deep, a text 10 MB long (libxml2's own limits). NULL where there is no memory.
cxml_parser *cxml_open(struct cxml_handler handler);

/// Parses the next bytes; `last` says that there are no more. Once there is a fault, further bytes are not looked at.
enum cxml_fault cxml_feed(cxml_parser *parser, const char *bytes, int length, int last);

/// Of the first fault: line and column, from 1, and libxml2's sentence about it.
int cxml_fault_line(const cxml_parser *parser);
int cxml_fault_column(const cxml_parser *parser);
const char *cxml_fault_message(const cxml_parser *parser);

void cxml_close(cxml_parser *parser);

#endif
