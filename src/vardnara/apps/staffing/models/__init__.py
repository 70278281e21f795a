"""Posts and who pays for them; people, their contracts and what they are trained for; what posts by need do."""

from vardnara.apps.staffing.models.allocation import Allocation, AllocationPoint
from vardnara.apps.staffing.models.people import Availability, Contract, Leave, Person, Training
from vardnara.apps.staffing.models.posts import Post, PostFunding

__all__ = [
    "Allocation",
    "AllocationPoint",
    "Availability",
    "Contract",
    "Leave",
    "Person",
    "Post",
    "PostFunding",
    "Training",
]
