#include "CXML.h"

#include <libxml/SAX2.h>
#include <libxml/chvalid.h>
#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct cxml_parser {
  xmlParserCtxtPtr context;
  struct cxml_tape *tape;
  enum cxml_fault fault;
  int line;
  int column;
  int limit;
  int depth;
  int is_last;
  // Bytes before those that are being parsed, these themselves, and the line feeds before them.
  long long fed;
  const char *bytes;
  int length;
  struct feeds {
    int lines[2];
    long long last[2];
    char previous;
  } feeds;
  char message[256];
};

enum { BLOCK_BYTES = 1 << 18, STEP_BYTES = 1 << 14 };

void cxml_tape_clear(struct cxml_tape *tape) {
  if (!tape->first) return;
  struct cxml_tape rest = {tape->first->next, NULL};
  cxml_tape_free(&rest);
  tape->first->next = NULL;
  tape->first->length = 0;
  tape->last = tape->first;
}

void cxml_tape_free(struct cxml_tape *tape) {
  for (struct cxml_block *block = tape->first; block;) {
    struct cxml_block *next = block->next;
    free(block);
    block = next;
  }
  tape->first = tape->last = NULL;
}

static struct cxml_block *add_block(struct cxml_tape *tape, size_t least) {
  size_t room = least > BLOCK_BYTES ? least : BLOCK_BYTES;
  struct cxml_block *block = malloc(sizeof *block + room);
  if (!block) return NULL;
  *block = (struct cxml_block){NULL, 0, room, (char *)(block + 1)};
  if (tape->last) tape->last->next = block;
  else tape->first = block;
  tape->last = block;
  return block;
}

static void fail(cxml_parser *parser, enum cxml_fault fault, int line, int column, const char *message) {
  if (parser->fault != CXML_NONE) return;
  parser->fault = fault;
  parser->line = line;
  parser->column = column;
  strncpy(parser->message, message ? message : "", sizeof parser->message - 1);
  size_t length = strlen(parser->message);
  while (length > 0 && parser->message[length - 1] == '\n') parser->message[--length] = 0;
}

// Only from what the parser tells of the document: where it reports an error it goes on with what stopping takes away.
static void stop(cxml_parser *parser, enum cxml_fault fault, int line, int column, const char *message) {
  fail(parser, fault, line, column, message);
  xmlStopParser(parser->context);
}

static void exceed(cxml_parser *parser, const char *name, int limit) {
  if (parser->fault == CXML_NONE) parser->limit = limit;
  stop(parser, CXML_LIMIT, xmlSAX2GetLineNumber(parser->context), xmlSAX2GetColumnNumber(parser->context), name);
}

// Room on the tape; NULL, and the parser stopped, where there is no memory.
static inline void *event(cxml_parser *parser, size_t size) {
  struct cxml_block *block = parser->tape->last;
  if (!block || block->room - block->length < size) {
    block = add_block(parser->tape, size);
    if (!block) {
      stop(parser, CXML_BROKEN, xmlSAX2GetLineNumber(parser->context), 1, "no memory");
      return NULL;
    }
  }
  void *at = block->bytes + block->length;
  block->length += size;
  return at;
}

static inline size_t whole_words(size_t size) { return (size + 7) & ~(size_t)7; }

