"""Webhooks: each event arrives at least once, under one id, signed; nobody delays anybody."""

from __future__ import annotations

import base64
import json
import time

import openai
import pytest
from sqlalchemy import select, update

from tests.fakes.receiver import receiver
from tests.fakes.studio import studio
from yozora.studio import hooks
from yozora.studio.errors import StudioError
from yozora.studio.fetching import Fetcher
from yozora.studio.hooks import Hooks, fetcher_for, signed, wait_ms
from yozora.studio.records import events, people
from yozora.studio.records import hooks as records
from yozora.studio.records.people import Role
from yozora.studio.records.tables import DELIVERIES, ENDPOINTS, EVENTS
from yozora.studio.state import State

SMALL = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs in a park"}
BOTH = ["video.completed", "video.failed"]
DAY_MS = 86_400_000


@pytest.fixture
def there():
    with receiver() as one:
        yield one


def happened(here, account, *subjects, type_="video.completed"):
    with here.state.database.write() as db:
        for subject in subjects:
            events.tell(db, account, type_, subject, here.state.now())


def send(sender: Hooks) -> None:
    """All that is due now."""
    while begun := sender.tick():
        for thread in begun:
            thread.join(timeout=20)


def deliveries(here, endpoint):
    with here.state.database.read() as db:
        rows = db.execute(select(DELIVERIES).where(DELIVERIES.c.endpoint == endpoint))
        return sorted(rows.all(), key=lambda row: row.id)


def later(here, endpoint, ms=None):
    """As if that much time had passed since it was made; what waits is due."""
    with here.state.database.write() as db:
        mine = DELIVERIES.c.endpoint == endpoint
        db.execute(update(DELIVERIES).where(mine).values(next_at=0))
        if ms is not None:
            at = here.state.now() - ms
            db.execute(update(DELIVERIES).where(mine).values(created_at=at))
            at_endpoint = update(ENDPOINTS).where(ENDPOINTS.c.id == endpoint)
            db.execute(at_endpoint.values(failing_since=at))


def test_a_video_that_is_done_is_told_to_a_real_server(running, there):
    client = running.openai()
    made = client.webhooks.create(name="mine", url=f"{there.url}/hook?x=1", event_types=BOTH)
    video = running.completed(running.client().post("/v1/videos", json=SMALL), running.client())
    send(running.keeper.hooks)
    (got,) = there.until(1)
    told = client.webhooks.unwrap(got.body, got.headers, secret=made.signing_secret)
    assert (told.type, told.data.id, got.path) == ("video.completed", video["id"], "/hook?x=1")
    assert told.object == "event" and told.id.startswith("evt_")
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(got.body + b" ", got.headers, secret=made.signing_secret)
    with running.client() as http:
        (one,) = http.get(f"/v1/webhook_endpoints/{made.id}/deliveries").json()["data"]
    assert (one["status"], one["status_code"], one["attempts"]) == ("delivered", 200, 1)
    assert one["id"] == got.headers["webhook-id"] and one["event_id"] == told.id
    client.webhooks.delete(made.id)


def test_endpoints_are_made_listed_changed_and_deleted(here, who, there):
    client, _ = who
    made = [client.webhooks.create(name=f"n{n}", url=there.url, event_types=BOTH) for n in range(3)]
    secret = made[0].signing_secret
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) >= 24
    assert [one.id for one in client.webhooks.list(limit=2)] == [one.id for one in made[::-1]]
    found = client.webhooks.retrieve(made[0].id)
    assert found.signing_secret_hint.endswith(secret[-4:]) and secret not in found.to_json()
    changed = client.webhooks.update(made[0].id, name="new", event_types=["batch.failed"])
    assert (changed.name, changed.event_types, changed.url) == ("new", ["batch.failed"], there.url)
    assert list(client.webhooks.event_types.list().data) == list(records.TYPES)
    gone = client.webhooks.delete(made[0].id)
    assert (gone.id, gone.deleted, gone.object) == (made[0].id, True, "webhook_endpoint.deleted")
    other = here.openai(here.somebody("stranger of hooks")).webhooks
    for deed in (other.retrieve, other.delete, other.rotate_secret, other.update):
        with pytest.raises(openai.NotFoundError):
            deed(made[1].id)
    with pytest.raises(openai.NotFoundError):
        other.test(made[1].id, event_type="video.completed")
    with pytest.raises(openai.PermissionDeniedError):
        here.openai(here.somebody("viewer of hooks", Role.VIEWER)).webhooks.list()


