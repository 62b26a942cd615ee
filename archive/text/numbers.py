"""Numbers in a text: what each says, and how exactly it says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text import beginnings, numerals
from archive.text.beginnings import matches
from archive.text.words import FUNCTION_WORDS, WORD, fold, stem

if TYPE_CHECKING:
    from collections.abc import Iterable


class NumberKind(StrEnum):
    """What a number counts, as far as its own words show."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    MEASURE = "measure"
    AGE = "age"
    ORDINAL = "ordinal"
    YEAR = "year"
    DAY = "day"
    TIME = "time"


class Hedge(StrEnum):
    """How the words around a number loosen it."""

    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NEARLY = "nearly"
    PLURAL = "plural"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as stated: its full value, the step to which it is written, what it counts, and how loosely.

    `value` of "415 million" is 415000000 and `step` 1000000; of a day it is MMDD or YYYYMMDD, of a clock
    time HHMM. `unit` is a currency (ISO 4217), a unit of measure, or None. `counted` is the stem of the word
    that follows. `span` covers number, scale and unit, not the hedge.
    """

    value: Decimal
    step: Decimal
    kind: NumberKind
    unit: str | None
    hedge: Hedge | None
    counted: str | None
    span: Span


_HEDGE_REACH = 30
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_PRONOUN_BEFORE = re.compile(r"\b(?:no|any|every|some|this|that|each|which|the|another)[\s-]$", re.IGNORECASE)
_PRONOUN_AFTER = re.compile(
    r"\s+(?:another|of|by|can|is|who|day|should|may|might|would)\b|['\u2019]|[^\w\s-]|\s*$"
)
_AGE_BEFORE = re.compile(r"(?:\b[Aa]ged?|\b[Dd]ie[sd](?: aged)? at|\b(?!Day)[A-Z][a-z]+,)\s$")
_AGE_AFTER = re.compile(r"\s?[,.;)]|\s*$|\s(?:and|or)\s(?:over|older|under|above)\b")
_LENGTH_AFTER = re.compile(
    r"\s+(?:race|sprint|hurdles|final|freestyle|butterfly|relay|deep|high|tall|long|wide|away|from|above|"
    r"below|champion|gold|record|runner)\b",
    re.IGNORECASE,
)


def _any_of(words: Iterable[str]) -> str:
    """An alternation that tries longer words first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _hedge_before() -> re.Pattern[str]:
    # The article may stand between: "about a million".
    named = {hedge: getattr(numerals, hedge.name) for hedge in Hedge if hedge is not Hedge.PLURAL}
    either = "|".join(f"(?P<{hedge.name}>{words})" for hedge, words in named.items())
    return re.compile(rf"(?<!\w)(?:{either})\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)


@cache
def _counting() -> re.Pattern[str]:
    """Digits or number words, with the currency before them and scale and unit behind."""
    small = _any_of([*numerals.UNITS, *numerals.TENS])
    scale = "hundred|thousand|million|billion|trillion|dozen|lakhs?|crores?"
    opening = rf"(?:half\s+)?an?\s(?=(?:{scale})\b)|(?:{small})\b"
    spelled = rf"(?:{opening})(?:(?:[\s-]|\s+and\s+)?(?:{small}|{scale})\b)*"
    digits = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?"
    currencies = _any_of(name for name in numerals.CURRENCIES if len(name) > 2 and name != "us$")
    return re.compile(
        r"(?:(?P<currency>us\$|a\$|c\$|\brs\.?\s?|[$£€¥₹])\s?)?(?<![\w.,/])(?<![A-Za-z]-)(?<!\bno )(?:"
        rf"(?P<digits>{digits})(?:\s?(?P<short>bn|mn|tn|k|m|b)\b|[\s-](?P<scale>{scale})\b)?"
        rf"|(?P<plural>{_any_of(numerals.PLURALS)})\b|(?<![\w-])(?P<spelled>{spelled}))"
        r"(?P<ordinal>(?:st|nd|rd|th)\b)?(?![.,/]?\d)"
        r"(?:(?P<percent>\s?%|[\s-]?per\s?cent\b|\s?percentage points?\b|\s?pc\b)"
        r"|[\s-](?P<age>years?[\s-]old|years? of age)\b"
        rf"|[\s-](?P<money>{currencies})\b|[\s-]?(?P<measure>{_any_of(numerals.MEASURES)})\b|(?!\w))",
        re.IGNORECASE,
    )


@cache
def _calendar() -> re.Pattern[str]:
    """Dates, clock times and years by themselves: numbers that count nothing."""
    month = rf"(?P<{{}}>{'|'.join(numerals.MONTHS)})[a-z]*\b\.?"
    ordinal = r"(?:st|nd|rd|th)?"
    first = (
        rf"\b(?P<day1>\d{{1,2}}){ordinal}\s+(?:of\s+)?{month.format('month1')}(?:,?\s+(?P<year1>{_YEAR})\b)?"
    )
    second = (
        rf"\b{month.format('month2')}\s+(?P<day2>\d{{1,2}}){ordinal}\b(?!\s?(?:%|per|million|[:.,]\d))"
        rf"(?:,?\s+(?P<year2>{_YEAR})\b)?"
    )
    clock = (
        r"\b\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\b\.?|gmt|bst|est|utc)|\b\d{1,2}\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b"
    )
    return re.compile(
        rf"(?P<DAY>\b(?P<year3>{_YEAR})-(?P<month3>\d\d)-(?P<day3>\d\d)\b|{first}|{second})|(?P<TIME>{clock})"
        rf"|(?P<YEAR>(?<![\w.,$£€¥₹:/-]){_YEAR}s?\b(?![.,]\d|\s?%|\s(?:million|billion|people|percent|per)))",
        re.IGNORECASE,
    )


def numbers(text: str) -> list[Number]:
    """Every number of the text in order; dates, clock times and years are marked as such by their kind."""
    dated = matches(_calendar(), text, beginnings.of_dates(text))
    found = [_calendar_number(match) for match in dated]
    taken = [number.span for number in found]
    for match in matches(_counting(), text, beginnings.of_numbers(text)):
        span = Span(*match.span())
        if not any(span.overlaps(other) for other in taken) and not _is_pronoun(match, text):
            found.append(_counting_number(match, text))
    return sorted(found, key=lambda number: number.span)


def _calendar_number(match: re.Match[str]) -> Number:
    part = match.groupdict()
    if part["DAY"]:
        kind, value = NumberKind.DAY, _day(part)
    elif part["YEAR"]:
        kind, value = NumberKind.YEAR, int(part["YEAR"][:4])
    else:
        kind, value = NumberKind.TIME, _clock(part["TIME"].lower())
    return Number(Decimal(value), Decimal(1), kind, None, None, None, Span(*match.span()))


def _day(part: dict[str, str | None]) -> int:
    way = next(way for way in "123" if part[f"day{way}"])
    month, year = str(part[f"month{way}"]).lower(), part[f"year{way}"]
    number = int(month) if month.isdigit() else numerals.MONTHS.index(month) + 1
    return int(year or 0) * 10_000 + number * 100 + int(part[f"day{way}"] or 0)


def _clock(written: str) -> int:
    hours, *minutes = (int(digits) for digits in re.findall(r"\d+", written))
    after_noon = re.search(r"p\.?m", written) and hours < 12
    return (hours + 12 * bool(after_noon)) * 100 + (minutes[0] if minutes else 0)


def _is_pronoun(match: re.Match[str], text: str) -> bool:
    """Whether a lone "one" stands for a person or thing rather than a count."""
    if match.group().lower() != "one":
        return False
    before = _PRONOUN_BEFORE.search(text, max(0, match.start() - 10), match.start())
    return bool(before or _PRONOUN_AFTER.match(text, match.end()))


def _counting_number(match: re.Match[str], text: str) -> Number:
    part = match.groupdict()
    scale = (part["scale"] or part["short"] or "").lower()
    if scale == "m" and not part["currency"] and _LENGTH_AFTER.match(text, match.end()):
        part["measure"], scale = "metres", ""
    hedge = _hedge(text, match.start())
    if part["digits"]:
        value, step = _from_digits(part["digits"], scale)
    elif part["plural"]:
        value = step = Decimal(numerals.PLURALS[part["plural"].lower()][0])
        hedge = Hedge.PLURAL
    else:
        value, step = _from_words(part["spelled"])
    kind, unit = _kind(part)
    if kind is NumberKind.COUNT and part["digits"] and _is_age(text, match):
        kind, unit = NumberKind.AGE, "year"
    return Number(value, step, kind, unit, hedge, _counted(text, match.end()), Span(*match.span()))


def _is_age(text: str, match: re.Match[str]) -> bool:
    """Whether a bare number is somebody's age: "aged 74", "dies at 92", "Jane Doe, 54,"."""
    before = _AGE_BEFORE.search(text, max(0, match.start() - _HEDGE_REACH), match.start())
    return len(match.group()) <= 3 and bool(before and _AGE_AFTER.match(text, match.end()))


def _from_digits(digits: str, scale: str) -> tuple[Decimal, Decimal]:
    """The value and the place of its last digit; filling zeros do not count where no scale is written."""
    plain = Decimal(digits.replace(",", ""))
    factor = Decimal(numerals.SCALES.get(scale, 1))
    power = -len(digits.partition(".")[2])
    if not scale and power == 0 and plain:
        power = len(digits.replace(",", "")) - len(digits.replace(",", "").rstrip("0"))
    return plain * factor, factor * Decimal(10) ** power


def _from_words(phrase: str) -> tuple[Decimal, Decimal]:
    total = current = Decimal(0)
    step = Decimal(1)
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in numerals.UNITS or word in numerals.TENS:
            current += numerals.UNITS.get(word) or numerals.TENS.get(word, 0)
            step = Decimal(1)
        elif word == "half":
            current = Decimal("0.5")
        elif word in numerals.SCALES:
            step = Decimal(numerals.SCALES[word])
            current = (current or 1) * step
            if step > 100:
                total, current = total + current, Decimal(0)
    return total + current, step


def _kind(part: dict[str, str | None]) -> tuple[NumberKind, str | None]:
    if part["percent"]:
        return NumberKind.PERCENT, None
    if named := part["currency"] or part["money"]:
        return NumberKind.MONEY, numerals.CURRENCIES[named.strip().lower().rstrip(".")]
    if part["age"]:
        return NumberKind.AGE, "year"
    if part["ordinal"]:
        return NumberKind.ORDINAL, None
    if part["measure"]:
        return NumberKind.MEASURE, numerals.MEASURES[part["measure"].lower()]
    return NumberKind.COUNT, None


def _hedge(text: str, start: int) -> Hedge | None:
    match = _hedge_before().search(text, max(0, start - _HEDGE_REACH), start)
    return Hedge[match.lastgroup] if match and match.lastgroup else None


def _counted(text: str, end: int) -> str | None:
    """The stem of the word right behind: what is counted, unless it is a function word or a number."""
    match = WORD.match(text, end + 1) if text[end : end + 1].isspace() or text[end : end + 1] == "-" else None
    word = fold(match.group()) if match else ""
    return stem(word) if word and not word[0].isdigit() and word not in FUNCTION_WORDS else None
