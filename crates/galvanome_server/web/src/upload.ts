// <gv-upload>: a file that is chosen or dropped is checked, sent in pieces, and opened as a dataset. A connection that
// breaks, or a page that was closed, goes on where it stopped.

import { Sha256 } from "./sha256";

const PIECE = 8 << 20;
const READ = 2 << 20;
/** From this size on a file is checked while it is sent: it would take as long again before anything is sent. */
const TOGETHER = 32 << 20;
const TRIES = 6;

interface Told {
  id: string | null;
  offset: number;
  dataset: string | null;
  was_held: boolean;
  href: string | null;
}

/** Something that trying again does not mend. */
class Refused extends Error {}

class Stopped extends Error {}

class Upload extends HTMLElement {
  #busy = false;
  #sending = false;
  #stop = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const file = this.#input()?.files?.[0];
      if (file) void this.#send(file);
      else this.#say("Choose a file first.");
    });
    this.#select("experiment")?.addEventListener("change", () => this.#offerSamples());
    this.#offerSamples();
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    document.addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      depth += 1;
      document.body.classList.add("dropping");
    });
    document.addEventListener("dragover", (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    document.addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) document.body.classList.remove("dropping");
    });
    document.addEventListener("drop", (event) => {
      depth = 0;
      document.body.classList.remove("dropping");
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      this.#drop(file, event.dataTransfer);
    });
  }

  #input(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("input[type=file]");
  }

  #select(name: string): HTMLSelectElement | null {
    return this.querySelector<HTMLSelectElement>(`select[name=${name}]`);
  }

  #drop(file: File, from: DataTransfer | null): void {
    if (this.#busy) return;
    const input = this.#input();
    if (input && from) input.files = from.files;
    if (this.#experiment() === "") {
      this.#say(`${file.name} is here. Which experiment measured it? Choose it, then press Upload.`);
      this.#select("experiment")?.focus();
      return;
    }
    void this.#send(file);
  }

  #offerSamples(): void {
    const sample = this.#select("sample");
    const chosen = this.#select("experiment")?.selectedOptions[0]?.dataset["samples"] ?? "";
    if (!sample) return;
    const names = chosen.split(" ").filter((one) => one !== "");
    const all = new Option(names.length === 1 ? (names[0] ?? "") : names.length > 1 ? `All ${names.length} of the experiment` : "Those of the experiment", "");
    sample.replaceChildren(all, ...(names.length > 1 ? names.map((name) => new Option(name, name)) : []));
    sample.disabled = names.length < 2;
  }

  #experiment(): string {
    return this.dataset["experiment"] ?? this.#select("experiment")?.value ?? "";
  }

  #samples(): string[] {
    const text = this.dataset["samples"] ?? this.#select("sample")?.value ?? "";
    return text.split(" ").filter((one) => one !== "");
  }

  async #send(file: File): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#stop = false;
    try {
      const checked = this.#check(file);
      // It is waited for below; what fails meanwhile is told by who waits.
      checked.catch(() => undefined);
      const told = await this.#begin(file, file.size < TOGETHER ? await checked : undefined);
      if (told.href) {
        this.#done(told, file);
        return;
      }
      const address = `${this.dataset["uploads"]}/${told.id}`;
      this.#sending = true;
      await this.#pieces(file, address, told.offset);
      this.#sending = false;
      const sha256 = await checked;
      this.#progress(`Keeping ${file.name}`, 1);
      const end = await ask<Told>(address, { method: "POST", body: JSON.stringify({ sha256 }) });
      forget(this.#key(file));
      this.#done(end, file);
    } catch (error) {
      if (error instanceof Stopped) this.#say(`${file.name} waits. Press Upload to go on where it stopped.`);
      else this.#say(error instanceof Error ? error.message : String(error));
      // What still checks need not go on.
      this.#stop = true;
    } finally {
      this.#busy = false;
      this.#sending = false;
    }
  }

  /** The checksum of the file: the server need not be sent what it has, and tells what was changed on the way. */
  async #check(file: File): Promise<string> {
    const hash = new Sha256();
    for (let at = 0; at < file.size; at += READ) {
      hash.add(new Uint8Array(await file.slice(at, at + READ).arrayBuffer()));
      if (!this.#sending) this.#progress(`Checking ${file.name}`, at / file.size);
      if (this.#stop) throw new Stopped();
    }
    return hash.end();
  }

  #key(file: File): string {
    return ["upload", this.dataset["uploads"], this.#experiment(), this.#samples().join(" "), file.name, file.size, file.lastModified].join("|");
  }

  async #begin(file: File, sha256: string | undefined): Promise<Told> {
    const uploads = this.dataset["uploads"] ?? "";
    const begun = kept(this.#key(file));
    if (begun) {
      const there = await ask<Told>(`${uploads}/${begun}`, {}).catch(() => undefined);
      if (there) return there;
    }
    const body = JSON.stringify({ name: file.name, bytes: file.size, sha256, experiment: this.#experiment(), samples: this.#samples() });
    const told = await ask<Told>(uploads, { method: "POST", body });
    if (told.id) keep(this.#key(file), told.id);
    return told;
  }

  async #pieces(file: File, address: string, from: number): Promise<void> {
    let offset = from;
    let failed = 0;
    while (offset < file.size) {
      if (this.#stop) throw new Stopped();
      this.#progress(`Sending ${file.name}`, offset / file.size);
      try {
        const reply = await fetch(address, {
          method: "PATCH",
          headers: { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) },
          body: file.slice(offset, offset + PIECE),
        });
        const at = Number(reply.headers.get("upload-offset") ?? NaN);
        if (!reply.ok && reply.status !== 409 && reply.status !== 423) throw new Refused(await detail(reply));
        if (reply.status === 423) throw new Error("busy");
        offset = Number.isFinite(at) ? at : (await ask<Told>(address, {})).offset;
        failed = 0;
      } catch (error) {
        if (error instanceof Refused) throw error;
        failed += 1;
        if (failed > TRIES) throw new Refused("The connection is broken. What has arrived is kept: press Upload to go on.");
        this.#progress(`The connection broke; trying again to send ${file.name}`, offset / file.size);
        await new Promise((done) => setTimeout(done, 400 * 2 ** failed));
        const there = await ask<Told>(address, {}).catch(() => undefined);
        offset = there?.offset ?? offset;
      }
    }
  }

  #done(told: Told, file: File): void {
    if (told.was_held && told.href) {
      const link = document.createElement("a");
      link.className = "act";
      link.href = told.href;
      link.textContent = told.dataset ?? "";
      const text = document.createElement("p");
      text.append(`${file.name} is here already, byte for byte: `, link, ". Nothing was added.");
      this.#state().replaceChildren(text);
      return;
    }
    if (told.href) location.assign(told.href);
  }

  #state(): HTMLElement {
    return this.querySelector<HTMLElement>(".drop-state") ?? this;
  }

  #say(text: string): void {
    const line = document.createElement("p");
    line.textContent = text;
    this.#state().replaceChildren(line);
  }

  #progress(text: string, share: number): void {
    const state = this.#state();
    let bar = state.querySelector("progress");
    let line = state.querySelector("p");
    if (!bar || !line) {
      bar = document.createElement("progress");
      bar.max = 1;
      line = document.createElement("p");
      const pause = document.createElement("button");
      pause.type = "button";
      pause.className = "btn";
      pause.textContent = "Pause";
      pause.addEventListener("click", () => (this.#stop = true));
      const buttons = document.createElement("div");
      buttons.className = "btns";
      buttons.append(pause);
      state.replaceChildren(line, bar, buttons);
    }
    bar.value = share;
    bar.setAttribute("aria-label", text);
    line.textContent = `${text}, ${Math.floor(100 * share)} %`;
  }
}

async function detail(reply: Response): Promise<string> {
  const problem = (await reply.json().catch(() => undefined)) as { detail?: string } | undefined;
  return problem?.detail ?? `the server answered ${reply.status}`;
}

async function ask<T>(address: string, options: RequestInit): Promise<T> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const reply = await fetch(address, { ...options, headers, cache: "no-store" });
  if (!reply.ok) throw new Refused(await detail(reply));
  return (await reply.json()) as T;
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, id: string): void {
  try {
    localStorage.setItem(key, id);
  } catch {
    // Without storage an upload goes on only while its page is open.
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // It was not kept.
  }
}

export function defineUpload(): void {
  customElements.define("gv-upload", Upload);
}
