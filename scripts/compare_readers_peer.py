"""One reader from PyPI: `READER FILE OUT.npz` reads a file as a user of it would and keeps its columns as numbers, with the
names that `compare_readers.py` compares by. Units and signs are turned here and nowhere else. Run by compare_readers.py."""

import logging
import re
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def fastnda(path):
    import fastnda

    data = fastnda.read(path)
    # Milliamperes, milliampere hours; a capacity that falls in a discharge and begins anew with each step.
    return named(
        {name: data[name].to_numpy() for name in data.columns if data[name].dtype.is_numeric()},
        {
            "index": ("record_index", 1),
            "voltage_V": ("voltage_volt", 1),
            "current_mA": ("current_ampere", 1e-3),
            "unix_time_s": ("unix_time_second", 1),
            "step_time_s": ("step_time_second", 1),
            "total_time_s": ("test_time_second", 1),
            "cycle_count": ("cycle_count", 1),
            "step_count": ("step_count", 1),
            "step_index": ("step_id", 1),
            "capacity_mAh": ("step_net_capacity_ah", 1e-3),
            "energy_mWh": ("step_net_energy_wh", 1e-3),
        },
    )


def newarenda(path):
    import NewareNDA

    data = NewareNDA.read(path, log_level="CRITICAL")
    columns = {name: data[name].to_numpy() for name in data.columns if name not in ("Status", "Timestamp")}
    if "Timestamp" in data.columns:
        times = data["Timestamp"]
        columns["Timestamp"] = (times.dt.tz_convert("UTC").dt.tz_localize(None) if times.dt.tz else times).astype("int64")
        columns["Timestamp"] = columns["Timestamp"] / (1e9 if "ns" in str(times.dtype) else 1e6)
    # Its Time is that of the step.
    return named(
        columns,
        {
            "Index": ("record_index", 1),
            "Cycle": ("cycle_count", 1),
            "Step": ("step_count", 1),
            "Step_Index": ("step_id", 1),
            "Time": ("step_time_second", 1),
            "Voltage": ("voltage_volt", 1),
            "Current(mA)": ("current_ampere", 1e-3),
            "Charge_Capacity(mAh)": ("step_charging_capacity_ah", 1e-3),
            "Discharge_Capacity(mAh)": ("step_discharging_capacity_ah", 1e-3),
            "Charge_Energy(mWh)": ("step_charging_energy_wh", 1e-3),
            "Discharge_Energy(mWh)": ("step_discharging_energy_wh", 1e-3),
            "Timestamp": ("unix_time_second", 1),
            "T1": ("temperature_t1_celsius", 1),
        },
    )


def galvani(path):
    from galvani import BioLogic

    if path.endswith(".mpr"):
        data = BioLogic.MPRfile(path).data
    else:
        data = BioLogic.MPTfile(path)[0]
    # The vendor's own names and units.
    return {"vendor " + name: data[name] for name in data.dtype.names if data[name].dtype.kind in "iuf"}


def yadg(path):
    from yadg.extractors import extract

    tree = extract(filetype="eclab.mpr" if path.endswith(".mpr") else "eclab.mpt", path=path, timezone="UTC")
    columns = {}
    for node in tree.subtree:
        for name, variable in node.variables.items():
            if variable.ndim == 1 and variable.dtype.kind in "iuf" and not name.endswith("_uncertainty"):
                unit = variable.attrs.get("units")
                columns["vendor " + (f"{name}/{unit}" if unit else name)] = variable.values
    return columns


def batterydf(path):
    import bdf

    data = bdf.read(path)
    columns = {}
    for label, about in (data.attrs.get("bdf:columns") or {}).items():
        if label in data.columns and about.get("quantity"):
            columns[about["quantity"]] = data[label]
    # What it says nothing of still has its label.
    labels = {"Test Time / s": "test_time_second", "Voltage / V": "voltage_volt", "Current / A": "current_ampere"}
    for label, name in labels.items():
        if label in data.columns:
            columns.setdefault(name, data[label])
    return columns


