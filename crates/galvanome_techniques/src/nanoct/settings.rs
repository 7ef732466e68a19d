//! What a caller may set.

use crate::analysis::{Setting, SettingKind};

/// Every setting of the technique.
pub(super) const SETTINGS: &[Setting] = &[
    VOLUME,
    VOXEL,
    SEGMENTATION,
    THRESHOLD,
    CLASSES,
    PORES,
    PORE_CLASSES,
    PORE_LABEL,
    DIRECTION,
    BLOCK,
    BLOCKS,
];

pub(super) const VOLUME: Setting = Setting {
    key: "volume",
    kind: SettingKind::Whole { min: 1, max: 1_000_000 },
    meaning: "which volume of the files, counted from 1",
    otherwise: "the largest",
};

pub(super) const VOXEL: Setting = Setting {
    key: "voxel",
    kind: SettingKind::Number { min: 1e-4, max: 1e4, unit: "µm" },
    meaning: "the edge of a voxel, the same along all directions, instead of what the file says",
    otherwise: "what the file says; without it there are no lengths and areas",
};

pub(super) const SEGMENTATION: Setting = Setting {
    key: "segmentation",
    kind: SettingKind::Word(&["otsu", "multi-otsu", "labels"]),
    meaning: "how pores are told from the rest: Otsu's threshold, several thresholds, or a volume that is segmented already",
    otherwise: "labels where the volume has at most eight values, else otsu; `threshold` needs none of them",
};

pub(super) const THRESHOLD: Setting = Setting {
    key: "threshold",
    kind: SettingKind::Number { min: -1e12, max: 1e12, unit: "1" },
    meaning: "the grey value up to which a voxel is dark, instead of a segmentation",
    otherwise: "as `segmentation` finds it",
};

pub(super) const CLASSES: Setting = Setting {
    key: "classes",
    kind: SettingKind::Whole { min: 2, max: 5 },
    meaning: "the number of classes of `segmentation=multi-otsu`",
    otherwise: "3",
};

pub(super) const PORES: Setting = Setting {
    key: "pores",
    kind: SettingKind::Word(&["dark", "bright"]),
    meaning: "whether pores are darker or brighter than the rest",
    otherwise: "dark",
};

pub(super) const PORE_CLASSES: Setting = Setting {
    key: "pore-classes",
    kind: SettingKind::Whole { min: 1, max: 4 },
    meaning: "how many of the darkest (or brightest) classes of `segmentation=multi-otsu` are pores",
    otherwise: "1",
};

pub(super) const PORE_LABEL: Setting = Setting {
    key: "pore-label",
    kind: SettingKind::Number { min: -1e9, max: 1e9, unit: "1" },
    meaning: "the value that pores have in a volume that is segmented already",
    otherwise: "the lowest value",
};

pub(super) const DIRECTION: Setting = Setting {
    key: "direction",
    kind: SettingKind::Word(&["z", "y", "x"]),
    meaning: "the direction through the electrode, of the connected porosity, the tortuosity and the profile",
    otherwise: "z",
};

pub(super) const BLOCK: Setting = Setting {
    key: "block",
    kind: SettingKind::Whole { min: 16, max: 512 },
    meaning: "the edge, in voxels, of the blocks in which tortuosity, sizes and correlations are found",
    otherwise: "128, or the shortest side where that is less",
};

pub(super) const BLOCKS: Setting = Setting {
    key: "blocks",
    kind: SettingKind::Whole { min: 1, max: 27 },
    meaning: "how many of these blocks, at most; they do not overlap",
    otherwise: "8",
};
