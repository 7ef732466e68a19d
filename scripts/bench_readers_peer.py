"""One reader from PyPI, as a user calls it: `whole READER FILE` reads and summarises once, `decode READER FILE RUNS` prints
what RUNS readings took after one that does not count. Run by bench_readers.py."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def fastnda(path):
    import fastnda

    return fastnda.read(path)


def galvani(path):
    from galvani import BioLogic

    return BioLogic.MPRfile(path).data


def yadg(path):
    from yadg.extractors import extract

    return extract(filetype="eclab." + path.rsplit(".", 1)[1], path=path)


def batterydf(path):
    import bdf

    return bdf.read(path)


def ionworksdata(path):
    import ionworksdata

    # Its own detection takes this format for another.
    reader = "bdf" if ".bdf." in path or "_bdf." in path else None
    return ionworksdata.read.time_series(path, reader)


READERS = {f.__name__: f for f in (fastnda, galvani, yadg, batterydf, ionworksdata)}


def columns_of(data):
    """Name and values of each column, whatever the reader calls its table."""
    if hasattr(data, "subtree"):
        for node in data.subtree:
            yield from ((name, variable.values) for name, variable in node.variables.items())
    elif hasattr(data, "get_columns"):
        yield from ((column.name, column) for column in data.get_columns())
    elif hasattr(data, "columns"):
        yield from ((name, data[name]) for name in data.columns)
    else:
        yield from ((name, data[name]) for name in data.dtype.names)


def summary(data):
    """What `galvanome inspect` says of each column."""
    told, rows = [], 0
    for name, values in columns_of(data):
        if getattr(values, "ndim", 1) != 1:
            continue
        rows = max(rows, len(values))
        if str(values.dtype) == "object":
            # Numbers, but not kept as such.
            try:
                values = values.astype(float)
            except (TypeError, ValueError):
                continue
        kind = str(values.dtype)
        if not rows or not any(word in kind.lower() for word in ("int", "float")):
            continue
        first, last = (values[0], values[-1]) if not hasattr(values, "iloc") else (values.iloc[0], values.iloc[-1])
        told.append([name, float(first or 0), float(last or 0), float(values.min() or 0), float(values.max() or 0)])
    return rows, told


def main():
    what, reader, path = sys.argv[1:4]
    read = READERS[reader]
    if what == "whole":
        rows, told = summary(read(path))
        print(json.dumps({"rows": rows, "columns": told}))
        return
    rows = summary(read(path))[0]
    clock, processor = [], []
    for _ in range(int(sys.argv[4])):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        data = read(path)
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - begun_cpu)
        del data
    print(json.dumps({"rows": rows, "clock_s": clock, "processor_s": processor}))


main()
