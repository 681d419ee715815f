/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_FORMS_H
#define ALP_PHYSICS_FORMS_H

/** What prepare leaves for each form of evaluation: places in alp_physics_coefficients. */

/* row_bilinear.c: of |y_V|^2 and |y_A|^2 */
enum { ALP_PHYSICS_V2, ALP_PHYSICS_A2 };

/* row_br_mu_to_e_a.c: those of the partial width, and the width without it */
enum { ALP_PHYSICS_MUON_WIDTH = ALP_PHYSICS_A2 + 1 };

/* row_asymmetry.c: S (n1 + n2 S)/(d0 + d1 S + d2 S^2) */
enum { ALP_PHYSICS_N1, ALP_PHYSICS_N2, ALP_PHYSICS_D0, ALP_PHYSICS_D1, ALP_PHYSICS_D2 };

/* row_d_e.c: of |I| */
enum { ALP_PHYSICS_PER_I };

/* row_p_mmbar.c: as at the head of muonium.c */
enum {
    ALP_PHYSICS_V_00,
    ALP_PHYSICS_A_00,
    ALP_PHYSICS_W_00,
    ALP_PHYSICS_V_10,
    ALP_PHYSICS_A_10,
    ALP_PHYSICS_W_10,
    ALP_PHYSICS_W_PM,
    ALP_PHYSICS_USE_R
};

#endif
