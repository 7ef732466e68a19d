"""Times our readers beside others from PyPI and prints docs/performance.md's tables. Called by bench_readers.sh."""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PEER = Path(__file__).with_name("bench_readers_peer.py")
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- readers -->", "<!-- end of readers -->"

# Folders of a collection of real files, who else reads them, and how many files are taken (all of them with --all).
FOLDERS = [
    ("ndax", ["fastnda"], 5),
    ("nda", ["fastnda"], 2),
    ("mpr", ["galvani", "yadg"], 4),
    ("mpt", ["yadg"], 2),
    ("bdf", ["batterydf", "ionworksdata"], 4),
    ("arbin_csv", ["batterydf", "ionworksdata"], 1),
    ("maccor", ["batterydf", "ionworksdata"], 2),
    ("neware_csv", ["batterydf", "ionworksdata"], 1),
    ("novonix", ["batterydf", "ionworksdata"], 1),
    ("basytec", ["batterydf", "ionworksdata"], 1),
    ("arbin_xlsx", ["batterydf", "ionworksdata"], 2),
]
MADE = {"week.ndax": ["fastnda"], "large.mpr": ["galvani", "yadg"], "week.bdf.csv": ["batterydf", "ionworksdata"]}

# One thread, for decoding alone. The allocator keeps what was given back, for us and for all others alike: warm is warm,
# and some of them bring an allocator that always does.
ALONE = {name: "1" for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")}
ALONE |= {"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000"}


def spread(files, most):
    """Some of the files, from the smallest to the largest."""
    files = sorted(files, key=lambda file: file.stat().st_size)
    if len(files) <= most:
        return files
    return [files[round(at * (len(files) - 1) / max(most - 1, 1))] for at in range(most)]


def cases(made, only, every):
    corpus = os.environ.get("GALVANOME_CORPUS")
    found = []
    for folder, peers, most in FOLDERS if corpus else []:
        within = [path for path in (Path(corpus) / "cycling" / folder).glob("*") if path.suffix not in (".zip", ".parquet")]
        found += [(path, peers) for path in spread(within, len(within) if every else most)]
    found += [(made / name, peers) for name, peers in MADE.items()]
    return [(path, peers) for path, peers in found if only in str(path)]


def run(command, env=None, core=None):
    """Runs a command to its end: wall and processor seconds, most resident bytes, its output; none when it failed."""
    pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    begun = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **(env or {})}, preexec_fn=pin
    )
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        return None
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10, output


def whole(ask, path, peers, runs):
    """File to summary by whole processes, ours and theirs in turn."""
    commands = {"ours": [ask.galvanome, "inspect", str(path), "--json"]}
    commands |= {peer: [ask.python, str(PEER), "whole", peer, str(path)] for peer in peers}
    taken = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            if taken[name] is None:
                continue
            result = run(command)
            if result is None:
                taken[name] = None
            elif turn:
                # The first one fills the system's caches.
                taken[name].append(result[:3])
    return taken


def decoding(ask, path, peers, runs):
    """Decoding alone, warm, by one thread."""
    core = max(os.sched_getaffinity(0))
    ours = run([ask.decoding, "--runs", str(runs), str(path)], env=ALONE, core=core)
    told = {"ours": json.loads(ours[3]) if ours else None}
    for peer in peers:
        theirs = run([ask.python, str(PEER), "decode", peer, str(path), str(runs)], env=ALONE, core=core)
        # What a reader prints of its own stands before our line.
        told[peer] = json.loads(theirs[3].splitlines()[-1]) if theirs else None
    return told


def ms(seconds):
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def size(count):
    return f"{count / 1e6:.3g} MB"


def target(kind, reader, path, rows):
    if reader == "fastnda":
        if kind == "whole":
            return 10 if rows < 50_000 else 3
        return 2 if rows >= 500_000 else None
    if kind == "whole":
        return 10 if reader in ("galvani", "yadg") else None
    return 20 if reader in ("batterydf", "ionworksdata") else None


