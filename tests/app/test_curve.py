"""The points of a training's chart: one per epoch, each with its own loss and its own validation."""

from __future__ import annotations

from app.worker.curve import MOST, Curve


def told(epoch: float, loss: float | None = None, quality: float | None = None) -> dict[str, float]:
    """What a model says of itself at one moment."""
    said = {"epoch": epoch, "loss": loss, "ndcg@10": quality, "seconds left": 9.0}
    return {name: value for name, value in said.items() if value is not None}


def test_every_epoch_gets_the_validation_that_was_measured_at_its_end() -> None:
    curve = Curve()
    assert curve.told(told(1)) == []
    assert curve.told(told(1, 8.0)) == [{"epoch": 1, "loss": 8.0}]
    assert curve.told(told(1, 7.5)) == [{"epoch": 1, "loss": 7.5}]
    assert curve.told(told(2, 7.4, 0.1)) == [{"epoch": 1, "loss": 7.4, "ndcg@10": 0.1}]
    first = {"epoch": 1, "loss": 7.4, "ndcg@10": 0.1}
    assert curve.told(told(2, 6.0, 0.1)) == [first, {"epoch": 2, "loss": 6.0}], "0.1 is still that of the first epoch"
    assert curve.told(told(3, 5.9, 0.1))[1] == {"epoch": 2, "loss": 5.9, "ndcg@10": 0.1}, "measured anew, and the same"


def test_epochs_too_short_to_be_told_of_have_their_points_all_the_same() -> None:
    curve = Curve()
    curve.told(told(1))
    curve.told(told(2, 7.0, 0.1))
    assert [point["epoch"] for point in curve.told(told(3, 6.0, 0.2))] == [1, 2]


def test_the_end_adds_no_epoch_that_never_was() -> None:
    early = Curve()
    for said in (told(1), told(1, 7.0), told(2, 6.9, 0.1), told(2, 6.9, 0.1)):
        points = early.told(said)
    assert points == [{"epoch": 1, "loss": 6.9, "ndcg@10": 0.1}]
    full = Curve()
    for said in (told(1), told(2, 7.0, 0.1), told(2, 6.0, 0.1), told(2, 5.9, 0.3), told(2, 5.9, 0.3)):
        points = full.told(said)
    assert points[1:] == [{"epoch": 2, "loss": 5.9, "ndcg@10": 0.3}], "the last epoch of all counts no further"


def test_a_training_that_was_interrupted_goes_on_with_its_points() -> None:
    before = [{"epoch": float(epoch), "loss": 9.0 - epoch} for epoch in (1, 2, 3)]
    curve = Curve(before)
    assert curve.told({}) == []
    assert curve.told(told(3, 6.5)) == before[:2]
    assert curve.told(told(3, 6.2)) == [*before[:2], {"epoch": 3, "loss": 6.2}]
    assert Curve(before).told(told(1)) == [], "from the start it starts anew"


def test_a_model_without_epochs_has_no_curve_and_a_long_training_a_thinner_one() -> None:
    assert Curve().told({"loss": 3.0}) == []
    curve = Curve()
    for epoch in range(1, 3 * MOST):
        points = curve.told(told(float(epoch), 1 / epoch))
    epochs = [point["epoch"] for point in points]
    assert len(points) <= MOST
    assert epochs[0] == 1
    assert epochs == sorted(epochs)
    assert epochs[-1] == 3 * MOST - 2
