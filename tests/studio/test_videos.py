"""`/v1/videos` as clients speak it, on a running studio with a fake network."""

from __future__ import annotations

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.fakes.studio import studio
from yozora.media.video import read_metadata, write_mp4
from yozora.studio.records.people import Role

SMALL = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs in a park"}


def png(width=64, height=36) -> bytes:
    target = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), 90, np.uint8)).save(target, "PNG")
    return target.getvalue()


def make(http, running, **more):
    return running.completed(http.post("/v1/videos", json=SMALL | more), http)


def code(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert answer.headers["x-request-id"]
    assert ":" in error["message"] or "." in error["message"]
    return answer.status_code, error["code"]


def test_a_video_is_made_and_its_bytes_are_whole(http, running, tmp_path):
    created = http.post("/v1/videos", json=SMALL | {"seed": 7})
    assert created.json()["status"] in ("queued", "in_progress")
    assert int(created.headers["openai-poll-after-ms"]) >= 100
    done = running.finished(created.json()["id"], http)
    assert (done["status"], done["progress"], done["seconds"]) == ("completed", 100, "1")
    assert done["size"] == "256x144" and done["seed"] == 7 and done["caption"]
    film = http.get(f"/v1/videos/{done['id']}/content")
    assert film.headers["content-type"] == "video/mp4"
    path = tmp_path / "film.mp4"
    path.write_bytes(film.content)
    assert json.loads(read_metadata(path)["yozora.recipe"])["prompt"] == SMALL["prompt"]
    thumbnail = http.get(f"/v1/videos/{done['id']}/content", params={"variant": "thumbnail"})
    assert Image.open(io.BytesIO(thumbnail.content)).format == "WEBP"
    sheet = http.get(f"/v1/videos/{done['id']}/content", params={"variant": "spritesheet"})
    assert Image.open(io.BytesIO(sheet.content)).size == (1920, 108)


def test_ranges_are_the_bytes_that_were_asked(http, running):
    where = f"/v1/videos/{make(http, running)['id']}/content"
    whole = http.get(where).content
    for wanted, part in (
        ("bytes=0-9", whole[:10]), ("bytes=10-", whole[10:]), ("bytes=-5", whole[-5:]),
        (f"bytes=5-{len(whole) * 2}", whole[5:]),
    ):  # fmt: skip
        answer = http.get(where, headers={"range": wanted})
        assert (answer.status_code, answer.content) == (206, part), wanted
        assert int(answer.headers["content-length"]) == len(part)
    head = http.head(where)
    assert int(head.headers["content-length"]) == len(whole) and not head.content
    assert http.get(where, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    tag = http.get(where).headers["etag"]
    assert http.get(where, headers={"if-none-match": tag}).status_code == 304


def test_forms_in_every_way_are_the_same_request(http, running):
    forms = [
        {"files": {"a": (None, "")}, "data": {"prompt": "a cat", "seed": "7", "model": "yozora-1"}},
        {"data": {"prompt": "a cat", "seed": "7", "model": "yozora-1"}},
        {"json": {"prompt": "a cat", "seed": 7, "model": "yozora-1"}},
        {"content": json.dumps({"prompt": "a cat", "seed": 7.0, "model": "yozora-1"})},
    ]
    seen = []
    for form in forms:
        answer = http.post("/v1/videos", **form)
        if "files" in form:
            assert code(answer)[0] in (200, 400) if answer.status_code == 400 else True
        seen.append(answer.json())
    made = [one for one in seen if "id" in one]
    assert len(made) >= 3 and {one["seed"] for one in made} == {7}


def test_a_picture_comes_to_life_from_a_file_a_data_url_and_an_id(http, running):
    url = "data:image/png;base64," + base64.b64encode(png()).decode()
    first = http.post("/v1/videos", data=SMALL, files={"input_reference": ("upload", png())})
    second = http.post("/v1/videos", json=SMALL | {"input_reference": {"image_url": url}})
    third = http.post("/v1/videos", data=SMALL | {"input_reference[image_url]": url})
    for answer in (first, second, third):
        assert running.completed(answer, http)["tool"] == "animate"


def test_remix_edit_and_extend_are_made_of_what_is_there(http, running):
    film = make(http, running, seed=3)["id"]
    remixed = http.post(f"/v1/videos/{film}/remix", json={"prompt": "in a desert"})
    assert running.completed(remixed, http)["remixed_from_video_id"] == film
    edited = http.post(
        "/v1/videos/edits", data={"prompt": "the dog becomes a cat", "video[id]": film},
        files={"video": ("upload", b"")},
    )  # fmt: skip
    assert running.completed(edited, http)["remixed_from_video_id"] == film
    longer = http.post(
        "/v1/videos/extensions", json={"prompt": "it jumps", "seconds": 2, "video": {"id": film}}
    )
    assert running.completed(longer, http)["seconds"] == "3"


def test_a_film_that_is_uploaded_is_edited(http, running, tmp_path):
    path = tmp_path / "own.mp4"
    write_mp4(path, [np.full((72, 128, 3), 5 * n, np.uint8) for n in range(24)], 24)
    answer = http.post(
        "/v1/videos/extensions", data={"prompt": "a dog runs", "seconds": "1"},
        files={"video": ("own.mp4", path.read_bytes(), "video/mp4")},
    )  # fmt: skip
    running.completed(answer, http)


def test_what_is_edited_may_still_be_in_the_making(http, running):
    first = http.post("/v1/videos", json=SMALL).json()
    second = http.post(f"/v1/videos/{first['id']}/remix", json={"prompt": "in a desert"})
    running.completed(second, http)


@pytest.mark.parametrize(
    "tool",
    [
        {"tool": "loop", "film": "FILM", "seam": "short"},
        {"tool": "blend", "film": "FILM", "other": "OTHER", "curve": [[0, 0], [1, 1]]},
        {"tool": "recut", "film": "FILM", "keep": [{"start": 0, "stop": 1, "at": 0.5}]},
        {"tool": "retake", "film": "FILM", "box": [0.1, 0.1, 0.5, 0.5]},
        {"tool": "insert", "film": "FILM", "box": [0.1, 0.1, 0.5, 0.5]},
        {"tool": "outpaint", "film": "FILM"},
        {"tool": "upscale", "film": "FILM", "times": 2},
        {"tool": "interpolate", "film": "FILM"},
        {
            "tool": "storyboard",
            "cards": [{"text": "a dog runs", "seconds": 1}, {"media": ["FILM"]}],
        },
        {"tool": "reframe", "film": "FILM"},
    ],
    ids=lambda tool: tool["tool"],
)
def test_every_tool_of_the_editor_is_one_call(http, running, tool):
    film, other = make(http, running, seed=1, seconds=2), make(http, running, seed=2, seconds=2)
    raw = json.dumps(tool).replace("FILM", film["id"]).replace("OTHER", other["id"])
    more = {"outpaint": {"size": "288x288"}, "reframe": {"size": "144x144"},
            "interpolate": {"fps": 24}, "recut": {"seconds": 2}}.get(tool["tool"], {})  # fmt: skip
    body = {"model": "yozora-1", "prompt": "a red car", "tool": json.loads(raw)} | more
    running.completed(http.post("/v1/videos", json=body), http)


def test_a_loop_is_told_as_long_as_it_comes_out(http, running):
    film = make(http, running, seconds=2)
    for seam in ("short", 3.0):
        tool = {"tool": "loop", "film": film["id"], "seam": seam}
        told = http.post("/v1/videos", json={"model": "yozora-1", "tool": tool})
        done = running.completed(told, http)
        assert abs(float(told.json()["seconds"]) - float(done["seconds"])) <= 0.35, seam


def test_rates_of_television_are_exact(http, running):
    assert make(http, running, fps=29.97)["fps"] == pytest.approx(30_000 / 1001, abs=1e-9)


def test_a_whole_timeline_is_one_call_and_names_nothing_else_on_the_machine(http, running):
    film = make(http, running, seconds=1)
    clip = {"kind": "clip", "asset": film["id"], "start": 0, "stop": 120_000}
    spans = [{"ticks": 120_000, "caption": "a dog", "level": 0.0, "content": clip},
             {"ticks": 120_000, "caption": "a cat", "level": 1.0}]  # fmt: skip
    document = {"version": 1, "spans": spans, "closed": True}
    running.completed(
        http.post("/v1/videos", json={"model": "yozora-1", "timeline": document}), http
    )
    clip["asset"] = "/etc/hostname"
    refused = http.post("/v1/videos", json={"model": "yozora-1", "timeline": document})
    assert code(refused)[0] in (400, 404)


def test_words_are_words_though_they_look_like_json(http):
    for prompt in ('{"scene": "a dog runs", "camera": "static"}', '["a dog","runs"]', "[a] dog"):
        sent = {"prompt": prompt, "model": "yozora-1", "held": "true", "metadata": '{"a": ["b"]}',
                "negative_prompt": '["blur"]'}  # fmt: skip
        for files in (None, {"input_reference": ("upload", b"")}):  # urlencoded, and in parts
            made = http.post("/v1/videos", data=sent, files=files)
            assert made.status_code == 200, made.text
            assert made.json()["prompt"] == prompt
            assert made.json()["negative_prompt"] == '["blur"]'
    cards = {"tool[tool]": "storyboard", "tool[cards][][text]": '["a dog"]', "model": "yozora-1"}
    told = http.post("/v1/videos", data=cards | {"held": "true"})
    assert told.status_code == 200, told.text


def test_what_an_address_takes_is_told_whole(http):
    for method, where, takes in (
        ("PUT", "/v1/videos", "GET, POST"), ("PUT", "/v1/videos/x/content", "GET, HEAD"),
        ("PATCH", "/v1/videos/x", "DELETE, GET, POST"),
    ):  # fmt: skip
        answer = http.request(method, where)
        assert code(answer) == (405, "method_not_allowed")
        assert answer.headers["allow"] == takes


def test_what_is_somebody_elses_is_not_there(http, running):
    film = make(http, running)["id"]
    with running.client(running.somebody("stranger")) as other:
        for answer in (
            other.get(f"/v1/videos/{film}"), other.get(f"/v1/videos/{film}/content"),
            other.delete(f"/v1/videos/{film}"), other.get(f"/v1/videos/{film}/events"),
            other.post(f"/v1/videos/{film}/remix", json={"prompt": "at night"}),
            other.post(f"/v1/videos/{film}/cancel"),
        ):  # fmt: skip
            assert code(answer) == (404, "not_found")
        for order in ("asc", "desc"):
            page = other.get("/v1/videos", params={"after": film, "order": order})
            assert page.json()["data"] == []


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "a"}, "prompt"),
        ({"prompt": "a dog", "negative_prompt": "?!"}, "negative_prompt"),
        ({"prompt": "a dog", "seconds": "1000"}, "seconds"),
        ({"prompt": "a dog", "seconds": "soon"}, "seconds"),
        ({"prompt": "a dog", "size": "wide"}, "size"),
        ({"prompt": "a dog", "size": "9x9"}, None),
        ({"prompt": "a dog", "model": "gpt-9"}, "model"),
        ({"prompt": "a dog", "colour": "red"}, "colour"),
        ({"prompt": "a dog", "input_reference": {"file_id": "file_none"}}, None),
        ({"prompt": "a dog", "input_reference": {}}, "input_reference"),
        ({"prompt": "a dog", "input_reference": {"image_url": "http://127.0.0.1/x.png"}}, None),
        ({"prompt": "a dog", "tool": {"tool": "loop"}}, None),
        ({"prompt": "a dog", "tool": "dance"}, None),
        ({"prompt": "a dog", "timeline": {"version": 9}}, "timeline"),
        ({"prompt": "a dog", "characters": [{"id": "char_none"}]}, None),
        ({"prompt": "a dog", "style": "no such"}, "style"),
        ({"prompt": ["a"]}, "prompt"),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(http, body, param):
    answer = http.post("/v1/videos", json=body)
    status, _ = code(answer)
    assert status in (400, 404)
    if param is not None:
        assert (answer.json()["error"]["param"] or "").startswith(param)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"nonsense", b'{"prompt": NaN}', b"\xff\xfe"])
