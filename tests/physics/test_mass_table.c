/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables against the mass: what they hold, and what is refused where. */
#include "setup.h"

#include "mass_table.h"

static bool below_two(double y)
{
    return y < 2.0;
}

static const alp_physics_mass_table_form form = {"m", "y", below_two, "y lie below 2"};

static alp_status create(const char *text, alp_physics_mass_table *table, alp_error *error)
{
    alp_csv csv;
    assert_int_equal(alp_csv_parse("t.csv", text, strlen(text), &csv, error), ALP_OK);
    const alp_status status = alp_physics_mass_table_create(&csv, &form, table, error);
    alp_csv_free(&csv);
    return status;
}

static void test_rows(void **state)
{
    (void)state;
    alp_error error;
    alp_physics_mass_table table;
    assert_int_equal(create("y,other,m\n1,x,0\n-3,x,0.5\n1.5,x,4\n", &table, &error), ALP_OK);
    assert_int_equal(table.n, 3);
    const double m[] = {0.0, 0.5, 4.0}, y[] = {1.0, -3.0, 1.5};
    assert_memory_equal(table.m, m, sizeof m);
    assert_memory_equal(table.y, y, sizeof y);
    alp_physics_mass_table_free(&table);
    assert_int_equal(table.n, 0);
}

static void test_no_file(void **state)
{
    (void)state;
    alp_error error;
    alp_physics_mass_table table;
    assert_int_equal(alp_physics_mass_table_create(&(alp_csv){0}, &form, &table, &error), ALP_OK);
    assert_int_equal(table.n, 0);
    alp_physics_mass_table_free(&table);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"m,z\n1,1\n", "t.csv: needs the columns m and y"},
        {"m,y\n1,1\n\n1,1\n", "t.csv:4: m must increase from row to row, y lie below 2"},
        {"m,y\n-1,1\n", "t.csv:2: m must increase from row to row, y lie below 2"},
        {"m,y\n1,1\n2,2\n", "t.csv:3: m must increase from row to row, y lie below 2"},
        {"m,y\n1,1\n2,one\n", "t.csv:3: "},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        alp_error error;
        alp_physics_mass_table table;
        assert_int_equal(create(bad[i].text, &table, &error), ALP_USAGE);
        assert_memory_equal(error.message, bad[i].message, strlen(bad[i].message));
        assert_int_equal(table.n, 0);
        alp_physics_mass_table_free(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
