// Work that need not delay what is seen: a page is whole before any script runs.

/** Runs `work` once the page has been painted; at once where nobody sees it, since a hidden page is not painted. */
export function afterFirstPaint(work: () => void): void {
  if (document.visibilityState === "hidden") work();
  else requestAnimationFrame(() => setTimeout(work));
}
