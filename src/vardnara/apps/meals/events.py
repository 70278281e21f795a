"""What happens in the kitchen that others react to, in the same transaction."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with ``dish_ids`` (frozenset of ids) and ``at`` when a recipe, a declaration, a verification or a substitution
# changes what a dish is, so that orders that were placed are checked again (F-06).
declaration_changed = Signal()
# Sent with ``stay_ids`` (a list) and ``at`` when what these patients may eat has changed (feat-B7).
diets_changed = Signal()