def test_what_is_no_json_is_refused(http, raw):
    answer = http.post("/v1/videos", content=raw, headers={"content-type": "application/json"})
    assert code(answer)[0] == 400


def test_addresses_that_are_not_there_have_the_envelope_too(http):
    assert code(http.get("/v1/nothing")) == (404, "not_found")
    assert code(http.put("/v1/videos")) == (405, "method_not_allowed")
    assert code(http.get("/v1/videos", params={"limit": "x"}))[0] == 400


def test_the_same_key_is_the_same_request(http):
    told = {"idempotency-key": "once"}
    first = http.post("/v1/videos", json=SMALL, headers=told).json()["id"]
    assert http.post("/v1/videos", json=SMALL, headers=told).json()["id"] == first
    other = http.post("/v1/videos", json=SMALL | {"prompt": "a cat"}, headers=told)
    assert code(other) == (409, "idempotency_key_reused")


def test_another_picture_or_film_is_another_request(http, running):
    film = make(http, running)["id"]
    for n, (where, name, data) in enumerate((
        ("/v1/videos", "input_reference", SMALL),
        ("/v1/videos/extensions", "video", {"seconds": "1"}),
    )):  # fmt: skip
        told, first = {"idempotency-key": f"with a file {n}"}, png()
        if name == "video":
            first = http.get(f"/v1/videos/{film}/content").content
        same = [http.post(where, data=data, files={name: first}, headers=told) for _ in range(2)]
        assert same[0].json()["id"] == same[1].json()["id"]
        other = http.post(where, data=data, files={name: png(80, 45)}, headers=told)
        assert code(other) == (409, "idempotency_key_reused")
    again = [http.post(f"/v1/videos/{film}/again", json={}, headers={"idempotency-key": "again"})
             for _ in range(2)]  # fmt: skip
    assert again[0].json()["id"] == again[1].json()["id"]


