"""What answers come to, in plain English."""

from __future__ import annotations

from vardnara.engines.sampling.result import Samples


def samples_text(samples: Samples) -> str:
    """One sentence on the service work that care staff do."""
    service = samples.service
    if service is None:
        return f"too few answers yet: {samples.n_answered} of {samples.n_least}"
    return (
        f"service work {service.share:.0%} ({service.low:.0%} to {service.high:.0%}) of {samples.n_answered} answers: "
        f"{service.minutes:.0f} minutes a shift ({service.minutes_low:.0f} to {service.minutes_high:.0f})"
    )
