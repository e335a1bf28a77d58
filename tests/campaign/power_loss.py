# SPDX-License-Identifier: MIT
"""A folder as its disk may hold it after the power was lost, played from the log of `faulty_io`.

What no fsync followed is in doubt. Of a file's content each 4 KiB page is, with probability 1/2, as it was at the last fsync,
else as some later write left it; its size likewise. Of the folder's entries (creations, renames, removals since the folder's
last fsync) either those up to some moment happened, as a journalling file system has it, or any selection of them. A rename
is atomic. An fsync of a file does not make its name last: POSIX asks for one of the folder.
"""

import struct
from pathlib import Path

PAGE = 4096
OPENED, WROTE, TRUNCATED, GROWN, SYNCED, SYNCED_FOLDER, RENAMED, UNLINKED, FAILED = range(1, 10)


class File:
    def __init__(self, durable=b""):
        self.now = bytearray(durable)
        self._settle()

    def _settle(self):
        self.durable = bytes(self.now)
        self.pages = {}  # number -> contents since the last sync
        self.sizes = []

    synced = _settle

    def _keep(self, begin, end):
        for page in range(begin // PAGE, -(-end // PAGE)):
            self.pages.setdefault(page, []).append(bytes(self.now[page * PAGE : (page + 1) * PAGE]))

    def wrote(self, offset, data):
        before = len(self.now)
        if offset > before:
            self.now.extend(bytes(offset - before))
        self.now[offset : offset + len(data)] = data
        if len(self.now) != before:
            self.sizes.append(len(self.now))
        self._keep(offset, offset + len(data))

    def resized(self, size):
        before = len(self.now)
        if size == before:
            return
        if size < before:
            del self.now[size:]
            self._keep(size, before)
        else:
            self.now.extend(bytes(size - before))
        self.sizes.append(size)

    def after_power_loss(self, chance):
        size = len(self.durable)
        if self.sizes and chance.random() < 0.5:
            size = chance.choice(self.sizes)
        content = bytearray(self.durable[:size].ljust(size, b"\0"))
        for page, versions in self.pages.items():
            begin = page * PAGE
            if begin < size and chance.random() < 0.5:
                kept = chance.choice(versions)[: size - begin]
                content[begin : begin + PAGE] = kept.ljust(min(PAGE, size - begin), b"\0")
        return bytes(content)


class Disk:
    """One folder without folders in it; `before` is what it held, all of it durable."""

    def __init__(self, before):
        self.durable = {name: File(content) for name, content in before.items()}
        self.now = dict(self.durable)
        self.doubtful = []  # changes of entries: functions that do them to a dict
        self._open = {}  # by inode

    def _change(self, entry):
        entry(self.now)
        self.doubtful.append(entry)

    def play(self, log, folder):
        for event, inode, offset, created, data in records(log):
            if event == OPENED:
                name = Path(data.decode()).relative_to(folder).as_posix()
                if created:
                    made = File()
                    self._change(lambda names, name=name, made=made: names.__setitem__(name, made))
                self._open[inode] = self.now[name]
            elif event == WROTE:
                self._open[inode].wrote(offset, data)
            elif event == TRUNCATED:
                self._open[inode].resized(offset)
            elif event == GROWN:
                self._open[inode].resized(max(offset, len(self._open[inode].now)))
            elif event == SYNCED:
                self._open[inode].synced()
            elif event == SYNCED_FOLDER:
                self.durable, self.doubtful = dict(self.now), []
            elif event == RENAMED:
                old, new = (Path(path).relative_to(folder).as_posix() for path in data.decode().split("\0"))

                def rename(names, old=old, new=new, file=self.now[old]):
                    names.pop(old, None)
                    names[new] = file

                self._change(rename)
            elif event == UNLINKED:
                name = Path(data.decode()).relative_to(folder).as_posix()
                self._change(lambda names, name=name: names.pop(name, None))
            elif event != FAILED:
                raise ValueError(f"{log}: unknown event {event}")

    def contents(self):
        """The folder without a power loss."""
        return {name: bytes(file.now) for name, file in self.now.items()}

    def after_power_loss(self, chance):
        if chance.random() < 0.5:
            happened = self.doubtful[: chance.randint(0, len(self.doubtful))]
        else:
            happened = [entry for entry in self.doubtful if chance.random() < 0.5]
        names = dict(self.durable)
        for entry in happened:
            entry(names)
        return {name: file.after_power_loss(chance) for name, file in names.items()}


def records(log):
    """(event, inode, offset, created, data) of each whole record. A kill may have cut the last, or come before the first."""
    if not Path(log).exists():
        return
    head = struct.Struct("=5Q")
    with open(log, "rb") as file:
        while len(start := file.read(head.size)) == head.size:
            event, inode, offset, created, size = head.unpack(start)
            data = file.read(size)
            if len(data) < size:
                return
            yield event, inode, offset, created, data


def read_folder(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def write_folder(folder, contents):
    Path(folder).mkdir(parents=True)
    for name, content in contents.items():
        (Path(folder) / name).write_bytes(content)
