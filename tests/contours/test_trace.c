/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boundaries against curves whose area, length and points are known. */
#include "square.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double pi = 3.14159265358979323846;

static double radius_squared(double x, double y)
{
    return x * x + y * y;
}

/* The chords' and the interpolation's errors go as the square of the step: four times less for half
 * of it, here within a third. */
static void test_circle(void **state)
{
    (void)state;
    const double r = 0.71;
    double area_error[2], length_error[2], distance[2];
    for (size_t pass = 0; pass < 2; pass++) {
        square s;
        square_fill(&s, pass == 0 ? 102 : 204, radius_squared, -INFINITY, r * r);
        alp_contours c = square_trace(&s.field);
        square_check(&s, &c);
        assert_int_equal(c.n_lines, 1);
        assert_true(c.line[0].closed);
        area_error[pass] = fabs(square_area(&s, &c, &c.line[0]) - pi * r * r);
        length_error[pass] = fabs(square_length(&s, &c, &c.line[0]) - 2 * pi * r);
        distance[pass] = 0.0;
        for (size_t k = 0; k < c.n_points; k++) {
            const position p = square_place(&s, &c.point[k]);
            assert_true(c.point[k].interpolated);
            distance[pass] = fmax(distance[pass], fabs(hypot(p.x, p.y) - r));
        }
        assert_true(square_area(&s, &c, &c.line[0]) > 0.0);
        const double step = 2.0 / (double)(s.n - 1);
        assert_true(area_error[pass] < 2 * pi * r * step * step);
        alp_contours_free(&c);
        square_empty(&s);
    }
    assert_true(area_error[1] < area_error[0] / 3.0);
    assert_true(length_error[1] < length_error[0] / 3.0);
    assert_true(distance[1] < distance[0] / 3.0);
}

/* The outside of the same circle: the same curve, the other way round. */
static void test_hole(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 51, radius_squared, 0.5, INFINITY);
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 1);
    assert_true(c.line[0].closed && square_area(&s, &c, &c.line[0]) < 0.0);
    alp_contours_free(&c);
    square_empty(&s);
}

/* A ring is one strip: two curves, of which the inner one runs clockwise. */
static void test_ring(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 201, radius_squared, 0.25, 0.64);
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 2);
    assert_true(fabs(square_area(&s, &c, &c.line[0]) + square_area(&s, &c, &c.line[1]) -
                     pi * (0.64 - 0.25)) < 1e-3);
    alp_contours_free(&c);
    square_empty(&s);
}

static double power(double x, double y)
{
    return exp(3.0 * x - 2.0 * y);
}

/* A power of exp(x), exp(y): straight in the logarithm, and found without an error. */
static void test_power(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 17, power, 1.3, INFINITY);
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 1);
    assert_false(c.line[0].closed);
    for (size_t k = 0; k < c.n_points; k++) {
        const position p = square_place(&s, &c.point[k]);
        assert_true(fabs(3.0 * p.x - 2.0 * p.y - log(1.3)) < 1e-13);
    }
    alp_contours_free(&c);
    square_empty(&s);
}

static double product(double x, double y)
{
    return x * y;
}

/* Hyperbolas x y = +-k: two branches each, open. Differences are linear along the lines of the
 * grid. */
static void test_hyperbola(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        const double k = 0.13 * sign;
        square s;
        square_fill(&s, 64, product, sign > 0 ? k : -INFINITY, sign > 0 ? INFINITY : k);
        alp_contours c = square_trace(&s.field);
        square_check(&s, &c);
        assert_int_equal(c.n_lines, 2);
        for (size_t l = 0; l < 2; l++)
            assert_false(c.line[l].closed);
        const double step = 2.0 / 63.0;
        for (size_t p = 0; p < c.n_points; p++) {
            const position q = square_place(&s, &c.point[p]);
            assert_true(fabs(q.x * q.y - k) < step * step);
        }
        alp_contours_free(&c);
        square_empty(&s);
    }
}

