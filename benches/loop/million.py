"""Makes up a log of many handovers, holds two versions of the sample's contract against it, and says what that took.

    python3 -I benches/loop/million.py BATON FOLDER [PACKAGES]

BATON is the binary, FOLDER is made anew, PACKAGES are a million when left out. A seed gives the same log everywhere; its digest is
printed. Processor time and the most memory are those of `baton backtest` alone, as the kernel counts them.
"""

import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

SEED = 20261121
# Handovers of one case, each to another team than before.
HANDOVERS = 4
TEAMS = [f"team-{number:02}" for number in range(24)]
AREAS = ["accounts", "checkout", "installments", "reports", "search"]
CHANNELS = ["form", "hotline", "meeting", "message"]
START = 1_704_096_000
CLAUSE = """  - id: criteria-written
    title: Acceptance criteria are written
    dimension: clarity
    weight: 8
    severity: major
    expect: has(package.criteria)
    because: Without them nobody knows when it is done.
    fix: Write them.
    effort: 3
"""


def log(path, packages):
    """Writes the log; work without criteria in one area comes back most of the time."""
    draw = random.Random(SEED)
    with path.open("w", encoding="ascii", newline="") as out:
        out.write("item,at,step,team,assignee,area,channel,criteria,urgency\n")
        for case in range(packages // HANDOVERS):
            area, criteria = draw.choice(AREAS), draw.random() < 0.6
            minute = START // 60 + case
            written = "written" if criteria else ""
            known = f"{area},{draw.choice(CHANNELS)},{written},usual"
            team = None
            for step in range(HANDOVERS + 1):
                team = draw.choice([other for other in TEAMS if other != team])
                at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(minute * 60))
                told = known if step == 0 else ",,,"
                out.write(f"C-{case},{at},{'requested' if step == 0 else 'built'},{team},,{told}\n")
                minute += draw.randrange(10, 4_000)
            fails = 0.7 if area == "checkout" and not criteria else 0.1
            if draw.random() < fails:
                at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(minute * 60))
                out.write(f"C-{case},{at},reopened,{team},,,,,\n")


def main():
    baton, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    packages = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    folder.mkdir(parents=True)
    subprocess.run([baton, "sample", folder / "sample"], check=True, stdout=subprocess.DEVNULL)
    contract = folder / "sample/handoffs/request-to-engineering"
    text = (contract / "contract.yaml").read_text()
    after = folder / "after"
    after.mkdir()
    changed = text.replace("version: 1.0.0", "version: 1.1.0").replace("\nthresholds:", f"\n{CLAUSE}\nthresholds:")
    (after / "contract.yaml").write_text(changed)
    (after / "package.schema.json").write_text((contract / "package.schema.json").read_text())
    events = folder / "events.csv"
    log(events, packages)
    size = events.stat().st_size
    print(f"log: {size / 1e6:.0f} MB, sha256:{hashlib.sha256(events.read_bytes()).hexdigest()}")
    answer = folder / "backtest.json"
    began = time.monotonic()
    subprocess.run(
        [baton, "backtest", events, "--mapping", folder / "sample/events.yaml", "--fields", contract / "fields.yaml",
         "--outcome", "reopened", "--before", contract, "--after", after, "--format", "json", "--out", answer],
        check=True,
    )
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(answer.read_text())
    assert told["packages"] == packages, told["packages"]
    gained = next(row for row in told["decisions"] if row["measure"] == "flagged")["gained"]
    print(f"packages: {told['packages']}, cases asked for more: {gained['failed']} failed, {gained['fine']} fine; checks {told['checks']}")
    print(f"processor time: {used.ru_utime + used.ru_stime:.1f} s, from begin to end {wall:.1f} s on {os.cpu_count()} cores")
    print(f"most memory: {used.ru_maxrss / 1024:.0f} MiB")


main()
