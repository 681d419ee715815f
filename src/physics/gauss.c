/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gauss.h"

#include <gsl/gsl_integration.h>

/** Ratio of the ends of a panel. */
#define PANEL_GROWTH 4.0

int alp_physics_gauss_create(alp_physics_gauss *gauss)
{
    gsl_integration_glfixed_table *table =
        gsl_integration_glfixed_table_alloc(ALP_PHYSICS_GAUSS_ORDER);
    if (table == NULL)
        return -1;
    for (size_t i = 0; i < ALP_PHYSICS_GAUSS_ORDER; i++)
        (void)gsl_integration_glfixed_point(0.0, 1.0, i, &gauss->node[i], &gauss->weight[i], table);
    gsl_integration_glfixed_table_free(table);
    return 0;
}

static double panel(const alp_physics_gauss *gauss, alp_physics_integrand *f,
                    const void *parameters, double from, double to)
{
    const double width = to - from;
    double sum = 0.0;
    for (size_t i = 0; i < ALP_PHYSICS_GAUSS_ORDER; i++)
        sum += gauss->weight[i] * f(from + width * gauss->node[i], parameters);
    return width * sum;
}

double alp_physics_gauss_integrate(const alp_physics_gauss *gauss, alp_physics_integrand *f,
                                   const void *parameters, double length, double distance)
{
    double sum = 0.0;
    double from = 0.0;
    double to = distance;
    while (to < length) {
        sum += panel(gauss, f, parameters, from, to);
        from = to;
        to *= PANEL_GROWTH;
    }
    return sum + panel(gauss, f, parameters, from, length);
}
