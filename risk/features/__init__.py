"""What a project looks like at a cut, as named numbers. One function for training, serving and replay. Pure."""

from __future__ import annotations

from risk.features.registry import FEATURES, SCHEMA_HASH, Feature, feature_named
from risk.features.row import FeatureRow, features
from risk.features.setting import Setting, plain_setting, setting_of

__all__ = [
    "FEATURES",
    "SCHEMA_HASH",
    "Feature",
    "FeatureRow",
    "Setting",
    "feature_named",
    "features",
    "plain_setting",
    "setting_of",
]
