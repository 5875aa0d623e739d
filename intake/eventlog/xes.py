"""XES logs as a stream of cases, in bounded memory. Pure over the chunks it is given.

XES (IEEE 1849) is XML: log > trace > event, each with typed attributes `key` and `value`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from lxml import etree

from intake.eventlog.cases import RawCase, RawEvent
from intake.eventlog.mapping import LogSection
from store.errors import Invalid

MAX_CASE_BYTES = 1 << 26
_NAMESPACES = ("{http://www.xes-standard.org}", "{http://www.xes-standard.org/}", "")
_EVENTS = frozenset(f"{namespace}event" for namespace in _NAMESPACES)
_LOGS = frozenset(f"{namespace}log" for namespace in _NAMESPACES)


def raw_cases(chunks: Iterable[bytes], log: LogSection, *, max_case_bytes: int = MAX_CASE_BYTES) -> Iterator[RawCase]:
    """The traces of an XES file.

    Raises `Invalid` ("xes_*") for what is no XES, is broken or ends early, declares a document
    type, or holds a trace larger than `max_case_bytes`.
    """
    parser = _parser(("end",), "{*}trace")
    since_case, is_begun = 0, False
    for chunk in chunks:
        if not is_begun:
            _check_start(chunk)
            is_begun = True
        _feed(parser, chunk)
        since_case += len(chunk)
        for trace in _elements(parser):
            since_case = 0
            yield _case(trace, log)
            _forget(trace)
        if since_case > max_case_bytes:
            detail = f"More than {max_case_bytes >> 20} MB without the end of a trace."
            raise _bad("xes_case_too_large", detail, "A case cannot be larger; export fewer attributes.")
    if not is_begun:
        raise _bad("xes_empty", "The file is empty.", "Export the log again.")
    _close(parser)


def _elements(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    return (found for _event, found in parser.read_events() if not isinstance(found, tuple | None))


def _parser(events: tuple[Literal["start", "end"]], tag: str | None = None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events,
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check_start(chunk: bytes) -> None:
    """The first chunk alone, so that a file that is something else is not read to its end."""
    parser = _parser(("start",))
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        if not chunk.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
            raise _bad(
                "xes_not_xml", "The file is not XML.", 'Export it as XES, or say format = "csv" in [log].'
            ) from error
    root = next(_elements(parser), None)
    if root is None:
        return
    if root.getroottree().docinfo.internalDTD is not None:
        raise _bad("xes_doctype", "The file declares a document type, which XES has not.", "Take the DOCTYPE out.")
    if root.tag not in _LOGS:
        name = etree.QName(root).localname
        raise _bad("xes_wrong_root", f"The outermost element is <{name}>, not <log>.", "Export the log as XES.")


def _feed(parser: etree.XMLPullParser, chunk: bytes) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error


def _close(parser: etree.XMLPullParser) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error


def _broken(error: etree.XMLSyntaxError) -> Invalid:
    if "encoding" in error.msg.lower() or "utf-8" in error.msg.lower():
        return _bad(
            "xes_encoding",
            f"The bytes are not in the encoding that the file declares (line {error.lineno}).",
            'Declare the true one in the first line, such as <?xml version="1.0" encoding="ISO-8859-1"?>.',
        )
    detail = f"The XML breaks at line {error.lineno}: {error.msg}."
    return _bad("xes_broken", detail, "Export the log again; nothing of it was taken.")


def _bad(code: str, detail: str, remedy: str) -> Invalid:
    return Invalid(code, detail, remedy=remedy)


def _case(trace: etree._Element, log: LogSection) -> RawCase:
    attributes: dict[str, str] = {}
    events: list[RawEvent] = []
    for child in trace:
        if child.tag in _EVENTS:
            events.append(RawEvent(_line(child), _attributes(child)))
        else:
            attributes[child.get("key", "")] = child.get("value", "")
    return RawCase(_line(trace), attributes.get(log.case, "").strip(), attributes, events)


def _attributes(element: etree._Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element}


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _forget(trace: etree._Element) -> None:
    trace.clear()
    parent = trace.getparent()
    while parent is not None and (before := trace.getprevious()) is not None:
        parent.remove(before)
