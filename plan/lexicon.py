"""Words that mean the same thing in onboarding work, in English, German and Spanish. Pure data and look-ups.

A concept is a list of word beginnings without accents; several words joined by a space must follow
each other. It says that "log in with our company account" and "single sign-on" are about one thing.
Written from what onboarding projects sell, not from anybody's messages; a tenant's own words may be added.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CONCEPTS = """
crm: crm, salesforce, hubspot, pipedrive, zoho, accounts flow, accounts out of, cuentas desde, accounts and
  contacts
sign_in: sso, single sign, sign on, sign in, signin, login, log in, logging in, saml, oidc, okta, azure ad,
  entra id, identity, identitats, identidad, anmeld, company account, firmenkonto, password, passwort, inicio
  de sesion, directory, verzeichnis, cuenta de empresa, keycloak, ldap
migration: migrat, migrac, master data, stammdat, kundenstamm, datos maestros, legacy, altsystem, old
  system, old database, client records, customer records, client base, records, datensatz, vorgange,
  registros, archive of, sistema antiguo, ubernahm, ubernehm, trial load, ladung, carga de
  datos, data load, transfer of
documents: document, dokument, archiv, filing, papers, papierordner, ablage, retention,
  conserva, aufbewahr, carpetas
audit: audit, change log, anderungsprotokoll, protokoll, who changed, registro de cambios, record of who,
  auditoria, change history
branding: logo, colour, color, farbe, theme, look with, erscheinungsbild, imagen con,
  branding, layout, corporate design, schrift, fuente corporativa
support: support, soporte, hypercare, hotline, stand by, standby, standing by, betreu, bereitschaft, after
  launch, after go live, nach dem start, tras el arranque, rufbereit, on call, helpdesk
mail: e mail, email, correo, mail template, mailvorlag, notice, notif, benachrichtig, text message, sms,
  reminder, newsletter, anschreiben
guide: guide, guia, handbook, manual, anleitung, kurzanleitung, leitfaden, handbuch, quick start,
  documentation for users
mobile: mobile, mobil, movil, app, aplicacion, phone, telefon, device, gerat, field people, field crew,
  tablet, smartphone, drivers, fahrer, android, ios
payment: payment, pago, pay by, card payment, zahlung, adyen, stripe, paypal, mollie, klarna, instalment,
  installment, ratenzahlung, checkout, direct debit, lastschrift, iban, tarjeta, karte bezahl, cobro
load_test: load test, lasttest, prueba de carga, stays fast, month end peak, simultaneous user, performance
  test, stress test, throughput, lastspitze, pico de fin, rendimiento
reports: report, bericht, inform, listing, listado, auswertung, dashboard, board, ubersicht, tablero, chart,
  diagramm, kpi, wall screen, kennzahl, grafic
roles: role, rolle, roles, permission, berechtig, permiso, rights, recht, derecho, who may, who can see,
  acces right, zugriffsrecht, read only role, leserolle
api: api, read access, client application, webhook, endpoint, schnittstell, interfaz de programa, developer
  key
process: process, proceso, prozess, ablauf, workflow, case type, flujo
forms: form, forms, formular, formulario, maske fur, fields each, intake, questionnaire, fragebogen
routing: routing, route, verteilung, regel, rule, regla, assign cases, encaminamiento, topic, zuweis
ledger: ledger, invoice, factura, rechnung, buchhaltung, bookkeeping, accounting, contabil, cost centre,
  kostenstell, paid date, zahldatum, erp, sap, datev, netsuite, feed run
warehouse: warehouse, lager, almacen, stock, bestand, inventar, inventory, fulfilment, orders to go, pedido,
  bestellung
training: training, train, schulung, coach, workshop, formacion, webinar, e learning, capacitacion, curso,
  seminar
integration: integrat, anbindung, connector, konnektor, interface, edi, middleware, sync, synchron, sincron,
  conexion con
assistant: chatbot, chat, assistant, assistent, asistente, copilot, bot, talking
sites: site, standort, branch, filial, sucursal, plant, werk, location, subsidiary, tochter, sister company,
  schwesterfirma
languages: languag, sprach, idioma,   translat, ubersetz, traduc
security: penetration, pentest, security review, sicherheit, seguridad, encryption, verschlussel, cifrad,
  certificat
