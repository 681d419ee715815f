/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collision.h"

#include <math.h>

/* Light-cone components: those that are large in a beam lose twice the photon's energy, the small
 * ones, m^2 over the large, nothing. */
static void set_frame(const alp_beams *beams, alp_collision *c)
{
    const double m = beams->mass, m2 = m * m;
    double large[2];
    for (int i = 0; i < 2; i++)
        large[i] = c->energy[i] + sqrt((c->energy[i] - m) * (c->energy[i] + m));
    const double plus = (large[0] - 2.0 * c->photon[0]) + m2 / large[1];
    const double minus = (large[1] - 2.0 * c->photon[1]) + m2 / large[0];
    c->sqrt_s = sqrt(plus * minus);
    c->gamma = 0.5 * (plus + minus) / c->sqrt_s;
    c->gamma_beta = 0.5 * (plus - minus) / c->sqrt_s;
}

double alp_collision_draw(const alp_beams *beams, const double *u, alp_collision *collision)
{
    alp_collision *c = collision;
    double left[2];
    const double weight = alp_beams_draw_parts(beams, u, c->energy, left);
    bool open = true;
    for (int i = 0; i < 2; i++) {
        const double lost = c->energy[i] * (1.0 - left[i]);
        c->photon[i] = lost >= ALP_LEAST_PHOTON ? lost : 0.0;
        open = open && c->energy[i] - c->photon[i] > beams->mass;
    }
    c->sqrt_s = 0.0;
    c->gamma = 1.0;
    c->gamma_beta = 0.0;
    if (open)
        set_frame(beams, c);
    return open ? weight : 0.0;
}
