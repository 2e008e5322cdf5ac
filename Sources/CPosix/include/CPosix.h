#ifndef CPOSIX_H
#define CPOSIX_H

#include <stddef.h>
#include <stdint.h>

/// Renames without ever replacing what has the new name (renameat2, RENAME_NOREPLACE). 0, or errno.
int posix_rename_no_replace(const char *from, const char *to);

/// Whether nobody has the file open for writing, asked by taking a read lease: 1 yes, 0 no, -1 can't tell here.
int posix_nobody_writes(int descriptor);

/// A converter between encodings (iconv(3)); NULL when the C library doesn't know one of the names.
void *posix_iconv_open(const char *to, const char *from);
void posix_iconv_close(void *converter);

/// Converts whole text. The number of bytes written, or -1 at the first byte that has no equivalent
/// (*consumed then tells where), or -2 when `capacity` is too small.
ptrdiff_t posix_iconv(
    void *converter, const uint8_t *from, size_t length, uint8_t *to, size_t capacity, size_t *consumed);

/// From now on a crash of this process (trap, bad memory, abort) leaves an empty file behind before it ends. A kill from
/// outside, or the power, leaves none. NULL takes that back.
void posix_mark_crash(const char *path);

/// Gives memory that was freed and is kept for later back to the system.
void posix_trim_memory(void);

#endif
