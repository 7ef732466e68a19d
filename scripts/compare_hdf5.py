"""Says what h5py reads from HDF5 files, so that a test can hold our reader to it.

    compare_hdf5.py --made FOLDER --truths FILE [FOLDER OR FILE …]

Writes files of every kind of storage that h5py knows into the first folder, and for these and all files named the count
and sum of every dataset of numbers, and the texts of every dataset of texts, as JSON.
"""

import argparse
import json
import pathlib

import h5py
import hdf5plugin
import numpy as np

ENDINGS = {".h5", ".hdf5", ".hdf", ".nxs", ".emd", ".cxi"}


def make(folder):
    """Files of every kind of storage; those of `refused` our reader must refuse by name."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    counts = random.integers(0, 4000, (37, 45)).astype("u2")
    cube = random.normal(size=(12, 33, 41))
    for libver in ("earliest", "latest"):
        with h5py.File(folder / f"storage_{libver}.h5", "w", libver=libver) as f:
            f["contiguous"] = cube
            for kind in "?bBhHiIlLefd":
                f[f"kinds/{'bool' if kind == '?' else np.dtype(kind).name}"] = np.arange(40).astype(kind)
            for order in "<>":
                for kind in ("i2", "u4", "i8", "u8", "f4", "f8"):
                    name = ("little" if order == "<" else "big") + kind
                    f[f"orders/{name}"] = (np.arange(50) * 3 - 20 * ("u" not in kind)).astype(order + kind)
            f["large"] = np.array([2**53, -(2**53), 5, -(2**31), 2**31], "i8")
            f["chunked/ragged"] = f.create_dataset("r", data=cube, chunks=(5, 10, 11))
            del f["r"]
            for name, options in {
                "deflate": {"compression": "gzip"},
                "shuffled": {"compression": "gzip", "shuffle": True},
                "lzf": {"compression": "lzf", "shuffle": True},
                "checked": {"fletcher32": True},
                "all": {"compression": "gzip", "shuffle": True, "fletcher32": True},
                "lz4": hdf5plugin.LZ4(),
                "zstd": hdf5plugin.Zstd(),
                "bitshuffle": hdf5plugin.Bitshuffle(cname="none"),
                "bitshuffle_lz4": hdf5plugin.Bitshuffle(cname="lz4"),
                "bitshuffle_zstd": hdf5plugin.Bitshuffle(cname="zstd"),
            }.items():
                f.create_dataset(f"filters/{name}", data=counts, chunks=(10, 17), **options)
                f.create_dataset(f"filters3/{name}", data=cube, chunks=(4, 33, 20), **options)
            f.create_dataset("scaled/whole", data=counts.astype("i4") - 700, chunks=(10, 17), scaleoffset=0)
            f.create_dataset("scaled/decimals", data=np.round(cube, 2), chunks=(4, 33, 20), scaleoffset=2)
            f.create_dataset("scaled/single", data=np.round(cube, 2).astype("f4"), chunks=(4, 33, 20), scaleoffset=2)
            f.create_dataset("scaled/same", data=np.full((20, 20), 7, "i8"), chunks=(10, 10), scaleoffset=0)
            twelve = h5py.h5t.STD_U16LE.copy()
            twelve.set_precision(12)
            twelve.set_offset(2)
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_chunk((10, 17))
            plist.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
            space = h5py.h5s.create_simple(counts.shape)
            f.create_group("bits")
            nbit = h5py.h5d.create(f["bits"].id, b"nbit", twelve, space, plist)
            nbit.write(h5py.h5s.ALL, h5py.h5s.ALL, counts % 4096)
            f.create_dataset("indices/extensible", data=counts, chunks=(3, 7), maxshape=(None, 45))
            f.create_dataset("indices/extensible_last", data=cube, chunks=(3, 7, 2), maxshape=(12, 33, None))
            f.create_dataset("indices/extensible_long", data=np.arange(9000.0), chunks=(2,), maxshape=(None,))
            f.create_dataset("indices/extensible_packed", data=np.arange(9000), chunks=(3,), maxshape=(None,), compression="gzip")
            f.create_dataset("indices/tree", data=counts, chunks=(2, 3), maxshape=(None, None))
            f.create_dataset("indices/tree_packed", data=counts, chunks=(2, 3), maxshape=(None, None), compression="gzip")
            f.create_dataset("indices/fixed", data=np.arange(9000.0), chunks=(2,))
            f.create_dataset("indices/fixed_room", data=counts, chunks=(5, 6), maxshape=(80, 90))
            f.create_dataset("indices/single", data=counts, chunks=(37, 45))
            f.create_dataset("indices/single_packed", data=counts, chunks=(37, 45), compression="gzip")
            early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            early.set_chunk((10, 17))
            early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            implicit = h5py.h5d.create(f["indices"].id, b"implicit", h5py.h5t.STD_U16LE, space, early)
            implicit.write(h5py.h5s.ALL, h5py.h5s.ALL, counts)
            sparse = f.create_dataset("unwritten/some", (40, 50), "f8", chunks=(10, 10), fillvalue=2.5)
            sparse[12:15, 33] = 7
            f.create_dataset("unwritten/all", (30, 30), "i4", fillvalue=-3)
            f.create_dataset("unwritten/list", (30,), "i4", chunks=(7,), maxshape=(None,), fillvalue=4)
            grown = f.create_dataset("shrunk", data=counts, chunks=(5, 5), maxshape=(None, None))
            grown.resize((20, 22))
            compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            compact.set_layout(h5py.h5d.COMPACT)
            small = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((20,)), compact)
            small.write(h5py.h5s.ALL, h5py.h5s.ALL, np.linspace(0, 1, 20))
            of = np.dtype([("x", "<f4"), ("n", ">i8"), ("name", "S5"), ("state", "?")])
            rows = np.zeros(30, of)
            rows["x"], rows["n"], rows["name"], rows["state"] = np.arange(30) / 4, np.arange(30) - 9, b"ab", np.arange(30) % 3 == 0
            f["compound"] = rows
            f.create_dataset("compound_packed", data=rows, chunks=(7,), compression="gzip")
            f["texts/fixed"] = np.array([b"one", b"two", b"three", b"four"] * 3)
            f["texts/long"] = ["α", "beta", "", "delta"] * 5
            f["texts/one"] = "µm of text"
            f["scalars/float"] = 2.5
            f["scalars/whole"] = np.uint64(2**64 - 1)
            f["scalars/none"] = h5py.Empty("f8")
            f.create_dataset("arrays", (5,), np.dtype(("f8", (12,))))[...] = np.arange(60.0).reshape(5, 12)
            for number in range(60):
                f[f"many/member {number:03}"] = np.arange(5.0) + number
                f["many"].attrs[f"attribute {number:03}"] = f"value {number}"
            f["many"].attrs["long"] = "x" * 5000
            f["link"] = h5py.SoftLink("/many/member 007")
            f["kind"] = np.dtype("<f8")
            f.create_dataset("named", data=np.arange(6.0), dtype=f["kind"])
            f["deep/er/and/deeper/values"] = np.arange(7)
            f["three"] = random.integers(0, 255, (3, 20, 30), "u1")
            f["four"] = random.integers(0, 255, (2, 3, 20, 30), "u1")
    with h5py.File(folder / "userblock.h5", "w", userblock_size=1024) as f:
        f["values"] = np.arange(10.0)
    with h5py.File(folder / "swmr.h5", "w", libver="v110", fs_strategy="page", fs_persist=True) as f:
        f.create_dataset("values", data=np.arange(1000.0), chunks=(10,), maxshape=(None,))
    with h5py.File(folder / "refused.h5", "w") as f:
        f["good"] = np.arange(5.0)
        f.create_dataset("blosc", data=counts, chunks=(10, 17), **hdf5plugin.Blosc())
        f.create_dataset("external", (20,), "f8", external=[("elsewhere.bin", 0, 160)])
        layout = h5py.VirtualLayout((5,), "f8")
        layout[:] = h5py.VirtualSource("other.h5", "x", (5,))
        f.create_virtual_dataset("virtual", layout)
        f["reference"] = f["good"].ref
        f["lists"] = np.array([np.arange(2.0), np.arange(3.0)], dtype=h5py.vlen_dtype("f8"))


def truths(path):
    """Count and sum of every dataset of numbers, and the texts of the others; members of compounds by name."""
    found = {}

    def number(name, values):
        values = np.asarray(values)
        if values.dtype.kind in "iufb" and values.size:
            wide = values.astype("f8")
            found[name] = {"count": int(values.size), "sum": float(np.nansum(np.where(np.isfinite(wide), wide, 0)))}
        elif values.dtype.kind in "SO" and values.size and h5py.check_string_dtype(values.dtype) is None and values.dtype.kind == "S":
            found[name] = {"texts": [value.decode("utf8", "replace") for value in values.ravel()[:3]]}

    def visit(name, item):
        if not isinstance(item, h5py.Dataset) or item.shape is None:
            return
        try:
            if h5py.check_string_dtype(item.dtype) is not None:
                texts = np.asarray(item.asstr(errors="replace")[()]).ravel()
                found["/" + name] = {"texts": [str(text) for text in texts[:3]]}
            elif item.dtype.names:
                for member in item.dtype.names:
                    number(f"/{name}/{member}", item[member])
            else:
                number("/" + name, item[()])
        except OSError as error:
            print(f"{path}: {name}: h5py cannot read it: {error}")

    with h5py.File(path, "r") as f:
        f.visititems(visit)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made", type=pathlib.Path, required=True)
    parser.add_argument("--truths", type=pathlib.Path, required=True)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    given = parser.parse_args()
    make(given.made)
    files = []
    for place in [given.made, *given.files]:
        files += [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.suffix in ENDINGS)
    all_truths = {str(path): truths(path) for path in files}
    given.truths.write_text(json.dumps(all_truths, ensure_ascii=False))
    print(f"{len(files)} files, {sum(map(len, all_truths.values()))} datasets")


if __name__ == "__main__":
    main()
