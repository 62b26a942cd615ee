"""Settings: an option, the environment, `claimtrail.toml`, the default, in this order; each knows which it was."""

from __future__ import annotations

import math
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.limits import SETTING_PREFIX, Limits, limit_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "claimtrail.toml"
"""The file that makes a directory an archive."""

PREFIX = "CLAIMTRAIL_"

Plain = str | int | float


class BadSetting(UsageError):
    """A setting has a value it cannot have, or a name there is no setting of."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set: its name, its default (whose type it has), and what it means."""

    name: str
    default: Plain
    words: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


SETTINGS = (
    Setting("catalog", "sqlite:catalog.db", "where the catalogue is: sqlite:PATH or postgresql://..."),
    Setting("store", "objects", "where the objects are: a path within the archive, or absolute"),
    Setting("index", "whoosh", "which full-text engine keeps the index"),
    Setting("archivist", "", "the name under which you assert things (default: your login name)"),
    Setting("patience", 60, "seconds to wait for another command that is writing"),
    Setting("batch_files", 200, "files taken in before they are recorded together"),
    Setting("batch_bytes", 256 * 1024 * 1024, "bytes taken in before they are recorded together"),
    Setting("checkpoint_copies", "", "a directory elsewhere to which every checkpoint is copied"),
    Setting("lease", 60, "seconds without a sign of life after which a job of another machine is taken over"),
    Setting("workers", 0, "processes that read objects for a check; 0: one a core"),
    Setting("tsa", "", "the address of a time stamping authority (RFC 3161)"),
    Setting("tsa_certificates", "", "its certificates in PEM, lowest first and a root last"),
    Setting("embedder", "", "which installed plug-in helps to rank what `trace` finds"),
    Setting("search_seconds", 10.0, "seconds after which a search ends with what it has"),
    Setting("search_length", 4_000, "characters that a query may have"),
    Setting("search_clauses", 200, "words and conditions that a query may have, and words of one phrase"),
    Setting("search_depth", 20, "brackets that may stand inside one another in a query"),
    Setting("search_prefix", 3, "letters that must stand before a * in a query"),
    Setting("search_expansions", 2_000, "words that one * or one range of numbers may stand for"),
    Setting("search_fuzzy", 50, "words that one ~ stands for, the nearest"),
    Setting("search_distance", 100, 'words that may lie between those of a near ("..."~5)'),
    Setting("search_page", 1_000, "hits on one page"),
    *(Setting(name, default, words) for name, default, words in limit_settings()),
    Setting(
        "notify_key", "keys/notify.key", "the file with the key that signs notices sent to a web address"
    ),
)

_PASSWORD = re.compile(r"://([^/:@]*):[^/@]*@")

_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a setting and where it came from: `option`, `environment`, `file` or `default`."""

    setting: Setting
    value: Plain
    origin: str

    @property
    def shown(self) -> str:
        """The value as it may be shown: the password in an address is left out."""
        return _PASSWORD.sub("://\\1:***@", str(self.value))


class Settings:
    """Every setting with its value in force."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def values(self) -> list[Value]:
        """Every setting, in the order in which they are documented."""
        return [self._values[setting.name] for setting in SETTINGS]

    def text(self, name: str) -> str:
        """The value of a setting of text."""
        return str(self._values[name].value)

    def whole(self, name: str) -> int:
        """The value of a setting of a whole number."""
        return int(self._values[name].value)

    def number(self, name: str) -> float:
        """The value of a setting of a number."""
        return float(self._values[name].value)

    def limits(self) -> Limits:
        """How far a reader may go with one file."""
        set_ = {each.setting.name: each.value for each in self._values.values()}
        of_reading = {
            n.removeprefix(SETTING_PREFIX): v for n, v in set_.items() if n.startswith(SETTING_PREFIX)
        }
        return Limits(**of_reading)  # type: ignore[arg-type]  # each value has the type of its default

    def plain(self, name: str) -> Plain:
        """The value of a setting, as its default is typed."""
        return self._values[name].value

    @property
    def archivist(self) -> str:
        """The name of the person at the keyboard, as far as it is set or the system knows it."""
        return self.text("archivist") or _login()


def load_settings(
    directory: Path, options: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings in force for an archive; raises `BadSetting` for a name or value that cannot be."""
    environment = os.environ if environment is None else environment
    written = _file(directory / FILE)
    given = options or {}
    unknown = [name for name in (*written, *given) if name not in _BY_NAME]
    if unknown:
        where = f"{directory / FILE}: " if unknown[0] in written else ""
        raise BadSetting(f"{where}there is no setting {unknown[0]!r}{_likely(unknown[0])}")
    return Settings({s.name: _value(s, given, environment, written) for s in SETTINGS})


def _likely(name: str) -> str:
    """What was meant, where a name comes close to one that there is; else where they are listed."""
    from difflib import get_close_matches

    near = get_close_matches(name, _BY_NAME, 1)
    return f"; did you mean {near[0]!r}?" if near else "; docs/reference/settings.md lists them"


def nearest(here: Path) -> Path | None:
    """The nearest directory, upwards from here, that is an archive."""
    return next((place for place in (here, *here.parents) if (place / FILE).is_file()), None)


def settings_at_hand() -> Settings:
    """The settings of the archive that commands would work on, without opening it; else the environment's."""
    named = os.environ.get(f"{PREFIX}ARCHIVE")
    place = Path(named) if named else nearest(Path.cwd())
    return load_settings(place or Path.cwd())


def _value(
    setting: Setting, options: Mapping[str, str], environment: Mapping[str, str], written: Mapping[str, Plain]
) -> Value:
    if setting.name in options:
        return Value(setting, _typed(setting, options[setting.name], "the option"), "option")
    if environment.get(setting.variable):
        return Value(setting, _typed(setting, environment[setting.variable], setting.variable), "environment")
    if setting.name in written:
        return Value(setting, _typed(setting, written[setting.name], FILE), "file")
    return Value(setting, setting.default, "default")


def _typed(setting: Setting, raw: Plain, where: str) -> Plain:
    kind = type(setting.default)
    value = _converted(kind, raw)
    if value is None:
        number = "a whole number" if kind is int else "a number"
        raise BadSetting(f"{where} sets {setting.name} to {raw!r}, which is not {number}")
    if not isinstance(value, str) and value < 0:
        raise BadSetting(f"{where} sets {setting.name} to {raw!r}; it cannot be less than nothing")
    return value


def _converted(kind: type[Plain], raw: Plain) -> Plain | None:
    try:
        value = kind(raw)
    except (ValueError, OverflowError):
        return None
    if isinstance(value, str):
        return value
    cut = isinstance(raw, float) and value != raw
    return value if math.isfinite(value) and not cut else None


def _file(path: Path) -> dict[str, Plain]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path} cannot be read: {error}") from error
    bad = [name for name, value in read.items() if isinstance(value, bool) or not isinstance(value, Plain)]
    if bad:
        raise BadSetting(f"{path} sets {bad[0]} to something that is neither text nor a number")
    return read


def _login() -> str:
    """The login name, or the user's number where the system knows no name for it."""
    import pwd

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return f"user {os.getuid()}"
    return entry.pw_gecos.split(",")[0] or entry.pw_name