def test_a_sample_is_sent_at_once_and_says_what_was_answered(who, there):
    client, _ = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers = [418]
    told = client.webhooks.test(made.id, event_type="batch.completed")
    assert (told.status_code, told.success, told.event_type) == (418, True, "batch.completed")
    (got,) = there.got
    event = client.webhooks.unwrap(got.body, got.headers, secret=made.signing_secret)
    assert event.type == "batch.completed"
    client.webhooks.update(made.id, url="http://127.0.0.1:9")
    with pytest.raises(openai.BadRequestError):
        client.webhooks.test(made.id, event_type="video.failed")


def test_while_a_secret_is_rotated_both_sign_and_afterwards_the_new_one_alone(here, who, there):
    client, account = who
    first = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    second = client.webhooks.rotate_secret(first.id, keep_old_secret_active_for_24_hours=True)
    assert second.signing_secret != first.signing_secret
    happened(here, account, "video_1")
    send(here.keeper.hooks)
    got = there.until(1)[0]
    for secret in (first.signing_secret, second.signing_secret):
        client.webhooks.verify_signature(got.body, got.headers, secret=secret)
    after = Hooks(State(here.state.settings, here.state.database, here.state.objects,
                        lambda: here.state.now() + DAY_MS))  # fmt: skip
    happened(here, account, "video_2")
    send(after)
    got = there.until(2)[1]
    told = {"payload": got.body, "headers": got.headers, "tolerance": 10**6}
    client.webhooks.verify_signature(**told, secret=second.signing_secret)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.verify_signature(**told, secret=first.signing_secret)
    third = client.webhooks.rotate_secret(first.id)
    happened(here, account, "video_3")
    send(here.keeper.hooks)
    got = there.until(3)[2]
    client.webhooks.unwrap(got.body, got.headers, secret=third.signing_secret)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(got.body, got.headers, secret=second.signing_secret)


