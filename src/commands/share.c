/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "share.h"

#include "alpscan/parallel.h"

#include <stdlib.h>

/* Rank 0: the checked configuration as bytes for the others. */
static alp_status read_configuration(const alp_command_line *line, bool files, char **bytes,
                                     size_t *size)
{
    alp_error error = {.status = ALP_OK};
    alp_config *config = NULL;
    alp_status status = alp_command_line_config(line, files, &config);
    if (status != ALP_OK)
        return status;
    alp_parallel_watchdog(config->run.watchdog);
    status = alp_config_pack(config, bytes, size, &error);
    alp_config_free(config);
    return status == ALP_OK ? status : alp_command_fail(&error);
}

alp_status alp_share_config(const alp_command_line *line, bool files, alp_config **config)
{
    char *bytes = NULL;
    size_t size = 0;
    alp_error error = {.status = ALP_OK};
    alp_status status =
        alp_parallel_rank() == 0 ? read_configuration(line, files, &bytes, &size) : ALP_OK;
    status = alp_parallel_broadcast(status, &bytes, &size);
    if (status == ALP_OK) {
        if (alp_config_unpack(bytes, size, config, &error) != ALP_OK)
            status = alp_command_fail(&error);
        status = alp_parallel_agree(status);
    }
    free(bytes);
    return status;
}
