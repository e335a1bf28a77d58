# SPDX-License-Identifier: MIT
"""A Slurm of one node on the loopback device: for a test, in a folder of its own, without systemd, as whoever runs it."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={controller}
SlurmdPort={daemon}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
KillWait=5
InactiveLimit=0
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel")
PATIENCE = 60


class Unavailable(Exception):
    """Why there is no cluster here."""


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, what, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise TimeoutError(f"waited {seconds} s for {what}")


class Slurm:
    """Use as a context. Raises Unavailable when the daemons are not installed or do not come up."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        missing = [program for program in PROGRAMS if not find(program)]
        if missing:
            raise Unavailable(f"Slurm is not installed ({', '.join(missing)}): ./dev setup cluster")
        try:
            self._start()
        except (OSError, subprocess.SubprocessError, TimeoutError) as error:
            self.__exit__()
            raise Unavailable(f"Slurm did not start: {error}; its logs are in {self.folder}") from error
        return self

    def _start(self):
        for name in ("munge", "state", "spool"):
            (self.folder / name).mkdir(mode=0o755, parents=True)
        (self.folder / "munge" / "key").write_bytes(os.urandom(128))
        (self.folder / "munge" / "key").chmod(0o600)
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=socket.gethostname().split(".")[0],
                user=getpass.getuser(),
                folder=self.folder,
                controller=free_port(),
                daemon=free_port(),
                processors=os.cpu_count(),
            )
        )
        munge = self.folder / "munge"
        places = {"socket": munge / "socket", "key-file": munge / "key", "seed-file": munge / "seed"}
        places |= {"log-file": munge / "log", "pid-file": self.folder / "munged.pid"}
        self._daemon("munged", "--force", *(f"--{name}={path}" for name, path in places.items()))
        self._daemon("slurmctld")
        self._daemon("slurmd")
        until(lambda: "idle" in self.answer("sinfo", "-h", "-o", "%T"), "the node to be idle")

    def _daemon(self, name, *arguments):
        # To files: a daemon would hold a pipe open for as long as it lives.
        with open(self.folder / f"{name}.out", "w") as out:
            self._run(name, *arguments, stdout=out, stderr=out).check_returncode()

    def _run(self, program, *arguments, **options):
        command = [find(program), *map(str, arguments)]
        options = {"env": self.environment, "stdin": subprocess.DEVNULL, "timeout": PATIENCE, **options}
        return subprocess.run(command, **options)

    def __exit__(self, *_):
        if (self.folder / "slurmctld.pid").exists():
            self._run("scancel", "-f", f"--user={getpass.getuser()}", capture_output=True)
        for name in ("slurmd", "slurmctld", "munged"):
            self._stop(self.folder / f"{name}.pid")

    def _stop(self, pid_file):
        try:
            pid = int(pid_file.read_text())
            os.kill(pid, signal.SIGTERM)
        except (OSError, ValueError):
            return
        try:
            until(lambda: not alive(pid), f"{pid_file.stem} to end", 15)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)

    def answer(self, program, *arguments, **options):
        """What a Slurm command prints."""
        done = self._run(program, *arguments, capture_output=True, text=True, **options)
        if done.returncode != 0:
            said = done.stderr.strip() or done.stdout.strip()
            raise subprocess.SubprocessError(f"{program} {' '.join(map(str, arguments))}: {said}")
        return done.stdout.strip()

    def submit(self, *arguments, cwd, **variables):
        """sbatch; returns the job's number."""
        return self.answer("sbatch", "--parsable", *arguments, cwd=cwd, env={**self.environment, **variables})

    def batch_shell(self, task):
        """The process that runs a task's script. (Of a task that has just begun, `scancel --signal` thinks that it could not be
        signalled, and tries again until it is gone.)"""
        number = self.answer("squeue", "-h", "-o", "%A", "-j", task)
        rows = (line.split() for line in self.answer("scontrol", "listpids", number).splitlines())
        return next(int(row[0]) for row in rows if row[3] == "0")

    def states(self, job):
        """Of each of a job's tasks, the state: {"12_0": "RUNNING", …}. Tasks still waiting together are one entry."""
        lines = self.answer("squeue", "-h", "-t", "all", "-r", "-o", "%i %T", "-j", job).splitlines()
        return dict(line.split() for line in lines)


def alive(pid):
    """A zombie, which nobody waits for, is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
