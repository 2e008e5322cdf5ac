#ifndef TALLYMAN_CXML_H
#define TALLYMAN_CXML_H

#include <stddef.h>

/// An element: its local name, its namespace's URI and the file's own prefix (NULL where it has none), the line on which its
/// start tag ends, and the namespaces that it declares: `declared` pairs of prefix (NULL for the default) and URI.
struct cxml_element {
  const char *local;
  const char *prefix;
  const char *uri;
  int line;
  const char **namespaces;
  int declared;
};

/// An attribute of an element: its names as an element's, and its value.
struct cxml_attribute {
  const char *local;
  const char *prefix;
  const char *uri;
  const char *value;
  size_t length;
};

/// What a parser tells, in the document's order. Texts are UTF-8 and live only as long as the call.
struct cxml_handler {
  void *context;
  void (*start)(void *context, const struct cxml_element *element, const struct cxml_attribute *attributes,
                int count);
  void (*end)(void *context);
  void (*text)(void *context, const char *text, int length);
};

/// Why a parser has stopped.
enum cxml_fault { CXML_NONE, CXML_BROKEN, CXML_DOCTYPE, CXML_TRUNCATED, CXML_ENCODING, CXML_LIMIT };

/// Elements within each other, attributes of an element, and bytes of a tag, a comment or another piece that has to be
/// looked at as a whole.
enum { CXML_DEPTH = 256, CXML_ATTRIBUTES = 1000, CXML_TAG_BYTES = 262144 };

typedef struct cxml_parser cxml_parser;

/// A push parser over libxml2's SAX2 interface: no DTD, no entities but the five predefined ones, no network; what is more
/// than the limits above is a fault. NULL where there is no memory.
cxml_parser *cxml_open(struct cxml_handler handler);

/// Parses the next bytes; `last` says that there are no more. Once there is a fault, further bytes are not looked at.
enum cxml_fault cxml_feed(cxml_parser *parser, const char *bytes, int length, int last);

/// Behind how many bytes of the file the parser stands; -1 where they are converted before it sees them.
long long cxml_offset(const cxml_parser *parser);

/// Of the first fault: line and column, from 1; and libxml2's sentence about it, the name of the document type, of the
/// element that is open at the file's end, of the encoding that is declared, or of the limit, which `cxml_fault_limit` gives.
int cxml_fault_line(const cxml_parser *parser);
int cxml_fault_column(const cxml_parser *parser);
const char *cxml_fault_message(const cxml_parser *parser);
int cxml_fault_limit(const cxml_parser *parser);

void cxml_close(cxml_parser *parser);

/// Takes a writer's bytes; anything but `length` in return ends the writing.
typedef int (*cxml_sink)(void *context, const char *bytes, int length);

typedef struct cxml_writer cxml_writer;

/// A writer over libxml2's: escapes what must be, and writes a character that `encoding` lacks as a reference. With an
/// encoding the document begins with a declaration; NULL: UTF-8 without one. `indents`: elements stand on lines of their own. NULL where there is no memory or no such
/// encoding.
cxml_writer *cxml_writer_open(const char *encoding, int indents, cxml_sink sink, void *context);

/// Each gives 0, or -1 where the sink has refused bytes. Names are written as they are.
int cxml_writer_start(cxml_writer *writer, const char *name);
int cxml_writer_attribute(cxml_writer *writer, const char *name, const char *value);
int cxml_writer_text(cxml_writer *writer, const char *text);
int cxml_writer_end(cxml_writer *writer);

/// Writes all that is left, and frees the writer.
int cxml_writer_close(cxml_writer *writer);

/// Whether XML 1.0 can hold a character at all: control characters but tab and line ends are outside.
int cxml_is_character(unsigned int scalar);

#endif
