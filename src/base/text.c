/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* U+FEFF in UTF-8. */
static const char mark[] = "\xEF\xBB\xBF";
enum { MARK_SIZE = sizeof mark - 1 };

static alp_status read_failed(const char *path, alp_error *error)
{
    const char *reason = errno != 0 ? strerror(errno) : "read error";
    return alp_error_set(error, ALP_IO, "%s: cannot be read: %s", path, reason);
}

/** Appends the whole stream to *text, which grows by doubling. */
static alp_status read_stream(const char *path, FILE *stream, char **text, size_t *size,
                              alp_error *error)
{
    size_t capacity = 1 << 16;
    *size = 0;
    *text = malloc(capacity);
    if (*text == NULL)
        return alp_error_memory(error);
    for (;;) {
        errno = 0;
        size_t n = fread(*text + *size, 1, capacity - *size - 1, stream);
        *size += n;
        if (n == 0 || alp_base_is_hdf5(*text, *size))
            break;
        if (*size > ALP_BASE_FILE_MAX)
            return alp_error_set(error, ALP_IO, "%s: larger than %d MiB", path,
                                 ALP_BASE_FILE_MAX >> 20);
        if (*size + 1 == capacity) {
            char *grown = realloc(*text, 2 * capacity);
            if (grown == NULL)
                return alp_error_memory(error);
            *text = grown;
            capacity *= 2;
        }
    }
    (*text)[*size] = '\0';
    return ferror(stream) ? read_failed(path, error) : ALP_OK;
}

alp_status alp_base_read_file(const char *path, char **text, size_t *size, alp_error *error)
{
    *text = NULL;
    *size = 0;
    errno = 0;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return read_failed(path, error);
    alp_status status = read_stream(path, stream, text, size, error);
    (void)fclose(stream);
    if (status != ALP_OK) {
        free(*text);
        *text = NULL;
    }
    return status;
}

bool alp_base_is_hdf5(const char *bytes, size_t size)
{
    /* The format signature, II.A of the HDF5 file format specification. */
    static const char signature[] = "\x89HDF\r\n\x1a\n";
    enum { SIGNATURE_SIZE = sizeof signature - 1 };
    return size >= SIGNATURE_SIZE && memcmp(bytes, signature, SIGNATURE_SIZE) == 0;
}

void alp_base_lines_start(alp_base_lines *lines, const char *text, size_t size)
{
    size_t skip = size >= MARK_SIZE && memcmp(text, mark, MARK_SIZE) == 0 ? MARK_SIZE : 0;
    *lines = (alp_base_lines){.next = text + skip, .end = text + size, .number = 0};
}

const char *alp_base_utf8_next(const char *text, const char *end)
{
    /* Table 3-7 of the Unicode Standard: the first byte says how many follow, and what the second
     * may be, so that nothing is written longer than needed and no surrogate is. */
    const unsigned char *c = (const unsigned char *)text;
    const size_t left = (size_t)(end - text);
    if (left > 0 && c[0] < 0x80)
        return text + 1;
    const size_t n = left == 0 || c[0] < 0xC2 || c[0] > 0xF4 ? 0
                     : c[0] < 0xE0                           ? 2
                     : c[0] < 0xF0                           ? 3
                                                             : 4;
    if (n == 0 || n > left)
        return NULL;
    const unsigned low = c[0] == 0xE0 ? 0xA0 : c[0] == 0xF0 ? 0x90 : 0x80;
    const unsigned high = c[0] == 0xED ? 0x9F : c[0] == 0xF4 ? 0x8F : 0xBF;
    if (c[1] < low || c[1] > high)
        return NULL;
    for (size_t i = 2; i < n; i++)
        if (c[i] < 0x80 || c[i] > 0xBF)
            return NULL;
    return text + n;
}

/** U+0000 to U+001F but for the tab, U+007F to U+009F. */
static bool is_control(const char *text, const char *next)
{
    const unsigned char *c = (const unsigned char *)text;
    if (next == text + 1)
        return (c[0] < ' ' && c[0] != '\t') || c[0] == 0x7F;
    return next == text + 2 && c[0] == 0xC2 && c[1] < 0xA0;
}

alp_base_line alp_base_line_kind(const char *text, size_t length)
{
    const char *end = text + length;
    alp_base_line kind = ALP_BASE_LINE_OK;
    if (memchr(text, '\0', length) != NULL)
        return ALP_BASE_LINE_NUL;
    if (length > ALP_BASE_LINE_MAX)
        return ALP_BASE_LINE_LONG;
    if (memchr(text, '\r', length) != NULL)
        return ALP_BASE_LINE_RETURN;
    while (text < end) {
        const char *next = alp_base_utf8_next(text, end);
        if (next == NULL)
            return ALP_BASE_LINE_FOREIGN;
        if (next == text + MARK_SIZE && memcmp(text, mark, MARK_SIZE) == 0)
            kind = ALP_BASE_LINE_MARK;
        else if (is_control(text, next) && kind == ALP_BASE_LINE_OK)
            kind = ALP_BASE_LINE_CONTROL;
        text = next;
    }
    return kind;
}

/** UTF-16 begins with U+FEFF in either order of bytes, which no UTF-8 does. */
static bool is_utf16(const char *text, size_t size)
{
    return size >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}

alp_base_line alp_base_lines_next(alp_base_lines *lines, const char **start, size_t *length)
{
    if (lines->next == lines->end)
        return ALP_BASE_LINE_END;
    size_t left = (size_t)(lines->end - lines->next);
    const char *feed = memchr(lines->next, '\n', left);
    size_t n = feed != NULL ? (size_t)(feed - lines->next) : left;
    *start = lines->next;
    *length = n > 0 && lines->next[n - 1] == '\r' ? n - 1 : n;
    lines->next += feed != NULL ? n + 1 : n;
    lines->number++;
    if (lines->number == 1 && is_utf16(*start, left))
        return ALP_BASE_LINE_UTF16;
    return alp_base_line_kind(*start, *length);
}

const char *alp_base_line_fault(alp_base_line kind)
{
    switch (kind) {
    case ALP_BASE_LINE_NUL:
        return "a NUL byte; text is allowed alone";
    case ALP_BASE_LINE_UTF16:
        return "text in UTF-16; UTF-8 is allowed";
    case ALP_BASE_LINE_LONG:
        return "a line above 1 MiB; lines are at most 1 MiB long";
    case ALP_BASE_LINE_MARK:
        return "a byte-order mark; one is allowed, at the start of the file";
    case ALP_BASE_LINE_RETURN:
        return "a carriage return inside a line; lines end with LF or CR LF";
    case ALP_BASE_LINE_CONTROL:
        return "a control character; text and tabs are allowed";
    case ALP_BASE_LINE_FOREIGN:
        return "bytes that are not UTF-8; text in UTF-8 is allowed";
    case ALP_BASE_LINE_END:
    case ALP_BASE_LINE_OK:
        break;
    }
    return "";
}

char *alp_base_trim(char *text)
{
    static const char blanks[] = " \t\r";
    text += strspn(text, blanks);
    size_t n = strlen(text);
    while (n > 0 && strchr(blanks, text[n - 1]) != NULL)
        n--;
    text[n] = '\0';
    return text;
}
