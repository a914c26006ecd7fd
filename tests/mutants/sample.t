#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Ten of the breaks that 'make check-mutants' tries, spread evenly over the lists: each is noticed by the case that
# it names. That all lists fit the sources is looked at in any case.
exec "$(dirname "$0")/run.py" --sample 10
