"""Staffing: the posts (tjänster) of ward service, who pays for each and when, and what it costs. Never persons."""
