"""Times what we find of volumes beside others from PyPI and prints docs/performance.md's table. Called by bench_volumes.sh."""

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
PEER = Path(__file__).with_name("bench_volumes_peer.py")
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- volumes -->", "<!-- end of volumes -->"

# Work, volume, side, others, each with the ratio of processor time that is asked for, and our own limits:
# processor seconds on one thread and most memory.
WORK = [
    ("otsu", "grey", 512, {"scikit-image": None}, {"cpu_s": 0.1}),
    ("components", "blobs", 512, {"scikit-image": 5}, {}),
    ("components", "noise", 512, {"scikit-image": 1}, {}),
    ("components26", "noise", 512, {"scikit-image": 1}, {}),
    ("distance", "blobs", 512, {"scipy": 20, "edt": 2}, {"peak_bytes": 750e6}),
    ("distance", "noise", 512, {"scipy": None, "edt": None}, {"peak_bytes": 750e6}),
    ("distance", "single", 512, {"scipy": None, "edt": None}, {"peak_bytes": 750e6}),
    ("two_point", "blobs", 128, {"porespy": None}, {}),
    ("two_point", "blobs", 512, {}, {"peak_bytes": 6e9}),
    ("two_point_axes", "blobs", 512, {}, {}),
    ("surface", "blobs", 512, {}, {}),
    ("representativity", "blobs", 512, {}, {}),
    ("tortuosity", "blobs", 128, {"taufactor": 3}, {}),
]
NAMES = {
    "otsu": "Otsu's threshold and the fraction above it",
    "components": "connected components (6), counts and sizes",
    "components26": "connected components (26), counts and sizes",
    "distance": "squared distances",
    "two_point": "two-point correlation to half the side, all directions",
    "two_point_axes": "two-point correlation to half the side, along the axes, exact",
    "surface": "surface, breadth, Euler numbers",
    "representativity": "fractions in cubes of four sizes",
    "tortuosity": "tortuosity factor along z, y and x",
}


def run(command, env):
    child = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env})
    if child.returncode:
        print(child.stderr[-2000:], file=sys.stderr)
        return None
    return json.loads(child.stdout.splitlines()[-1])


def threads_env(threads):
    return {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")}


def agreement(work, ours, theirs):
    """How far what was found differs."""
    if work.startswith("components"):
        return f"{ours['components']:,} and {theirs['components']:,}"
    if work in ("otsu", "distance"):
        return "equal" if all(ours[key] == value for key, value in theirs.items()) else f"{ours} and {theirs}"
    pairs = zip(ours, theirs) if work == "two_point" else zip((o["factor"] for o in ours), (t["factor"] for t in theirs))
    return f"within {max(abs(one / other - 1) for one, other in pairs):.1g}"


def seconds(value):
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def size(count):
    return f"{count / 1e6:.3g} MB" if count < 1e9 else f"{count / 1e9:.3g} GB"


def main():
    parse = argparse.ArgumentParser()
    for name in ("volumes", "python", "made"):
        parse.add_argument(f"--{name}", required=True)
    parse.add_argument("--runs", type=int, default=3)
    parse.add_argument("--only", default="")
    parse.add_argument("--write", action="store_true")
    ask = parse.parse_args()
    load = os.getloadavg()[0]
    lines, missed = [], []
    for work, volume, side, peers, limits in WORK:
        if ask.only not in f"{work} {volume}":
            continue
        print(work, volume, side, file=sys.stderr, flush=True)
        path = str(Path(ask.made) / str(side) / f"{volume}.u8")
        shape = ",".join([str(side)] * 3)
        taken = {name: [] for name in ("ours", "two", *peers)}
        for _ in range(ask.runs):
            for name in taken:
                if name in ("ours", "two"):
                    threads = 1 if name == "ours" else 2
                    found = run([ask.volumes, "run", work, path, shape, str(threads)], {})
                else:
                    found = run([ask.python, str(PEER), name, work, path, str(side), "1"], threads_env(1))
                if found:
                    taken[name].append(found)
        if not taken["ours"] or not taken["two"]:
            missed.append(f"{work} on {volume}: we failed")
            continue
        cpu = median(one["main_thread_cpu_s"] for one in taken["ours"])
        wall = median(one["wall_s"] for one in taken["two"])
        peak = max(one["peak_bytes"] for one in taken["ours"])
        if taken["two"][0]["found"] != taken["ours"][0]["found"]:
            missed.append(f"{work} on {volume}: two threads find something else")
        about = f"{NAMES[work]}, {volume} {side}³"
        for key, value in (("cpu_s", cpu), ("peak_bytes", peak)):
            if key in limits and value > limits[key]:
                missed.append(f"{about}: {value:.3g}, at most {limits[key]:.3g} {key}")
        told = f"| {about} | {seconds(cpu)} | {seconds(wall)} | {size(peak)} |"
        for peer, aim in peers.items():
            if not taken[peer]:
                lines.append(f"{told} {peer} | failed | | {f'{aim} ×' if aim else ''} | | |")
                continue
            theirs = median(one["cpu_s"] for one in taken[peer])
            if aim and theirs / cpu < aim:
                missed.append(f"{about}: {theirs / cpu:.1f} × {peer}, aim {aim} ×")
            same = agreement(work, taken["ours"][0]["found"], taken[peer][0]["found"])
            lines.append(
                f"{told} {peer} | {seconds(theirs)} | **{theirs / cpu:.1f} ×** | {f'{aim} ×' if aim else ''} | "
                f"{size(max(one['peak_bytes'] for one in taken[peer]))} | {same} |"
            )
        if not peers:
            lines.append(f"{told} | | | | | |")
    pins = Path(__file__).with_name("bench_volumes.requirements.txt").read_text().splitlines()
    page = "\n".join(
        [
            f"Taken on {time.strftime('%Y-%m-%d')}: {os.cpu_count()} cores, load average {load:.1f} before and {os.getloadavg()[0]:.1f} after, "
            f"medians of {ask.runs} runs; {', '.join(line.replace('==', ' ') for line in pins if '==' in line)}.",
            "",
            "| what | ours, processor, one thread | ours, clock, two threads | our memory | beside | theirs, processor, one thread | ratio | target | their memory | found, ours and theirs |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *lines,
            "",
            *(["Short of a target:", ""] + [f"- {line}" for line in missed] if missed else ["Every target was met."]),
        ]
    )
    print(page)
    if ask.write:
        text = PAGE.read_text()
        between = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
        PAGE.write_text(between.sub(lambda _: f"{BEGIN}\n\n{page}\n\n{END}", text))


main()
