"""What `galvanome analyze -t echem` finds in real cells against numbers made without it: published ones, the instrument's, and
an independent computation with NumPy and SciPy. Called by compare_echem.sh.

Independent means: other readers (openpyxl, fastnda), and the textbook way: the trapezoidal rule over the rows of each
direction, Theil-Sen by SciPy, the voltage interpolated after each step of the current, a histogram of charge over voltage
smoothed by SciPy's Savitzky-Golay filter.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.signal import savgol_filter


def analysed(galvanome, path, *settings):
    """Quantities by descriptor (value, uncertainty) and tables by name (columns as arrays)."""
    command = [galvanome, "analyze", str(path), "-t", "echem", "--json"]
    for setting in settings:
        command += ["--set", setting]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    number = {one["descriptor"].removeprefix("echem."): (one["value"], one["uncertainty"]) for one in told["quantities"]}
    tables = {
        table["name"]: {one["name"]: np.array([np.nan if v is None else v for v in one["values"]]) for one in table["columns"]}
        for table in told["tables"]
    }
    return number, tables


def sheet(path, begins):
    """The sheets of a workbook whose names begin so, as columns."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    columns = {}
    for name in book.sheetnames:
        if name.startswith(begins):
            rows = book[name].iter_rows(values_only=True)
            heads = next(rows)
            for head, values in zip(heads, zip(*rows)):
                columns.setdefault(head, []).extend(values)
    return columns


def say(what, difference, more=""):
    print(f"{what}: {difference}{'; ' + more if more else ''}")


def largest(ours, theirs):
    away = np.abs(np.asarray(ours) / np.asarray(theirs) - 1)
    return f"{np.nanmax(away):.2e} relative at most, {np.sum(~np.isnan(away))} numbers"


def calce(galvanome, folder):
    """CS2_38 of CALCE: two workbooks and the per-cycle summary that was published of the whole cell."""
    with (folder / "ageing_summary" / "CS2_38.csv").open() as file:
        rows = list(csv.DictReader(file))
    published = {name: np.array([float(row[name] or "nan") for row in rows]) for name in ("cycle", "capacity", "resistance")}
    for name in ("CS2_38_12_23_10", "CS2_38_2_10_11"):
        path = folder / "arbin_xlsx" / f"{name}.xlsx"
        _, tables = analysed(galvanome, path)
        records, counted = sheet(path, "Channel"), sheet(path, "Statistics")
        cycle, step = np.array(records["Cycle_Index"]), np.array(records["Step_Index"])
        time, current = np.array(records["Test_Time(s)"], float), np.array(records["Current(A)"], float)
        internal = np.array(records["Internal_Resistance(Ohm)"], float)
        found = tables["cycles"]["cycle_discharging_capacity_ah"]
        instrument = np.diff(np.array(counted["Discharge_Capacity(Ah)"], float), prepend=0.0)
        n = len(instrument)
        say(f"{name}, discharge against the instrument's own count", largest(found[:n], instrument))
        # The published rule, found by trying: of the rows of step 7 each current times the time before it, the last one left out.
        same, gaps, ohms = [], [], []
        for number in range(1, n + 1):
            rows = (cycle == number) & (step == 7)
            charge = -np.sum((np.diff(time[rows]) * current[rows][1:])[:-1]) / 3600
            place = int(np.argmin(np.abs(published["capacity"] - charge)))
            if abs(published["capacity"][place] - charge) < 1e-9:
                same.append(int(published["cycle"][place]))
                gaps.append(charge / found[number - 1] - 1)
                ohms.append(abs(internal[rows].mean() - published["resistance"][place]))
        say(
            f"{name}, published capacities",
            f"{len(same)} of {n} are the published cycles {same[0]} to {same[-1]} by the published rule, to 1e-9 Ah",
            f"that rule gives {100 * min(gaps):.2f} to {100 * max(gaps):.2f} % against ours; published resistances to {max(ohms):.1e} ohm the instrument's column",
        )


def halves(cycle, time, current, voltage, rest):
    """Charge and energy of each cycle, charged and discharged, by the trapezoidal rule over rows on end of one direction."""
    found = []
    for number in np.unique(cycle):
        rows = np.flatnonzero(cycle == number)
        each = []
        for sign in (1, -1):
            flow = np.maximum(sign * current[rows], 0.0) * (np.abs(current[rows]) > rest)
            each += [np.trapezoid(flow, time[rows]) / 3600, np.trapezoid(flow * voltage[rows], time[rows]) / 3600]
        found.append(each)
    return np.unique(cycle), np.array(found)


