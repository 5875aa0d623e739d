"""German wordings: some customers write so. Same keys as the English ones."""

from __future__ import annotations

QUESTIONS: dict[str, tuple[str, ...]] = {
    "process": ("Welche Variante des Ablaufs haben wir am Ende festgehalten?",),
    "rights": ("Darf eine Teamleitung mit den vereinbarten Rollen alle Fälle sehen?",),
    "signin": ("Brauchen unsere Leute ein neues Passwort oder gilt das Firmenkonto?",),
    "forms": ("Sind auf dem zweiten Formular die Felder aus unserer Liste?",),
    "routing": ("Wohin gehen Fälle, auf die keine Regel passt?",),
    "feed": ("Wann in der Nacht läuft die Übergabe an die Buchhaltung?",),
    "warehouse": ("Welche Tabellen liest die Lageranbindung?",),
    "records": ("Werden wie vereinbart nur offene Vorgänge übernommen?",),
    "notices": ("Gehört die Erinnerung zu den eingerichteten Benachrichtigungen?",),
    "boards": ("Auf welcher Übersicht sehen wir die offenen Fälle je Team?",),
    "guide": ("In welcher Form bekommen wir den Leitfaden?",),
    "coaching": ("Wie viele Personen passen in eine Schulungsgruppe?",),
    "standby": ("Wen rufen wir in den Tagen der Bereitschaft an?",),
}

ASKS: dict[str, tuple[str, ...]] = {
    "process": ("Könnten Sie auch den Ablauf unserer Schwesterfirma aufzeichnen?",),
    "rights": ("Bitte noch eine Leserolle für die Revision mit eigenem Filter.",),
    "signin": ("Wir haben eine Firma gekauft, deren Verzeichnis müsste auch angebunden werden.",),
    "forms": ("Können die Formulare auch auf Französisch und Polnisch sein?",),
    "routing": ("Kann die Verteilung auch am Wochenende und nach Sprache laufen?",),
    "feed": ("Die Buchhaltung sollte das Zahldatum zurückmelden, geht das?",),
    "warehouse": ("Es gibt noch ein zweites Lager im Norden, bitte gleich mit anschließen.",),
    "records": ("Könnten Sie auch das Archiv der letzten zehn Jahre übernehmen?",),
    "notices": ("Wir hätten die Benachrichtigungen gern auch als SMS.",),
    "boards": ("Die Geschäftsleitung möchte ein Diagramm der Kosten je Fall, kommt das noch dazu?",),
    "guide": ("Machen Sie uns aus dem Leitfaden auch kurze Filme?",),
    "coaching": ("Wir haben dreißig weitere Leute, die gern geschult würden.",),
    "standby": ("Kann es im ersten Monat auch nachts eine Bereitschaft geben?",),
    "chatbot": ("Könnten wir einen kleinen Chat-Assistenten auf der Seite haben?",),
    "mobile": ("Eine App für die Fahrer wäre zum Start schön.",),
}

CHIT_CHAT = (
    "Vielen Dank für das gute Gespräch.",
    "Ihnen allen ein schönes Wochenende.",
    "Danke, ist angekommen.",
)
STATUS_REQUESTS = (
    "Wo stehen wir im Moment?",
    "Gibt es etwas Neues zum Termin?",
    "Wir haben länger nichts gehört, wie geht es voran?",
)
HOLIDAYS = (
    "Ich bin vom {a} bis {b} im Urlaub und am Tag danach wieder da.",
    "Unser Büro ist vom {a} bis {b} geschlossen.",
)
ANSWERS = (
    "Hier ist, worum Sie gebeten hatten: {task}.",
    "Bei uns erledigt: {task}.",
)
PART_ANSWERS = ("Hier ein erster Teil, der Rest folgt.",)
