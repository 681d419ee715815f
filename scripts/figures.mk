# SPDX-License-Identifier: GPL-3.0-or-later
# The paper's figures: configurations -> mpirun -> figures/*.h5 -> PDF and PNG. One row a figure:
# a result is computed again when its configurations, the tables or the compiled code change.

FIGURES     ?= figures
FIGURE_TIMEOUT ?= 7200
TABLES      := $(wildcard configs/tables/*)
# Compiled code, but for the recorded revision: a commit that changes no code costs no new scan.
CODE        := $(LIBRARY_OBJECTS) $(COMMAND_OBJECTS) $(MAIN_OBJECTS)

# As the paper has it; exact formulas with the paper's inputs; exact formulas and today's inputs.
fig2_paper_layers   := fig2.ini
fig2_exact_layers   := fig2.ini exact.ini
fig4_paper_layers   := fig4.ini
fig4_exact_layers   := fig4.ini exact.ini
fig5_paper_layers   := fig5.ini
fig5_exact_layers   := fig5.ini exact.ini
fig5_current_layers := fig5.ini current.ini
RESULTS := fig2_paper fig2_exact fig4_paper fig4_exact fig5_paper fig5_exact fig5_current

RESULT_FILES := $(RESULTS:%=$(FIGURES)/%.h5)
PLOT_FILES   := $(RESULTS:%=$(FIGURES)/%.pdf)
.PHONY: figure-files
.SECONDARY: $(RESULT_FILES)

figures: ## set up what is missing, build, compute and plot Figs. 2, 4 and 5 into figures/
	@scripts/setup
	@$(MAKE) --no-print-directory $(all_cores) $(PROGRAM)
	@$(MAKE) --no-print-directory figure-files
figure-files: $(PLOT_FILES)
	@echo "figures are in $(FIGURES)/:" $(notdir $(PLOT_FILES)) "(and .png, .h5)"

# One scan at a time: each takes all cores.
ifneq ($(filter figure-files,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
$(RESULT_FILES): $(FIGURES)/%.h5: $$(addprefix configs/,$$($$*_layers)) $(TABLES) $(CODE) | $(PROGRAM)
	@mkdir -p $(@D)
	@echo "== $@: $(RANKS) ranks"
	@ALPSCAN_TIMEOUT=$(FIGURE_TIMEOUT) scripts/mpirun -n $(RANKS) $(PROGRAM) \
	    $(addprefix configs/,$($*_layers)) --output $@ --overwrite
	@touch $@

# figures/fig2_paper.pdf is scripts/plot_fig2.py's, and so on; the PNG comes along.
$(PLOT_FILES): $(FIGURES)/%.pdf: $(FIGURES)/%.h5 $$(wildcard scripts/*.py)
	@python=$$(scripts/setup --python) && "$$python" \
	    scripts/plot_$(firstword $(subst _, ,$*)).py $< --output $(@:.pdf=)
