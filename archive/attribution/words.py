"""Lexicons: what the words of a language can be in an attribution, as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    VERBISH = 1 << 23
    PLURAL_PRONOUN = 1 << 24
    CUE_VERB = 1 << 25
    CUE_PREFIX = 1 << 26
    CUE_ADVERB = 1 << 28
    CUE_SUFFIX = 1 << 29
    COMMA = 1 << 30
    QUOTE = 1 << 31
    PUNCTUATION = 1 << 32
    SURE_VERB = 1 << 33
    PLURAL = 1 << 34
    CUE_SECOND = 1 << 35
    JOIN = 1 << 36


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


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of one language; `version` is the version of its data.

    `words` tells what each word can be, `verbs` the frames of each form of a cue verb, `prefixes` the
    rest of each cue phrase by its first word. `lists` holds the small lists that single rules go by.
    """

    language: str
    version: str
    words: dict[str, int]
    verbs: dict[str, Verb]
    prefixes: dict[str, tuple[tuple[str, ...], ...]]
    adverb_endings: tuple[str, ...]
    gerund_endings: tuple[str, ...]
    participle_endings: tuple[str, ...]
    verb_second: bool
    pronouns: dict[str, str]
    genders: dict[str, str]
    lists: dict[str, frozenset[str]]
    capitals: re.Pattern[str]
    datelines: re.Pattern[str]
    credits: tuple[tuple[str, re.Pattern[str]], ...]


def languages() -> tuple[str, ...]:
    """The languages that there is a lexicon for, as BCP 47 primary tags."""
    place = resources.files(__package__).joinpath("lexicon")
    return tuple(sorted(f.name.removesuffix(".toml") for f in place.iterdir() if f.name.endswith(".toml")))


def lexicon(language: str | None) -> Lexicon | None:
    """The lexicon for a BCP 47 tag (English for None), or None where we have none for that language."""
    return _read((language or "en").partition("-")[0].lower())


@cache
def _read(tongue: str) -> Lexicon | None:
    place = resources.files(__package__).joinpath("lexicon", f"{tongue}.toml")
    if not place.is_file():
        return None
    return _built(tomllib.loads(place.read_text(encoding="utf-8")))


def _built(data: dict[str, Any]) -> Lexicon:
    verbs = _verbs(data["verbs"])
    prefixes: dict[str, list[tuple[str, ...]]] = {}
    for phrase in data["cues"]["prefix"].split():
        first, *rest = phrase.split("_")
        prefixes.setdefault(first, []).append(tuple(rest))
    lists = {name: frozenset(listed.split()) for name, listed in data["lists"].items()}
    lists["title"] = frozenset(data["words"]["title"].split())
    lists["place"] = frozenset(data["places"]["names"].strip().splitlines())
    return Lexicon(
        language=data["language"],
        version=data["version"],
        words=_words(data, verbs, prefixes),
        verbs=verbs,
        prefixes={first: tuple(rest) for first, rest in prefixes.items()},
        adverb_endings=tuple(data["endings"]["adverb"].split()),
        gerund_endings=tuple(data["endings"]["gerund"].split()),
        participle_endings=tuple(data["endings"]["participle"].split()),
        verb_second=data["verb_second"],
        pronouns={word: role for role, listed in data["pronouns"].items() for word in listed.split()},
        genders={word: role for role, listed in data["genders"].items() for word in listed.split()},
        lists=lists,
        capitals=_capitals(lists["capital_name"], data["endings"]["adverb"].split()),
        datelines=re.compile("|".join(data["credits"]["datelines"]), re.MULTILINE),
        credits=tuple((mark, re.compile(pattern)) for mark, pattern in data["credits"]["lines"]),
    )


def _capitals(names: Iterable[str], endings: Iterable[str]) -> re.Pattern[str]:
    """Capitalised words that are not what their lists or endings say."""
    words = [name.capitalize() for name in names]
    words += [rf"[A-Z]\w+{ending}" for ending in endings]
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def _words(data: dict[str, Any], verbs: Iterable[str], prefixes: Iterable[str]) -> dict[str, int]:
    """What each word can be, as bits."""
    words: dict[str, int] = dict.fromkeys(data["endings"]["no_adverb"].split(), 0)
    cues = data["cues"]
    marked: list[tuple[Iterable[str], int]] = [
        (listed.split(), _bit(Word, name)) for name, listed in data["words"].items()
    ]
    marked += [
        (verbs, Word.CUE_VERB),
        (prefixes, Word.CUE_PREFIX),
        (cues["adverb"].split(), Word.CUE_ADVERB),
        (cues["suffix"].split(), Word.CUE_SUFFIX),
        (data["lists"]["second"].split(), Word.CUE_SECOND),
    ]
    for listed, mark in marked:
        for word in listed:
            words[word] = words.get(word, 0) | mark
    return words


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
