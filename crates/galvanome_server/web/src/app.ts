// What every page has. Each part looks for what it serves and does nothing where that is missing.

import { serveControls } from "./controls";
import { defineMatrix } from "./matrix";
import { offerTheme } from "./theme_switch";
import { localiseTimes } from "./times";
import { defineTip } from "./tip";

offerTheme();
localiseTimes();
defineMatrix();
defineTip();
serveControls();
