"""Staffing: the posts (tjänster) of ward service, who pays for each and when, what it costs, and the people on them."""