static void start_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                          int namespaces, const xmlChar **declared, int count, int defaulted,
                          const xmlChar **attributes) {
  cxml_parser *parser = user;
  (void)defaulted;
  if (parser->fault != CXML_NONE) return;
  if (++parser->depth > CXML_DEPTH) return exceed(parser, "xml_depth", CXML_DEPTH);
  if (count > CXML_ATTRIBUTES) return exceed(parser, "xml_attributes", CXML_ATTRIBUTES);
  int has_more = prefix != NULL || namespaces > 0 || count > 0;
  size_t behind = sizeof(struct cxml_more) + (size_t)count * sizeof(struct cxml_attribute) +
                  2 * (size_t)namespaces * sizeof *declared;
  size_t more = behind;
  for (int i = 0; i < count; i++) more += (size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]);
  more = has_more ? whole_words(more) : 0;
  struct cxml_element *element = event(parser, sizeof *element + more);
  if (!element) return;
  *element = (struct cxml_element){
      CXML_START, (unsigned char)has_more, (unsigned short)count, xmlSAX2GetLineNumber(parser->context),
      (const char *)local, (const char *)uri};
  if (!has_more) return;
  struct cxml_more *own = (struct cxml_more *)(element + 1);
  *own = (struct cxml_more){(const char *)prefix, namespaces, (unsigned)more};
  struct cxml_attribute *attribute = (struct cxml_attribute *)(own + 1);
  char *value = (char *)own + behind;
  for (int i = 0; i < count; i++, attribute++) {
    const xmlChar **said = attributes + 5 * i;
    size_t length = (size_t)(said[4] - said[3]);
    *attribute = (struct cxml_attribute){
        (const char *)said[0], (const char *)said[1], (const char *)said[2], value, length};
    memcpy(value, said[3], length);
    value += length;
  }
  if (namespaces > 0) memcpy(attribute, declared, 2 * (size_t)namespaces * sizeof *declared);
}

static long long offset(const cxml_parser *parser) {
  xmlParserInputPtr input = parser->context->input;
  if (!input || !input->buf || input->buf->encoder) return -1;
  return (long long)input->consumed + (input->cur - input->base);
}

static void end_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
  cxml_parser *parser = user;
  (void)local, (void)prefix, (void)uri;
  if (parser->fault != CXML_NONE) return;
  parser->depth--;
  cxml_end *end = event(parser, sizeof *end);
  if (end) *end = offset(parser) * 256 + CXML_END;
}

static void characters(void *user, const xmlChar *text, int length) {
  cxml_parser *parser = user;
  if (parser->fault != CXML_NONE) return;
  struct cxml_text *own = event(parser, whole_words(sizeof *own + (size_t)length));
  if (!own) return;
  *own = (struct cxml_text){CXML_TEXT, length};
  memcpy(own + 1, text, (size_t)length);
}

static void doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
  cxml_parser *parser = user;
  (void)external, (void)system;
  stop(parser, CXML_DOCTYPE, xmlSAX2GetLineNumber(parser->context),
       xmlSAX2GetColumnNumber(parser->context), (const char *)name);
}

// Counts line feeds, of encodings with units of one byte and of two.
static void count_feeds(struct feeds *feeds, long long at, const char *bytes, long long length) {
  for (long long i = 0; i < length; i++, at++) {
    char byte = bytes[i];
    if (byte == '\n') {
      feeds->lines[0]++;
      feeds->last[0] = at + 1;
    }
    if (at % 2 == 1 && ((byte == '\n' && !feeds->previous) || (!byte && feeds->previous == '\n'))) {
      feeds->lines[1]++;
      feeds->last[1] = at + 1;
    }
    feeds->previous = byte;
  }
}

// Where bytes are converted before they are parsed, the parser is behind those that can't be.
static void find_unconverted(cxml_parser *parser, int *line, int *column) {
  xmlParserInputBufferPtr buffer = parser->context->input ? parser->context->input->buf : NULL;
  if (!buffer || !buffer->encoder || !buffer->raw) return;
  long long length = parser->length - (long long)xmlBufUse(buffer->raw);
  struct feeds feeds = parser->feeds;
  if (length > 0) count_feeds(&feeds, parser->fed, parser->bytes, length);
  int is_wide = buffer->encoder->name && !strncmp(buffer->encoder->name, "UTF-16", 6);
  *line = feeds.lines[is_wide] + 1;
  *column = (int)((parser->fed + length - feeds.last[is_wide]) / (is_wide + 1)) + 1;
}

