// Colours of the style sheet, for what is painted.

/** What a colour of the style sheet is at this moment. */
export function colourOf(host: Element, name: string): string {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = name.startsWith("--") ? `var(${name})` : name;
  host.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
