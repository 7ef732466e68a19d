// What names the same thing in several places of a page lights up together: the row of a technique and its mark.

export function lightTogether(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-together]")) {
    const light = (name: string | undefined): void => {
      for (const one of place.querySelectorAll<HTMLElement | SVGElement>("[data-t]")) {
        one.classList.toggle("on", name !== undefined && one.dataset["t"] === name);
      }
    };
    const named = (event: Event): string | undefined => {
      const of = event.target instanceof Element ? event.target.closest<HTMLElement | SVGElement>("[data-t]") : null;
      return of?.dataset["t"];
    };
    let lit: string | undefined;
    const follow = (name: string | undefined): void => {
      if (name === lit) return;
      lit = name;
      light(name);
    };
    place.addEventListener("pointerover", (event) => follow(named(event)));
    place.addEventListener("pointerleave", () => follow(undefined));
    place.addEventListener("focusin", (event) => follow(named(event)));
    place.addEventListener("focusout", () => follow(undefined));
  }
}
