"""The newest migration is the one a workspace is brought to when it is opened."""

from importlib.resources import files

from framewright.store import schema


def test_the_head_is_the_newest_migration():
    folder = files("framewright.store.migrations") / "versions"
    numbers = [each.name[:4] for each in folder.iterdir() if each.name[:4].isdecimal()]
    assert max(numbers) == schema.HEAD