def neware(galvanome, folder):
    """Packed Neware files, read by fastnda and reckoned with NumPy and SciPy."""
    import fastnda

    for name in ("test_2", "nw4-120-6-1-36", "TESTCELL0001-B2-2025-M50T_NewareNDA_Investigation"):
        path = folder / "ndax" / f"{name}.ndax"
        data = fastnda.read(str(path))
        time, voltage = data["total_time_s"].to_numpy(), data["voltage_V"].to_numpy().astype(float)
        current = data["current_mA"].to_numpy().astype(float) / 1000
        number, tables = analysed(galvanome, path)
        ours = tables["cycles"]
        # Cycles are ours, since others count them otherwise; everything else is fastnda's.
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch) / "records.csv"
            subprocess.run([galvanome, "convert", str(path), str(out)], capture_output=True, check=True)
            with out.open() as file:
                cycle = np.array([float(row["cycle_count"]) for row in csv.DictReader(file)])
        rest = 1e-3 * np.max(np.abs(current))
        numbers, each = halves(cycle, time, current, voltage, rest)
        complete = ours["discharge_complete"] == 1
        say(f"{name}, discharge by the trapezoidal rule", largest(ours["cycle_discharging_capacity_ah"][complete], each[complete, 2]))
        say(f"{name}, discharge energy", largest(ours["cycle_discharging_energy_wh"][complete], each[complete, 3]))
        used = ours["in_loss_rate"] == 1
        if used.sum() >= 3:
            reference = each[used][0, 2]
            slope = -stats.theilslopes(100 * each[used, 2] / reference, numbers[used])[0]
            value, u = number["capacity-loss-rate"]
            say(f"{name}, loss rate", f"{value:.5g} ± {u or np.nan:.2g} %/cycle, SciPy {slope:.5g}")
        resistances(name, tables, time, current, voltage, cycle, rest)


def resistances(name, tables, time, current, voltage, cycle, rest):
    """Ten seconds after each step from a rest of ten seconds."""
    ours = tables["resistances"]
    found = []
    for row in np.flatnonzero((np.abs(current[1:]) > 100 * rest) & (np.abs(current[:-1]) <= rest)) + 1:
        end = np.searchsorted(time, time[row - 1] + 10.0, side="left")
        steady = end < len(time) and np.all(np.abs(current[row : end + 1] - current[end]) < 0.05 * np.abs(current[end]))
        if not steady or time[row] - time[row - 1] > 5:
            continue
        volts = np.interp(time[row - 1] + 10.0, time[row - 1 : end + 1], voltage[row - 1 : end + 1])
        found.append((cycle[row], (volts - voltage[row - 1]) / (current[end] - current[row - 1])))
    matched = []
    for number, value, u in zip(ours["cycle_count"], ours["internal_resistance_ohm"], ours["internal_resistance_uncertainty_ohm"]):
        near = [ohm for of, ohm in found if of == number]
        if near:
            matched.append(min(abs(value / ohm - 1) for ohm in near))
    if matched:
        say(f"{name}, resistances 10 s after a step", f"{max(matched):.2e} relative at most, {len(matched)} steps")


def peaks(galvanome, folder):
    """dQ/dV of a slow half cycle by SciPy."""
    path = folder / "bdf" / "DLR__LiLNMOHydra0b__20221125__POCV__25degC__Basytec.bdf.csv"
    with path.open() as file:
        rows = list(csv.reader(file))
    heads = [head.strip() for head in rows[0]]
    time, voltage, current = (np.array([float(row[heads.index(name)]) for row in rows[1:]]) for name in ("test_time_second", "voltage_volt", "current_ampere"))
    for branch, sign in (("discharge", -1), ("charge", 1)):
        number, _ = analysed(galvanome, path, f"dqdv-branch={branch}")
        if "dqdv-peak-position" not in number:
            say(f"POCV, dQ/dV on {branch}", "none found by us")
            continue
        rows = np.flatnonzero(sign * current > 0.9 * np.median(np.abs(current[sign * current > 0])))
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
        best = []
        for run in runs:
            if len(run) < 50:
                continue
            charge = np.abs(current[run][1:] + current[run][:-1]) / 2 * np.diff(time[run]) / 3600
            middle = (voltage[run][1:] + voltage[run][:-1]) / 2
            edges = np.arange(np.floor(voltage[run].min() / 0.002), np.ceil(voltage[run].max() / 0.002) + 1) * 0.002
            per_step = np.histogram(middle, edges, weights=charge)[0] / 0.002
            smooth = savgol_filter(per_step, 11, 2)[11:-11]
            place = int(np.argmax(smooth))
            best.append((edges[place + 11] + 0.001, smooth[place]))
        (volts, u), (height, height_u) = number["dqdv-peak-position"], number["dqdv-peak-height"]
        near = min(best, key=lambda one: abs(one[0] - volts))
        say(f"POCV, highest peak of dQ/dV on {branch}", f"{volts:.4f} ± {u:.4f} V and {height:.5g} ± {height_u:.2g} Ah/V, SciPy {near[0]:.3f} V and {near[1]:.5g} Ah/V")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--galvanome", required=True)
    given = arguments.parse_args()
    corpus = os.environ.get("GALVANOME_CORPUS")
    if not corpus:
        sys.exit("GALVANOME_CORPUS is not set: there is nothing to compare")
    folder = Path(corpus) / "cycling"
    calce(given.galvanome, folder)
    neware(given.galvanome, folder)
    peaks(given.galvanome, folder)


main()
