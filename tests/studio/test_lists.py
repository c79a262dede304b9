"""Lists in pages, and what is deleted: of videos and of files."""

from __future__ import annotations

import time

import pytest

from tests.fakes.people import png
from tests.studio.test_videos import SMALL, code, make


def test_lists_are_paged_in_both_orders(running):
    key = running.somebody("pager")
    with running.client(key) as http:
        made = [http.post("/v1/videos", json=SMALL | {"held": True}).json()["id"] for _ in range(5)]
        for order, wanted in (("asc", made), ("desc", made[::-1])):
            seen, after = [], None
            while True:
                params = {"limit": 2, "order": order} | ({"after": after} if after else {})
                page = http.get("/v1/videos", params=params).json()
                seen += [one["id"] for one in page["data"]]
                assert page["last_id"] == seen[-1]
                if not page["has_more"]:
                    break
                after = page["last_id"]
            assert seen == wanted


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("kind", ["videos", "files"])
def test_who_deletes_page_by_page_sees_all(running, kind, order):
    with running.client(running.somebody(f"tidy {kind} {order}")) as http:
        for n in range(5):
            if kind == "files":
                given = {"file": (f"{n}.png", png())}
                assert http.post("/v1/files", files=given, data={"purpose": "vision"}).is_success
            else:
                film = http.post("/v1/videos", json=SMALL | {"held": True}).json()["id"]
                assert http.post(f"/v1/videos/{film}/cancel").json()["status"] == "failed"
        gone, page = [], {"has_more": True, "last_id": None}
        while page["has_more"]:
            params = {"limit": 2, "order": order, "after": page["last_id"]}
            page = http.get(f"/v1/{kind}", params=params).json()
            for one in page["data"]:
                assert http.delete(f"/v1/{kind}/{one['id']}").is_success
                gone.append(one["id"])
        assert len(set(gone)) == 5 and http.get(f"/v1/{kind}").json()["data"] == []
        refused = http.get(f"/v1/{kind}", params={"after": "nothing"})
        assert code(refused) == (404, "not_found")
        assert refused.json()["error"]["param"] == "after"


def test_an_id_in_a_prompt_keeps_nothing(http):
    first = http.post("/v1/videos", json=SMALL | {"held": True}).json()["id"]
    http.post(f"/v1/videos/{first}/cancel")
    words = f"a dog like {first} runs"
    other = http.post("/v1/videos", json=SMALL | {"held": True, "prompt": words}).json()["id"]
    assert http.delete(f"/v1/videos/{first}").status_code == 200
    http.post(f"/v1/videos/{other}/cancel")


def test_what_is_cancelled_can_be_deleted_by_who_asks_again(http, running):
    running.engine.slow.set()
    film = http.post("/v1/videos", json=SMALL | {"num_inference_steps": 100}).json()["id"]
    while http.get(f"/v1/videos/{film}").json()["status"] == "queued":
        time.sleep(0.05)
    http.post(f"/v1/videos/{film}/cancel")
    assert code(http.post(f"/v1/videos/{film}/pause"))[0] == 409, "a pause takes no cancel back"
    running.engine.slow.clear()
    for _ in range(100):
        answer = http.delete(f"/v1/videos/{film}")
        if answer.is_success:
            return
        assert answer.headers["x-should-retry"] == "true" and answer.headers["retry-after"] == "1"
        time.sleep(int(answer.headers["retry-after-ms"]) / 1000)
    pytest.fail("it is never over")


def test_deleting_takes_the_bytes_too(http, running):
    film = make(http, running)["id"]
    assert http.delete(f"/v1/videos/{film}").json() == {
        "id": film, "object": "video.deleted", "deleted": True,
    }  # fmt: skip
    assert code(http.get(f"/v1/videos/{film}")) == (404, "not_found")
    assert not list(running.state.objects.everything(f"jobs/{film}"))
