//! HDF5, and what NeXus, NXcanSAS, DXchange and EMD write with it.
//!
//! The file is read by the HDF5 File Format Specification 3.0 (superblocks 0 to 3). Every dataset of numbers is given:
//! what NeXus says belongs together as signals on axes, arrays of two and more axes as images whose slices are read on
//! demand, lists of one group and one length as tables; single values, texts and attributes are metadata. Labels, names of
//! tables and `vendor_name`s are paths, so that a caller chooses a dataset by its path.

mod arrays;
mod attributes;
mod checksum;
mod chunks;
mod cursor;
mod dataset;
mod datatype;
mod file;
mod filters;
mod fractal_heap;
mod gather;
mod hand_over;
mod header;
mod heaps;
mod kinds;
mod layout;
mod links;
mod number;
mod plots;
mod signals;
mod slabs;
mod space;
mod superblock;
mod tables;
mod told;
mod tree;
mod tree1;
mod tree2;
mod trouble;
mod value;

use std::sync::Arc;

use self::hand_over::HandOver;
use self::heaps::GlobalHeap;
use self::trouble::Trouble;
use crate::error::{ReadError, Trouble as Why};
use crate::files::Files;
use crate::format::{Confidence, Format};
use crate::limits::Limits;
use crate::sink::Sink;
use crate::source::Source;

pub(crate) const FORMAT: Format = Format {
    id: "hdf5",
    name: "HDF5 and NeXus",
    endings: &["h5", "hdf5", "hdf", "nxs", "nx5", "emd", "cxi"],
    claims,
    read,
};

fn claims(files: &Files) -> Confidence {
    Confidence::certain_if(
        files.only().is_some_and(|member| superblock::is_there(member.source.as_ref())),
    )
}

fn read(files: &Files, limits: &Limits, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let Some(member) = files.only() else {
        return Err(ReadError::new(
            Why::NotRecognised,
            "HDF5 is read file by file",
            "name one file; files that it links to are read on their own",
        ));
    };
    let error = |trouble: Trouble| match trouble {
        Trouble::Source(error) => ReadError::source(&member.name, &error),
        Trouble::Damaged(what) => ReadError::new(
            Why::Damaged,
            format!("the file has no readable root group: {what}"),
            "fetch the file again; if it was being written when it was copied, close it in the program that writes it first (`h5clear -s`)",
        ),
        Trouble::Refused(what, remedy) => {
            ReadError::new(Why::Unsupported, format!("{what} is not read"), remedy)
        }
    };
    let source: &Arc<dyn Source> = &member.source;
    let begins =
        superblock::find(source.as_ref()).map_err(|io| ReadError::source(&member.name, &io))?;
    let Some(begins) = begins else {
        return Err(ReadError::new(
            Why::NotRecognised,
            "the file does not begin as HDF5 does",
            "check that it is the file that was meant",
        ));
    };
    let superblock = superblock::read(source, begins).map_err(error)?;
    let mut heap = GlobalHeap::default();
    let tree = tree::read(&superblock.file, superblock.root, &mut heap).map_err(error)?;
    let mut over = HandOver::new(&tree, &superblock.file, heap, limits, sink);
    if let Some(end) = superblock.end.filter(|&end| end > source.len()) {
        let message = format!(
            "the file should have {end} bytes and has {}; what stands in the missing ones was not read",
            source.len()
        );
        over.note("truncated-file", message, "");
    }
    for (path, trouble) in &tree.troubles {
        over.note(trouble.code(), trouble.to_string(), path);
    }
    told::circumstances(&mut over);
    told::metadata(&mut over);
    for plot in plots::find(&tree) {
        signals::plot(&mut over, &plot);
    }
    let arrays = tree.objects.iter().enumerate().filter_map(|(place, object)| {
        let dataset = object.dataset()?;
        let part = gather::Part::of(&dataset.of, 0)?;
        let axes = dataset.space.dims.iter().filter(|&&dim| dim != 1).count();
        (axes > 1 || part.count > 1).then_some(place)
    });
    for place in arrays.collect::<Vec<_>>() {
        if !over.given.contains(&place) {
            signals::array(&mut over, place);
        }
    }
    let kept = tables::all(&mut over);
    over.finish();
    kept
}
