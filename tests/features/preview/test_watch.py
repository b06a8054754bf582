from __future__ import annotations

import asyncio

import pytest

from reportgen.features.preview.app import watch


class Saves:
    """Stands in for `awatch`: what is watched in depth, and the root, tell what tests put in."""

    def __init__(self):
        self.watched = []
        self.queues = {True: asyncio.Queue(), False: asyncio.Queue()}

    async def __call__(self, *folders, recursive=True, **_options):
        self.watched.append((recursive, [folder.name for folder in folders]))
        while (batch := await self.queues[recursive].get()) is not None:
            yield {("saved", str(path)) for path in batch}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def heard(root, play):
    """Return what `watch` tells while `play(saves, told)` runs; told() waits for the next."""

    async def run():
        saves, told = Saves(), asyncio.Queue()
        task = asyncio.create_task(watch(root, told.put_nowait, saves))
        try:
            return await asyncio.wait_for(play(saves, told.get), 5), saves.watched
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return asyncio.run(run())


def test_saved_files_are_told_by_their_paths_once(root):
    async def play(saves, told):
        files = [root / "data/a/f.yaml", root / "data/a/f.yaml", root / "templates/p/pack.yaml"]
        await saves.queues[True].put(files)
        return await told()

    paths, watched = heard(root, play)
    assert paths == ["data/a/f.yaml", "templates/p/pack.yaml"]
    assert (True, ["data", "templates"]) in watched


def test_what_editors_put_down_for_a_moment_is_nothing(root):
    async def play(saves, told):
        names = [".f.yaml.swp", "f.yaml~", "4913", "#f.yaml#", "~$frame.docx", "x.tmp"]
        await saves.queues[True].put([root / "data" / name for name in names])
        await saves.queues[True].put([root / "data" / "f.yaml"])
        return await told()

    assert heard(root, play)[0] == ["data/f.yaml"]


def test_a_folder_that_comes_is_watched_and_everything_is_looked_at_again(root):
    (root / "templates").rmdir()

    async def play(saves, told):
        await asyncio.sleep(0)
        (root / "templates").mkdir()
        await saves.queues[False].put([root / "templates"])
        everything = await told()
        await saves.queues[True].put([root / "templates" / "a"])
        return everything, await told()

    (everything, then), watched = heard(root, play)
    assert everything == ("data", "templates")
    assert then == ["templates/a"]
    deep = [names for recursive, names in watched if recursive]
    assert deep == [["data"], ["data", "templates"]]


def test_a_folder_made_anew_under_its_name_is_watched_anew(root):
    async def play(saves, told):
        await asyncio.sleep(0)
        (root / "old").mkdir()
        (root / "data").rename(root / "gone")
        (root / "old").rename(root / "data")
        await saves.queues[False].put([root / "data"])
        return await told()

    assert heard(root, play)[0] == ("data", "templates")


def test_other_files_at_the_root_are_no_news(root):
    async def play(saves, told):
        await saves.queues[False].put([root / "README.md"])
        await saves.queues[True].put([root / "data" / "a"])
        return await told()

    assert heard(root, play)[0] == ["data/a"]


def test_without_folders_it_waits_for_them(tmp_path):
    async def play(saves, told):
        await asyncio.sleep(0)
        (tmp_path / "data").mkdir()
        await saves.queues[False].put([tmp_path / "data"])
        return await told()

    assert heard(tmp_path, play)[0] == ("data", "templates")
