// Which pages there are: every kind of page, and of each kind those that look different.

const part = encodeURIComponent;

/** The first cell of every answer in a campaign: `{ answer, component, question, technique, observable }`. */
export function cellsByAnswer(campaign) {
  const found = new Map();
  for (const { component, question, cells } of campaign.views) {
    for (const [technique, row] of Object.entries(cells)) {
      for (const [observable, cell] of Object.entries(row)) {
        // The strongest evidence makes the fullest page: what was computed goes before what was only given.
        const better = cell.computed && !found.get(cell.answer)?.cell.computed;
        if (!found.has(cell.answer) || better) {
          found.set(cell.answer, { answer: cell.answer, component, question, technique, observable, cell });
        }
      }
    }
  }
  return [...found.values()];
}

/** The path of a pixel's page. */
export function pixelPath(campaign, { component, question, technique, observable }) {
  return `/c/${part(campaign.id)}/pixel/${[component, question, technique, observable].map(part).join("/")}`;
}

/** The path of a sublayer's page. */
export function sublayerPath(campaign, { component, question, observable }) {
  return `/c/${part(campaign.id)}/sublayer/${[component, question, observable].map(part).join("/")}`;
}

/** The path of a component's metaviews. */
export function metaviewsPath(campaign, component) {
  return `/c/${part(campaign.id)}/metaviews/${part(component)}`;
}

/** The path of the datasets of a campaign, or of one of them. */
export function datasetsPath(campaign, dataset) {
  return `/c/${part(campaign.id)}/datasets${dataset ? `/${part(dataset.id)}` : ""}`;
}

/** The components of a campaign, in its own order. */
export function components(campaign) {
  return [...new Set(campaign.views.map((view) => view.component))];
}

/** The column of a view with the most answers: its sublayer is the fullest. */
export function fullestColumn(view) {
  const answered = ({ yes, no, unsure }) => yes + no + unsure;
  const [best] = Object.entries(view.by_observable).sort(([, a], [, b]) => answered(b) - answered(a));
  return best[0];
}

/** Every page that the browser tests look at: `{ name, path }`, `name` fit for a file. */
export function addresses(campaigns) {
  const pages = [{ name: "campaigns", path: "/" }, { name: "techniques", path: "/techniques" }];
  for (const campaign of campaigns) {
    const add = (name, path) => pages.push({ name: `${campaign.id}-${name}`, path });
    add("overview", `/c/${part(campaign.id)}`);
    add("techniques", `/c/${part(campaign.id)}/techniques`);
    add("datasets", datasetsPath(campaign));
    for (const [kind, is] of [["held", (one) => one.path !== ""], ["reference", (one) => one.path === ""]]) {
      const dataset = campaign.datasets.find(is);
      if (dataset) {
        add(`dataset-${kind}`, datasetsPath(campaign, dataset));
      }
    }
    for (const component of components(campaign)) {
      add(`metaviews-${component}`, metaviewsPath(campaign, component));
    }
    const view = campaign.views[0];
    add("sublayer", sublayerPath(campaign, { ...view, observable: fullestColumn(view) }));
    for (const cell of cellsByAnswer(campaign)) {
      add(`pixel-${cell.answer}`, pixelPath(campaign, cell));
    }
    pages.push({ name: `${campaign.id}-technique`, path: `/techniques/${part(campaign.techniques.at(-1).id)}` });
  }
  pages.push({ name: "nowhere", path: "/nowhere", status: 404 });
  return pages;
}