static void fail_encoding(cxml_parser *parser) {
  xmlParserCtxtPtr context = parser->context;
  const xmlChar *declared = context->encoding;
  if (!declared && context->input) declared = context->input->encoding;
  int line = xmlSAX2GetLineNumber(context), column = xmlSAX2GetColumnNumber(context);
  find_unconverted(parser, &line, &column);
  fail(parser, CXML_ENCODING, line, column, declared ? (const char *)declared : "UTF-8");
}

static void report(void *user, xmlErrorPtr error) {
  cxml_parser *parser = user;
  if (error->level < XML_ERR_ERROR || parser->fault != CXML_NONE) return;
  xmlParserInputPtr input = parser->context->input;
  switch (error->code) {
  case XML_ERR_INVALID_ENCODING:
  case XML_ERR_UNKNOWN_ENCODING:
  case XML_ERR_UNSUPPORTED_ENCODING: return fail_encoding(parser);
  // It shares its code with control characters.
  case XML_ERR_INVALID_CHAR:
    if (error->message && !strncmp(error->message, "Input is not proper UTF-8", 25)) return fail_encoding(parser);
    break;
  default: break;
  }
  // A tag that closes another element, or an undeclared prefix, is seen behind the last byte as well.
  int is_of_the_end = error->code != XML_ERR_TAG_NAME_MISMATCH && error->code < XML_NS_ERR_XML_NAMESPACE;
  if (parser->is_last && parser->depth > 0 && is_of_the_end &&
      (error->code == XML_ERR_DOCUMENT_END || !input || input->cur >= input->end)) {
    return fail(parser, CXML_TRUNCATED, error->line, error->int2, (const char *)parser->context->name);
  }
  fail(parser, CXML_BROKEN, error->line, error->int2, error->message);
}

// Converters of encodings know of no parser: their errors come here, and would be printed otherwise.
static void report_conversion(void *user, xmlErrorPtr error) {
  cxml_parser *parser = user;
  if (error->level >= XML_ERR_ERROR && (error->domain == XML_FROM_I18N || error->domain == XML_FROM_IO)) {
    fail_encoding(parser);
  }
}

// libxml2's own first use is not made for several threads at once.
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void) { xmlInitParser(); }

cxml_parser *cxml_open(void) {
  pthread_once(&once, begin);
  cxml_parser *parser = calloc(1, sizeof *parser);
  if (!parser) return NULL;
  xmlSAXHandler sax;
  memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = start_element;
  sax.endElementNs = end_element;
  sax.characters = characters;
  sax.ignorableWhitespace = characters;
  sax.cdataBlock = characters;
  sax.internalSubset = doctype;
  sax.serror = report;
  parser->context = xmlCreatePushParserCtxt(&sax, parser, NULL, 0, NULL);
  if (!parser->context) {
    free(parser);
    return NULL;
  }
  // Without a DTD there are no entities but the predefined ones; unless they are replaced, an attribute keeps `&#38;`.
  xmlCtxtUseOptions(parser->context, XML_PARSE_NONET | XML_PARSE_NOENT);
  return parser;
}

static long long rest(const cxml_parser *parser) {
  xmlParserInputPtr input = parser->context->input;
  return input ? input->end - input->cur : 0;
}

