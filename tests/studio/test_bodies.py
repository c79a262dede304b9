"""Forms with brackets say what JSON says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from yozora.studio.api.bodies import of_form
from yozora.studio.errors import StudioError

PLAIN = st.text("abc 0{}[]", min_size=1, max_size=4).map("x".__add__)

PLAINS = st.sampled_from(
    [{"first": "plain"}, {"first": "plain", "b": "plain", "c": {"d": "plain"}}]
)


def shapes(nested=True):
    """Of values that brackets can say: in a list all objects have the same fields, and the first
    of them is plain; in one that is not `nested`, all of them are."""
    names = st.lists(st.sampled_from("abcd"), unique=True, max_size=3)

    def more(inner):
        fields = names.flatmap(lambda keys: st.fixed_dictionaries(dict.fromkeys(keys, inner)))
        objects = fields.map(lambda shape: {"first": "plain"} | shape)
        return objects | (objects if nested else PLAINS).map(lambda shape: [shape])

    return st.recursive(st.sampled_from(["plain", ["plain"]]), more, max_leaves=8)


def values(shape):
    if shape == "plain":
        return PLAIN
    if isinstance(shape, list):
        return st.lists(values(shape[0]), min_size=1, max_size=3)
    fields = st.fixed_dictionaries({key: values(one) for key, one in shape.items()})
    return fields.map(lambda found: {key: found[key] for key in shape})


def encoded(name, value):
    """As OpenAI's clients write forms."""
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in encoded(f"{name}[{key}]", one)]
    if isinstance(value, list):
        return [pair for one in value for pair in encoded(f"{name}[]", one)]
    return [(name, value)]


@given(shapes().flatmap(values))
def test_brackets_say_what_json_says(value):
    assert of_form(FormData(encoded("a", value))).fields == {"a": value}


@given(shapes(nested=False).flatmap(values))
def test_fields_may_come_one_by_one_for_all_objects(value):
    columns = {}
    for name, one in encoded("a", value):
        columns.setdefault(name, []).append(one)
    form = FormData([(name, one) for name, found in columns.items() for one in found])
    assert of_form(form).fields == {"a": value}


@pytest.mark.parametrize(
    ("pairs", "fields"),
    [
        ("a[][n]=1 a[][m][]=2 a[][m][]=3 a[][m][]=4 a[][n]=5",
         {"a": [{"n": "1", "m": ["2", "3", "4"]}, {"n": "5"}]}),
        ("a[][m][]=1 a[][t]=2 a[][m][]=3", {"a": [{"m": ["1"], "t": "2"}, {"m": ["3"]}]}),
        ("a[][t]=1 a[][t]=2 a[][s]=3 a[][s]=4",
         {"a": [{"t": "1", "s": "3"}, {"t": "2", "s": "4"}]}),
        ("a[][c][k]=1 a[][c][j]=2 a[][c][k]=3",
         {"a": [{"c": {"k": "1", "j": "2"}}, {"c": {"k": "3"}}]}),
        ("a[0][x]=1 a[1][y]=2 a[0][z]=3", {"a": [{"x": "1", "z": "3"}, {"y": "2"}]}),
        ("a[0]=1 a[1]=2", {"a": ["1", "2"]}),
        ("a=1 a=2 a=3", {"a": ["1", "2", "3"]}),
        ('a={"b":[1]} c=[1,2]', {"a": {"b": [1]}, "c": [1, 2]}),
    ],
)  # fmt: skip
def test_lists_go_on_where_they_were(pairs, fields):
    form = FormData([tuple(one.split("=", 1)) for one in pairs.split()])
    assert of_form(form).fields == fields


@pytest.mark.parametrize("pairs", ["a[]=1 a[b]=2", "a[b]=1 a[]=2", "a[]=1 a[][b]=2 a[0][b]=3"])
def test_what_is_a_list_and_an_object_is_refused(pairs):
    with pytest.raises(StudioError):
        of_form(FormData([tuple(one.split("=", 1)) for one in pairs.split()]))


@pytest.mark.parametrize(
    "name", ["a" + "[]" * 60, "a[" + "9" * 5000 + "][b]", "a[²][b]", "a]b[", ""]
)
def test_odd_names_are_refused_or_kept(name):
    try:
        of_form(FormData([(name, "1"), (name, "2")]))
    except StudioError:
        return
