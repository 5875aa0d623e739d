"""Marker words and days of Spanish."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from summarizer.dates import Said, after, next_date, next_numbered, week_day
from summarizer.marked import Words
from summarizer.sentences import rx

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_NUMBERS = (
    *("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece"),
    *("catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós"),
    *("veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve"),
    *("treinta", "treinta y uno"),
)
_NUMBER = r"(?P<number>\d{1,2}|primero|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_DAY = "(?P<day>" + "|".join(_DAYS) + ")"

_FULL = rx(rf"\b{_NUMBER}(?: (?:y|al) (?:el )?(?:\d{{1,2}}|[a-zé]+))? de {_MONTH}\b")
_BARE = rx(rf"\b(?:el|al|del) (?:día )?{_NUMBER}\b(?! (?:de|por|%|horas|personas|veces|años|y media)\b)")
_RELATIVE = (
    (r"\b(?:a )?(?:fin|final|finales) de(?:l| este)? mes\b(?! que)", "month"),
    (r"\b(?:fin|final|finales) del (?:mes que viene|próximo mes|mes próximo)\b", "next month"),
    (rf"\b(?:fin|final|finales) de {_MONTH}\b", "named month"),
    (r"\b(?:fin|final|finales) de la (?:semana que viene|próxima semana|semana próxima)\b", "next friday"),
    (r"\b(?:fin|final|finales) de (?:la|esta) semana\b", "friday"),
    (rf"\b{_DAY} en ocho(?: días)?\b", "day and a week"),
    (rf"\b{_DAY} de la (?:semana que viene|próxima semana|semana próxima)\b", "day of next week"),
    (rf"\beste (?:mismo )?{_DAY}\b", "day of this week"),
    (r"\b(?:en|dentro de) (?:una semana|ocho días|siete días)\b", "week"),
    (r"\bde (?:hoy|aquí) (?:en|a) (?:ocho días|una semana)\b", "week"),
    (r"\b(?:en|dentro de) (?:dos semanas|quince días|catorce días)\b", "fortnight"),
    (r"\bpasado mañana\b", "two days"),
    (r"(?<!\bla\x20)(?<!esta\x20)(?<!por\x20la\x20)(?<!de\x20la\x20)\bmañana\b(?! por la mañana que)", "tomorrow"),
    (r"\bhoy(?: mismo)?\b|\besta (?:tarde|noche|mañana)\b|\bahora mismo\b", "today"),
    (rf"\b{_DAY}\b", "day"),
)
_PATTERNS = tuple((rx(pattern), meaning) for pattern, meaning in _RELATIVE)


def days_in(text: str, held_on: date) -> list[Said]:
    """Days named in Spanish words, by the same conventions as in English."""
    found: list[Said] = []

    def add(match: re.Match[str], day: date | None, *, is_full: bool = False, is_bare: bool = False) -> None:
        if day is not None and not any(match.start() < said.end and said.start < match.end() for said in found):
            found.append(Said(day=day, start=match.start(), end=match.end(), is_full=is_full, is_bare=is_bare))

    for match in _FULL.finditer(text):
        month = _MONTHS.index(match["month"].casefold()) + 1
        add(match, next_date(month, _number(match["number"]), held_on), is_full=True)
    for match in _BARE.finditer(text):
        add(match, next_numbered(_number(match["number"]), held_on), is_bare=True)
    for pattern, meaning in _PATTERNS:
        for match in pattern.finditer(text):
            add(match, _resolved(match, meaning, held_on))
    return sorted(found, key=lambda said: said.start)


def _number(text: str) -> int:
    word = re.sub(r"\s+", " ", text.casefold())
    if word.isdigit():
        return int(word)
    return 1 if word == "primero" else _NUMBERS.index(word) + 1


def _resolved(match: re.Match[str], meaning: str, held_on: date) -> date | None:
    named = match.groupdict()
    weekday = _DAYS.index(named["day"].casefold()) if named.get("day") else 0
    month = _MONTHS.index(named["month"].casefold()) + 1 if named.get("month") else held_on.month
    year = held_on.year + (month < held_on.month)
    following = (held_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    week = timedelta(days=7)
    return {
        "month": date(year, month, monthrange(year, month)[1]),
        "named month": date(year, month, monthrange(year, month)[1]),
        "next month": date(following.year, following.month, monthrange(following.year, following.month)[1]),
        "next friday": week_day(4, held_on, weeks=1),
        "friday": week_day(4, held_on),
        "day and a week": after(weekday, held_on) + week,
        "day of next week": week_day(weekday, held_on, weeks=1),
        "day of this week": week_day(weekday, held_on),
        "week": held_on + week,
        "fortnight": held_on + 2 * week,
        "two days": held_on + timedelta(days=2),
        "tomorrow": held_on + timedelta(days=1),
        "today": held_on,
        "day": after(weekday, held_on),
    }[meaning]


_CLITICS = r"(?:(?:te|os|le|les|se|me|nos) )?(?:(?:lo|la|los|las) )?"
SPANISH = Words(
    days=days_in,
    vendor=rx(
        r"\b(?:jef[ea] de proyecto|directora? de implantación|consultora?"
        r"|responsable de (?:la )?implantación)\b|\bhab[ée]is (?:comprado|contratado)\b"
        r"|\b(?:han|ha) (?:comprado|contratado)\b|\bno está (?:en|dentro|incluid)|\bno entra\b"
        r"|\bpor nuestra parte\b|\bllevo (?:el proyecto|la implantación)\b"
        r"|\bpresupuesto aparte\b|\bpor qué (?:ahora|este|queréis|quieren|hacéis|hacen)\b"
        r"|\blo vendido\b|\bfuera de alcance\b"
    ),
    customer=rx(
        r"\bnuestr[oa]s? (?:clientes|tiendas?|almac[ée]n|almacenes|pacientes|comité|gerente|director"
        r"|abogad)|\bqueremos\b|\bdirectora? (?:de operaciones|financier|general)"
        r"|\b(?:soy|como) (?:el|la) (?:gerente|responsable de)|\bllevo (?:el almacén|las tiendas"
        r"|la contabilidad|finanzas|sistemas|compras)\b|\bpodríais\b|\bpodéis\b|\bvuestro (?:sistema"
        r"|programa)\b"
    ),
    accepts=rx(
        r"^\W*(?:sí|si|vale|perfecto|claro|de acuerdo|por favor|genial|estupendo|venga|bien|muy bien"
        r"|me parece|fenomenal|ok|hecho|encantad[oa]|buena idea)\b"
    ),
    recap=rx(
        r"\b(?:resumo|resumiendo|resumimos|repaso|repasamos|repasemos|recapitul\w+|hago un resumen"
        r"|os leo|en resumen|hagamos un repaso)\b"
    ),
    why=rx(
        r"\bpor qué (?:ahora|este|queréis|quieren|hacéis|hacen|os|lo)\b|\bobjetivos?\b"
        r"|\bqué (?:queréis|quieren|esperáis|esperan|buscáis|buscan|os gustaría|les gustaría)\b"
        r"|\bpara qué\b"
    ),
    success=rx(
        r"\béxito\b|\b(?:ha|habrá|haya|hubiera) (?:valido|merecido) la pena\b|\bmerec\w+ la pena\b"
        r"|\bcómo (?:sabr|vais a saber|van a saber)\w*|\b(?:sabréis|sabrán|notaréis|notarán|diréis"
        r"|dirán)\b|\bque ha funcionado\b"
    ),
    want=rx(
        r"\b(?:quiero|queremos|me gustaría|nos gustaría|necesito que|necesitamos|el objetivo es"
        r"|lo que busco|buscamos|pretendemos|hay que (?:bajar|reducir|dejar))\b"
    ),
    picture=rx(
        r"^\W*(?:(?:pues|mira|mire|para mí|bueno|hombre|yo diría|sencillo|fácil|a ver)\W+)*(?:el día"
        r"|cuando|la primera|el primer|el momento|que |si |la mañana)"
    ),
    sold=rx(
        r"\b(?:hab[ée]is|han|ha) (?:comprado|contratado)\b|\b(?:está|están|queda|quedan) (?:contratad"
        r"|incluid|fuera|excluid)\w*|\blo (?:vendido|contratado)\b|\bel (?:contrato|alcance"
        r"|pedido) (?:incluye|cubre|es|son)\b"
        r"|\bprecio cerrado\b|\bbolsa de\b|\b(?:son|tenemos|hay) [\w ]+ (?:horas|jornadas|días)\b"
        r"|\bcomo máximo\b|\bun tope de\b|\bexcluid[oa]s?\b|\bincluye\b"
    ),
    request=rx(
        r"\b(?:puede|pueden|podéis|podrías|podríais|podría|podrían|podemos|se puede|sería posible|cabe"
        r"|entra|entraría|meter|añadir|incluir)\b"
    ),
    priced=rx(
        r"\b(?:orden|petición|solicitud|control) de cambio\b|\bfuera de(?:l)? alcance\b"
        r"|\bno está (?:en|dentro|incluid)|\bno entra\b|\baparte\b|\bextra\b|\bpresupuest\w+"
        r"|\bvalorar(?:lo|la)?\b|\bno (?:lo |la )?decidimos hoy\b|\bampliación\b"
    ),
    declined=rx(
        r"\b(?:eso|esto) no (?:lo )?(?:hacemos|tocamos|entra)\b|\bno lo hacemos\b|\bno hacemos\b"
        r"|\b(?:decir|digo|diré) que no\b|\bno va a poder ser\b|\bva a ser que no\b|\bdescartad[oa]\b"
        r"|\bno, lo siento\b|\blo siento, (?:pero )?no\b|\bno ofrecemos\b|^\W*no[.,] "
    ),
    granted=rx(
        r"\b(?:lo|la|os lo|se lo) (?:incluimos|incluyo|metemos|regalo|asumimos)\b|\bsin (?:coste"
        r"|cargo)\b|\bgratis\b|\bva incluido\b|\bya está incluid\w+"
    ),
    opened=rx(
        r"\b(?:pregunta|cuestión|punto) abiert[oa]\b|\b(?:queda|quede|quedar|dejo|deja|dejamos"
        r"|dejémos?lo|dejarlo|déjalo) (?:\w+ )?(?:abiert[oa]|pendiente|en el aire|sin resolver)\b"
        r"|\bqueda como duda\b|\bpendiente de aclarar\b"
    ),
    decides=rx(
        r"\b(?:decidido|decidimos|decido)\b|\b(?:es|esa es|queda) (?:la |una |mi )?decisión\b"
        r"|\bnos quedamos con\b|\bvamos con\b|\boptamos por\b|\bqueda (?:acordado|aprobado|cerrado)\b"
        r"|\bacordado\b|\blo hacemos (?:con|así)\b|\bempezamos (?:con|por)\b"
    ),
    undecided=rx(
        r"\bno (?:lo |la |se )?(?:decid|hemos decid|está decid|quedamos)|\bsin decidir\b"
        r"|\bni (?:se )?decid"
    ),
    takes_back=rx(
        r"\bme retracto\b|\bretiro lo dicho\b|\bno, espera\b|\bentonces no\b|\bpensándolo (?:bien"
        r"|mejor)\b|\bolvida(?:d|dlo)?\b|\bmejor no\b|\brectifico\b|\bcambio de idea\b"
    ),
    risk=rx(r"\briesgos?\b|\bme preocupa\b|\bpreocupación\b|\bpeligro\b|\bme da (?:miedo|respeto)\b|\btemo que\b"),
    feared=rx(r"^\W*(?:y |pero |porque |que )?(?:si|como no|sin)\b|\bsi\b"),
    stops=rx(
        r"\bno (?:puedo|podemos|se puede|puede|pueden|hay manera de)\b.*\b(?:hasta que|sin|mientras)\b"
        r"|\b(?:hasta que|mientras|sin)\b.*\bno (?:puedo|podemos|se puede|hay)\b|\b(?:estamos|está"
        r"|estoy) (?:parad[oa]s?|bloquead[oa]s?)\b"
    ),
    event=rx(
        r"\barranque\b|\barrancamos\b|\bpuesta en (?:marcha|producción)\b|\bsalida (?:en vivo"
        r"|a producción)\b|\blanzamiento\b|\bpiloto\b|\btaller\b|\bcongelación\b|\bensayo\b"
        r"|\bmigración\b|\bcorte\b|\ben producción\b|\bgo-?live\b|\bapertura\b|\bsimulacro\b"
        r"|\bsalimos\b|\bentra en (?:vivo|marcha)\b"
    ),
    promise=rx(
        rf"\b{_CLITICS}(?:envío|mando|paso|preparo|comparto|reviso|hago|llamo|consigo|busco|traigo"
        rf"|entrego|confirmo|pido|firmo|apruebo|doy|digo algo|enseño|escribo|redacto|monto)\b"
        r"|\b(?!ser|estar|tendr|dir|podr|habr|ver|querr|sabr)\w+(?:aré|eré|iré)\b|\b(?:haré|pondré"
        r"|vendré)\b|\bme (?:encargo|ocupo)\b|\b(?:lo|la|los|las) (?:tendrás|tendréis|tienes|tenéis"
        r"|tendrán|tienen|tendrá|tiene)\b"
        r"|\bvoy a (?:enviar|mandar|preparar|hablar|pedir|llamar|revisar|hacer|pasar|sacar)\w*"
        r"|\bpuedo (?:enviar|mandar|hacer|pasar|tener)\w*"
    ),
    empty=rx(
        r"\b(?:lo|la) (?:apunto|anoto|pongo|dejo)\b|\btomo nota\b|\bme hago cargo de que\b"
        r"|\bhago (?:un resumen|las nóminas)\b"
    ),
    offer=rx(
        r"\b(?:quieres|queréis|quiere|quieren) que (?:te|os|le|les)?|^\W*(?:¿)?(?:y )?(?:te|os|le"
        r"|les) (?:lo |la |los |las )?(?:envío|mando|paso|preparo)\b|\bpor qué no (?:te|os|le|les)?"
        r"|\b(?:ayudaría|serviría) (?:si|que)\b|\blo preparo yo\b"
    ),
    might=rx(
        r"\b(?:igual|quizás?|a lo mejor|puede que|tal vez|intentaré|intento|no (?:lo |os lo "
        r"|te lo )?prometo|a ver si|sin compromiso|si puedo|si me da tiempo|podría)\b"
    ),
    first=rx(r"\b(?:yo|puedo|podría|intent(?:o|aré)|prometo|me|mi|envío|mando|paso|preparo)\b"),
    somebody=rx(
        r"\balguien (?:del? [\w ]+ )?(?:tiene|tendrá|tendría|debe|debería|va a tener|ha de|hace falta)\b"
        r"|\b(?:tiene|tendrá|tendría|debe|debería) que \w+ alguien\b|\bfalta (?:alguien"
        r"|un responsable)\b|\bhace falta (?:que )?alguien\b"
    ),
    named=re.compile(
        r"\b(?P<name>[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+(?: [A-ZÁÉÍÓÚÑ][\wáéíóúñ]+)?) (?:(?:te|os|le|les|se|nos|me"
        r"|lo|la|los|las) ){0,2}(?:(?!ser[áa]|estar[áa]|podr[áa]|tendr[áa]|querr[áa])\w+(?:ará|erá"
        r"|irá)|hará|tiene que \w+|debe \w+|va a \w+|se encarga|se ocupa)\b"
    ),
    approval=rx(
        r"\bfirm(?:a|ar|o|e|ará|aré|ado|arlo)\b|\baprob\w+|\baprueb\w+|\bvisto bueno\b|\bautoriz\w+"
        r"|\bpermiso\b|\bvalidar\b|\bcomité\b|\bdar el ok\b"
    ),
    role=rx(
        r"\b(?:director|directora|gerente|responsable|jefe|jefa|abogad[oa]|presidente|presidenta"
        r"|secretari[oa]|delegad[oa]|asesor|asesora|encargad[oa]|socio|socia|consejer[oa])\b"
    ),
    moved=rx(
        r"\bel contrato (?:dice|pone)\b|\bestaba (?:previsto|planificado)\b|\bhabíamos (?:dicho"
        r"|hablado)\b|\ben un principio\b|\binicialmente\b"
    ),
    wish=rx(r"\bquizás?\b|\ba lo mejor\b|\bestaría bien\b|\bojalá\b|\bqué (?:os|les|te) parece\b"),
)
