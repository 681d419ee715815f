/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "me_frame.h"

#include <math.h>

double alp_me_dot3(const double *u, const double *v)
{
    return u[1] * v[1] + u[2] * v[2] + u[3] * v[3];
}

double alp_me_dot4(const double *u, const double *v)
{
    return u[0] * v[0] - alp_me_dot3(u, v);
}

void alp_me_to_rest_frame(const double *total, double mass, double *v)
{
    double parallel = alp_me_dot3(total, v);
    double energy = (total[0] * v[0] - parallel) / mass;
    double shift = (energy + v[0]) / (total[0] + mass);
    v[0] = energy;
    for (int i = 1; i < 4; i++)
        v[i] -= shift * total[i];
}

double alp_me_light_cone_plus(double mass, double perp2, double pz)
{
    double energy = sqrt(mass * mass + perp2 + pz * pz);
    return pz >= 0.0 ? energy + pz : (mass * mass + perp2) / (energy - pz);
}

static void cross(const double *u, const double *v, double *w)
{
    w[1] = u[2] * v[3] - u[3] * v[2];
    w[2] = u[3] * v[1] - u[1] * v[3];
    w[3] = u[1] * v[2] - u[2] * v[1];
}

void alp_me_make_axes(const double *beam, const double *lepton, double axis[3][4])
{
    double *x = axis[0], *y = axis[1], *z = axis[2];
    double length = sqrt(alp_me_dot3(beam, beam));
    for (int i = 1; i < 4; i++)
        z[i] = beam[i] / length;
    double along = alp_me_dot3(lepton, z);
    for (int i = 1; i < 4; i++)
        x[i] = lepton[i] - along * z[i];
    double t = sqrt(alp_me_dot3(x, x));
    if (!(t > 0.0)) { /* exactly along the beam: any direction serves */
        double other[4] = {0.0, 0.0, 0.0, 0.0};
        other[fabs(z[1]) < 0.5 ? 1 : 2] = 1.0;
        cross(z, other, x);
        t = sqrt(alp_me_dot3(x, x));
    }
    for (int i = 1; i < 4; i++)
        x[i] /= t;
    cross(z, x, y);
}
