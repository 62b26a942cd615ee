"""Each setting knows its value and where it came from; the archive is found where it is said to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.archive import NoArchive, catalog_address, find_archive
from archive.cli import main
from archive.errors import ExitCode
from archive.settings import FILE, SETTINGS, BadSetting, Setting, load_settings


def write(directory: Path, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / FILE).write_text(text)
    return directory


def in_force(
    directory: Path,
    name: str,
    options: dict[str, str] | None = None,
    environment: dict[str, str] | None = None,
) -> tuple[object, str]:
    found = load_settings(directory, options, environment or {})
    return next((each.value, each.origin) for each in found.values() if each.setting.name == name)


EVERY = {"option": "9", "environment": "8", "file": "7"}


@pytest.mark.parametrize(
    ("given", "value", "origin"),
    [
        ({"option", "environment", "file"}, 9, "option"),
        ({"environment", "file"}, 8, "environment"),
        ({"file"}, 7, "file"),
        (set(), 60, "default"),
        ({"option"}, 9, "option"),
        ({"environment"}, 8, "environment"),
    ],
)
def test_the_nearest_word_wins(tmp_path: Path, given: set[str], value: int, origin: str) -> None:
    write(tmp_path, "patience = 7" if "file" in given else "")
    options = {"patience": "9"} if "option" in given else {}
    environment = {"CLAIMTRAIL_PATIENCE": "8"} if "environment" in given else {}
    assert in_force(tmp_path, "patience", options, environment) == (value, origin)


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "patience = 7")
    assert in_force(tmp_path, "patience", environment={"CLAIMTRAIL_PATIENCE": ""}) == (7, "file")


def test_nothing_may_be_as_good_as_a_number(tmp_path: Path) -> None:
    assert in_force(tmp_path, "patience", {"patience": "0"}) == (0, "option")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_its_type_wherever_it_comes_from(tmp_path: Path, setting: Setting) -> None:
    raw = "words" if isinstance(setting.default, str) else "3"
    write(tmp_path, f"{setting.name} = '{raw}'")
    expected = type(setting.default)(raw)
    for options, environment in (({setting.name: raw}, {}), ({}, {setting.variable: raw}), ({}, {})):
        value, _ = in_force(tmp_path, setting.name, options, environment)
        assert (value, type(value)) == (expected, type(setting.default))
    assert setting.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("patience = 'long'", "not a whole number"),
        ("patience = -1", "less than nothing"),
        ("patience = nan", "not a whole number"),
        ("patience = inf", "not a whole number"),
        ("patience = 1.5", "not a whole number"),
        ("search_seconds = nan", "not a number"),
        ("search_seconds = -0.5", "less than nothing"),
        ("patience = true", "neither text nor a number"),
        ("patience = [1]", "neither text nor a number"),
        ("[patience]\nseconds = 1", "neither text nor a number"),
        ("patients = 1", "no setting 'patients'"),
        ("patience = ", "cannot be read"),
        ("patience = 1\npatience = 2", "cannot be read"),
    ],
)
def test_a_bad_file_is_named_with_what_is_bad_in_it(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadSetting, match=words) as failure:
        load_settings(tmp_path, environment={})
    assert FILE in str(failure.value) or "settings" in str(failure.value)
    assert failure.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("raw", ["long", "-1", "nan", "inf", "1.5", "1e3"])
def test_a_bad_variable_is_named(tmp_path: Path, raw: str) -> None:
    with pytest.raises(BadSetting, match="CLAIMTRAIL_PATIENCE"):
        load_settings(tmp_path, environment={"CLAIMTRAIL_PATIENCE": raw})


def test_a_bad_option_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="option"):
        load_settings(tmp_path, {"patience": "x"}, {})
    with pytest.raises(BadSetting, match="no setting 'patients'"):
        load_settings(tmp_path, {"patients": "1"}, {})


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'archivist = "\xff"')
    with pytest.raises(BadSetting, match="cannot be read"):
        load_settings(tmp_path, environment={})


def test_the_archivist_is_the_one_who_is_logged_in_unless_it_is_said(tmp_path: Path) -> None:
    assert load_settings(tmp_path, environment={}).archivist
    assert load_settings(tmp_path, {"archivist": "M. Tansley"}, {}).archivist == "M. Tansley"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("sqlite:catalog.db", "sqlite:/the/archive/catalog.db"),
        ("sqlite:/elsewhere/c.db", "sqlite:/elsewhere/c.db"),
        ("postgresql://me@there/news", "postgresql://me@there/news"),
    ],
)
def test_a_path_is_within_the_archive(address: str, expected: str) -> None:
    place = Path("/the/archive")
    assert catalog_address(place, load_settings(place, {"catalog": address}, {})) == expected


# Where the archive is


def test_the_archive_named_comes_before_the_environment_and_that_before_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, told, here = (write(tmp_path / name, "") for name in ("named", "told", "here"))
    monkeypatch.chdir(here)
    environment = {"CLAIMTRAIL_ARCHIVE": str(told)}
    assert find_archive(named, environment) == named
    assert find_archive(None, environment) == told
    assert find_archive(None, {}) == find_archive(None, {"CLAIMTRAIL_ARCHIVE": ""}) == here


def test_the_nearest_directory_upwards_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = write(tmp_path / "outer", "")
    inner = write(outer / "a" / "inner", "")
    deep = inner / "b" / "c"
    deep.mkdir(parents=True)
    for here, expected in ((deep, inner), (inner, inner), (outer / "a", outer)):
        monkeypatch.chdir(here)
        assert find_archive(None, {}) == expected


def test_a_relative_place_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "here", "")
    monkeypatch.chdir(tmp_path)
    assert find_archive(Path("here"), {}) == tmp_path / "here"


def test_where_there_is_none_it_is_said_and_nothing_else_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "")
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(tmp_path)
    for named, environment in ((empty, {}), (None, {"CLAIMTRAIL_ARCHIVE": str(empty)})):
        with pytest.raises(NoArchive, match="claimtrail init") as failure:
            find_archive(named, environment)
        assert failure.value.exit_code is ExitCode.NO_ARCHIVE
    (empty / FILE).mkdir()
    with pytest.raises(NoArchive):
        find_archive(empty, {})


# What the commands say


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CLAIMTRAIL_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("bare")
def test_the_command_says_where_each_value_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "patience = 7\narchivist = 'M. Tansley'")
    monkeypatch.setenv("CLAIMTRAIL_ARCHIVIST", "someone else")
    assert main(["settings", "--archive", str(tmp_path)]) == ExitCode.DONE
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert list(lines) == [setting.name for setting in SETTINGS]
    assert "environment" in lines["archivist"]
    assert "someone else" in lines["archivist"]
    assert "file" in lines["patience"]
    assert "default" in lines["store"]


@pytest.mark.usefixtures("bare")
def test_a_bad_setting_stops_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "")
    monkeypatch.setenv("CLAIMTRAIL_PATIENCE", "soon")
    for command in ("settings", "status"):
        assert main([command, "--archive", str(tmp_path)]) == ExitCode.USAGE
        assert "CLAIMTRAIL_PATIENCE" in capsys.readouterr().err


@pytest.mark.usefixtures("bare")
def test_without_an_archive_a_command_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("status", "verify", "settings", "upgrade"):
        assert main([command]) == ExitCode.NO_ARCHIVE
        assert "claimtrail init" in capsys.readouterr().err
