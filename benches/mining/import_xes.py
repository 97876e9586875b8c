"""XES import by PM4Py, line by line, with the processor time it took (see import_xes.sh)."""

import resource
import sys

from pm4py.objects.log.importer.xes import importer

log = importer.apply(
    sys.argv[1],
    variant=importer.Variants.LINE_BY_LINE,
    parameters={"show_progress_bar": False},
)
usage = resource.getrusage(resource.RUSAGE_SELF)
seconds = usage.ru_utime + usage.ru_stime
events = sum(len(trace) for trace in log)
print(
    f"pm4py\t{events} events\t{len(log)} cases\t{seconds:.2f} CPU s\t"
    f"{events / seconds:.0f} events per CPU s\t{usage.ru_maxrss} kB",
    flush=True,
)