def test_what_did_not_arrive_is_sent_again_under_the_same_id(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers = [500, 302, 404]
    there.location = f"{there.url}/elsewhere"
    happened(here, account, "video_1")
    for attempts in range(1, 5):
        before = here.state.now()
        send(here.keeper.hooks)
        (one,) = deliveries(here, made.id)
        assert one.attempts == attempts == len(there.got)
        if attempts < 4:
            assert one.status == "waiting" and one.next_at > before + 2000
            assert client.webhooks.retrieve(made.id).last_error.startswith("it answered")
            later(here, made.id)
    assert one.status == "delivered"
    assert client.webhooks.retrieve(made.id).failing_since is None
    assert len({got.headers["webhook-id"] for got in there.got}) == 1
    assert {got.path for got in there.got} == {"/"}  # no redirect was followed
    for got in there.got:
        client.webhooks.unwrap(got.body, got.headers, secret=made.signing_secret)


def test_nothing_is_lost_where_the_sender_dies(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=["video.completed"])
    names = [f"video_{n}" for n in range(12)]
    happened(here, account, *names)
    with pytest.raises(RuntimeError), here.state.database.write() as db:
        assert records.share_out(db, here.state.now())
        raise RuntimeError("killed while it shared out")
    assert deliveries(here, made.id) == []
    with here.state.database.write() as db:
        records.share_out(db, here.state.now())
    rows = deliveries(here, made.id)
    now = here.state.now()
    for row in rows[:5]:  # claimed, and killed before or after the posting
        with here.state.database.write() as db:
            one, endpoint = records.claim(db, row.id, now, now + hooks.CLAIM_MS)
            assert records.claim(db, row.id, now, now + hooks.CLAIM_MS) is None
        if row in rows[:2]:
            head = signed(one.id, one.body, endpoint.secrets(now), now)
            with here.state.database.read() as db:
                fetcher = fetcher_for(here.state, people.get(db, account))
            assert fetcher.post(there.url, one.body.encode(), head) == (200, 0.0)
    send(Hooks(here.state))
    assert len(there.got) == 2 + 7
    later(here, made.id)
    send(Hooks(here.state))
    told = {json.loads(got.body)["data"]["id"]: got.headers["webhook-id"] for got in there.got}
    assert sorted(told) == sorted(names) and len(set(told.values())) == 12
    assert {row.status for row in deliveries(here, made.id)} == {"delivered"}
    pairs = {(json.loads(got.body)["id"], got.headers["webhook-id"]) for got in there.got}
    assert len(pairs) == 12  # what came twice came under one id


def test_an_event_goes_to_each_who_wants_it_and_to_nobody_else(here, who, there):
    client, account = who
    url = there.url
    wants = client.webhooks.create(name="a", url=url + "/a", event_types=BOTH)
    also = client.webhooks.create(name="b", url=url + "/b", event_types=["video.failed"])
    client.webhooks.create(name="c", url=url + "/c", event_types=["batch.failed"])
    other = here.openai(here.somebody("neighbour", Role.OWNER))
    other.webhooks.create(name="d", url=url + "/d", event_types=BOTH)
    with here.state.database.read() as db:
        neighbour = people.named(db, "neighbour").id
    happened(here, account, "video_1", type_="video.failed")
    happened(here, account, "video_2")
    happened(here, neighbour, "video_3")
    send(here.keeper.hooks)
    told = sorted((got.path, json.loads(got.body)["data"]["id"]) for got in there.got)
    assert told == [("/a", "video_1"), ("/a", "video_2"), ("/b", "video_1"), ("/d", "video_3")]
    assert len(deliveries(here, wants.id)) == 2 and len(deliveries(here, also.id)) == 1
    with here.state.database.read() as db:
        assert not db.execute(select(EVENTS).where(EVENTS.c.shared_out.is_(False))).all()


def test_after_three_days_it_is_given_up_and_told_and_can_be_switched_on_again(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers = [500] * 9
    happened(here, account, "video_1")
    send(here.keeper.hooks)
    later(here, made.id, 3 * DAY_MS - 60_000)
    send(here.keeper.hooks)
    assert deliveries(here, made.id)[0].status == "waiting"
    later(here, made.id, 3 * DAY_MS)
    send(here.keeper.hooks)
    assert deliveries(here, made.id)[0].status == "given_up"
    found = client.webhooks.retrieve(made.id)
    assert not found.enabled and "three days" in found.disabled_reason
    happened(here, account, "video_2")
    send(here.keeper.hooks)
    assert len(deliveries(here, made.id)) == 1 and len(there.got) == 3
    there.answers = []
    client.webhooks.update(made.id, extra_body={"enabled": True})
    happened(here, account, "video_3")
    send(here.keeper.hooks)
    assert json.loads(there.until(4)[3].body)["data"]["id"] == "video_3"


def test_who_asks_to_be_left_alone_is(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers, there.after_s = [503], 3600
    happened(here, account, "video_1")
    send(here.keeper.hooks)
    (one,) = deliveries(here, made.id)
    assert one.next_at - here.state.now() > 3_500_000
    there.after_s = 10**7  # but no longer than it would ever be
    later(here, made.id)
    there.answers = [503]
    send(here.keeper.hooks)
    assert deliveries(here, made.id)[0].next_at - here.state.now() <= hooks.MOST_MS


def test_one_success_in_between_keeps_an_endpoint_on(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers = [500, 200, 500]
    happened(here, account, "video_1")
    send(here.keeper.hooks)
    happened(here, account, "video_2")
    send(here.keeper.hooks)  # arrives
    with here.state.database.write() as db:
        old = here.state.now() - 4 * DAY_MS
        waiting = DELIVERIES.c.status == "waiting", DELIVERIES.c.endpoint == made.id
        db.execute(update(DELIVERIES).where(*waiting).values(created_at=old, next_at=0))
    send(here.keeper.hooks)
    assert sorted(row.status for row in deliveries(here, made.id)) == ["delivered", "given_up"]
    assert client.webhooks.retrieve(made.id).enabled


def test_who_answers_410_wants_no_more(here, who, there):
    client, account = who
    made = client.webhooks.create(name="a", url=there.url, event_types=BOTH)
    there.answers = [410]
    happened(here, account, *(f"video_{n}" for n in range(20)))
    send(here.keeper.hooks)
    found = client.webhooks.retrieve(made.id)
    assert not found.enabled and "410" in found.disabled_reason
    assert {row.status for row in deliveries(here, made.id)} <= {"given_up", "delivered"}


def test_slow_receivers_do_not_delay_others(here, who, there):
    client, account = who
    with receiver() as slow:
        slow.slow_s = 1.5
        for n in range(hooks.OF_ONE):
            client.webhooks.create(name=f"{n}", url=f"{slow.url}/{n}", event_types=BOTH)
        happened(here, account, *(f"video_{n}" for n in range(20)))
        sender = Hooks(here.state)
        begun = sender.tick()
        assert len(begun) == hooks.OF_ONE and not sender.tick()
        other = here.openai(here.somebody("quick", Role.OWNER))
        other.webhooks.create(name="q", url=there.url, event_types=BOTH)
        with here.state.database.read() as db:
            happened(here, people.named(db, "quick").id, "video_q")
        (thread,) = sender.tick()
        thread.join()
        assert len(there.got) == 1 and any(one.is_alive() for one in begun)
        for webhook in client.webhooks.list():
            client.webhooks.delete(webhook.id)
        for one in begun:
            one.join(timeout=20)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.7/hook", "http://169.254.169.254/latest", "http://[fd00::1]/",
        "http://0.0.0.0/", "ftp://example.com/", "https://user:pass@93.184.216.34/",
        "http://93.184.216.34:25/", "http://", "http:///x", "no address", "http://93.184.216.34/\n",
        "http://a b/", "STUDIO",
    ],
)  # fmt: skip
def test_what_is_not_of_the_open_internet_is_refused(here, who, url):
    client, _ = who
    url = url.replace("STUDIO", f"{here.url}/v1/videos")
    with pytest.raises(openai.BadRequestError):
        client.webhooks.create(name="a", url=url, event_types=BOTH)


@pytest.mark.parametrize(("role", "is_open"), [(Role.OWNER, False), (Role.MEMBER, True)])
def test_this_machine_is_the_owners_alone_where_he_needs_no_login(tmp_path, there, role, is_open):
    with studio(tmp_path, workers=0, open_here=is_open) as one:
        client = one.openai(one.somebody("ada", role))
        with pytest.raises(openai.BadRequestError) as error:
            client.webhooks.create(name="a", url=there.url, event_types=BOTH)
        assert error.value.param == "url" and there.got == []
    with pytest.raises(StudioError):
        Fetcher(lookup=lambda *_: ["93.184.216.34", "127.0.0.1"], here=lambda port: True).check(
            "http://two.example/"
        )


@pytest.mark.parametrize(
    "body",
    [
        {"event_types": []}, {"event_types": ["response.completed"]}, {"name": ""},
        {"name": "a\r\nb"}, {"url": None}, {"colour": "red"}, {"event_types": "video.completed"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(here, who, there, body):
    client, _ = who
    with here.client(client.api_key) as http:
        whole = {"name": "a", "url": there.url, "event_types": BOTH} | body
        assert http.post("/v1/webhook_endpoints", json=whole).status_code == 400


def test_there_are_no_more_endpoints_than_anybody_needs(who, there):
    client, _ = who
    with pytest.raises(openai.ConflictError):
        for n in range(hooks.MOST_ENDPOINTS + 1):
            client.webhooks.create(name=f"{n}", url=there.url, event_types=BOTH)


def test_waits_grow_and_end():
    for attempts in range(1, 40):
        usual = min(hooks.MOST_MS, hooks.FIRST_MS * hooks.TIMES ** (attempts - 1))
        assert all(usual // 2 <= wait_ms(attempts) <= usual * 1.5 for _ in range(20))


def test_a_receiver_that_drips_is_ended():
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            line, _ = server.accept()
            with line:
                try:
                    while True:
                        line.sendall(b"H")
                        time.sleep(0.1)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        fetcher = Fetcher(here=lambda port: True, most_s=0.5)
        with pytest.raises(StudioError):
            fetcher.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
