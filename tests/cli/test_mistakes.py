"""A user's mistake is one clear line on stderr and exit code 2, before any work was done; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.cli import main

HEADING = "user_id,movie_id,rating,timestamp\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model, histories, and files that are wrong in one way each."""
    place = tmp_path_factory.mktemp("place")
    (place / "ratings.csv").write_text(HEADING + "".join(f"{u},{m},4,{m}\n" for u in range(5) for m in range(u, u + 5)))
    (place / "histories.csv").write_text(HEADING + "1,1,5,1\n")
    (place / "empty.csv").write_text("")
    (place / "heading.csv").write_text(HEADING)
    (place / "columns.csv").write_text("user,film\n1,2\n")
    (place / "stars.csv").write_text(HEADING + "1,1,11,1\n")
    (place / "words.csv").write_text(HEADING + "anna,1,5,1\n")
    (place / "binary.parquet").write_bytes(b"\x00\x01\x02")
    (place / "binary.csv").write_bytes(bytes(range(256)) * 9)
    (place / "one.csv").write_text(HEADING + "1,1,5,1\n2,2,5,1\n")
    (place / "folder").mkdir()
    (place / "damaged" / "versions" / "v1").mkdir(parents=True)
    (place / "damaged" / "current").write_text("v1")
    (place / "ease").mkdir()
    (place / "ease" / "current").write_text("gone")
    with pytest.raises(SystemExit):
        main(["train", "popularity", "--data", str(place / "ratings.csv"), "--out", str(place / "models")])
    return place


