"""The child process: whatever it meets or does, the server gets a content or a fault and stays as it was."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalogue import load_catalogue
from pipeline.uploads import child
from pipeline.uploads.child import Outcome, read_file, run_child
from pipeline.uploads.limits import Limits
from pipeline.uploads.model import Content
from pipeline.uploads.wire import content_from_json, content_to_json
from tests.tiny import REPOSITORY
from tests.uploads.files.made import (
    GOOD_CSV,
    GOOD_SHEET,
    codes,
    good_workbook,
    keep,
    look,
    look_here,
    workbook,
)

MISBEHAVIOUR = """
import os, resource, signal, socket, subprocess, sys, time
from pathlib import Path

NAMES = ("AS", "CPU", "CORE", "FSIZE")

def die(number): signal.raise_signal(number)
def leave(code): os._exit(code)
def fail(): raise RuntimeError("secret of the file")
def sink(): sink()
def fill(): return len(b"x" * (4 << 30))
def spin():
    while True: pass
def sleep(): time.sleep(60)
def ignore_and_sleep():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
def write(count): Path("big").write_bytes(b"x" * count)
def answer(value): return value
def nonsense(): return {1, 2}
def scribble():
    Path("result.json").write_text("{not json"); os._exit(0)
def nothing(): os._exit(0)
def connect(port): socket.create_connection(("127.0.0.1", port), 2); return "connected"
def start(): return subprocess.check_output(["/bin/echo", "x"]).decode()
def fork(): return os.fork()
def world():
    return {"environment": dict(os.environ), "folder": os.getcwd(), "files": sorted(os.listdir(".")),
            "limits": [resource.getrlimit(getattr(resource, "RLIMIT_" + name))[0] for name in NAMES],
            "modules": sorted(sys.modules), "arguments": sys.argv[1:], "input": sys.stdin.read()}
"""
SHORT = Limits(memory_bytes=512 << 20, cpu_seconds=1, wall_seconds=4.0, result_bytes=1 << 20)


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child finds one module more in the package, which does whatever a hostile file could make it do."""
    package = tmp_path / "code" / "pipeline"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"__path__.append({str(REPOSITORY / 'pipeline')!r})\n")
    (package / "strange.py").write_text(MISBEHAVIOUR)
    monkeypatch.setattr(child, "ROOT", package.parent)


def do(name: str, limits: Limits = SHORT, **arguments: object) -> Outcome:
    return run_child(f"pipeline.strange:{name}", arguments, limits)