environment: sandbox, staging, test environment, testumgebung, entorno, backup, restore, disaster, hosting
"""
_STOP = """
a an and any are as at be been before but by can could did do does for from get gets had has have he here hers
his how i if in into is it its just know let like made make makes may me might mind more most my need needs
not now of off on one only onto or our out over own per please put quick really s she should so some such t
take than that the their them then there these they thing things think this those through to too under until
up us use useful very want wants was we well were what when where whether which while who will with would you
your also still again both side boss team everyone everybody people person users user customers customer
client clients company ours whose something somebody someone little small new give gave bit sure hope good
great nice helpful possible
aber alle als am an auch auf aus bei beim bis bitte da damit dann das dass dem den der des die dies diese
diesen doch ein eine einem einen einer eines er es etwas fur gern gerne gibt hat hatte hatten haben ich ihr
ihre ihren ihnen im in ist ja kann konnen konnten konnte man mehr mit mussen musste nach neu neue nicht noch
nun nur oder schon sehr sich sie sind so soll sollen sollte sollten uber um und uns unser unsere unserem
unseren unserer vom von vor war ware waren was wenn wer werden wie wir wird wollen zu zum zur zusatzlich
mochte mochten brauchen braucht geht gleich kommt dazu
a al algo ademas como con cual de del desde donde dos el ella ellos en es esa ese eso esta este esto estan ha
haber hacer hay la las le les lo los mas me mi muy necesita necesitamos no nos nosotros nuestra nuestras
nuestro nuestros o otra otro para pero podemos podrian puede pueden podria por porque que quien se ser si sin
sobre son su sus tambien te tiene tienen tener todo todos tras un una uno unos y ya
"""
_GENERIC = """
add adds added ask asks asking
adapt allow arrange bring build call carry change check come configure connect cover create
define deliver design develop do enable extend file fill fit get give go grant hand have help hook implement
include install introduce issue keep launch link load look make manage move moving offer open organise
organize phase plan pour prepare provide pull push read ready record redo release roll run save see send set
setup ship show simulate split staff start stand staffing store switch take tell test train turn upload use
work works write system tool tools option part version step days day week weeks month months quarter year
years today tomorrow monday tuesday wednesday thursday friday next early end first time date department
departments screens screen names name finance sales council warehouse lead cfo ceo it plant manager director
board sponsor anbinden anlegen anpassen anschliessen aufnehmen ausstellen bauen durchfuhren einrichten
einschalten ermoglichen freischalten ubernehmen schreiben machen abteilung konto daten leute punkt woche monat
tage tag activar adaptar anadir configurar conectar crear escribir grabar hacer instalar integrar poner traer
tener preparar semana mes dia campos
"""
STOP, GENERIC = frozenset(_STOP.split()), frozenset(_GENERIC.split())
"""Words that say nothing about a subject, and words of work that any subject may have."""
_WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, plain, in order."""
    return _WORD.findall(plain(text))


def stem(word: str) -> str:
    """The beginning that inflected forms share."""
    for ending in ("ungen", "ings", "ing", "ies", "ers", "ed", "en", "es", "er", "em", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def content_of(words: Sequence[str]) -> list[str]:
    """The words that carry meaning of their own."""
    return [word for word in words if len(word) > 1 and word not in STOP and word not in GENERIC and not word.isdigit()]


def _entries() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First two letters -> (word beginnings in a row, concept)."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in re.sub(r"\n  +", " ", _CONCEPTS).strip().splitlines():
        concept, _, terms = line.partition(":")
        for term in terms.split(","):
            parts = tuple(term.split())
            found.setdefault(parts[0][:2], []).append((parts, concept))
    return found


_ENTRIES = _entries()


def concepts_in(words: Sequence[str]) -> dict[str, list[int]]:
    """Concept -> the places of the words that stand for it."""
    found: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        for parts, concept in _ENTRIES.get(word[:2], ()):
            run = words[at : at + len(parts)]
            if len(run) == len(parts) and all(_begins(w, p) for w, p in zip(run, parts, strict=True)):
                found.setdefault(concept, []).extend(range(at, at + len(parts)))
    return found


def _begins(word: str, part: str) -> bool:
    """Short beginnings must be whole words, so that "app" is not "appoint"."""
    return word in {part, f"{part}s"} if len(part) <= 4 else word.startswith(part)
