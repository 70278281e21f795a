"""Posts and who pays for them; people, their contracts and what they are trained for."""

from vardnara.apps.staffing.models.people import Availability, Contract, Leave, Person, Training
from vardnara.apps.staffing.models.posts import Post, PostFunding

__all__ = ["Availability", "Contract", "Leave", "Person", "Post", "PostFunding", "Training"]
