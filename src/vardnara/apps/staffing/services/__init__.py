"""Writes of posts."""

from vardnara.apps.staffing.services.posts import funding_set, post_add, post_change, post_end
from vardnara.apps.staffing.services.posts_import import posts_import
from vardnara.apps.staffing.services.words import FundingWords, PostWords

__all__ = ["FundingWords", "PostWords", "funding_set", "post_add", "post_change", "post_end", "posts_import"]
