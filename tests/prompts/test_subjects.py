"""Subjects: what is only mentioned, who is who, how many, and whose a colour or a garment is."""

from __future__ import annotations

import pytest

from yozora.prompts.reading import read


def kinds(prompt: str) -> list[str | None]:
    return [subject.kind for subject in read(prompt).said.subjects]


# prompt -> the kinds that are to be seen
SEEN = {
    # what is drawn, wished for, gone or become is no subject
    "a girl draws a circle in the sand": ["child"],
    "a baker pours a heart and a monk paints a dragon": ["man", "man"],
    "the camera drifts past shelves the way a burglar would": [],
    "scribbles on a wall as if by a child": [],
    "a robot turns into a truck": ["robot"],
    "a nurse looks round: the dog behind her is gone": ["woman"],
    # what somebody turns out to be, or is said to be, is that one again
    "a knight lifts a visor and turns out to be a girl": ["child"],
    "our captain, a tired woman, waves": ["woman"],
    # a stranger's baby is a child, an animal's own is its young
    "a kitten meets the baby": ["cat", "child"],
    "a hippo with her baby": ["elephant"],
    # who rides is seen, unless nothing but a rider is
    "a robot rides a bicycle": ["robot", "bicycle"],
    "a boy rides a bicycle": ["bicycle"],
    # with no room left a thing in a phrase makes room for one who lives
    "a nurse with a balloon waves, a doctor runs and a boy cries": ["woman", "man", "child"],
    # an adjective between an article and its noun changes nothing
    "the pilot, a calm woman with curls": ["woman"],
    # an exception is there
    "everyone sleeps, except for one cat": ["cat"],
    "nobody but a penguin on the ice": ["penguin"],
    "an empty street with no people except a dog": ["dog"],
    # what somebody sits on is not shown beside them
    "a girl, sat on a trunk": ["child"],
    # who belongs to somebody is no vehicle
    "a runner and her coach": ["woman", "man"],
    # whose hands
    "her wrinkled hands knead dough": ["woman"],
}


@pytest.mark.parametrize(("prompt", "seen"), SEEN.items(), ids=list(SEEN))
def test_who_is_seen(prompt: str, seen: list[str]):
    assert kinds(prompt) == seen


def test_groups_of_one_kind_are_one_subject():
    (twins,) = read("twin babies in the snow").said.subjects
    assert (twins.kind, twins.count) == ("child", 2)
    _, gulls = read("a bus and a flock of gulls").said.subjects
    assert gulls.count == 1  # of several kinds there is one each: no number was said
    _, dogs = read("a bus and two dogs").said.subjects
    assert dogs.count == 2


# prompt -> (kind, colour, garments) of the first subject
WORN = {
    "a robot in a purple coat": ("robot", "purple", ()),
    "a woman shakes hands with a robot in a green suit": ("woman", None, ()),
    "a dancer in pink leggings, she bows": ("woman", "pink", ()),
    "a boy drops his red scarf": ("child", None, ()),
    "a boy with a red scarf": ("child", None, (("scarf", "red"),)),
    "a boy adjusts his scarf": ("child", None, (("scarf", None),)),
    "a man between two hats": ("man", None, ()),
    "a boy with muddy knees and yellow trainers": ("child", None, (("boots", "yellow"),)),
    # a colour after a noun is that noun's
    "a truck, its windows green": ("truck", None, ()),
    "a truck mended with gold": ("truck", None, ()),
    "a cat with white, fluffy fur": ("cat", "white", ()),
    "a truck with gold wheels": ("truck", None, ()),
    "an ice cream truck": ("truck", None, ()),
}


@pytest.mark.parametrize(("prompt", "worn"), WORN.items(), ids=list(WORN))
def test_whose_a_colour_or_a_garment_is(prompt: str, worn: tuple[object, ...]):
    first = read(prompt).said.subjects[0]
    assert (first.kind, first.colour, first.worn) == worn


def test_who_sees_nothing_leaves_no_place_empty():
    assert not read("the tide rises and nobody has noticed").nobody
    assert read("a beach at night, nobody is there").nobody
    assert read("a beach at night, no one around").nobody
