"""Reads real files with our readers and with others from PyPI, and compares the columns value by value. Called by
compare_readers.sh, in whose two Python environments the others live.

For each file and reader: the rows of both, and for each column that both have the largest difference, with its row. A column
agrees where it differs by no more than 10⁻⁶ of its largest value (most of the others keep 32 bits). Every value goes into
the report; standard output has one line a file and reader.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PEER = Path(__file__).with_name("compare_readers_peer.py")
# Part of the largest value of a column within which it agrees.
AGREES = 1e-6
TIMEOUT_S = 300

# Who claims which files, by their folder or, of damaged ones, by the end of their name.
TEXT = ["batterydf", "ionworksdata"]
NEWARE = ["fastnda", "NewareNDA", "batterydf", "cellpy"]
CLAIMS = {
    "arbin_csv": [*TEXT, "cellpy"],
    "arbin_xlsx": [*TEXT, "cellpy"],
    "arbin_res": ["batterydf", "ionworksdata", "cellpy"],
    "basytec": TEXT,
    "bdf": TEXT,
    "generic_csv": TEXT,
    "ivium": TEXT,
    "landt": ["batterydf", "ionworksdata"],
    "maccor": [*TEXT, "cellpy"],
    "mpr": ["galvani", "yadg", "batterydf", "ionworksdata", "cellpy"],
    "mpt": ["galvani", "yadg", *TEXT],
    "nda": NEWARE,
    "ndax": NEWARE,
    "ndc": NEWARE,
    "neware_csv": [*TEXT, "cellpy"],
    "novonix": TEXT,
    "pec": [*TEXT, "cellpy"],
}
BY_END = {".mpr": "mpr", ".mpt": "mpt", ".nda": "nda", ".ndax": "ndax", ".parquet": "bdf"}

# Names of others that mean one of several columns of ours, by whose counter it is.
SEVERAL = {
    f"{way}charging_{what}": [f"{whose}{way}charging_{what}" for whose in ("", "cycle_", "step_", "schedule_", "test_")]
    for way in ("", "dis")
    for what in ("capacity_ah", "energy_wh")
}
SEVERAL |= {
    "cycle_count": ["cycle_count", "instrument_cycle_count", "cycle_count_derived"],
    "step_index": ["step_id", "step_index", "step_count"],
    "step_id": ["step_id", "step_index", "step_count"],
    "temperature": ["temperature_t1_celsius", "ambient_temperature_celsius", "surface_temperature_celsius"],
    "ambient_temperature_celsius": ["ambient_temperature_celsius", "temperature_t1_celsius", "surface_temperature_celsius"],
    # What batterydf calls so is dq, and Capacity or Q-Qo of EC-Lab.
    "step_capacity_ah": ["step_capacity_ah", "dq/mA.h", "step_cumulative_capacity_ah"],
    "cumulative_capacity_ah": ["cumulative_capacity_ah", "Capacity/mA.h", "net_capacity_ah"],
}

# Vendors' units as others write them, and ours: the factor from the one to the other.
UNITS = {
    ("mA", "A"): 1e-3,
    ("mA.h", "Ah"): 1e-3,
    ("mA·h", "Ah"): 1e-3,
    ("mA·h", "mA.h"): 1.0,
    ("W·h", "W.h"): 1.0,
    ("C", "mA.h"): 1 / 3.6,
    ("C", "Ah"): 1 / 3600,
    ("mA.h", "C"): 3.6,
}


def ours(galvanome, path, scratch):
    """Our columns as numbers, with unit and the vendor's name of each, and what is told of the file."""
    told = subprocess.run([galvanome, "inspect", str(path), "--json"], capture_output=True, text=True)
    if told.returncode:
        return None, told.stderr.strip()
    about = json.loads(told.stdout)
    if not about["tables"]:
        return {"rows": 0, "columns": {}}, ""
    out = scratch / "ours.csv"
    subprocess.run([galvanome, "convert", str(path), str(out), "--force"], capture_output=True, text=True, check=True)
    with out.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        cells = list(zip(*lines)) or [()] * len(names)
    heads = {column["name"]: column for column in about["tables"][0]["columns"]}
    columns = {}
    for name, values in zip(names, cells):
        try:
            numbers = np.array([float(value) if value else np.nan for value in values], dtype=float)
        except ValueError:
            continue
        head = heads.get(name, {})
        columns[name] = (numbers, head.get("unit", ""), head.get("vendor_name", ""), head.get("origin", ""))
    return {"rows": about["tables"][0]["rows"], "columns": combined(columns)}, ""


