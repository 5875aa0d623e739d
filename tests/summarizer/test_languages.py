"""German and Spanish give what marker words and days show; what was read is right, and the notes say what was not."""

from __future__ import annotations

from datetime import date

import pytest

from summarizer import german, spanish
from summarizer.items import Item, Summary
from tests.summarizer.days import HELD_ON
from tests.summarizer.meeting import summary

SPANISH_CALL = (
    ("Ana Ejemplo", "Hola a todos. Soy Ana, jefa de proyecto, y hoy vamos a ver los plazos y el alcance."),
    ("Beto Cliente", "Beto, director de operaciones. Es la primera vez que lo hacemos."),
    ("Ana Ejemplo", "Habéis contratado el módulo de almacén para las tres tiendas."),
    ("Ana Ejemplo", "Necesito el extracto de los artículos."),
    ("Beto Cliente", "Yo te lo mando el jueves de la semana que viene."),
    ("Beto Cliente", "De momento la tienda online no la decidimos."),
    ("Ana Ejemplo", "El arranque será el quince de junio."),
    ("Beto Cliente", "Alguien del almacén tiene que revisar los códigos."),
    ("Ana Ejemplo", "Un riesgo que veo: si el proveedor no responde, perdemos dos semanas."),
    ("Ana Ejemplo", "Resumo: Beto, el extracto, el jueves."),
)
GERMAN_CALL = (
    ("Ada Muster", "Guten Tag, ich leite bei uns das Projekt, und das ist heute der Auftakt mit Ihnen."),
    ("Bodo Beispiel", "Ich bin der Geschäftsführer, und wir wollen die Karten nicht mehr von Hand abtippen."),
    ("Ada Muster", "Ich schicke Ihnen den Plan bis nächsten Dienstag."),
    ("Bodo Beispiel", "Vielleicht schafft sie es bis Ende Juni, aber das ist nicht sicher."),
    ("Bodo Beispiel", "Produktivstart ist der erste Oktober, das ist so."),
    ("Ada Muster", "Das ist ein Risiko. Wenn die Terminals nicht kommen, reicht die Zeit nicht."),
)


def of(found: Summary, kind: str) -> list[Item]:
    return [item for item in found.items if item.kind == kind]


def test_spanish_promises_have_their_owner_and_day() -> None:
    promise, nobody = of(summary(*SPANISH_CALL), "action_item")
    assert (promise.owner, promise.due, promise.modality) == ("Beto Cliente", date(2026, 3, 12), "committed")
    assert (nobody.owner, nobody.modality) == (None, "proposed")


def test_spanish_dates_and_risks_are_found_and_what_was_not_decided_is_no_decision() -> None:
    found = summary(*SPANISH_CALL)
    assert [item.due for item in of(found, "date_commitment")] == [date(2026, 6, 15)]
    assert len(of(found, "risk")) == 1
    assert of(found, "decision") == []


def test_german_promises_are_the_speaker_s_own() -> None:
    found = summary(*GERMAN_CALL)
    assert [(item.owner, item.due) for item in of(found, "action_item")] == [("Ada Muster", date(2026, 3, 10))]
    assert [item.due for item in of(found, "date_commitment")] == [date(2026, 10, 1)]
    assert [item.quote.split()[0] for item in of(found, "risk")] == ["Wenn"]


@pytest.mark.parametrize(("call", "language"), [(SPANISH_CALL, "Spanish"), (GERMAN_CALL, "German")])
def test_the_notes_say_that_less_was_read(call: tuple[tuple[str, str], ...], language: str) -> None:
    assert any(language in note for note in summary(*call).notes)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("mañana", "2026-03-06"),
        ("la plantilla mañana", "2026-03-06"),
        ("por la mañana", ""),
        ("pasado mañana", "2026-03-07"),
        ("el viernes", "2026-03-06"),
        ("el lunes de la semana que viene", "2026-03-09"),
        ("a finales de mes", "2026-03-31"),
        ("el catorce de mayo", "2026-05-14"),
        ("el día 20", "2026-03-20"),
        ("dentro de dos semanas", "2026-03-19"),
    ],
)
def test_spanish_days(said: str, day: str) -> None:
    assert [found.day.isoformat() for found in spanish.days_in(said, HELD_ON)] == [day][: bool(day)]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("bis morgen", "2026-03-06"),
        ("guten Morgen", ""),
        ("bis Freitag", "2026-03-06"),
        ("Dienstag nächster Woche", "2026-03-10"),
        ("am Mittwoch in einer Woche", "2026-03-18"),
        ("bis zum 29. Mai", "2026-05-29"),
        ("der Neunzehnte", "2026-03-19"),
        ("am siebten September", "2026-09-07"),
        ("bis Ende des Monats", "2026-03-31"),
        ("bis Ende Juni", "2026-06-30"),
    ],
)
def test_german_days(said: str, day: str) -> None:
    assert [found.day.isoformat() for found in german.days_in(said, HELD_ON)] == [day][: bool(day)]
