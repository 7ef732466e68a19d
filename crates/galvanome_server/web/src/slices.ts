// <gv-slices>: the slices of an image or volume, by a slider, the wheel with Ctrl, or the arrow keys. The address follows.

class Slices extends HTMLElement {
  #later: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  connectedCallback(): void {
    const form = this.querySelector("form");
    const slider = this.querySelector<HTMLInputElement>("input[type=range]");
    const cut = this.querySelector<HTMLSelectElement>("select[name=cut]");
    slider?.addEventListener("input", () => this.#show());
    // Another direction has another shape and another number of slices.
    cut?.addEventListener("change", () => {
      if (slider) slider.disabled = true;
      form?.requestSubmit();
    });
    form?.addEventListener("submit", (event) => {
      if (event.submitter) {
        event.preventDefault();
        this.#show();
      }
    });
  }

  /** Shows the slice that the slider stands at; of those asked for meanwhile the last one. */
  #show(): void {
    const slider = this.querySelector<HTMLInputElement>("input[type=range]");
    const image = this.querySelector("img");
    if (!slider || !image) return;
    const output = this.querySelector("output");
    if (output) output.textContent = slider.value;
    const url = new URL(this.dataset["src"] ?? "", location.href);
    const cut = this.querySelector<HTMLSelectElement>("select[name=cut]")?.value ?? "z";
    url.searchParams.set("cut", cut);
    url.searchParams.set("at", slider.value);
    const asked = ++this.#asked;
    const next = new Image();
    next.onload = () => {
      if (asked === this.#asked) image.src = next.src;
    };
    next.src = url.href;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      const here = new URL(location.href);
      here.searchParams.set("slice", slider.value);
      if (cut !== "z") here.searchParams.set("cut", cut);
      history.replaceState(null, "", here);
    }, 200);
  }
}

export function defineSlices(): void {
  customElements.define("gv-slices", Slices);
}
