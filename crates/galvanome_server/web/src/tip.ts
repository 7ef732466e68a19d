// <gv-tip>: what a pixel says, beside it. The head is taken from the cell at once; the rest is a fragment of the
// pixel's own page, fetched when the pointer rests. It opens where it hides the fewest answers, never over the cell
// that it speaks of, and stays while the pointer is on it; Escape closes it.

const REST_MS = 110;
const LINGER_MS = 160;
const GAP = 12;

interface Subject {
  link: HTMLAnchorElement;
  address: string;
  /** The cell on the screen. */
  rect: DOMRect;
}

export class Tip extends HTMLElement {
  #subject: Subject | undefined;
  #fragments = new Map<string, Promise<string>>();
  #opening = 0;
  #closing = 0;
  #corner = 0;

  connectedCallback(): void {
    this.hidden = true;
    this.id = "tip";
    this.classList.add("tip");
    this.addEventListener("pointerenter", () => clearTimeout(this.#closing));
    this.addEventListener("pointerleave", () => this.closeSoon());
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    const moved = (): void => {
      if (!this.#isSheet()) this.close();
    };
    addEventListener("scroll", moved, { passive: true, capture: true });
    const stage = document.querySelector("gv-matrix");
    if (stage) this.#watch(stage);
  }

  #watch(stage: Element): void {
    const linkOf = (event: Event): HTMLAnchorElement | undefined =>
      (event.target instanceof Element && event.target.closest<HTMLAnchorElement>("td > a")) || undefined;
    stage.addEventListener("pointerover", (event) => {
      if ((event as PointerEvent).pointerType === "touch") return;
      const link = linkOf(event);
      if (link) this.open(link, REST_MS);
      else this.closeSoon();
    });
    stage.addEventListener("pointerleave", () => this.closeSoon());
    stage.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (link?.matches(":focus-visible")) this.open(link, 0);
      else this.close();
    });
    stage.addEventListener("focusout", () => this.closeSoon());
    // A finger has no hover: the first touch tells, the second opens.
    stage.addEventListener("click", (event) => {
      const link = linkOf(event);
      if (!link || (event as PointerEvent).pointerType !== "touch" || this.#subject?.link === link) return;
      event.preventDefault();
      this.open(link, 0);
    });
  }

  /** Opens beside a cell after a moment of rest; at once when it is open already. */
  open(link: HTMLAnchorElement, rest: number, rect = link.getBoundingClientRect()): void {
    clearTimeout(this.#closing);
    clearTimeout(this.#opening);
    const address = link.href;
    if (this.#subject?.address === address) return;
    // A pointer that only passes asks for nothing.
    this.#opening = setTimeout(() => void this.#show({ link, address, rect }), this.hidden ? rest : 30);
  }

  close(): void {
    clearTimeout(this.#opening);
    clearTimeout(this.#closing);
    this.#subject?.link.removeAttribute("aria-describedby");
    this.#subject = undefined;
    this.hidden = true;
  }

  closeSoon(): void {
    clearTimeout(this.#opening);
    clearTimeout(this.#closing);
    this.#closing = setTimeout(() => this.close(), LINGER_MS);
  }

  /** The fragment of a pixel; empty for cells that are not pixels. */
  #fragment(link: HTMLAnchorElement): Promise<string> {
    if (!link.pathname.includes("/pixel/")) return Promise.resolve("");
    const address = `${link.pathname}?tip=1`;
    const known = this.#fragments.get(address);
    if (known) return known;
    const fetched = fetch(address, { headers: { accept: "text/html" } })
      .then((reply) => (reply.ok ? reply.text() : ""))
      .catch(() => "");
    this.#fragments.set(address, fetched);
    return fetched;
  }

  async #show(subject: Subject): Promise<void> {
    const fragment = this.#fragment(subject.link);
    this.#subject?.link.removeAttribute("aria-describedby");
    this.#subject = subject;
    // Most replies are here before anybody could see the difference; then there is one picture, not two.
    const soon = await Promise.race([
      fragment,
      new Promise<undefined>((done) => setTimeout(done, 90, undefined)),
    ]);
    if (this.#subject !== subject) return;
    this.#fill(subject, soon ?? "");
    if (soon === undefined) {
      const late = await fragment;
      if (this.#subject === subject && late) this.#fill(subject, late);
    }
  }

  #fill(subject: Subject, fragment: string): void {
    if (fragment) this.innerHTML = fragment;
    else this.replaceChildren(localHead(subject.link));
    this.hidden = false;
    subject.link.setAttribute("aria-describedby", this.id);
    if (this.#isSheet()) {
      const covered = subject.rect.bottom + GAP - this.getBoundingClientRect().top;
      if (covered > 0) scrollBy({ top: covered });
    } else {
      this.#place(subject.rect);
    }
  }

  /** On a narrow screen it comes up from below, as narrow.css and tip.css say. */
  #isSheet(): boolean {
    return matchMedia("(max-width: 760px)").matches;
  }

  /** Of the four corners around the cell, the one that fits and hides the fewest answers; the last one wins ties. */
  #place(cell: DOMRect): void {
    const { offsetWidth: width, offsetHeight: height } = this;
    const answered = [...document.querySelectorAll("gv-matrix :is(td.a, td.g) > a")].map((link) => link.getBoundingClientRect());
    let best = { cost: Infinity, left: 0, top: 0, corner: 0 };
    for (const corner of [0, 1, 2, 3]) {
      const right = corner % 2 === 0;
      const below = corner < 2;
      const left = right ? cell.right + GAP : cell.left - GAP - width;
      const wantedTop = below ? cell.top - 8 : cell.bottom + 8 - height;
      const top = Math.max(8, Math.min(wantedTop, innerHeight - height - 8));
      const outside = left < 8 || left + width > document.documentElement.clientWidth - 8;
      const hidden = answered.filter(
        (rect) => rect.left < left + width && rect.right > left && rect.top < top + height && rect.bottom > top,
      ).length;
      const cost = (outside ? 1000 : 0) + hidden * 2 + (corner === this.#corner ? 0 : 3) + Math.abs(top - wantedTop) / 100;
      if (cost < best.cost) best = { cost, left, top, corner };
    }
    this.#corner = best.corner;
    this.style.left = `${Math.max(8, best.left)}px`;
    this.style.top = `${best.top}px`;
  }
}

/** The mark of a cell, large; a link over a canvas names the symbols that are drawn beneath it. */
function markOf(link: HTMLAnchorElement): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const mark = link.querySelector("svg")?.cloneNode(true) ?? document.createElementNS(space, "svg");
  const svg = mark as SVGElement;
  for (const id of link.dataset["marks"]?.split(" ") ?? []) {
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `#${id}`);
    svg.append(use);
  }
  for (const [name, value] of [["viewBox", "0 0 36 36"], ["width", "32"], ["height", "32"], ["aria-hidden", "true"]] as const) {
    svg.setAttribute(name, value);
  }
  return svg;
}

/** What the cell itself says: mark and label. */
function localHead(link: HTMLAnchorElement): HTMLElement {
  const head = document.createElement("div");
  head.className = "tip-head";
  head.append(markOf(link));
  const [where = "", ...rest] = (link.getAttribute("aria-label") ?? "").split(": ");
  const text = document.createElement("div");
  const what = document.createElement("b");
  what.textContent = rest.join(": ");
  const place = document.createElement("div");
  place.className = "s q";
  place.textContent = where.split(", ").join(" · ");
  text.append(what, place);
  head.append(text);
  return head;
}

export function defineTip(): void {
  customElements.define("gv-tip", Tip);
}
