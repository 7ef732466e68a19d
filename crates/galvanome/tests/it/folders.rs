//! Folders of images as people have them on their disks.

use galvanome::inspect;

/// A grey TIFF of one strip, two by two.
fn tiff(first: u8) -> Vec<u8> {
    let mut bytes = b"II*\0\x0C\0\0\0".to_vec();
    bytes.extend([first, first + 1, first + 2, first + 3]);
    let entries: [(u16, u16); 8] =
        [(256, 2), (257, 2), (258, 8), (259, 1), (262, 1), (273, 8), (278, 2), (279, 4)];
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(
            [tag.to_le_bytes(), 3_u16.to_le_bytes(), [1, 0], [0, 0], value.to_le_bytes(), [0, 0]]
                .concat(),
        );
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn folders_of_slices_and_arrays_are_volumes() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, format: &str, shape: [usize; 3], code: Option<&str>| {
        let summary = inspect::path(&folder.path().join(name)).unwrap();
        assert_eq!((summary.format.as_str(), summary.images[0].shape), (format, shape));
        let codes: Vec<_> = summary.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>());
    };
    let slices = folder.path().join("slices");
    std::fs::create_dir(&slices).unwrap();
    for nth in [1, 2, 9, 10] {
        std::fs::write(slices.join(format!("s{nth}.tif")), tiff(nth)).unwrap();
    }
    std::fs::write(slices.join(".DS_Store"), b"hidden").unwrap();
    check("slices", "image-stack", [4, 2, 2], Some("missing-slices"));
    // More than are kept open at once.
    let many = folder.path().join("many");
    std::fs::create_dir(&many).unwrap();
    for nth in 0..300_u16 {
        std::fs::write(many.join(format!("s{nth}.tif")), tiff((nth % 200) as u8)).unwrap();
    }
    check("many", "image-stack", [300, 2, 2], None);
    let array = folder.path().join("array.zarr");
    std::fs::create_dir(&array).unwrap();
    let said = r#"{"zarr_format":2,"shape":[1,2,2],"chunks":[1,2,2],"dtype":"|u1","compressor":null,"fill_value":0,"order":"C","filters":null}"#;
    std::fs::write(array.join(".zarray"), said).unwrap();
    std::fs::write(array.join("0.0.0"), [1, 2, 3, 4]).unwrap();
    check("array.zarr", "zarr", [1, 2, 2], None);
}
