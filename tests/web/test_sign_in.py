"""Who gets in, for how long, and where they land."""

import datetime as dt
import secrets

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from store.access import key_id_of
from store.clock import FixedClock
from store.limits import limit_key, projects_named
from tests.api.office import Office
from tests.web.desk import signed_in, visit
from web.signing import Session, form_token, is_form_token, open_session, seal_session
from web.visitors import COOKIE

NOW = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
SESSION = Session(tenant_id="t", key_id="lw_abc", ends_at=int(NOW.timestamp()) + 60)


def test_without_a_key_every_page_leads_to_the_sign_in_and_back(app: FastAPI, office: Office) -> None:
    client = TestClient(app)
    asked = visit(client, "/inbox?view=done")
    assert asked.answer.url.path == "/sign-in"
    landed = asked.submit("Sign in", key=office.keys["manager"])
    assert str(landed.answer.url).endswith("/inbox?view=done")


def test_a_key_that_does_not_count_opens_nothing(app: FastAPI) -> None:
    client = TestClient(app)
    refused = visit(client, "/sign-in").submit("Sign in", key="lw_wrong")
    assert refused.answer.status_code == 401
    assert "not known here" in refused.text
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(("base", "is_secure"), [("http://testserver", False), ("https://testserver", True)])
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    app: FastAPI, office: Office, base: str, is_secure: bool
) -> None:
    client = TestClient(app, base_url=base, follow_redirects=False)
    done = visit(client, "/sign-in").submit("Sign in", key=office.keys["viewer"])
    cookie = done.answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is is_secure
    assert office.keys["viewer"].lower() not in cookie


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/a\nb"])
def test_signing_in_never_leads_to_another_site(app: FastAPI, office: Office, back: str) -> None:
    client = TestClient(app, follow_redirects=False)
    done = visit(client, "/sign-in").submit("Sign in", key=office.keys["manager"], back=back)
    assert done.answer.headers["location"] == "/"


def test_a_revoked_key_ends_its_sessions(app: FastAPI, own_office: Office, clock: FixedClock) -> None:
    client = signed_in(app, own_office)
    key = own_office.keys["manager"]
    own_office.ground.keyring.revoke(own_office.tenant.tenant_id, key[:9], now=clock.now())
    assert visit(client, "/").answer.url.path == "/sign-in"


def test_signing_out_forgets_the_session(app: FastAPI, office: Office) -> None:
    client = signed_in(app, office)
    visit(client, "/").submit("Sign out")
    assert visit(client, "/").answer.url.path == "/sign-in"


def test_a_session_opens_only_with_its_secret_unchanged_and_in_time() -> None:
    secret = secrets.token_bytes(32)
    cookie = seal_session(SESSION, secret)
    assert open_session(cookie, secret, NOW) == SESSION
    assert open_session(cookie, secrets.token_bytes(32), NOW) is None
    assert open_session(cookie, secret, NOW + dt.timedelta(seconds=60)) is None
    forged = seal_session(Session(tenant_id="other", key_id="lw_abc", ends_at=SESSION.ends_at), b"guess")
    for bad in ("", ".", "a.b", "ä.ö", cookie[:-2], cookie + "x", cookie.replace(".", ""), forged):
        assert open_session(bad, secret, NOW) is None


def test_a_form_token_is_one_visitors_and_different_each_time() -> None:
    tokens = {form_token(b"secret", "anna", nonce) for nonce in (b"1", b"2")}
    assert len(tokens) == 2
    assert all(is_form_token(token, b"secret", "anna") for token in tokens)
    assert not any(is_form_token(token, b"secret", "berta") for token in tokens)
    assert not is_form_token("", b"secret", "anna")


def test_a_key_limited_to_some_projects_sees_no_page(app: FastAPI, own_office: Office) -> None:
    ground, tenant = own_office.ground, own_office.tenant
    client = signed_in(app, own_office, "viewer")
    assert visit(client, "/").answer.status_code == 200
    limit_key(ground, tenant, key_id_of(own_office.keys["viewer"]), projects_named(ground, tenant, ["P-2"]), "test")
    for path in ("/", "/inbox", f"/projects/{own_office.id('project', 'P-1')}"):
        refused = visit(client, path, status=403)
        assert "sees some projects only" in refused.text
        assert "Rollout" not in refused.text
