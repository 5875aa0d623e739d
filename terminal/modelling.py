"""The language model that the settings name, for those who may use it."""

from __future__ import annotations

from agents.rewording.run import Rewording
from outside.model import Model, NoModel
from settings import ModelSettings
from store.clock import Clock
from store.ground import Ground


def model_for(use: str, settings: ModelSettings, clock: Clock) -> Model:
    """The model for a use (wording, extraction); one that never answers where none is configured for it."""
    if settings.url is None or not is_named(use, settings):
        return NoModel()
    # The SDK takes a second to import, and most installations have no model.
    from outside.budget import Budget  # noqa: PLC0415
    from outside.compatible import CompatibleModel, Endpoint, utc_day  # noqa: PLC0415
    from outside.record import RecordedModel  # noqa: PLC0415

    endpoint = Endpoint(settings.url, settings.key, settings.name, settings.mode, settings.seconds)
    model = CompatibleModel(endpoint, Budget(settings.calls_per_day, utc_day(clock.now)))
    return RecordedModel(settings.record_path, settings.name, model) if settings.record_path else model


def is_named(use: str, settings: ModelSettings) -> bool:
    """Whether a model is configured for a use."""
    return settings.url is not None and use in settings.uses


def rewording_for(settings: ModelSettings, ground: Ground) -> Rewording | None:
    """The step that finds words for alerts; None where no model is configured for it."""
    if not is_named("wording", settings):
        return None
    model = model_for("wording", settings, ground.clock)
    return Rewording(ground, model, lambda: may_ask(model))


def may_ask(model: Model) -> bool:
    """Whether a question would be put now; kept answers are always given."""
    return getattr(model, "is_ready", True) is True
