"""Writes a seeded event log of an issue tracker as CSV: cases that overlap in time, eight columns.

Usage: import_generate.py EVENTS FILE
"""

import sys

EVENTS = int(sys.argv[1])
STATES = ["New", "Triaged", "Active", "Waiting", "Review", "Resolved", "Closed"]


class Random:
    """SplitMix64, so that the file is the same under every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return (z ^ (z >> 31)) % bound


def main():
    random = Random(42)
    open_cases = []
    next_case = 0
    minute = 0
    with open(sys.argv[2], "w", encoding="ascii") as out:
        out.write("case_id,timestamp,activity,team,assignee,priority,channel,amount\n")
        lines = []
        for _ in range(EVENTS):
            minute += random.below(2)
            if len(open_cases) < 2000 or random.below(7) == 0:
                case = [next_case, random.below(40), random.below(4), random.below(5), random.below(100000), 0]
                next_case += 1
                open_cases.append(case)
            else:
                case = open_cases[random.below(len(open_cases))]
            if random.below(4) == 0:
                case[1] = random.below(40)
            person = "" if random.below(4) == 0 else f"Person {case[1] * 10 + random.below(10)}"
            day, rest = divmod(minute, 1440)
            year, day = divmod(day, 336)
            month, day = divmod(day, 28)
            time = f"{2020 + year}-{month + 1:02}-{day + 1:02}T{rest // 60:02}:{rest % 60:02}:{random.below(60):02}Z"
            state = STATES[min(case[5], 6)]
            lines.append(
                f"INC{case[0]:07},{time},{state},Group {case[1]},{person},{case[2] + 1} - Level,channel {case[3]},{case[4] / 100:.2f}\n"
            )
            case[5] += 1
            if case[5] > 6:
                open_cases.remove(case)
            if len(lines) == 10000:
                out.write("".join(lines))
                lines.clear()
        out.write("".join(lines))


main()
