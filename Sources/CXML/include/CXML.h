#ifndef TALLYMAN_CXML_H
#define TALLYMAN_CXML_H

#include <stddef.h>

/// What stands on a tape: events one behind another, each of whole words of eight bytes, its kind in the lowest byte of the
/// first. Names live as long as the parser.
enum cxml_kind { CXML_START, CXML_TEXT, CXML_END };

/// The start of an element: the line on which its start tag ends, its local name, and its namespace's URI (NULL where it has
/// none).
struct cxml_element {
  unsigned char kind;
  unsigned char has_more;
  unsigned short attributes;
  int line;
  const char *local;
  const char *uri;
};

/// What stands behind an element that has any of it: the file's own prefix (NULL where it has none), `declared` namespaces,
/// and how many bytes there are with what follows: the attributes, then for each declared namespace the prefix (NULL for
/// the default) and the URI, then the attributes' values.
struct cxml_more {
  const char *prefix;
  int declared;
  unsigned size;
};

/// An attribute of an element: its names as an element's, and its value, in UTF-8.
struct cxml_attribute {
  const char *local;
  const char *prefix;
  const char *uri;
  const char *value;
  size_t length;
};

/// A piece of text: `length` bytes of UTF-8 stand behind it.
struct cxml_text {
  unsigned char kind;
  int length;
};

/// The end of an element: above the kind, behind how many bytes of the file; -1 where they are converted before the parser
/// sees them.
typedef long long cxml_end;

/// A part of a tape. None of its bytes moves while the tape is not cleared.
struct cxml_block {
  struct cxml_block *next;
  size_t length;
  size_t room;
  char *bytes;
};

/// Events in the document's order.
struct cxml_tape {
  struct cxml_block *first;
  struct cxml_block *last;
};

/// Makes a tape empty, and keeps the memory of its first block.
void cxml_tape_clear(struct cxml_tape *tape);

void cxml_tape_free(struct cxml_tape *tape);

/// Why a parser has stopped.
enum cxml_fault { CXML_NONE, CXML_BROKEN, CXML_DOCTYPE, CXML_TRUNCATED, CXML_ENCODING, CXML_LIMIT };

/// Elements within each other, attributes of an element, bytes of a tag or a comment (which have to be looked at as a whole; some
/// more are taken, the same of a file however it is cut), and different names in a file.
enum { CXML_DEPTH = 256, CXML_ATTRIBUTES = 1000, CXML_TAG_BYTES = 262144, CXML_NAMES = 65536 };

typedef struct cxml_parser cxml_parser;

/// A push parser over libxml2's SAX2 interface: no DTD, no entities but the five predefined ones, no network; what is more
/// than the limits above is a fault. NULL where there is no memory.
cxml_parser *cxml_open(void);

/// Parses the next bytes and puts what they say behind what the tape has; `last` says that there are no more. Once there is a
/// fault, further bytes are not looked at.
enum cxml_fault cxml_feed(cxml_parser *parser, const char *bytes, int length, int last, struct cxml_tape *tape);

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
