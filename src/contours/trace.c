/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marching squares. Each line between two neighbours of which one is inside is crossed once. Around
 * a cell, counter-clockwise, such lines leave and enter the region by turns; a segment leads from
 * one that leaves to one that enters, so that the region is on its left. A line that a segment
 * enters in one cell is left in the cell beyond it: the segments join into polylines by themselves.
 */
#include "level.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/** Lines of the grid have numbers: 2 (i ny + j) + axis. No line: */
#define NO_LINE UINT32_MAX

typedef struct tracer {
    const alp_contour_field *field;
    alp_contours *out;
    uint8_t *inside; /**< per point */
    uint32_t *next;  /**< per line: the one that the segment from it leads to, or NO_LINE */
    uint8_t *state;  /**< per line, see below */
    size_t point_capacity, line_capacity;
} tracer;

enum { ENTERED = 1 /* a segment leads to it */ };

static uint32_t line_of(const tracer *t, size_t i, size_t j, int axis)
{
    return (uint32_t)(2 * (i * t->field->ny + j)) + (uint32_t)axis;
}

/** The segments of the cell whose first corner is (i, j). */
static void cut_cell(tracer *t, size_t i, size_t j)
{
    const size_t ny = t->field->ny;
    /* corners, and from each the line to the next one, counter-clockwise */
    const uint8_t in[4] = {t->inside[i * ny + j], t->inside[(i + 1) * ny + j],
                           t->inside[(i + 1) * ny + j + 1], t->inside[i * ny + j + 1]};
    const int n = in[0] + in[1] + in[2] + in[3];
    if (n == 0 || n == 4)
        return;
    const uint32_t line[4] = {line_of(t, i, j, 0), line_of(t, i + 1, j, 1), line_of(t, i, j + 1, 0),
                              line_of(t, i, j, 1)};
    bool joined = false;
    if (n == 2 && in[0] == in[2]) {
        const alp_contour_field *f = t->field;
        joined = alp_contour_level(f, i, j) + alp_contour_level(f, i + 1, j) +
                     alp_contour_level(f, i + 1, j + 1) + alp_contour_level(f, i, j + 1) >
                 0.0;
    }
    for (int k = 0; k < 4; k++) {
        if (!(in[k] && !in[(k + 1) % 4]))
            continue;
        /* to the line that enters next, or, around an inside corner alone, the one before */
        int to = joined ? (k + 1) % 4 : (k + 3) % 4;
        while (!(!in[to] && in[(to + 1) % 4]))
            to = joined ? (to + 1) % 4 : (to + 3) % 4;
        t->next[line[k]] = line[to];
        t->state[line[to]] |= ENTERED;
    }
}

static bool grow(void **memory, size_t *capacity, size_t n, size_t size)
{
    if (n < *capacity)
        return true;
    const size_t wanted = 2 * *capacity + 256;
    void *grown = realloc(*memory, wanted * size);
    if (grown == NULL)
        return false;
    *memory = grown;
    *capacity = wanted;
    return true;
}

static bool add_point(tracer *t, uint32_t line)
{
    alp_contours *out = t->out;
    void *memory = out->point;
    if (!grow(&memory, &t->point_capacity, out->n_points, sizeof *out->point))
        return false;
    out->point = memory;
    const size_t ny = t->field->ny, at = line / 2;
    const int axis = (int)(line % 2);
    alp_contour_point point = {.i = at / ny, .j = at % ny, .axis = axis};
    const size_t i = point.i + (axis == 0), j = point.j + (axis == 1);
    if (t->inside[at]) {
        point.part = alp_contour_crossing(t->field, point.i, point.j, i, j, &point.interpolated);
    } else {
        point.part =
            1.0 - alp_contour_crossing(t->field, i, j, point.i, point.j, &point.interpolated);
    }
    out->point[out->n_points++] = point;
    return true;
}

/** The polyline from a line on, which is taken out of the segments. */
static bool follow(tracer *t, uint32_t start, bool closed)
{
    alp_contours *out = t->out;
    void *memory = out->line;
    if (!grow(&memory, &t->line_capacity, out->n_lines, sizeof *out->line))
        return false;
    out->line = memory;
    const size_t first = out->n_points;
    uint32_t line = start;
    do {
        if (!add_point(t, line))
            return false;
        const uint32_t next = t->next[line];
        t->next[line] = NO_LINE;
        line = next;
    } while (line != NO_LINE && line != start);
    if (closed && !add_point(t, start))
        return false;
    out->line[out->n_lines++] = (alp_contour_line){first, out->n_points - first, closed};
    return true;
}

static bool connect(tracer *t, size_t lines)
{
    for (size_t pass = 0; pass < 2; pass++) {
        const bool closed = pass == 1;
        for (size_t k = 0; k < lines; k++)
            if (t->next[k] != NO_LINE && (closed || t->state[k] != ENTERED) &&
                !follow(t, (uint32_t)k, closed))
                return false;
    }
    return true;
}

static bool trace(tracer *t)
{
    const alp_contour_field *field = t->field;
    const size_t points = field->nx * field->ny;
    t->inside = malloc(points + 1);
    t->next = malloc(2 * points * sizeof *t->next + 1);
    t->state = calloc(2 * points + 1, 1);
    if (t->inside == NULL || t->next == NULL || t->state == NULL)
        return false;
    for (size_t i = 0; i < field->nx; i++)
        for (size_t j = 0; j < field->ny; j++) {
            const bool in = alp_contour_inside(field, i, j);
            t->inside[i * field->ny + j] = in;
            t->out->inside += in;
        }
    for (size_t k = 0; k < 2 * points; k++)
        t->next[k] = NO_LINE;
    for (size_t i = 0; i + 1 < field->nx; i++)
        for (size_t j = 0; j + 1 < field->ny; j++)
            cut_cell(t, i, j);
    return connect(t, 2 * points);
}

alp_status alp_contours_trace(const alp_contour_field *field, alp_contours *contours,
                              alp_error *error)
{
    *contours = (alp_contours){0};
    if (field->ny > 0 && field->nx >= NO_LINE / 2 / field->ny)
        return alp_error_set(error, ALP_USAGE, "%zu x %zu points are too many for a contour",
                             field->nx, field->ny);
    tracer t = {.field = field, .out = contours};
    const bool good = trace(&t);
    free(t.inside);
    free(t.next);
    free(t.state);
    if (good)
        return ALP_OK;
    alp_contours_free(contours);
    return alp_error_memory(error);
}

void alp_contours_free(alp_contours *contours)
{
    free(contours->point);
    free(contours->line);
    *contours = (alp_contours){0};
}
