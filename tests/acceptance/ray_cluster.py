"""Run inside a network of its own (`unshare --net`): two Ray nodes, a studio on them, a node lost.

Prints one JSON object: what became of each job.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import httpx

BODY = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": 2, "size": "64x32",
        "num_inference_steps": 40}  # fmt: skip
PORT, HEAD = 8000, 6399


def loopback_up() -> None:
    """What `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        asked = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(one, 0x8914, asked)  # SIOCSIFFLAGS


def node(temp: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A node that stays in the foreground, in a process group of its own."""
    program = Path(sys.executable).with_name("ray")
    command = [str(program), "start", "--block", "--num-cpus=1", "--num-gpus=0",
               "--node-ip-address=127.0.0.1", "--disable-usage-stats", *arguments]  # fmt: skip
    log = (temp / "ray.log").open("ab")
    return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def main() -> None:
    temp = Path(sys.argv[1])
    loopback_up()
    os.environ |= {"RAY_AUTH_MODE": "disabled", "YOZORA_HOME": str(temp / "home")}
    crew = [node(temp, "--head", f"--port={HEAD}", "--include-dashboard=false",
                 f"--temp-dir={temp}/r")]  # fmt: skip
    time.sleep(8)
    crew.append(node(temp, f"--address=127.0.0.1:{HEAD}"))
    studio = subprocess.Popen(
        [sys.executable, "-m", "yozora", "studio", "--ray", f"127.0.0.1:{HEAD}", "--workers", "2",
         "--port", str(PORT)], stderr=(temp / "studio.log").open("wb"),
    )  # fmt: skip
    try:
        print(json.dumps(told(temp, crew)))
    finally:
        studio.terminate()
        for one in crew:
            kill(one)
        studio.wait(timeout=30)
        shutil.rmtree(temp / "r", ignore_errors=True)


def told(temp: Path, crew: list[subprocess.Popen[bytes]]) -> dict[str, object]:
    http = httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=30)
    until = time.monotonic() + 400
    while True:
        try:
            http.get("/healthz")
            break
        except httpx.HTTPError:
            assert time.monotonic() < until, (temp / "studio.log").read_text()
            time.sleep(0.3)
    asked = [http.post("/v1/videos", json=BODY | {"seed": n}).json()["id"] for n in range(8)]

    def seen() -> list[dict[str, str]]:
        return [http.get(f"/v1/videos/{one}").json() for one in asked]

    def at_work() -> bool:
        """Whether a worker of the second node has a film at hand."""
        found = http.get("/v1/workers").json()["data"]
        return any(one["video"] and is_under(one["pid"], crew[1].pid) for one in found)

    while not at_work():
        assert time.monotonic() < until, (
            (temp / "studio.log").read_text(), http.get("/v1/workers").text,
        )  # fmt: skip
        time.sleep(0.05)
    kill(crew[1])  # a node is lost, in the middle of a film
    while any(one["status"] not in ("completed", "failed") for one in seen()):
        assert time.monotonic() < until, ([one["status"] for one in seen()],
                                          (temp / "studio.log").read_text())  # fmt: skip
        time.sleep(0.3)
    while "is lost" not in (temp / "studio.log").read_text():  # Ray tells it in its own time
        assert time.monotonic() < until, (temp / "studio.log").read_text()
        time.sleep(0.3)
    sizes = [len(http.get(f"/v1/videos/{one}/content").content) for one in asked]
    return {
        "states": [one["status"] for one in seen()], "sizes": sizes,
        "log": (temp / "studio.log").read_text(),
    }  # fmt: skip


def is_under(pid: int, root: int) -> bool:
    """Whether a process was begun by another, or by one that was; False where it has ended."""
    while pid > 1 and pid != root:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        pid = int(stat.rpartition(")")[2].split()[1])
    return pid == root


def kill(process: subprocess.Popen[bytes]) -> None:
    """A node and all its processes, with -9."""
    for one in (process.pid,):
        found = subprocess.run(["pgrep", "-g", str(one)], capture_output=True, text=True,
                               check=False).stdout.split()  # fmt: skip
        for each in found:
            try:
                os.kill(int(each), signal.SIGKILL)
            except ProcessLookupError:
                continue
    process.wait()


if __name__ == "__main__":
    main()
