"""What lands in an export folder, and what stays as it was."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from framewright.domain.asset import Output
from framewright.domain.event import StepOutline
from framewright.domain.media import MediaKind
from framewright.domain.plan import Plan
from framewright.domain.run import StepState
from framewright.projection.run_view import RunView, StepView
from framewright.store.blobs import Blobs
from framewright.studio.export import Export, write_export

if TYPE_CHECKING:
    from pathlib import Path


def _view(run: str = "run_1", **texts: tuple[str, ...]) -> RunView:
    return RunView(
        run=run,
        steps={
            name: StepView(
                outline=StepOutline(
                    id=name, title=name, kind="text", model="m", needs=(), expected_seconds=0
                ),
                state=StepState.SUCCEEDED,
                outputs=tuple(Output(kind=MediaKind.TEXT, text=text) for text in said),
            )
            for name, said in texts.items()
        },
    )


def _export(folder: Path, **texts: tuple[str, ...]) -> Export:
    return write_export(_view(**texts), Plan(title="T", steps=()), folder, Blobs(folder / "none"))


def test_no_two_results_share_a_name(tmp_path: Path) -> None:
    made = _export(tmp_path, a=("one", "two"), a_2=("three",))
    texts = {(tmp_path / file.name).read_text() for file in made.files if file.step}
    assert texts == {"one", "two", "three"}


def test_what_is_not_ours_stays_and_what_is_ours_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("mine")
    _export(tmp_path, a=("one",), b=("two",))
    made = _export(tmp_path, a=("new",), b=("newer",))
    assert [file.name for file in made.files] == ["plan.json", "a.txt", "b-2.txt"]
    assert (tmp_path / "a.txt").read_text() == "new"
    assert (tmp_path / "b.txt").read_text() == "mine"


def test_what_another_run_left_moves_to_the_archive_and_nothing_else_does(tmp_path: Path) -> None:
    def export(run: str, **texts: tuple[str, ...]) -> Export:
        plan = Plan(title="T", steps=())
        return write_export(_view(run, **texts), plan, tmp_path, Blobs(tmp_path / "none"))

    export("run_1", a=("one",), b=("same",), c=("gone",), d=("mine soon",))
    (tmp_path / "d.txt").write_text("mine")
    made = export("run_2", a=("two",), b=("same",))
    assert [file.name for file in made.files] == ["plan.json", "a.txt", "b.txt"]
    assert (tmp_path / "a.txt").read_text() == "two"
    archive = tmp_path / "archive" / "run_1"
    assert {path.name for path in archive.iterdir()} == {"a.txt", "c.txt", "run.json"}
    assert (archive / "a.txt").read_text() == "one"
    assert (tmp_path / "d.txt").read_text() == "mine"
    assert not (tmp_path / "c.txt").exists()


@pytest.mark.parametrize("name", [".a.txt.part", "a.txt"])
def test_no_link_leads_a_result_elsewhere(tmp_path: Path, name: str) -> None:
    target = tmp_path / "target"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(target)
    _export(tmp_path / "out", a=("one",))
    assert not target.exists()


def test_exported_files_are_as_open_as_the_person_has_them(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    _export(tmp_path, a=("one",))
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "a.txt")}
    assert len(modes) == 1