def ionworksdata(path):
    import ionworksdata

    reader = "bdf" if ".bdf." in path or "_bdf." in path else None
    data = ionworksdata.read.time_series(path, reader)
    # Positive current discharges, and time counts from the first row: both by its own design.
    return named(
        {name: data[name].to_numpy() for name in data.columns if data[name].dtype.is_numeric()},
        {
            "Time [s]": ("test_time_second from the first row", 1),
            "Voltage [V]": ("voltage_volt", 1),
            "Current [A]": ("current_ampere", -1),
            "Cycle from cycler": ("cycle_count", 1),
            "Step from cycler": ("step_id", 1),
            "Charge capacity [A.h]": ("charging_capacity_ah", 1),
            "Discharge capacity [A.h]": ("discharging_capacity_ah", 1),
            "Charge energy [W.h]": ("charging_energy_wh", 1),
            "Discharge energy [W.h]": ("discharging_energy_wh", 1),
            "Temperature [degC]": ("temperature", 1),
        },
    )


# Which of its instruments cellpy is told that a file is of.
CELLPY = {".res": "arbin_res", ".nda": "neware_nda", ".ndax": "neware_nda", ".mpr": "biologics_mpr"}


def cellpy(path):
    import cellpy as package

    suffix = "." + path.rsplit(".", 1)[-1]
    folder = path.rsplit("/", 2)[-2]
    told = {"arbin_csv": "arbin_sql_csv", "arbin_xlsx": "arbin_sql_xlsx", "pec": "pec_csv", "neware_csv": "neware_txt"}
    instrument = told.get(folder) or ("maccor_txt" if folder == "maccor" else CELLPY.get(suffix))
    cell = package.get(path, instrument=instrument, mass=1.0, auto_summary=False, testing=True)
    data = cell.data.raw.reset_index()
    raw = cell.data.raw_units
    charge = {"Ah": 1.0, "mAh": 1e-3, "A*h": 1.0, "mA*h": 1e-3}.get(str(raw["charge"]), 1.0)
    current = {"A": 1.0, "mA": 1e-3}.get(str(raw["current"]), 1.0)
    columns = {name: data[name].to_numpy() for name in data.columns if data[name].dtype.kind in "iuf"}
    return named(
        columns,
        {
            "data_point": ("record_index", 1),
            "test_time": ("test_time_second", 1),
            "step_time": ("step_time_second", 1),
            "current": ("current_ampere", current),
            "voltage": ("voltage_volt", 1),
            "cycle_index": ("cycle_count", 1),
            "step_index": ("step_id", 1),
            "charge_capacity": ("charging_capacity_ah", charge),
            "discharge_capacity": ("discharging_capacity_ah", charge),
        },
    )


def named(columns, names):
    """Columns by the names in common, in our units; others are left out."""
    found = {}
    for name, values in columns.items():
        if name in names:
            to, factor = names[name]
            found[to] = np.asarray(values, dtype=float) * factor
    return found


def as_numbers(values):
    """Numbers as they are; text that is numbers as such; none otherwise."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        try:
            return np.asarray([float(value) for value in values], dtype=float)
        except (TypeError, ValueError):
            return None


READERS = {
    "fastnda": fastnda,
    "NewareNDA": newarenda,
    "galvani": galvani,
    "yadg": yadg,
    "batterydf": batterydf,
    "ionworksdata": ionworksdata,
    "cellpy": cellpy,
}


def main():
    reader, path, out = sys.argv[1:4]
    try:
        columns = READERS[reader](path)
    except BaseException as error:  # Some of them end the process.
        words = re.sub(r"\s+", " ", f"{type(error).__name__}: {error}")
        print(words[:300], file=sys.stderr)
        sys.exit(3)
    numbers = {name.replace("/", "\u2044"): as_numbers(values) for name, values in columns.items()}
    np.savez(out, **{name: values for name, values in numbers.items() if values is not None})


main()
