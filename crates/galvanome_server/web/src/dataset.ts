// What the pages of datasets have beside the others: curves and pictures that are alive, and files that are dropped.

import { defineCurves } from "./curves";
import { defineSlices } from "./slices";
import { defineUpload } from "./upload";

defineCurves();
defineSlices();
defineUpload();