static void feed_step(cxml_parser *parser, const char *bytes, int length, int last) {
  xmlParserCtxtPtr context = parser->context;
  parser->is_last = last;
  parser->bytes = bytes;
  parser->length = length;
  int code = xmlParseChunk(context, bytes, length, last);
  // Of a long CDATA section each call takes a few hundred bytes.
  for (long long before = rest(parser); parser->fault == CXML_NONE && context->instate == XML_PARSER_CDATA_SECTION;) {
    code = xmlParseChunk(context, "", 0, last);
    long long now = rest(parser);
    if (now >= before) break;
    before = now;
  }
  int may_convert = parser->fed < STEP_BYTES || (context->input && context->input->buf && context->input->buf->encoder);
  if (may_convert) count_feeds(&parser->feeds, parser->fed, bytes, length);
  parser->fed += length;
  // Whatever the pieces are that a file comes in: what is too much for one reader of it is too much for all.
  if (parser->fault == CXML_NONE && parser->fed % STEP_BYTES == 0 && rest(parser) > CXML_TAG_BYTES) {
    exceed(parser, "xml_tag_bytes", CXML_TAG_BYTES);
  }
  if (parser->fault == CXML_NONE && parser->fed % STEP_BYTES == 0 && xmlDictSize(context->dict) > CXML_NAMES) {
    exceed(parser, "xml_names", CXML_NAMES);
  }
  if (code != XML_ERR_OK && parser->fault == CXML_NONE && !context->wellFormed) {
    fail(parser, CXML_BROKEN, xmlSAX2GetLineNumber(context), xmlSAX2GetColumnNumber(context), "not well-formed");
  }
}

enum cxml_fault cxml_feed(cxml_parser *parser, const char *bytes, int length, int last, struct cxml_tape *tape) {
  if (parser->fault != CXML_NONE) return parser->fault;
  parser->tape = tape;
  xmlSetStructuredErrorFunc(parser, report_conversion);
  do {
    int step = STEP_BYTES - (int)(parser->fed % STEP_BYTES);
    if (step > length) step = length;
    feed_step(parser, bytes, step, last && step == length);
    bytes += step;
    length -= step;
  } while (length > 0 && parser->fault == CXML_NONE);
  xmlSetStructuredErrorFunc(NULL, NULL);
  return parser->fault;
}

int cxml_fault_line(const cxml_parser *parser) { return parser->line; }

int cxml_fault_column(const cxml_parser *parser) { return parser->column; }

int cxml_fault_limit(const cxml_parser *parser) { return parser->limit; }

const char *cxml_fault_message(const cxml_parser *parser) { return parser->message; }

void cxml_close(cxml_parser *parser) {
  if (parser->context->myDoc) xmlFreeDoc(parser->context->myDoc);
  xmlFreeParserCtxt(parser->context);
  free(parser);
}

struct cxml_writer {
  xmlTextWriterPtr writer;
};

cxml_writer *cxml_writer_open(const char *encoding, int indents, cxml_sink sink, void *context) {
  pthread_once(&once, begin);
  xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(sink, NULL, context, NULL);
  if (!buffer) return NULL;
  xmlTextWriterPtr writer = xmlNewTextWriter(buffer);
  if (!writer) {
    xmlOutputBufferClose(buffer);
    return NULL;
  }
  xmlTextWriterSetIndent(writer, indents);
  cxml_writer *own = calloc(1, sizeof *own);
  if (!own || (encoding && xmlTextWriterStartDocument(writer, NULL, encoding, NULL) < 0)) {
    xmlFreeTextWriter(writer);
    free(own);
    return NULL;
  }
  own->writer = writer;
  return own;
}

int cxml_writer_start(cxml_writer *writer, const char *name) {
  return xmlTextWriterStartElement(writer->writer, (const xmlChar *)name) < 0 ? -1 : 0;
}

int cxml_writer_attribute(cxml_writer *writer, const char *name, const char *value) {
  return xmlTextWriterWriteAttribute(writer->writer, (const xmlChar *)name, (const xmlChar *)value) < 0 ? -1 : 0;
}

int cxml_writer_text(cxml_writer *writer, const char *text) {
  return xmlTextWriterWriteString(writer->writer, (const xmlChar *)text) < 0 ? -1 : 0;
}

int cxml_writer_end(cxml_writer *writer) { return xmlTextWriterEndElement(writer->writer) < 0 ? -1 : 0; }

int cxml_writer_close(cxml_writer *writer) {
  int code = xmlTextWriterFlush(writer->writer) < 0 ? -1 : 0;
  xmlFreeTextWriter(writer->writer);
  free(writer);
  return code;
}

int cxml_is_character(unsigned int scalar) { return xmlIsCharQ(scalar) ? 1 : 0; }
