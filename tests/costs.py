"""What a piece of work costs a process: seconds of the processor and MB of memory, under limits that end it."""

import os
import pickle
import resource
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor, MB more than before, and what the work returned or raised."""

    seconds: float
    megabytes: float
    outcome: object


def cost_of(work, *, most_seconds=20):
    """Do the work in a copy of this process, and say what it cost. It dies where it takes too many seconds."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
            before = resource.getrusage(resource.RUSAGE_SELF)
            try:
                outcome = work()
            except Exception as error:
                outcome = error
            after = resource.getrusage(resource.RUSAGE_SELF)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            answer = Cost(seconds, (after.ru_maxrss - before.ru_maxrss) / 1024, repr(outcome))
            os.write(writer, pickle.dumps(answer))
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        raise AssertionError("It died of its limits.")
    return pickle.loads(answer)  # noqa: S301  (our own process wrote it)
