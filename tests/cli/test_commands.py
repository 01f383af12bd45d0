"""The command line as a script uses it: what it writes, and where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from recommender.cli import main
from recommender.evaluation import PROTOCOLS, Report
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore, current_of

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> None:
    """One command, which must succeed."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert ended.value.code == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing but a ratings.csv: forty people, two tastes."""
    path = tmp_path_factory.mktemp("ratings")
    rows = [
        (person, 100 + 20 * (person % 2) + (person + 3 * step) % 17, 5 - step % 3, 1_000 * person + step)
        for person in range(1, 41)
        for step in range(12)
    ]
    frame = pl.DataFrame(rows, schema=["userId", "movieId", "rating", "timestamp"], orient="row")
    frame.write_csv(path / "ratings.csv")
    return path


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models trained on it."""
    out = tmp_path_factory.mktemp("trained")
    run("train", "ease", "markov", "--data", folder, "--out", out)
    return out


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """Histories of people never seen; the third knows only movies that nobody else does."""
    path = tmp_path / "histories.csv"
    path.write_text(
        "user_id,movie_id,rating,timestamp\n"
        "9001,101,5,20\n9001,100,5,10\n9001,777777,4,30\n7,120,1,1\n8000,777777,5,1\n8000,888888,5,2\n"
    )
    return path


def test_models_as_json_leaves_stdout_to_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("models", "--json")
    found = json.loads(capsys.readouterr().out)
    assert [model["slug"] for model in found] == registry.names()
    by_name = {model["name"]: model for model in found}
    assert {"name", "family", "block", "paper", "parents"} <= set(by_name["EASE"])
    assert by_name["EASE"]["paper"]["year"] == 2019
    assert by_name["EASE"]["parents"] == ["ItemKNN", "SLIM"]


def test_models_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    run("models")
    printed = capsys.readouterr().out
    assert all(slug in printed for slug in registry.names())


def test_listing_models_loads_nothing_heavy() -> None:
    """Seconds of imports would stand before every `models --json` of a script. torch must be: a network stands beside its card."""
    code = (
        "import sys\nfrom recommender.cli import main\n"
        "try: main(['models', '--json'])\n"
        "except SystemExit: print(sorted({'lightning_fabric', 'implicit', 'sentence_transformers', 'streamlit'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    json.loads(done.stdout)


def test_python_m_recommender_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recommender", "train", "nothing", "--data", "embedded", "--out", "unused"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_train_writes_versions_that_serve(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ArtifactStore(trained)
    for slug in ("ease", "markov"):
        version = store.current(slug)
        assert version is not None
        assert version.manifest().dataset.startswith("ratings")
        assert version.load().card.slug == slug


def test_train_all(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("train", "--all", "--data", folder, "--out", tmp_path / "new" / "deep")
    assert {path.name for path in (tmp_path / "new" / "deep").iterdir()} == set(registry.names())
    printed = capsys.readouterr()
    assert sorted(line.split(":")[0] for line in printed.out.splitlines()) == registry.names(), "as they are ready"
    assert "reading" in printed.err, "progress goes to stderr"


@pytest.mark.parametrize(
    "pairs",
    [
        ["--set", "factors=8", "--set", "regularization=0.5"],
        ["--set", "factors=8", "regularization=0.5"],
    ],
    ids=["each with its --set", "several after one"],
)
def test_settings_take_the_types_of_the_config(pairs: list[str], folder: Path, tmp_path: Path) -> None:
    run("train", "ials", "--data", folder, "--out", tmp_path, "--seed", 3, "--device", "cpu", *pairs)
    version = current_of(tmp_path / "ials")
    assert version is not None
    config = version.load().config
    assert config.model_dump() | {"factors": 8, "regularization": 0.5, "seed": 3} == config.model_dump()
    assert isinstance(config.model_dump()["factors"], int)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_recommend_answers_strangers(
    suffix: str, trained: Path, strangers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / f"lists.{suffix}"
    run("recommend", "--artifact", trained / "ease", "--histories", strangers, "--k", 4, "--out", out)
    table = pl.read_csv(out) if suffix == "csv" else pl.read_parquet(out)
    assert table.columns == ["user_id", "rank", "movie_id", "score"]
    assert table["user_id"].to_list() == [7] * 4 + [8000] * 4 + [9001] * 4
    assert table["rank"].to_list() == [1, 2, 3, 4] * 3
    for _, own in table.group_by("user_id"):
        assert own["score"].is_sorted(descending=True)
        assert own["movie_id"].n_unique() == 4
    assert not set(table.filter(user_id=9001)["movie_id"]) & {100, 101, 777777}
    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert warnings == ["warning: 3 ratings were skipped: the model does not know their movies (2 in all)."]


def test_recommend_reads_parquet_and_answers_as_the_csv(trained: Path, strangers: Path, tmp_path: Path) -> None:
    parquet = tmp_path / "histories.parquet"
    pl.read_csv(strangers).write_parquet(parquet)
    for source, out in ((strangers, "a.csv"), (parquet, "b.csv")):
        run("recommend", "--artifact", trained / "markov", "--histories", source, "--k", 5, "--out", tmp_path / out)
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()


def test_recommend_more_than_there_is(trained: Path, strangers: Path, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "lists.parquet"
    run("recommend", "--artifact", trained / "ease", "--histories", strangers, "--k", 10**9, "--out", out)
    movies = pl.read_csv(folder / "ratings.csv")["movieId"].n_unique()
    listed = dict(pl.read_parquet(out).group_by("user_id").len().iter_rows())
    assert listed == {7: movies - 1, 8000: movies, 9001: movies - 2}


def test_recommend_uses_the_version_that_serves_now(
    trained: Path, folder: Path, strangers: Path, tmp_path: Path
) -> None:
    lists = []
    for strength in (1, 100_000):
        run("train", "ease", "--data", folder, "--out", tmp_path, "--set", f"regularization={strength}")
        run("recommend", "--artifact", tmp_path / "ease", "--histories", strangers, "--out", tmp_path / "out.csv")
        lists.append((tmp_path / "out.csv").read_text())
    assert lists[0] != lists[1]


@pytest.mark.parametrize("protocol", [name for name in PROTOCOLS if name != "cold-item"])
def test_evaluate_all_on_nothing_but_ratings(
    protocol: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    run("evaluate", "--data", folder, "--protocol", protocol, "--models", "all", "--out", out, "--seed", 2)
    report = Report.model_validate_json(out.read_bytes())
    assert list(report.models) == registry.names()
    assert {trained.config["seed"] for trained in report.models.values()} == {2}
    assert {
        model.low <= model.value <= model.high for t in report.trials for m in t.models.values() for model in m.values()
    } == {True}
    assert "itemknn" in capsys.readouterr().out


def test_evaluate_new_movies_takes_the_models_that_read_features(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    able = [card.slug for card in registry.cards() if card.scores_cold_items]
    run("evaluate", "--data", folder, "--protocol", "cold-item", "--models", "all", "--out", out)
    report = Report.model_validate_json(out.read_bytes())
    assert list(report.models) == ["random", "genrepopularity", *able]
    assert [trial.label for trial in report.trials] == ["among new", "among all"]
    told = capsys.readouterr()
    assert f"{len(able)} of {len(registry.names())} models can place movies that nobody rated: " in told.err
    assert "among new: 40 people" in told.out
    assert "genrepopularity" in told.out


def test_evaluate_some_on_the_embedded_data(tmp_path: Path) -> None:
    """Figures known from elsewhere: popularity finds .043 of the last ratings in its ten (NDCG .020), the chain .092 (.055)."""
    out = tmp_path / "report.json"
    run("evaluate", "--data", "embedded", "--protocol", "leave-last", "--models", "popularity,markov", "--out", out)
    report = Report.model_validate_json(out.read_bytes())
    for slug, hr, ndcg in (("popularity", 0.043, 0.020), ("markov", 0.092, 0.055)):
        figures = report.trials[0].models[slug]
        assert figures["hr@10"].n == 671
        assert figures["hr@10"].low <= hr <= figures["hr@10"].high
        assert figures["ndcg@10"].low <= ndcg <= figures["ndcg@10"].high


def test_data_build_makes_what_the_house_comes_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "published"
    source.mkdir()
    pl.DataFrame({"user_id": [1], "movie_id": [1], "rating": [4.0], "timestamp": [1]}).write_parquet(
        source / "movielens-small-2016-ratings.parquet"
    )
    pl.DataFrame(
        {"movie_id": [1], "title": ["Matrix, The"], "year": [1999], "genres": ["Action|Sci-Fi"]}
    ).write_parquet(source / "movielens-small-2016-movies.parquet")
    text = ("imdb_id", "certificate", "directors", "writers", "cast", "languages", "countries", "awards")
    film = {name: ["tt0133093" if name == "imdb_id" else "A, B"] for name in text}
    numbers = {"year": [1999], "runtime_minutes": [136], "oscars": [4]}
    pl.DataFrame({"title": ["The Matrix"], "genres": ["Action, Sci-Fi"], **film, **numbers}).write_parquet(
        source / "wikidata-films.parquet"
    )
    run("data", "build", source, "--out", tmp_path / "assets")
    assert pl.read_parquet(tmp_path / "assets" / "movielens" / "movies.parquet")["title"].to_list() == ["The Matrix"]
    assert pl.read_parquet(tmp_path / "assets" / "wikidata" / "films.parquet")["imdb_id"].to_list() == ["tt0133093"]
    assert "100.0% of the movies" in capsys.readouterr().out


def test_data_features_says_how_many_movies_have_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("data", "features", "--data", folder)
    told = capsys.readouterr().out.splitlines()
    assert told[-1].startswith("tags: 0 of ")
    run("data", "features")
    assert "directors: 7," in capsys.readouterr().out, "the embedded data are the default"
