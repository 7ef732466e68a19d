// What every page has. Each part looks for what it serves and does nothing where that is missing.

import { serveControls } from "./controls";
import { defineField } from "./field";
import { afterFirstPaint } from "./first_paint";
import { defineMatrix } from "./matrix";
import { closeMenus } from "./menus";
import { offerTheme } from "./theme_switch";
import { localiseTimes } from "./times";
import { defineTip } from "./tip";
import { lightTogether } from "./together";

afterFirstPaint(() => {
  offerTheme();
  localiseTimes();
  defineMatrix();
  defineField();
  defineTip();
  serveControls();
  lightTogether();
  closeMenus();
});
