/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    static const char mark[] = "\xEF\xBB\xBF";
    size_t skip = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    *lines = (alp_base_lines){.next = text + skip, .end = text + size, .number = 0};
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
    if (memchr(*start, '\0', n) != NULL)
        return ALP_BASE_LINE_NUL;
    return *length > ALP_BASE_LINE_MAX ? ALP_BASE_LINE_LONG : ALP_BASE_LINE_OK;
}

const char *alp_base_line_fault(alp_base_line kind)
{
    return kind == ALP_BASE_LINE_NUL ? "a NUL byte; text is allowed alone"
                                     : "a line above 1 MiB; lines are at most 1 MiB long";
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
