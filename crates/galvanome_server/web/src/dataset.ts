// What the pages of datasets have beside the others: curves that are alive, and files that are dropped.

import { defineCurves } from "./curves";
import { defineUpload } from "./upload";

defineCurves();
defineUpload();
