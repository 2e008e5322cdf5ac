// A bare SAX2 push parse by libxml2: what reading an XML file costs before anything is made of it. Each start tag's attributes
// and each text are looked at once, as any use of them must.
// cc -O2 -o sax2 sax2.c $(pkg-config --cflags --libs libxml-2.0)
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

static unsigned long elements, bytes;

static void start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **declared, int count, int defaulted, const xmlChar **attributes) {
  elements++;
  for (int i = 0; i < count; i++) bytes += (unsigned long)(attributes[5 * i + 4] - attributes[5 * i + 3]);
}

static void text(void *user, const xmlChar *characters, int length) { bytes += (unsigned long)length; }

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 66;
  xmlSAXHandler sax;
  memset(&sax, 0, sizeof sax);
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = start;
  sax.characters = text;
  sax.cdataBlock = text;
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
  static char piece[1 << 16];
  size_t length;
  while ((length = fread(piece, 1, sizeof piece, file)) > 0) xmlParseChunk(parser, piece, (int)length, 0);
  xmlParseChunk(parser, piece, 0, 1);
  printf("%lu elements, %lu bytes of values%s\n", elements, bytes, parser->wellFormed ? "" : ", not well-formed");
  return parser->wellFormed ? 0 : 65;
}
