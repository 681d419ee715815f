# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a folder is a submission to HEPData: the rules of the format as its documentation
(hepdata-submission.readthedocs.io) and the schemas 1.1.1 of hepdata-validator state them, written
down once more."""

import yaml

NUMBER = (int, float)
TEXT_OR_NUMBER = (str, *NUMBER)
KEYWORDS = {"cmenergies", "observables", "reactions", "phrases"}
FILE_LIMIT = 10 * 1024 * 1024


def keys(thing, required, optional=()):
    assert isinstance(thing, dict), thing
    assert set(required) <= set(thing) <= {*required, *optional}, thing


def is_a(thing, kinds):
    assert isinstance(thing, kinds) and not isinstance(thing, bool), thing


def check_header(header):
    keys(header, ["name"], ["units"])
    for text in header.values():
        is_a(text, str)


def check_error(error):
    assert ("symerror" in error) != ("asymerror" in error)
    keys(error, [], ["symerror", "asymerror", "label"])
    both = [error.get("symerror")] * 2
    if "asymerror" in error:
        keys(error["asymerror"], ["minus", "plus"])
        both = list(error["asymerror"].values())
    for value in both:
        is_a(value, TEXT_OR_NUMBER)
    is_a(error.get("label", ""), str)
    return any(float(value) != 0 for value in both)


def check_value(value):
    keys(value, ["value"], ["errors"])
    is_a(value["value"], TEXT_OR_NUMBER)
    if "errors" in value:
        assert isinstance(value["errors"], list)
        # "will invalidate bins where all uncertainties are zero"
        assert any([check_error(error) for error in value["errors"]])


def check_table(table):
    keys(table, ["independent_variables", "dependent_variables"])
    lengths = set()
    for variable in table["independent_variables"]:
        keys(variable, ["header", "values"])
        check_header(variable["header"])
        lengths.add(len(variable["values"]))
        for value in variable["values"]:
            if set(value) == {"value"}:
                is_a(value["value"], TEXT_OR_NUMBER)
            else:
                keys(value, ["low", "high"], ["value"])
                for number in value.values():
                    is_a(number, NUMBER)
    for variable in table["dependent_variables"]:
        keys(variable, ["header", "values"], ["qualifiers"])
        check_header(variable["header"])
        lengths.add(len(variable["values"]))
        for qualifier in variable.get("qualifiers", []):
            keys(qualifier, ["name", "value"], ["units"])
            is_a(qualifier["name"], str)
            is_a(qualifier["value"], TEXT_OR_NUMBER)
            is_a(qualifier.get("units", ""), str)
        for value in variable["values"]:
            check_value(value)
    assert len(lengths) == 1 and lengths.pop() > 0
    assert table["dependent_variables"]


def check_entry(entry):
    keys(entry, ["name", "description", "keywords", "data_file"], ["location"])
    for name in ("name", "description", "data_file"):
        is_a(entry[name], str)
    assert 0 < len(entry["name"]) <= 64 and entry["description"] and "/" not in entry["data_file"]
    for keyword in entry["keywords"]:
        keys(keyword, ["name", "values"])
        assert keyword["name"] in KEYWORDS
        for value in keyword["values"]:
            is_a(value, TEXT_OR_NUMBER)
            assert len(str(value)) <= 128


def submission(folder):
    """Checks all of a folder; the comment, and the tables by the names of their files, with what
    submission.yaml says of each."""
    with open(folder / "submission.yaml", encoding="utf-8") as stream:
        first, *entries = yaml.safe_load_all(stream)
    assert set(first) == {"comment"} and isinstance(first["comment"], str)
    found = {}
    for entry in entries:
        check_entry(entry)
        path = folder / entry["data_file"]
        assert path.stat().st_size <= FILE_LIMIT
        with open(path, encoding="utf-8") as stream:
            table = yaml.safe_load(stream)
        check_table(table)
        found[entry["data_file"]] = (entry, table)
    assert len({entry["name"] for entry in entries}) == len(entries) == len(found)
    # nothing that is not referred to
    assert {path.name for path in folder.iterdir()} == {"submission.yaml", *found}
    return first["comment"], found
