"""The language model that the settings name, for those who may use it."""

from __future__ import annotations

from agents.wording import Reword, Rewording, as_it_stands
from outside.model import Model, NoModel
from settings import ModelSettings
from store.clock import Clock


def model_for(use: str, settings: ModelSettings, clock: Clock) -> Model:
    """The model for a use (wording, extraction); one that never answers where none is configured for it."""
    if settings.url is None or use not in settings.uses:
        return NoModel()
    # The SDK takes a second to import, and most installations have no model.
    from outside.budget import Budget  # noqa: PLC0415
    from outside.compatible import CompatibleModel, Endpoint, utc_day  # noqa: PLC0415
    from outside.record import RecordedModel  # noqa: PLC0415

    endpoint = Endpoint(settings.url, settings.key, settings.name, settings.mode, settings.seconds)
    model = CompatibleModel(endpoint, Budget(settings.calls_per_day, utc_day(clock.now)))
    return RecordedModel(settings.record_path, settings.name, model) if settings.record_path else model


def reword_for(settings: ModelSettings, clock: Clock) -> Reword:
    """Other words for claims, or the template's where no model is configured for wording."""
    model = model_for("wording", settings, clock)
    return as_it_stands if isinstance(model, NoModel) else Rewording(model)