def combined(columns):
    """The columns and what others make of them: charge less discharge, bits of a flags byte, time from the first row."""
    found = dict(columns)
    for what in ("capacity_ah", "energy_wh"):
        pair = [columns.get(f"step_{way}charging_{what}") for way in ("", "dis")]
        if f"step_net_{what}" not in found and all(pair):
            found[f"step_net_{what}"] = (pair[0][0] - pair[1][0], pair[0][1], "", pair[0][3])
    if "test_time_second" in columns:
        time = columns["test_time_second"]
        first = time[0][0] if len(time[0]) else 0.0
        found["test_time_second from the first row"] = (time[0] - first, *time[1:])
    bits = [("mode", 1), ("ox/red", 4), ("error", 8), ("control changes", 16), ("Ns changes", 32), ("counter inc.", 128)]
    if all(name in columns for name, _ in bits):
        flags = sum(columns[name][0] * bit for name, bit in bits)
        found["flags"] = (flags, "1", "flags", "stored")
    return found


def partners(name, values, columns):
    """Which columns of ours one of theirs may be, with the factor that turns its unit into ours."""
    if not name.startswith("vendor "):
        factor = {of: 1e3 if name.endswith("_ah") and columns[of][1] == "mA.h" else 1.0 for of in columns}
        return [(of, factor[of]) for of in SEVERAL.get(name, [name]) if of in columns]
    plain = name.removeprefix("vendor ")
    found = []
    for of, (_, unit, vendor, _) in columns.items():
        if not vendor:
            continue
        if plain.startswith("-Im(Z)") and of == "imaginary_impedance_ohm":
            found.append((of, -1.0))
            continue
        if plain == vendor or (of == "flags" and plain == "flags"):
            theirs = vendor.rsplit("/", 1)[-1] if "/" in vendor else ""
            found.append((of, UNITS.get((theirs, unit), 1.0)))
            continue
        # Its own words and units for the vendor's.
        words, _, theirs = plain.rpartition("/") if "/" in plain else (plain, "", "")
        words = words.replace(" or ", "/").replace("ox/red", "ox/red").replace(" we ", " ")
        bare = vendor.rsplit("/", 1)[0] if "/" in vendor and of != "ox/red" else vendor
        if words == bare or plain.replace(" or ", "/") == vendor:
            factor = UNITS.get((theirs, unit), 1.0 if theirs in ("", unit) or unit in ("", "1") else None)
            if factor is None and {theirs.lower(), unit.lower()} in ({"ohm"}, {"degree", "deg"}, {"ω", "ohm"}):
                factor = 1.0
            if factor is None:
                factor = 1.0 if theirs.replace("·", ".") == unit.replace("·", ".") else None
            if factor is not None:
                found.append((of, factor))
    return found


def difference(values, mine):
    """The largest difference with its row, over the largest value of ours; how many are missing on one side only."""
    n = min(len(values), len(mine))
    a, b = values[:n], mine[:n]
    missing = int(np.sum(np.isnan(a) != np.isnan(b)))
    away = np.abs(a - b)
    away[a == b] = 0.0
    if n == 0 or np.all(np.isnan(away)):
        return 0.0, 0.0, 0, missing, n
    row = int(np.nanargmax(away))
    scale = np.nanmax(np.abs(b[np.isfinite(b)])) if np.any(np.isfinite(b)) else 0.0
    return float(away[row]), float(away[row] / scale) if scale > 0 else float(away[row]), row, missing, n


