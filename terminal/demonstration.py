"""`leeway demo`: the sample portfolio loaded, assessed and served, with an address and a key at the end."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from agents.runner import Runner
from agents.thinkers import THINKERS
from risk.commands import model_in_force
from risk.features import SCHEMA_HASH
from risk.model import Model
from settings import Settings
from store.errors import NotFound
from store.ground import Ground
from store.ids import tenant_id_of
from terminal.carrying import bring_in
from terminal.playbooks import bring_in_playbook
from terminal.serving import checkout, ground_of, serve
from terminal.showing import bar, console

SLUG = "demo"
SAMPLE = "harbour"
PLAYBOOKS = "playbooks"


def _fit_unless_nothing_is_new(ground: Ground, *, is_new: bool) -> None:
    tenant = ground.tenants.find(SLUG)
    _hash, model = model_in_force(ground, tenant.tenant_id, tenant.now(ground.clock))
    is_own = isinstance(model, Model) and model.basis == "own" and model.schema_hash == SCHEMA_HASH
    if is_new or not is_own:
        # scikit-learn takes seconds to import: only where something is fitted.
        import_module("terminal.training").fit(ground, SLUG)


def demo(settings: Settings) -> None:
    """Prepares the sample and serves it until Ctrl-C. Warm, it finds what is there already."""
    started = time.monotonic()
    sample = checkout() / "samples" / SAMPLE
    if not sample.is_dir():
        raise NotFound("no_sample", "The sample portfolio is not in this installation.", remedy="Run from a checkout.")
    console.print("Starting the database.")
    with ground_of(settings) as ground:
        report = bring_in(ground, SLUG, sample, is_frozen=True)
        _fit_unless_nothing_is_new(ground, is_new=any(file.new for file in report.files))
        for path in sorted((checkout() / "samples" / PLAYBOOKS).glob("*.toml")):
            bring_in_playbook(ground, SLUG, path)
        with bar("Scoring and looking for alerts") as step:
            Runner(ground, THINKERS).run_until_idle(progress=step)

    def ready(ground: Ground, address: str) -> None:
        token = ground.keyring.issue(tenant_id_of(SLUG), "demo", "manager", now=ground.clock.now())
        seconds = time.monotonic() - started
        console.print(f"Ready after {seconds:.0f} s. Ctrl-C ends it; the data stays in {settings.store.data_path}/.")
        sys.stdout.write(f'{address}\ncurl -H "Authorization: Bearer {token}" {address}/v1/alerts\n')
        sys.stdout.flush()

    serve(settings, open_tenant=SLUG, ready=ready)
