"""One piece of work by a library from PyPI on a raw volume of bytes; prints a line of JSON. Called by bench_volumes.py."""

import json
import resource
import sys
import time

import numpy

peer, work, path, side, threads = sys.argv[1:6]
side, threads = int(side), int(threads)
values = numpy.fromfile(path, numpy.uint8).reshape(side, side, side)
phase = values == 1


def finder():
    """What does the work; everything that is imported or compiled once is done before it is timed."""
    if peer == "scikit-image":
        from skimage import filters, measure

        if work == "otsu":

            def found():
                threshold = int(filters.threshold_otsu(values))
                return {"threshold": threshold, "fraction_above": float((values > threshold).mean())}

            return found
        connectivity = {"components": 1, "components26": 3}[work]
        return lambda: {"components": int(measure.label(phase, connectivity=connectivity, return_num=True)[1])}
    if peer == "scipy":
        from scipy import ndimage

        return lambda: squares(ndimage.distance_transform_edt(phase) ** 2)
    if peer == "edt":
        import edt

        return lambda: squares(edt.edtsq(phase, parallel=threads))
    if peer == "porespy":
        import porespy

        porespy.settings.tqdm["disable"] = True
        porespy.settings.ncores = threads
        porespy.metrics.two_point_correlation(phase[:16, :16, :16])
        return lambda: [float(one) for one in porespy.metrics.two_point_correlation(phase, bins=numpy.arange(side // 2 + 1)).probability_scaled[:12]]
    if peer == "taufactor":
        import taufactor
        import torch

        torch.set_num_threads(threads)

        def solve():
            found = []
            for axis in range(3):
                solver = taufactor.Solver(numpy.ascontiguousarray(numpy.swapaxes(phase, 0, axis)).astype(numpy.uint8), device="cpu")
                solver.solve(verbose=False)
                found.append({"factor": float(solver.tau[0]), "iterations": int(solver.iter)})
            return found

        return solve
    raise SystemExit(f"unknown peer {peer}")


def squares(distances):
    return {"sum_of_squares": float(distances.sum(dtype=numpy.float64)), "largest_square": float(distances.max())}


find = finder()
begun = time.perf_counter(), time.process_time()
found = find()
wall, processor = time.perf_counter() - begun[0], time.process_time() - begun[1]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
print(json.dumps({"wall_s": wall, "cpu_s": processor, "peak_bytes": peak, "found": found}))