def code_of(outcome: Outcome) -> str:
    assert outcome.value is None
    assert outcome.fault is not None
    return outcome.fault.code


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("number", [4, 6, 7, 8, 11, 15])
def test_child_that_dies_is_a_file_nobody_can_read(number: int) -> None:
    assert code_of(do("die", number=number)) == "file_unreadable"


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("name", ["fail", "sink", "nonsense", "scribble", "nothing"])
def test_child_that_answers_nonsense_is_a_file_nobody_can_read(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert code_of(do(name)) == "file_unreadable"
    assert "secret of the file" not in caplog.text


@pytest.mark.usefixtures("strange")
@pytest.mark.matrix(40)
@pytest.mark.parametrize("name", ["fill", "spin", "sleep", "ignore_and_sleep"])
def test_child_that_takes_too_much_is_ended(name: str) -> None:
    outcome = do(name)
    assert code_of(outcome) == "file_too_heavy"
    assert outcome.seconds < SHORT.wall_seconds + 3
    with pytest.raises(ProcessLookupError):
        os.kill(outcome.process_id, 0)


@pytest.mark.usefixtures("strange")
def test_child_that_writes_too_much_is_ended() -> None:
    assert code_of(do("write", count=5 << 20)) in ("file_too_heavy", "file_unreadable")


@pytest.mark.usefixtures("strange")
def test_child_knows_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSION_SECRET", "x")
    world = do("world").value
    assert set(world["environment"]) <= {
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "LC_ALL",
        "TMPDIR",
        "LC_CTYPE",
    }
    assert world["files"] == []
    assert not Path(world["folder"]).exists()
    assert world["limits"] == [SHORT.memory_bytes, SHORT.cpu_seconds, 0, SHORT.result_bytes]
    assert world["input"] == ""
    heavy = {"pandas", "duckdb", "numpy", "openpyxl", "streamlit", "shapely", "yaml", "chardet"}
    assert not heavy & set(world["modules"])


@pytest.mark.usefixtures("strange")
@pytest.mark.matrix(42)
def test_child_neither_connects_nor_starts_programs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        assert code_of(do("connect", port=server.getsockname()[1])) == "file_unreadable"
        with pytest.raises(TimeoutError):
            server.accept()
    assert code_of(do("start")) == "file_unreadable"
    assert code_of(do("fork")) == "file_unreadable"


def test_only_our_own_functions_are_called() -> None:
    for name in ("os:getcwd", "shutil:rmtree", "pipelines.x:y", "pipeline.uploads.worker:nothing", "", ":"):
        assert code_of(run_child(name, {}, SHORT)) == "file_unreadable"


def test_arguments_that_are_no_json_are_a_fault() -> None:
    assert (
        code_of(run_child("pipeline.uploads.worker:peak_bytes", {"x": {1}}, SHORT)) == "reading_not_possible"
    )


def test_server_without_room_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(child.sys, "executable", str(tmp_path / "no python"))
    assert codes(look(tmp_path, "a.csv", GOOD_CSV.encode())) == ["reading_not_possible"]


def test_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    assert codes(read_file(tmp_path / "gone", "a.csv")) == ["file_unreadable"]


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {"kind": "exe"},
        {"kind": "csv", "grids": 5},
        {"kind": "csv", "grids": [{}]},
        {"kind": "csv", "grids": [], "decodings": [[]], "faults": []},
        {"kind": "csv", "grids": [], "decodings": [], "faults": [["code"]]},
        {
            "kind": "csv",
            "grids": [],
            "decodings": [],
            "delimiter": ";",
            "faults": [["a", "", -1, "", "", {}]],
        },
        {"kind": "csv", "grids": [{"sheet": "", "width": 1, "rows": [["", "a", "b"]]}]},
        {"kind": "csv", "grids": [{"sheet": "", "width": 1, "rows": [[]]}]},
    ],
)
def test_content_that_is_none_is_refused(value: object) -> None:
    answered = do("answer", value=value).value
    assert answered == value
    with pytest.raises((ValueError, KeyError, IndexError, TypeError)):
        content_from_json(answered)


def test_wrong_content_becomes_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run_child", lambda *_: Outcome(value={"kind": "csv", "grids": "x"}))
    assert codes(look(tmp_path, "a.csv", b"")) == ["file_unreadable"]


