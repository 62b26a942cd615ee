"""The words that numbers are written with in English: scales, currencies, measures, hedges, months."""

from __future__ import annotations

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TEENS = "sixteen seventeen eighteen nineteen"
_TIES = "twenty thirty forty fifty sixty seventy eighty ninety"

UNITS = {word: value for value, word in enumerate(f"{_SMALL} {_TEENS}".split())}
TENS = {word: value for value, word in zip(range(20, 100, 10), _TIES.split(), strict=True)}

SCALES = {
    "hundred": 100, "thousand": 10**3, "k": 10**3, "lakh": 10**5, "lakhs": 10**5, "m": 10**6, "mn": 10**6,
    "million": 10**6, "crore": 10**7, "crores": 10**7, "b": 10**9, "bn": 10**9, "billion": 10**9,
    "tn": 10**12, "trillion": 10**12, "dozen": 12,
}  # fmt: skip

PLURALS = {
    "dozens": (24, 100), "scores": (40, 100), "hundreds": (200, 1000), "thousands": (2000, 10**5),
    "tens of thousands": (20_000, 10**5), "hundreds of thousands": (2 * 10**5, 10**6),
    "millions": (2 * 10**6, 10**9), "tens of millions": (2 * 10**7, 10**8),
    "hundreds of millions": (2 * 10**8, 10**9), "billions": (2 * 10**9, 10**12),
}  # fmt: skip
"""What a vague plural leaves open: from, to."""

CURRENCIES = {
    "$": "USD", "us$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "rs": "INR", "a$": "AUD",
    "c$": "CAD", "us dollars": "USD", "dollars": "USD", "dollar": "USD", "pounds": "GBP", "euros": "EUR",
    "euro": "EUR", "yuan": "CNY", "yen": "JPY", "rupees": "INR", "roubles": "RUB", "rubles": "RUB",
}  # fmt: skip

MEASURES = {
    "km": "km", "kilometres": "km", "kilometers": "km", "kilometre": "km", "mile": "mi", "miles": "mi",
    "metres": "m", "meters": "m", "metre": "m", "feet": "ft", "foot": "ft", "ft": "ft", "kg": "kg",
    "kilos": "kg", "tonnes": "t", "tonne": "t", "tons": "t", "ton": "t", "mph": "mph", "acres": "acre",
    "acre": "acre", "hectares": "ha", "c": "C", "degrees": "degree", "hours": "hour", "hour": "hour",
    "minutes": "minute", "minute": "minute", "seconds": "second", "second": "second", "days": "day",
    "day": "day", "weeks": "week", "week": "week", "months": "month", "month": "month", "years": "year",
    "year": "year", "decades": "decade", "decade": "decade",
}  # fmt: skip

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = tuple(_MONTHS.split())

ABOUT = (
    "about|around|some|roughly|approximately|an estimated|estimated|circa|more or less|in the region of|"
    "approx|or so|~|≈"
)
AT_LEAST = (
    "at least|more than|over|above|upwards of|no fewer than|no less than|as many as|exceeding|exceeds|"
    "exceeded|past|tops|topped|passes|passed|surpasses|surpassed|a minimum of|another|>"
)
AT_MOST = "at most|up to|fewer than|less than|under|below|no more than|not more than|a maximum of|<"
NEARLY = "nearly|almost|close to|just under|just over|approaching|nearing"
