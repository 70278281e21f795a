"""What a change costs and saves: per payer, in a full year and in each calendar year, and how sure that is.

Effects are positive where cost falls. Amounts are kronor of a stated price year; nothing here knows a date of today.
"""

from vardnara.engines.economy.balance import HourBalance, HourHome, hours_balance
from vardnara.engines.economy.data import (
    EconomyCase,
    Flow,
    FlowKind,
    Funding,
    Ledger,
    PostChange,
    PostGroup,
    Reallocation,
)
from vardnara.engines.economy.effect import effect_estimate
from vardnara.engines.economy.posts import Pay, PostCost, funding_gaps, fundings_ending, post_cost
from vardnara.engines.economy.prevention import (
    Prevention,
    Programme,
    discounted,
    icer_sek,
    net_monetary_benefit_sek,
    prevention_estimate,
)
from vardnara.engines.economy.prices import IndexSeries, deflated, mixed
from vardnara.engines.economy.result import Effect, PayerRow, YearEffect
from vardnara.engines.economy.special_review import (
    Avoided,
    Basis,
    CallOff,
    Tried,
    avoided,
    avoided_by,
    call_off_cost,
    granted_cost,
)
from vardnara.engines.economy.take_home import Booking, Destination, TakeHome, take_home
from vardnara.engines.economy.uncertainty import (
    Importance,
    Outcome,
    Range,
    Term,
    Uncertainty,
    drawn,
    nine_tenths,
    uncertainty_carry,
    uncertainty_simulate,
)

__all__ = [
    "Avoided",
    "Basis",
    "Booking",
    "CallOff",
    "Destination",
    "EconomyCase",
    "Effect",
    "Flow",
    "FlowKind",
    "Funding",
    "HourBalance",
    "HourHome",
    "Importance",
    "IndexSeries",
    "Ledger",
    "Outcome",
    "Pay",
    "PayerRow",
    "PostChange",
    "PostCost",
    "PostGroup",
    "Prevention",
    "Programme",
    "Range",
    "Reallocation",
    "TakeHome",
    "Term",
    "Tried",
    "Uncertainty",
    "YearEffect",
    "avoided",
    "avoided_by",
    "call_off_cost",
    "deflated",
    "discounted",
    "drawn",
    "effect_estimate",
    "funding_gaps",
    "fundings_ending",
    "granted_cost",
    "hours_balance",
    "icer_sek",
    "mixed",
    "net_monetary_benefit_sek",
    "nine_tenths",
    "post_cost",
    "prevention_estimate",
    "take_home",
    "uncertainty_carry",
    "uncertainty_simulate",
]
