/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/csv.h"

#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Past the digits at text. */
static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9')
        text++;
    return text;
}

bool alp_parse_double(const char *text, double *value)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    /* The grammar is checked by hand: strtod takes hexadecimal, inf and nan as well. */
    const char *mantissa = text + (*text == '+' || *text == '-');
    const char *point = skip_digits(mantissa);
    const char *end = *point == '.' ? skip_digits(point + 1) : point;
    if (end - mantissa - (*point == '.') == 0)
        return false;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(exponent);
        if (end == exponent)
            return false;
    }
    if (end[strspn(end, blanks)] != '\0')
        return false;
    double number = strtod(text, NULL);
    const char first = mantissa[strspn(mantissa, "0.")];
    bool zero = first < '1' || first > '9';
    if (!isfinite(number) || (number == 0) != zero) /* overflow, underflow */
        return false;
    *value = number;
    return true;
}

static alp_status form_error(const alp_csv *csv, size_t line, alp_error *error, const char *what)
{
    return alp_error_set(error, ALP_USAGE, "%s:%zu: %s", csv->path, line, what);
}

static size_t count_cells(const char *line)
{
    size_t n = 1;
    for (; *line != '\0'; line++)
        n += *line == ',';
    return n;
}

/** Cuts line at its commas into copies of the n cells. */
static bool split_cells(char *line, char **cell, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *comma = strchr(line, ',');
        if (comma != NULL)
            *comma = '\0';
        cell[i] = strdup(alp_base_trim(line));
        if (cell[i] == NULL)
            return false;
        if (comma != NULL)
            line = comma + 1;
    }
    return true;
}

/** Checks that the names of the header are there and differ. */
static alp_status check_header(const alp_csv *csv, size_t line, alp_error *error)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (csv->header[i][0] == '\0')
            return form_error(csv, line, error, "a column of the header has no name");
        if (alp_csv_column(csv, csv->header[i]) != (int)i)
            return alp_error_set(error, ALP_USAGE, "%s:%zu: column '%.64s' twice", csv->path, line,
                                 csv->header[i]);
    }
    return ALP_OK;
}

/** Takes one line that is neither empty nor a comment; text is its mutable copy. */
static alp_status add_line(alp_csv *csv, size_t *capacity, size_t line, char *text,
                           alp_error *error)
{
    size_t n = count_cells(text);
    if (csv->header == NULL) {
        csv->header = calloc(n, sizeof *csv->header);
        if (csv->header == NULL)
            return alp_error_memory(error);
        csv->n_columns = n;
        if (!split_cells(text, csv->header, n))
            return alp_error_memory(error);
        return check_header(csv, line, error);
    }
    if (n != csv->n_columns)
        return alp_error_set(error, ALP_USAGE, "%s:%zu: %zu cells where the header has %zu",
                             csv->path, line, n, csv->n_columns);
    if (csv->n_rows == *capacity) {
        size_t grown = *capacity == 0 ? 64 : 2 * *capacity;
        char **cell = realloc(csv->cell, grown * n * sizeof *cell);
        if (cell == NULL)
            return alp_error_memory(error);
        csv->cell = cell;
        size_t *lines = realloc(csv->line, grown * sizeof *lines);
        if (lines == NULL)
            return alp_error_memory(error);
        csv->line = lines;
        *capacity = grown;
    }
    char **row = csv->cell + csv->n_rows * n;
    memset(row, 0, n * sizeof *row);
    csv->line[csv->n_rows++] = line;
    return split_cells(text, row, n) ? ALP_OK : alp_error_memory(error);
}

static alp_status split_text(alp_csv *csv, alp_error *error)
{
    alp_base_lines lines;
    alp_base_lines_start(&lines, csv->text, csv->size);
    const char *start = NULL;
    size_t length = 0;
    size_t capacity = 0;
    alp_status status = ALP_OK;
    alp_base_line kind;
    while (status == ALP_OK &&
           (kind = alp_base_lines_next(&lines, &start, &length)) != ALP_BASE_LINE_END) {
        if (kind != ALP_BASE_LINE_OK)
            return form_error(csv, lines.number, error, alp_base_line_fault(kind));
        char *copy = strndup(start, length);
        if (copy == NULL)
            return alp_error_memory(error);
        char *text = alp_base_trim(copy);
        if (text[0] != '\0' && text[0] != '#')
            status = add_line(csv, &capacity, lines.number, text, error);
        free(copy);
    }
    if (status == ALP_OK && csv->header == NULL)
        return form_error(csv, 1, error, "no header line; the first line names the columns");
    return status;
}

alp_status alp_csv_parse(const char *path, const char *text, size_t size, alp_csv *csv,
                         alp_error *error)
{
    *csv = (alp_csv){.path = strdup(path), .text = malloc(size + 1), .size = size};
    alp_status status = ALP_OK;
    if (csv->path == NULL || csv->text == NULL) {
        status = alp_error_memory(error);
    } else {
        memcpy(csv->text, text, size);
        csv->text[size] = '\0';
        status = split_text(csv, error);
    }
    if (status != ALP_OK)
        alp_csv_free(csv);
    return status;
}

alp_status alp_csv_read(const char *path, alp_csv *csv, alp_error *error)
{
    char *text = NULL;
    size_t size = 0;
    *csv = (alp_csv){0};
    alp_status status = alp_base_read_file(path, &text, &size, error);
    if (status == ALP_OK && alp_base_is_hdf5(text, size))
        status =
            alp_error_set(error, ALP_USAGE,
                          "%s: in HDF5, not a table; `alpscan export` makes one of a result", path);
    if (status == ALP_OK)
        status = alp_csv_parse(path, text, size, csv, error);
    free(text);
    return status;
}

int alp_csv_column(const alp_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->n_columns; i++)
        if (strcmp(csv->header[i], name) == 0)
            return (int)i;
    return -1;
}

alp_status alp_csv_number(const alp_csv *csv, size_t row, size_t column, double *value,
                          alp_error *error)
{
    const char *cell = csv->cell[row * csv->n_columns + column];
    if (alp_parse_double(cell, value))
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE, "%s:%zu: %.64s: '%.64s' is not a finite decimal number",
                         csv->path, csv->line[row], csv->header[column], cell);
}

void alp_csv_free(alp_csv *csv)
{
    for (size_t i = 0; csv->header != NULL && i < csv->n_columns; i++)
        free(csv->header[i]);
    for (size_t i = 0; csv->cell != NULL && i < csv->n_rows * csv->n_columns; i++)
        free(csv->cell[i]);
    free(csv->header);
    free(csv->cell);
    free(csv->line);
    free(csv->text);
    free(csv->path);
    *csv = (alp_csv){0};
}