def test_child_ends_itself_when_the_server_is_gone() -> None:
    """The clock within the child is its own: nobody waits for it here."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from pipeline.uploads.worker import hold_to\n"
        "hold_to({'memory_bytes': 1 << 30, 'cpu_seconds': 9, 'result_bytes': 9, 'wall_seconds': -0.5})\n"
        "time.sleep(60)"
    )
    started = time.monotonic()
    status = os.spawnv(
        os.P_WAIT, child.sys.executable, [child.sys.executable, "-I", "-c", code, str(REPOSITORY)]
    )
    assert status < 0
    assert time.monotonic() - started < 20


def test_children_at_once_do_not_meet(tmp_path: Path) -> None:
    """Six threads, as six people at once in one server."""
    found: dict[int, Content] = {}

    def read(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        found[number] = look(folder, "a.csv", f"city;t\nVilnius;{number}\n".encode())

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number].grids[0].rows[1][1] for number in range(6)] == list("012345")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(child.tempfile, "tempdir", str(temporary))
    path = keep(tmp_path, good_workbook())
    before = path.stat().st_mtime_ns
    assert read_file(path, "a.xlsx").faults == ()
    assert list(temporary.iterdir()) == []
    assert path.stat().st_mtime_ns == before


def test_child_starts_fast(tmp_path: Path) -> None:
    """What starting costs is processor time: a busy machine may still let it wait."""
    path = keep(tmp_path, GOOD_CSV.encode())
    costs = [child.read_measured(path, "a.csv")[1] for _ in range(5)]
    assert min(cost.cpu_seconds for cost in costs) < 0.5
    assert max(cost.peak_bytes for cost in costs) < 60_000_000


def test_every_code_a_child_can_end_with_has_words() -> None:
    faults = load_catalogue().faults
    assert {"file_unreadable", "file_too_heavy", "reading_not_possible"} <= set(faults)


damaged = st.tuples(
    st.sampled_from(["csv", "xlsx", "geojson", "windows"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
)
WHOLE = {
    "csv": GOOD_CSV.encode() * 20,
    "windows": "miestas;metai\nŠiauliai;2020\nPanevėžys;2021\n".encode("cp1257"),
    "xlsx": good_workbook(),
    "geojson": (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"city":"Vilnius","t":1.5},'
        b'"geometry":{"type":"Polygon","coordinates":[[[25,54],[26,54],[26,55],[25,54]]]}}]}'
    ),
}


def spoil(kind: str, changes: list[tuple[float, int]], kept: float) -> bytes:
    data = bytearray(WHOLE[kind])
    for place, byte in changes:
        data[int(place * len(data))] = byte
    return bytes(data[: int(len(data) * kept)] if kept < 0.8 else data)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(damaged)
def test_any_damage_to_good_files_gives_a_content(how: tuple[str, list[tuple[float, int]], float]) -> None:
    data = spoil(*how)
    for name in ("a", f"a.{how[0]}"):
        content = look_here(name, data)
        assert content.grids or content.faults
        assert content_from_json(content_to_json(content)) == content


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=600))
def test_any_bytes_give_a_content(data: bytes) -> None:
    content = look_here("a", data)
    assert content.grids or content.faults
    assert content_from_json(content_to_json(content)) == content


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='<>/="rcvtsf &;#x0123456789ABCn', max_size=200))
def test_any_xml_in_a_sheet_gives_a_content(body: str) -> None:
    sheets = (f"<sheetData>{body}</sheetData>", GOOD_SHEET.replace("<c r=", f"<{body[:3]} r="))
    for sheet in sheets:
        content = look_here("a.xlsx", workbook({"S": sheet}))
        assert content.grids or content.faults


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000) | damaged.map(lambda how: spoil(*how)))
def test_any_bytes_leave_the_server_alive(tmp_path: Path, data: bytes) -> None:
    server = os.getpid()
    content = look(tmp_path, "a", data)
    assert content.grids or content.faults
    assert not set(codes(content)) & {"file_unreadable", "file_too_heavy", "reading_not_possible"}
    assert os.getpid() == server


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1, max_size=200))
def test_faults_repeat_a_file_only_cut_and_visible(text: str) -> None:
    content = look_here("a.csv", f"a;b\n1;2\n3;4\n5;6\n1;2;{text}x\n".encode("utf-8", "ignore"))
    for fault in content.faults:
        assert len(fault.value) <= 80
        assert not [sign for sign in fault.value if unicodedata.category(sign) in ("Cc", "Cf", "Cs")]


def test_archive_whose_list_lies_gives_a_content() -> None:
    """Each field of the archive's list of parts set to all ones in turn."""
    whole = good_workbook()
    begin = whole.find(b"PK\x01\x02")
    for place in range(begin, len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        content = look_here("a.xlsx", bytes(changed))
        assert content.grids or content.faults


def test_good_workbook_is_good() -> None:
    """The workbook the damage is done to."""
    with zipfile.ZipFile(io.BytesIO(good_workbook())) as archive:
        assert archive.testzip() is None
    assert look_here("a.xlsx", good_workbook()).faults == ()