def compare(reader, python, path, mine, scratch):
    """What one reader makes of a file against ours."""
    out = scratch / "theirs.npz"
    out.unlink(missing_ok=True)
    try:
        done = subprocess.run([python, PEER, reader, str(path), str(out)], capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None, f"not done within {TIMEOUT_S} s", []
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["failed without a word"])[-1], []
    theirs = {name.replace("\u2044", "/"): values for name, values in np.load(out).items()}
    rows = max((len(values) for values in theirs.values()), default=0)
    told = []
    for name, values in theirs.items():
        if values.ndim != 1 or len(values) != rows:
            continue
        against = [(of, factor, *difference(values * factor, mine["columns"][of][0])) for of, factor in partners(name, values, mine["columns"])]
        if against:
            told.append((name, *min(against, key=lambda one: (one[3], one[5]))))
    return rows, "", [(one, theirs) for one in told]


def files(corpus, only):
    for path in sorted((corpus / "cycling").rglob("*")):
        folder = path.parent.name
        if not path.is_file() or folder in ("_truth", "ageing_summary") or path.name == "MANIFEST.csv":
            continue
        if folder == "ndc" and any(word in path.name for word in ("_es.", "_log.", "_runInfo.", "_step.")):
            continue
        if only in str(path):
            kind = folder if folder in CLAIMS else BY_END.get(path.suffix, "maccor" if "maccor" in path.name else "generic_csv")
            yield path, CLAIMS[kind]


def unpacked(path, scratch):
    """What others are given: a file out of its archive, a set of `.ndc` as the archive that Neware makes of it."""
    if path.suffixes[-2:] == [".nda", ".zip"]:
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if name.endswith(".nda"))
            inner = scratch / Path(name).name
            inner.write_bytes(archive.read(name))
            return inner
    if path.suffix == ".ndc":
        packed = scratch / "set.ndax"
        with zipfile.ZipFile(packed, "w") as archive:
            for part in path.parent.glob(path.stem + "*.ndc"):
                kind = part.stem.removeprefix(path.stem)
                archive.write(part, f"data{kind}.ndc")
        return packed
    return path


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--galvanome", required=True)
    arguments.add_argument("--python", required=True, help="of the environment with most of the others")
    arguments.add_argument("--cellpy", required=True, help="the Python of the environment with cellpy")
    arguments.add_argument("--report", required=True, help="where every column's difference goes, as comma-separated text")
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    corpus = os.environ.get("GALVANOME_CORPUS")
    if not corpus:
        sys.exit("GALVANOME_CORPUS is not set: there is nothing to compare")
    with tempfile.TemporaryDirectory() as scratch, open(given.report, "w", encoding="utf-8", newline="") as report:
        scratch = Path(scratch)
        lines = csv.writer(report)
        lines.writerow(
            "file reader rows_ours rows_theirs column against largest relative row ours theirs missing_on_one_side trouble".split()
        )
        for path, readers in files(Path(corpus), given.only):
            name = f"{path.parent.name}/{path.name}"
            mine, trouble = ours(given.galvanome, path, scratch)
            if mine is None:
                print(f"{name}: ours: {trouble}")
                lines.writerow([name, "galvanome", "", "", "", "", "", "", "", "", "", "", trouble])
                continue
            other = unpacked(path, scratch)
            for reader in readers:
                python = given.cellpy if reader == "cellpy" else given.python
                rows, trouble, told = compare(reader, python, other, mine, scratch)
                if rows is None:
                    print(f"{name}: {reader}: refuses: {trouble[:150]}")
                    lines.writerow([name, reader, mine["rows"], "", "", "", "", "", "", "", "", "", trouble])
                    continue
                away = []
                for (column, of, factor, largest, relative, row, missing, n), theirs in told:
                    at = [array[row] if row < len(array) else "" for array in (mine["columns"][of][0], theirs[column] * factor)]
                    lines.writerow([name, reader, mine["rows"], rows, column, of, largest, relative, row, *at, missing, ""])
                    if relative > AGREES or missing:
                        lost = f", {missing} missing on one side" if missing else ""
                        away.append(f"{column} ~ {of} by {largest:.4g} ({relative:.1e}) in row {row}: {at[0]:.10g} ours, {at[1]:.10g} theirs{lost}")
                counted = f"{rows} rows" if rows == mine["rows"] else f"{rows} rows, OURS {mine['rows']}"
                print(f"{name}: {reader}: {counted}, {len(told)} columns, {len(told) - len(away)} agree")
                for one in away:
                    print(f"    {one}")
                sys.stdout.flush()


main()