/* Two by two points, two of them inside across: joined where the mean of the corners is. */
static void test_saddle(void **state)
{
    (void)state;
    static const struct {
        double value[4];
        bool joined;
    } cases[] = {
        {{4.0, 0.5, 0.5, 4.0}, true},    {{2.0, 0.1, 0.1, 2.0}, false},
        {{0.5, 4.0, 4.0, 0.5}, true},    {{0.1, 2.0, 2.0, 0.1}, false},
        {{1.0, -0.5, -0.5, 1.0}, false},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        square s;
        square_fill(&s, 2, product, k == 4 ? 0.4 : 1.0, INFINITY);
        memcpy(s.value, cases[k].value, sizeof cases[k].value);
        alp_contours c = square_trace(&s.field);
        square_check(&s, &c);
        assert_int_equal(c.n_lines, 2);
        /* joined: the corners outside are cut off, with the inside away from them */
        bool first = alp_contour_inside(&s.field, 0, 0);
        bool around_first = false;
        for (size_t l = 0; l < 2; l++) {
            const position a = square_place(&s, &c.point[c.line[l].first]);
            const position b = square_place(&s, &c.point[c.line[l].first + 1]);
            around_first = around_first || (a.x + a.y + b.x + b.y < 0.0 && fmin(a.x, b.x) == -1.0 &&
                                            fmin(a.y, b.y) == -1.0);
        }
        assert_int_equal(around_first, first != cases[k].joined);
        alp_contours_free(&c);
        square_empty(&s);
    }
}

static double plane(double x, double y)
{
    return x + 0.5 * y;
}

static void test_edge_and_none(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        size_t lines, inside;
    } cases[] = {
        {0.0, INFINITY, 1, 0}, {-0.25, 0.25, 2, 0}, {-9.0, 9.0, 0, 100}, {9.0, INFINITY, 0, 0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        square s;
        square_fill(&s, 10, plane, cases[k].low, cases[k].high);
        alp_contours c = square_trace(&s.field);
        square_check(&s, &c);
        assert_int_equal(c.n_lines, cases[k].lines);
        for (size_t l = 0; l < c.n_lines; l++)
            assert_false(c.line[l].closed);
        if (c.n_lines == 0)
            assert_int_equal(c.inside, cases[k].inside);
        alp_contours_free(&c);
        square_empty(&s);
    }
}

/* A point alone is a diamond; a bit puts it half-way; no value is not inside. */
static void test_single_points(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 5, radius_squared, -INFINITY, 0.1);
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 1);
    assert_int_equal(c.line[0].n, 5);
    assert_int_equal(c.inside, 1);
    alp_contours_free(&c);
    for (size_t k = 0; k < 25; k++)
        s.value[k] = k == 12 ? 1.0 : 0.0;
    for (size_t i = 0; i < 5; i++)
        s.high[i] = INFINITY, s.low[i] = 0.5;
    s.term.bit = true;
    c = square_trace(&s.field);
    square_check(&s, &c);
    assert_true(fabs(square_area(&s, &c, &c.line[0]) - 0.5 * 0.25) < 1e-15);
    for (size_t k = 0; k < c.n_points; k++)
        assert_true(!c.point[k].interpolated && c.point[k].part == 0.5);
    alp_contours_free(&c);
    square_empty(&s);

    const double one = 1.0, low = 0.0, high = 2.0;
    const alp_contour_term term = {&one, &low, &high, false};
    const alp_contour_field point = {1, 1, 1, &term};
    c = square_trace(&point);
    assert_int_equal(c.n_lines, 0);
    assert_int_equal(c.inside, 1);
    alp_contours_free(&c);
}

/* Without values in a quarter of the square the region ends half-way to them, and says so. */
static void test_missing_values(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 41, radius_squared, -INFINITY, 0.5);
    for (size_t i = 0; i < 20; i++)
        for (size_t j = 0; j < 20; j++)
            s.value[i * 41 + j] = NAN;
    for (size_t i = 30; i < 41; i++)
        s.low[i] = s.high[i] = NAN;
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 1);
    size_t middle = 0;
    for (size_t k = 0; k < c.n_points; k++) {
        const position p = square_place(&s, &c.point[k]);
        middle += !c.point[k].interpolated;
        if (!c.point[k].interpolated)
            assert_true(c.point[k].part == 0.5);
        else
            assert_true(fabs(hypot(p.x, p.y) - sqrt(0.5)) < 0.05 * 0.05);
    }
    assert_true(middle > 20 && middle < c.n_points);
    alp_contours_free(&c);
    square_empty(&s);
}

