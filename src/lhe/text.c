/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Longest piece of one alp_lhe_add; longer texts go through alp_lhe_add_escaped. */
enum { PIECE = 4096, SMALLEST = 1 << 16 };

void alp_lhe_text_free(alp_lhe_text *text)
{
    free(text->bytes);
    *text = (alp_lhe_text){0};
}

bool alp_lhe_reserve(alp_lhe_text *text, size_t more)
{
    if (text->failed || text->capacity - text->size >= more)
        return !text->failed;
    size_t capacity = text->capacity > 0 ? text->capacity : SMALLEST;
    while (capacity - text->size < more)
        capacity *= 2;
    char *bytes = realloc(text->bytes, capacity);
    text->failed = bytes == NULL;
    if (bytes != NULL) {
        text->bytes = bytes;
        text->capacity = capacity;
    }
    return !text->failed;
}

void alp_lhe_add(alp_lhe_text *text, const char *format, ...)
{
    if (!alp_lhe_reserve(text, PIECE))
        return;
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(text->bytes + text->size, PIECE, format, arguments);
    va_end(arguments);
    text->failed = n < 0 || n >= PIECE;
    if (!text->failed)
        text->size += (size_t)n;
}

/* "--" may not stand in comments, but content is free but for these. */
static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    default:
        return NULL;
    }
}

void alp_lhe_add_escaped(alp_lhe_text *text, const char *content)
{
    for (; *content != '\0'; content++) {
        const char *name = entity(*content);
        if (!alp_lhe_reserve(text, 8))
            return;
        if (name != NULL)
            alp_lhe_add(text, "%s", name);
        else
            text->bytes[text->size++] = *content;
    }
}

alp_status alp_lhe_compress(alp_lhe_text *text, alp_error *error)
{
    enum { WINDOW = 15, GZIP = 16, MEMORY = 8 }; /* zlib.h: 16 more writes a gzip header */
    z_stream stream = {0};
    alp_lhe_text packed = {0};
    if (text->failed || text->size > UINT_MAX / 2 ||
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW + GZIP, MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return alp_error_memory(error);
    const size_t bound = deflateBound(&stream, (uLong)text->size);
    int result = Z_MEM_ERROR;
    if (alp_lhe_reserve(&packed, bound)) {
        stream.next_in = (Bytef *)text->bytes;
        stream.avail_in = (uInt)text->size;
        stream.next_out = (Bytef *)packed.bytes;
        stream.avail_out = (uInt)bound;
        result = deflate(&stream, Z_FINISH);
        packed.size = bound - stream.avail_out;
    }
    (void)deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        alp_lhe_text_free(&packed);
        return alp_error_memory(error);
    }
    alp_lhe_text_free(text);
    *text = packed;
    return ALP_OK;
}

bool alp_lhe_is_compressed(const char *path)
{
    const size_t n = strlen(path);
    return n >= 3 && strcmp(path + n - 3, ".gz") == 0;
}
