"""Every detector, one module each; they do not know each other."""

from risk.detectors import over_allocation

DETECTORS = (over_allocation,)