static double left(double x, double y)
{
    return hypot(x + 0.3, y);
}

/* A union of two circles: outside of both discs nothing, and each point on one of them. */
static void test_union(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 201, left, -INFINITY, 0.5);
    double *other = calloc(201 * 201, sizeof *other);
    assert_non_null(other);
    for (size_t i = 0; i < 201; i++)
        for (size_t j = 0; j < 201; j++)
            other[i * 201 + j] = hypot(square_at(&s, i) - 0.3, square_at(&s, j));
    const alp_contour_term terms[] = {s.term, {other, s.low, s.high, false}};
    s.field.n_terms = 2;
    s.field.term = terms;
    alp_contours c = square_trace(&s.field);
    square_check(&s, &c);
    assert_int_equal(c.n_lines, 1);
    for (size_t k = 0; k < c.n_points; k++) {
        const position p = square_place(&s, &c.point[k]);
        const double nearer = fmin(hypot(p.x + 0.3, p.y), hypot(p.x - 0.3, p.y));
        assert_true(fabs(nearer - 0.5) < 1e-4);
    }
    /* two discs less their lens: cos(alpha) = 0.3/0.5 */
    const double alpha = acos(0.6), lens = 0.25 * (2 * alpha - sin(2 * alpha));
    assert_true(fabs(square_area(&s, &c, &c.line[0]) - (2 * pi * 0.25 - lens)) < 1e-3);
    free(other);
    alp_contours_free(&c);
    square_empty(&s);
}

/* Of two discs about one centre whose edges lie within one step, the larger counts. */
static void test_farthest_reaching(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 41, left, -INFINITY, 0.50);
    double high[41];
    for (size_t i = 0; i < 41; i++)
        high[i] = 0.52;
    for (int larger_first = 0; larger_first < 2; larger_first++) {
        const alp_contour_term larger = {s.value, s.low, high, false};
        const alp_contour_term terms[] = {larger_first ? larger : s.term,
                                          larger_first ? s.term : larger};
        s.field.n_terms = 2;
        s.field.term = terms;
        alp_contours c = square_trace(&s.field);
        square_check(&s, &c);
        for (size_t k = 0; k < c.n_points; k++) {
            const position p = square_place(&s, &c.point[k]);
            assert_true(fabs(hypot(p.x + 0.3, p.y) - 0.52) < 0.05 * 0.05);
        }
        alp_contours_free(&c);
    }
    square_empty(&s);
}

static double waves(double x, double y)
{
    return 2.0 + sin(9.0 * x) * cos(11.0 * y) + 0.3 * sin(23.0 * x * y);
}

/* Many curves of both kinds, and the same ones every time. */
static void test_many(void **state)
{
    (void)state;
    square s;
    square_fill(&s, 97, waves, 2.1, INFINITY);
    alp_contours c = square_trace(&s.field), again = square_trace(&s.field);
    square_check(&s, &c);
    assert_true(c.n_lines > 10);
    bool closed = false;
    for (size_t l = 0; l < c.n_lines; l++) {
        assert_true(c.line[l].closed || !closed);
        closed = c.line[l].closed;
    }
    assert_int_equal(c.n_points, again.n_points);
    for (size_t k = 0; k < c.n_points; k++)
        assert_true(c.point[k].i == again.point[k].i && c.point[k].j == again.point[k].j &&
                    c.point[k].axis == again.point[k].axis &&
                    c.point[k].part == again.point[k].part);
    alp_contours_free(&c);
    alp_contours_free(&again);
    square_empty(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_circle),
        cmocka_unit_test(test_hole),
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_power),
        cmocka_unit_test(test_hyperbola),
        cmocka_unit_test(test_saddle),
        cmocka_unit_test(test_edge_and_none),
        cmocka_unit_test(test_single_points),
        cmocka_unit_test(test_missing_values),
        cmocka_unit_test(test_union),
        cmocka_unit_test(test_farthest_reaching),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