def main():
    parse = argparse.ArgumentParser()
    for name in ("galvanome", "decoding", "python", "made"):
        parse.add_argument(f"--{name}", required=True)
    parse.add_argument("--runs", type=int, default=7)
    parse.add_argument("--only", default="")
    parse.add_argument("--all", action="store_true")
    parse.add_argument("--write", action="store_true")
    ask = parse.parse_args()
    load = os.getloadavg()[0]
    wholes, alones, missed, refused = [], [], [], []
    for path, peers in cases(Path(ask.made), ask.only, ask.all):
        print(path.name, file=sys.stderr, flush=True)
        taken, told = whole(ask, path, peers, ask.runs), decoding(ask, path, peers, ask.runs)
        ours, mine = taken["ours"], told["ours"]
        if not ours or not mine:
            missed.append(f"{path.name}: not read by us")
            continue
        rows = mine["tables"][0]["rows"] if mine["tables"] else 0
        about = f"{path.name} ({size(path.stat().st_size)}, {rows:,} rows)"
        for peer in peers:
            if taken[peer]:
                clock, processor = (median(t[at] for t in taken[peer]) / median(t[at] for t in ours) for at in (0, 1))
                aim = target("whole", peer, path, rows)
                if aim and min(clock, processor) < aim:
                    missed.append(f"{path.name}: {clock:.1f} × (processor {processor:.1f} ×) {peer} as a whole process, aim {aim} ×")
                wholes.append(
                    f"| {about} | {ms(median(t[0] for t in ours))} | {peer} | {ms(median(t[0] for t in taken[peer]))} | "
                    f"**{clock:.0f} ×** | {processor:.0f} × | {f'{aim} ×' if aim else ''} | "
                    f"{size(max(t[2] for t in ours))}, {size(max(t[2] for t in taken[peer]))} |"
                )
            else:
                refused.append(f"{path.name} ({peer})")
            if told[peer]:
                theirs = median(told[peer]["processor_s"])
                kept, summed = (max(median(mine[key]), 1e-9) for key in ("kept_cpu_s", "summary_cpu_s"))
                aim = target("alone", peer, path, rows)
                if aim and theirs / kept < aim:
                    missed.append(f"{path.name}: decoding {theirs / kept:.1f} × {peer}, aim {aim} ×")
                alones.append(
                    f"| {about} | {ms(kept)} | {ms(summed)} | {mine['bytes'] / 1e6 / kept:.0f} MB/s | {peer} | {ms(theirs)} | "
                    f"**{theirs / kept:.1f} ×** | {theirs / summed:.1f} × | {f'{aim} ×' if aim else ''} | "
                    f"{mine['memory_bytes'] / max(mine['columns_bytes'], 1):.1f} of {size(mine['columns_bytes'])} |"
                )
    cores = os.cpu_count()
    page = "\n".join(
        [
            f"Taken on {time.strftime('%Y-%m-%d')}: {cores} cores, load average {load:.1f} before and {os.getloadavg()[0]:.1f} after, "
            f"medians of {ask.runs} runs; Python {sys.version.split()[0]}, {', '.join(pins())}.",
            "",
            "Whole processes, file to summary:",
            "",
            "| file | ours | beside | theirs | ratio | of processor time | target | most memory: ours, theirs |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *wholes,
            "",
            "Decoding alone, time of one processor:",
            "",
            "| file | ours, columns kept | ours, summary | ours | beside | theirs | ratio | to our summary | target | our memory, in sizes of the columns |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *alones,
            "",
            f"Not read by others: {', '.join(refused) or 'none'}.",
            "",
            *(["Short of a target:", ""] + [f"- {line}" for line in missed] if missed else ["Every target was met."]),
        ]
    )
    print(page)
    if ask.write:
        text = PAGE.read_text()
        between = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
        PAGE.write_text(between.sub(lambda _: f"{BEGIN}\n\n{page}\n\n{END}", text))


def pins():
    lines = Path(__file__).with_name("bench_readers.requirements.txt").read_text().split("#")[1].splitlines()
    return [line.replace("==", " ") for line in lines if "==" in line]


main()
