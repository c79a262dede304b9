"""What shapes follow, and what is painted over them."""

import pytest

from yozora.prompts.shapes import Parts, apart, of_one_shape

DOG = "a brown dog runs in a park by day , clear weather , natural style"


@pytest.mark.parametrize(
    "other",
    [
        DOG,
        "a blue dog runs in a park by day",
        "a brown dog runs on a beach at night , snow , clay stop-motion style",
    ],
)
def test_colours_places_and_light_leave_them(other: str):
    assert of_one_shape(DOG, other) and of_one_shape(other, DOG)


@pytest.mark.parametrize(
    "other",
    [
        "a brown cat runs in a park by day",
        "a brown dog sits in a park by day",
        "a brown dog runs then sits in a park by day",
        "two brown dogs run in a park by day",
        "a brown dog runs next to a cat in a park by day",
        "a brown dog runs in a park by day , the camera orbits",
        "in a park by day",
    ],
)
def test_who_is_there_what_they_do_and_the_camera_move_them(other: str):
    assert not of_one_shape(DOG, other) and not of_one_shape(other, DOG)


@pytest.mark.parametrize(
    ("other", "parts"),
    [
        ("a white dog runs in a park by day , clear weather , natural style", Parts.SUBJECTS),
        ("a brown cat jumps in a park by day , clear weather , natural style", Parts.SUBJECTS),
        ("a brown dog runs on a beach by day , clear weather , natural style", Parts.AROUND),
        ("a brown dog runs in a library , natural style", Parts.AROUND),  # no hour indoors
        ("a white dog runs on a beach by day , clear weather , natural style", Parts.ALL),
        ("a brown dog runs in a park at night , clear weather , natural style", Parts.ALL),
        ("a brown dog runs in a park by day , clear weather , watercolour style", Parts.ALL),
        (f"{DOG} , the camera orbits", Parts.ALL),
    ],
)
def test_words_are_for_subjects_or_for_what_is_around_them_or_for_all(other: str, parts: Parts):
    assert apart(DOG, other) is apart(other, DOG) is parts
