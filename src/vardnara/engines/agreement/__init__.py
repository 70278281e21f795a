"""Who is responsible for what, where and when: the boundary of ward service as data, and what it leaves open."""

from vardnara.engines.agreement.coverage import coverage_check
from vardnara.engines.agreement.data import EVERY_DAY, Demand, Rule, days_parse
from vardnara.engines.agreement.responsible import AgreementIndex, responsible_at
from vardnara.engines.agreement.result import Coverage, Hole, Overlap, Remark

__all__ = [
    "EVERY_DAY",
    "AgreementIndex",
    "Coverage",
    "Demand",
    "Hole",
    "Overlap",
    "Remark",
    "Rule",
    "coverage_check",
    "days_parse",
    "responsible_at",
]
