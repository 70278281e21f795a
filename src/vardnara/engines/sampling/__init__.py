"""Work sampling: when to ask what somebody is doing, and what the answers come to."""

from vardnara.engines.sampling.data import Category, DrawOrder, SampleOrder
from vardnara.engines.sampling.draw import prompts_draw
from vardnara.engines.sampling.estimate import samples_estimate, wilson_interval
from vardnara.engines.sampling.params import SamplingParams
from vardnara.engines.sampling.result import Samples, Share

__all__ = [
    "Category",
    "DrawOrder",
    "SampleOrder",
    "Samples",
    "SamplingParams",
    "Share",
    "prompts_draw",
    "samples_estimate",
    "wilson_interval",
]
