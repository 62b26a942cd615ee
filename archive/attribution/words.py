"""Lexicons: what the words of a language can be in an attribution, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


class Word:
    """What a word can be, as bits; plain numbers, for they are asked a million times a second."""

    DETERMINER = 1 << 0
    PRONOUN = 1 << 1
    POSSESSIVE = 1 << 2
    OBJECT = 1 << 3
    BE = 1 << 4
    HAVE = 1 << 5
    DO = 1 << 6
    MODAL = 1 << 7
    NEGATION = 1 << 8
    ADVERB = 1 << 9
    PREPOSITION = 1 << 10
    SUBORDINATOR = 1 << 11
    RELATIVE = 1 << 12
    CONJUNCTION = 1 << 13
    THAT = 1 << 14
    TO = 1 << 15
    BY = 1 << 16
    QUESTION = 1 << 17
    TIME = 1 << 18
    TITLE = 1 << 19
    ANONYMOUS = 1 << 20
    DOCUMENT = 1 << 21
    OUTLET_NOUN = 1 << 22
    VERBISH = 1 << 23
    PLURAL_PRONOUN = 1 << 24
    CUE_VERB = 1 << 25
    CUE_PREFIX = 1 << 26
    CUE_NOUN = 1 << 27
    CUE_ADVERB = 1 << 28
    STOP = 1 << 29
    COMMA = 1 << 30
    QUOTE = 1 << 31
    PUNCTUATION = 1 << 32
    SURE_VERB = 1 << 33
    PLURAL = 1 << 34
    NAME_LIKE = 1 << 35


class Frame:
    """What may stand beside a cue verb, as bits."""

    CLAUSE = 1 << 0
    QUOTE = 1 << 1
    NOUN = 1 << 2
    PARENTHESIS = 1 << 3
    RECIPIENT = 1 << 4
    INFINITIVE = 1 << 5
    AGENTLESS = 1 << 6


class Form:
    """The forms of a verb, as bits in the order of a lexicon's columns."""

    BASE = 1 << 0
    THIRD = 1 << 1
    PAST = 1 << 2
    PARTICIPLE = 1 << 3
    GERUND = 1 << 4


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a cue verb: its frames, what forms it can be, and the particles it may take."""

    frames: int
    forms: int
    particles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language; `version` is the version of its data."""

    language: str
    version: str
    words: dict[str, int]
    verbs: dict[str, Verb]
    prefixes: dict[str, tuple[tuple[str, ...], ...]]
    adverb_endings: tuple[str, ...]


def lexicon(language: str | None) -> Lexicon | None:
    """The lexicon for a BCP 47 tag (English for None), or None where we have none for that language."""
    return _read((language or "en").partition("-")[0].lower())


def languages() -> tuple[str, ...]:
    """The languages that there is a lexicon for, as BCP 47 primary tags."""
    place = resources.files(__package__).joinpath("lexicon")
    return tuple(sorted(f.name.removesuffix(".toml") for f in place.iterdir() if f.name.endswith(".toml")))


@cache
def _read(tongue: str) -> Lexicon | None:
    place = resources.files(__package__).joinpath("lexicon", f"{tongue}.toml")
    if not place.is_file():
        return None
    return _built(tomllib.loads(place.read_text(encoding="utf-8")))


def _built(data: dict[str, Any]) -> Lexicon:
    words: dict[str, int] = dict.fromkeys(data["cues"]["no_adverb"].split(), 0)
    for name, listed in data["words"].items():
        for word in listed.split():
            words[word] = words.get(word, 0) | _bit(Word, name)
    verbs = _verbs(data["verbs"])
    prefixes: dict[str, list[tuple[str, ...]]] = {}
    for phrase in data["cues"]["prefix"].split():
        first, *rest = phrase.split("_")
        prefixes.setdefault(first, []).append(tuple(rest))
    marked = (
        (verbs, Word.CUE_VERB),
        (prefixes, Word.CUE_PREFIX),
        (data["cues"]["noun"].split(), Word.CUE_NOUN),
        (data["cues"]["adverb"].split(), Word.CUE_ADVERB),
    )
    for listed, mark in marked:
        for word in listed:
            words[word] = words.get(word, 0) | mark
    return Lexicon(
        data["language"],
        data["version"],
        words,
        verbs,
        {first: tuple(rest) for first, rest in prefixes.items()},
        tuple(data["cues"]["adverb_endings"].split()),
    )


def _verbs(groups: dict[str, dict[str, Any]]) -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for group in groups.values():
        particles = frozenset(group.get("particles", "").split())
        frames = 0 if particles else sum(_bit(Frame, name) for name in group["frames"])
        for line in group["forms"].strip().splitlines():
            for column, word in enumerate(line.split()):
                if word == "-":  # a form that is hardly ever this verb
                    continue
                old = found.get(word, Verb(0, 0, frozenset()))
                found[word] = Verb(old.frames | frames, old.forms | 1 << column, old.particles | particles)
    return found


def _bit(bits: type, name: str) -> int:
    value: int = getattr(bits, name.upper())
    return value