MISTAKES = {
    "no command": ("", "--help"),
    "unknown command": ("trane ease", "trane"),
    "unknown option": ("models --jsn", "--jsn"),
    "unknown model": ("train eaze --data {ok} --out {new}", "did you mean ease"),
    "no model": ("train --data {ok} --out {new}", "Name a model, or all: "),
    "models and all": ("train ease --all --data {ok} --out {new}", "not both"),
    "no data": ("train ease --out {new}", "--data"),
    "no out": ("train ease --data {ok}", "--out"),
    "no such data": ("train ease --data {p}/nowhere --out {new}", "There is no data set"),
    "empty data": ("train ease --data {p}/empty.csv --out {new}", "empty.csv is empty"),
    "data without ratings": ("train ease --data {p}/heading.csv --out {new}", "not one rating"),
    "data of other columns": ("train ease --data {p}/columns.csv --out {new}", "lacks user_id"),
    "folder without ratings": ("train ease --data {p}/folder --out {new}", "holds no ratings.csv"),
    "damaged parquet": ("train ease --data {p}/binary.parquet --out {new}", "binary.parquet"),
    "not a table": ("train ease --data {p}/binary.csv --out {new}", "binary.csv"),
    "out is a file": ("train ease --data {ok} --out {p}/ratings.csv", "cannot be written"),
    "out cannot be made": ("train ease --data {ok} --out /proc/nowhere", "/proc/nowhere"),
    "unknown setting": ("train ease --data {ok} --out {new} --set lambda=3", "regularization"),
    "setting of a wrong type": ("train ease --data {ok} --out {new} --set regularization=much", "'much'"),
    "setting out of range": ("train ease --data {ok} --out {new} --set regularization=-1", "greater than 0"),
    "setting without value": ("train ease --data {ok} --out {new} --set regularization", "KEY=VALUE"),
    "setting without key": ("train ease --data {ok} --out {new} --set =3", "KEY=VALUE"),
    "setting of another model": ("train ease markov --data {ok} --out {new} --set smoothing=2", "ease has no setting"),
    "unknown device": ("train ease --data {ok} --out {new} --device tpu", "'cuda'"),
    "seed is no number": ("train ease --data {ok} --out {new} --seed x", "--seed"),
    "no artifact": ("recommend --artifact {p}/none --histories {his} --k 3 --out {new}.csv", "holds no trained model"),
    "artifact is no model": ("recommend --artifact {p}/models --histories {his} --k 3 --out {new}.csv", "DIR/MODEL"),
    "artifact of no model": ("recommend --artifact {p}/damaged --histories {his} --k 3 --out {new}.csv", "damaged"),
    "artifact is gone": ("recommend --artifact {p}/ease --histories {his} --k 3 --out {new}.csv", "train the model"),
    "no histories": ("recommend --artifact {pop} --histories {p}/none.csv --k 3 --out {new}.csv", "There is no file"),
    "histories are a folder": ("recommend --artifact {pop} --histories {p} --k 3 --out {new}.csv", "There is no file"),
    "empty histories": ("recommend --artifact {pop} --histories {p}/empty.csv --k 3 --out {new}.csv", "is empty"),
    "only a heading": (
        "recommend --artifact {pop} --histories {p}/heading.csv --k 3 --out {new}.csv",
        "not one rating",
    ),
    "wrong columns": ("recommend --artifact {pop} --histories {p}/columns.csv --k 3 --out {new}.csv", "lacks user_id"),
    "too many stars": ("recommend --artifact {pop} --histories {p}/stars.csv --k 3 --out {new}.csv", "5 stars"),
    "names for ids": ("recommend --artifact {pop} --histories {p}/words.csv --k 3 --out {new}.csv", "words.csv"),
    "k is zero": ("recommend --artifact {pop} --histories {his} --k 0 --out {new}.csv", "--k"),
    "k is no number": ("recommend --artifact {pop} --histories {his} --k ten --out {new}.csv", "--k"),
    "lists in another form": ("recommend --artifact {pop} --histories {his} --k 3 --out {new}.xlsx", ".parquet"),
    "lists into a folder": ("recommend --artifact {pop} --histories {his} --k 3 --out /proc/nowhere/a.csv", "/proc"),
    "unknown protocol": ("evaluate --data {ok} --protocol loo --models ease --out {new}.json", "leave-last, temporal"),
    "evaluate unknown model": ("evaluate --data {ok} --protocol temporal --models sasrek --out {new}.json", "sasrek"),
    "evaluate no model": ("evaluate --data {ok} --protocol temporal --models , --out {new}.json", "Name a model"),
    "evaluate all and more": (
        "evaluate --data {ok} --protocol temporal --models all,ease --out {new}.json",
        "not both",
    ),
    "report is a folder": ("evaluate --data {ok} --protocol temporal --models ease --out {p}/folder", "name a file"),
    "nobody to ask": (
        "evaluate --data {p}/one.csv --protocol leave-last --models ease --out {new}.json",
        "nobody to ask",
    ),
    "no time to cut": ("evaluate --data {p}/one.csv --protocol temporal --models ease --out {new}.json", "leave-last"),
    "cold items, blind models": (
        "evaluate --data {ok} --protocol cold-item --models ease --out {new}.json",
        "features",
    ),
    "nothing to build from": ("data build {p}/folder --out {new}", "movielens-small"),
}


@pytest.mark.parametrize(("line", "says"), MISTAKES.values(), ids=MISTAKES)
def test_one_line_and_exit_code_2(
    line: str, says: str, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    names = {"p": place, "ok": place / "ratings.csv", "his": place / "histories.csv", "new": new}
    with pytest.raises(SystemExit) as ended:
        main(line.format(**names, pop=place / "models" / "popularity").split())
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    said = [text for text in printed.err.splitlines() if text.startswith("marquee: ")]
    assert len(said) == 1
    assert printed.err.strip().endswith(said[0].strip()), "the last word"
    assert says in said[0]
    assert "Traceback" not in printed.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()], "nothing is left half-done"


def test_cuda_without_a_gpu(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(SystemExit) as ended:
        main(["train", "ease", "--data", str(place / "ratings.csv"), "--out", str(tmp_path), "--device", "cuda"])
    assert ended.value.code == 2
    assert "no CUDA GPU" in capsys.readouterr().err


def test_a_bug_keeps_its_traceback(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a user's mistakes become a line: whoever hides a bug cannot mend it."""
    monkeypatch.setattr("recommender.serving.training.train", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["train", "ease", "--data", str(place / "ratings.csv"), "--out", str(tmp_path)])


def test_ctrl_c_stops(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recommender.serving.training.train", pressed)
    with pytest.raises(SystemExit) as ended:
        main(["train", "ease", "--data", str(place / "ratings.csv"), "--out", str(tmp_path)])
    assert ended.value.code == 130
