# SPDX-License-Identifier: GPL-3.0-or-later
# Program, library, headers, pkg-config file and configurations. DESTDIR comes before PREFIX.

BINDIR     := $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR := $(PREFIX)/include
DATADIR    := $(PREFIX)/share/alpscan
# Paths below configs/: the INI files and the tables that they name.
DATA_FILES := $(sort $(patsubst configs/%,%,$(wildcard configs/*.ini configs/tables/*)))

$(BUILD)/alpscan.pc: alpscan.pc.in $(BUILD)/flags $(BUILD)/prefix
	@sed -e 's|@PREFIX@|$(PREFIX)|g' \
	    -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|g' -e 's|@VERSION@|$(VERSION)|g' \
	    -e 's|@LIBS@|$(strip $(LIBS))|g' -e 's|@CFLAGS@|$(strip $(HDF5_CFLAGS))|g' $< >$@

install: $(PROGRAM) $(LIBRARY) $(BUILD)/alpscan.pc ## install below $(DESTDIR)$(PREFIX) (default /usr/local)
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig \
	    $(DESTDIR)$(INCLUDEDIR)/alpscan $(DESTDIR)$(DATADIR)
	$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/alpscan
	$(INSTALL) -m 644 $(LIBRARY) $(DESTDIR)$(LIBDIR)/libalpscan.a
	$(INSTALL) -m 644 $(BUILD)/alpscan.pc $(DESTDIR)$(LIBDIR)/pkgconfig/alpscan.pc
	$(INSTALL) -m 644 $(PUBLIC_HEADERS) $(DESTDIR)$(INCLUDEDIR)/alpscan
	@set -e; for file in $(DATA_FILES); do \
	    $(INSTALL) -D -m 644 "configs/$$file" "$(DESTDIR)$(DATADIR)/$$file"; \
	done

uninstall: ## remove what install put there, and nothing else
	rm -f $(DESTDIR)$(BINDIR)/alpscan $(DESTDIR)$(LIBDIR)/libalpscan.a \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/alpscan.pc \
	    $(PUBLIC_HEADERS:include/alpscan/%=$(DESTDIR)$(INCLUDEDIR)/alpscan/%) \
	    $(DATA_FILES:%=$(DESTDIR)$(DATADIR)/%)
	-@rmdir $(DESTDIR)$(INCLUDEDIR)/alpscan $(DESTDIR)$(DATADIR)/tables $(DESTDIR)$(DATADIR) \
	    2>/dev/null || true