def test_of_several_requests_under_one_key_one_is_done(running):
    def ask(prompt):
        with running.client() as http:
            body = SMALL | {"prompt": prompt, "held": True}
            return http.post("/v1/videos", json=body, headers={"idempotency-key": "a race"})

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(ask, ["a dog runs", "a cat sits", "a boat", "a car"] * 4))
    done = {one.json()["prompt"] for one in answers if one.is_success}
    assert len(done) == 1
    for one in answers:
        if not one.is_success:
            assert code(one)[0] == 409


def test_events_tell_until_the_end(http, running):
    running.engine.slow.set()
    film = http.post("/v1/videos", json=SMALL | {"num_inference_steps": 6}).json()["id"]
    seen, kinds = [], set()
    with http.stream("GET", f"/v1/videos/{film}/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("event:"):
                kinds.add(line.split()[1])
            elif line.startswith("data:") and '"progress"' in line:
                seen.append(json.loads(line[5:]))
    running.engine.slow.clear()
    progress = [one["progress"] for one in seen]
    assert seen[-1]["status"] == "completed" and progress == sorted(progress) and len(seen) >= 3
    assert kinds == {"video", "preview"}


def test_cancel_stops_within_a_step_and_pause_begins_again(http, running):
    running.engine.slow.set()
    body = SMALL | {"num_inference_steps": 100}
    running_one, waiting = (http.post("/v1/videos", json=body).json()["id"] for _ in range(2))
    while http.get(f"/v1/videos/{running_one}").json()["progress"] < 3:
        pass
    http.post(f"/v1/videos/{running_one}/pause")
    while http.get(f"/v1/videos/{running_one}").json()["status"] != "queued":
        pass
    assert http.get(f"/v1/videos/{running_one}").json()["held"]
    before = running.engine.calls
    cancelled = http.post(f"/v1/videos/{waiting}/cancel")
    assert running.finished(waiting, http)["error"]["code"] == "cancelled", cancelled.text
    running.engine.slow.clear()
    http.post(f"/v1/videos/{running_one}/resume")
    assert running.finished(running_one, http)["status"] == "completed"
    assert running.engine.calls - before < 200


def test_a_viewer_makes_nothing(running):
    with running.client(running.somebody("viewer", Role.VIEWER)) as http:
        assert http.get("/v1/videos").status_code == 200
        assert code(http.post("/v1/videos", json=SMALL)) == (403, "permission_denied")


def test_quotas_credits_and_rates_are_told(running):
    with running.client(running.somebody("few", most_queued=1)) as http:
        assert http.post("/v1/videos", json=SMALL | {"held": True}).status_code == 200
        assert code(http.post("/v1/videos", json=SMALL)) == (429, "queue_full")
    with running.client(running.somebody("slow", rate_per_minute=3)) as http:
        answers = [http.get("/v1/videos") for _ in range(5)]
        assert code(answers[-1]) == (429, "rate_limit_exceeded")
        assert int(answers[-1].headers["retry-after-ms"]) > 0


def test_pages_of_other_sites_are_nobody(running):
    with running.client() as http:
        evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        assert code(http.post("/v1/videos", json=SMALL, headers=evil))[0] == 401
        assert code(http.get("/v1/videos", headers={"host": "evil.example"}))[0] == 403


def test_without_the_open_door_everybody_shows_a_key(tmp_path):
    with studio(tmp_path, open_here=False) as one, one.client() as http:
        assert code(http.get("/v1/videos"))[0] == 401
        for _ in range(25):
            answer = http.get("/v1/videos", headers={"authorization": "Bearer yz_guess"})
        assert code(answer)[0] == 429
