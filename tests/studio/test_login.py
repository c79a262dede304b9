"""Laws of coming in: a link opens once, a session is its own page's, who guesses waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import extract_parameters
from starlette.requests import HTTPConnection

from tests.fakes.people import BETTER, GOOD, account, entered, key_of, told
from yozora.studio import passwords, state
from yozora.studio.api.callers import neighbourhood
from yozora.studio.errors import TooMany
from yozora.studio.records import people


def test_a_link_opens_once_and_the_newest_alone(closed, boss):
    made = account(boss, "linked")
    old, new = (boss.post(f"/v1/accounts/{made['id']}/link").json()["url"] for _ in range(2))
    with closed.client() as http:
        assert told(http.post(old))[0] == 401
        assert http.get(new).status_code == 200 and told(http.get("/v1/me"))[0] == 401, "a look"
        far = {"origin": "https://elsewhere.example"}
        assert told(http.post(new, headers=far))[0] == 403
        answer = http.post(new)
        flags = answer.headers["set-cookie"].lower()
        assert answer.status_code == 303 and "httponly" in flags and "samesite=strict" in flags
        assert http.get("/v1/me").json()["id"] == made["id"]
    with closed.client() as http:
        assert told(http.post(new))[0] == 401
        answer = http.post(new, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/#used")


def test_a_session_over_https_is_kept_to_it(closed, boss):
    made = account(boss, "secured")
    link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
    with closed.client() as http:
        flags = http.post(link, headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert flags.startswith("__Host-") and "; Secure" in flags and "; Path=/" in flags


def test_sessions_obey_their_own_page_alone(closed, boss):
    with entered(closed, boss, "browser") as (browser, _):
        own = {"origin": closed.url, "sec-fetch-site": "same-origin"}
        assert browser.post("/v1/keys", json={"scopes": ["files"]}, headers=own).status_code == 200
        for header in (
            {"x-yozora-csrf": ""}, {"x-yozora-csrf": "guess"},
            {"origin": "http://127.0.0.1:1"}, {"origin": "null"}, {"origin": "http://["},
            {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site"},
        ):  # fmt: skip
            answer = browser.post("/v1/keys", json={"scopes": ["files"]}, headers=own | header)
            assert told(answer) == (403, "permission_denied"), header
        for header in ({"origin": "http://127.0.0.1:1"}, {"sec-fetch-site": "same-site"}):
            assert browser.get("/v1/videos", headers=header).status_code == 403
            assert browser.post("/v1/logout", headers=header).status_code == 403
            body = {"name": "browser", "password": GOOD}
            assert browser.post("/v1/login", json=body, headers=header).status_code == 403
        assert len(browser.get("/v1/keys").json()["data"]) == 1


def test_in_and_out(closed, boss):
    with entered(closed, boss, "Ada Lovelace") as (first, made), closed.client() as http:
        answer = http.post("/v1/login", json={"name": " Ada Lovelace ", "password": GOOD})
        assert answer.json()["account"] == made["id"]
        assert http.get("/v1/me").json()["csrf"] == answer.json()["csrf"]
        before = dict(http.cookies)
        http.post("/v1/login", json={"name": "Ada Lovelace", "password": GOOD})
        assert dict(http.cookies) != before
        after = dict(http.cookies)
        assert http.post("/v1/logout").status_code == 200 and not http.cookies
        for cookie in (before, after):
            with closed.client() as thief:
                thief.cookies.update(cookie)
                assert told(thief.get("/v1/me"))[0] == 401
        assert first.get("/v1/me").status_code == 200


def test_another_password_ends_other_sessions_and_needs_the_old_one(closed, boss):
    with entered(closed, boss, "grace") as (own, made), closed.client() as http:
        http.post("/v1/login", json={"name": "grace", "password": GOOD})
        pending = closed.state.now()
        with closed.state.database.write() as db:
            link = people.add_link(db, made["id"], pending)
            old = pending - 3_600_000
            db.exec_driver_sql("UPDATE sessions SET created_at = ?", (old,))
        assert told(own.put("/v1/password", json={"password": BETTER}))[0] == 403
        wrong = {"password": BETTER, "current": "wrong"}
        assert told(own.put("/v1/password", json=wrong))[0] == 403
        assert told(own.put("/v1/password", json={"password": "short", "current": GOOD}))[0] == 400
        assert http.get("/v1/me").status_code == 200
        right = {"password": BETTER, "current": GOOD}
        assert own.put("/v1/password", json=right).status_code == 200
        assert own.get("/v1/me").status_code == 200
        assert told(http.get("/v1/me"))[0] == 401
        assert told(http.post(f"/enter/{link}"))[0] == 401
        assert told(http.post("/v1/login", json={"name": "grace", "password": GOOD}))[0] == 401
        assert http.post("/v1/login", json={"name": "grace", "password": BETTER}).status_code == 200


def test_who_is_switched_off_is_out_at_once(closed, boss):
    with entered(closed, boss, "leaver") as (browser, made), closed.client() as http:
        key = key_of(browser, "videos:read")["secret"]
        link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
        boss.post(f"/v1/accounts/{made['id']}", json={"disabled": True})
        assert told(browser.get("/v1/me"))[0] == 401
        assert told(http.post(link))[0] == 401
        login = {"name": "leaver", "password": GOOD}
        assert told(http.post("/v1/login", json=login))[0] == 401
        http.headers["authorization"] = f"Bearer {key}"
        assert told(http.get("/v1/videos"))[0] == 401
        boss.post(f"/v1/accounts/{made['id']}", json={"disabled": False})
        assert http.get("/v1/videos").status_code == 200
        assert told(browser.get("/v1/me"))[0] == 401, "sessions do not come back"


def test_guesses_are_slowed_by_name_and_by_address(closed, boss):
    with entered(closed, boss, "target"), closed.client() as http:
        for name in ("target", "nobody of that name"):
            body = {"name": name, "password": "wrong wrong wrong"}
            closed.state.failures.seen.clear()
            answers = [http.post("/v1/login", json=body) for _ in range(state.MOST_GUESSES + 1)]
            texts = {a.json()["error"]["message"] for a in answers[:-1]}
            assert {told(a)[0] for a in answers[:-1]} == {401} and len(texts) == 1
            assert told(answers[-1]) == (429, "rate_limit_exceeded")
            assert int(answers[-1].headers["retry-after-ms"]) > 0
        closed.state.failures.seen.clear()
        right = http.post("/v1/login", json={"name": "target", "password": GOOD})
        assert told(right)[0] == 429, "nor is the right one looked at"
        for _ in range(state.MOST_FAILURES - 1 - len(closed.state.failures.seen)):
            closed.state.failures.failed("127.0.0.1")
        for n in range(3):
            answer = http.post("/v1/login", json={"name": f"name {n}", "password": "x" * 10})
        assert told(answer)[0] == 429
        assert told(http.get("/v1/videos", headers={"authorization": "Bearer yz_guess"}))[0] == 429
        assert boss.get("/v1/videos").status_code == 200, "who has a key does not wait for others"


def test_as_many_guesses_at_once_as_in_turn(closed, boss):
    with entered(closed, boss, "crowded"), closed.client() as http:
        body = {"name": "crowded", "password": "wrong wrong wrong"}
        with ThreadPoolExecutor(16) as pool:
            seen = list(
                pool.map(lambda _: http.post("/v1/login", json=body).status_code, range(16))
            )
    assert seen.count(401) == state.MOST_GUESSES and seen.count(429) == 16 - state.MOST_GUESSES


def test_an_unknown_name_costs_as_much_as_a_wrong_password():
    kept = passwords.hashed(GOOD)
    assert passwords.is_right(GOOD, kept) and not passwords.is_right(GOOD + "s", kept)
    nobodys = extract_parameters(passwords._nobodys())
    assert nobodys == extract_parameters(kept) and nobodys.memory_cost >= 64 << 10
    assert not passwords.is_right("nobody's", None)


def test_failures_are_remembered_in_bounds_and_by_neighbourhood():
    failures = state.Failures(most=2)
    for n in range(state.MOST_REMEMBERED + 50):
        failures.failed(f"address {n}")
    assert len(failures.seen) <= state.MOST_REMEMBERED
    failures.failed("last")
    failures.failed("last")
    with pytest.raises(TooMany):
        failures.failed("last")

    def near(address):
        return neighbourhood(HTTPConnection({"type": "http", "client": (address, 1)}))

    assert near("2001:db8::1") == near("2001:db8::2:9") != near("2001:db8:0:1::1")
    assert near("10.0.0.1") != near("10.0.0.2")


def test_whoever_comes_through_a_proxy_sits_elsewhere(running):
    with running.client() as http:
        assert http.get("/v1/videos").status_code == 200
        for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
            assert told(http.get("/v1/videos", headers={name: "1.2.3.4"}))[0] == 401


def test_asking_without_a_key_is_no_guess(closed, boss):
    with closed.client() as http:
        for _ in range(state.MOST_FAILURES + 5):
            assert told(http.get("/v1/videos"))[0] == 401
