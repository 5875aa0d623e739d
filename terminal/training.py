"""`leeway train`: a model fitted on the tenant's finished projects."""

from __future__ import annotations

from risk.model import NotFitted
from risk.training import fit_model
from store.ground import Ground
from terminal.showing import bar, console, write_json


def fit(ground: Ground, slug: str) -> str:
    """Fits the tenant's model on what is known now; says why when there is too little to go by."""
    tenant = ground.tenants.find(slug)
    with bar("Fitting the risk model on finished projects") as step:
        model_hash, model = fit_model(
            ground, tenant.tenant_id, as_of=tenant.now(ground.clock), progress=lambda _text: step(1)
        )
    if isinstance(model, NotFitted):
        console.print(f"No model: {model.sentence}")
        return ""
    ground.mark_all(tenant.tenant_id)
    card = model.card
    auc = "-" if card.auc is None else f"{card.auc:.3f}"
    console.print(
        f"Fitted on {card.projects} finished projects. On projects it had not seen: AUC {auc}, "
        f"Brier {card.brier:.3f} (always saying the base rate: {card.base_rate_brier:.3f})."
    )
    return model_hash or ""


def train_tenant(ground: Ground, slug: str, *, as_json: bool) -> None:
    """`leeway train`."""
    model_hash = fit(ground, slug)
    if as_json:
        write_json({"tenant": slug, "model_hash": model_hash})
