// Writes a large campaign folder for measurements: 200 techniques, 50 observables, 20 components, 4 questions and
// 800,000 answers. Everything in it is invented, the same on every run.
//
//     node scripts/large_campaign.mjs FOLDER [TECHNIQUES OBSERVABLES COMPONENTS QUESTIONS]

import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/** The id of the campaign. */
export const CAMPAIGN = "large";

const SIZES = { techniques: 200, observables: 50, components: 20, questions: 4 };

const REASONS = [
  "Both groups lie within the margin on every specimen",
  "The two groups differ by more than twice the margin; the lead has looked at all spectra",
  "Three specimens agree and one does not, so that nothing can be said",
  "The beam changed the specimen before the second scan was done",
  "Repeated on a second electrode of the same cell with the same outcome",
  "The probed depth ends above the layer that was asked about",
];

/** A small generator with a seed (mulberry32), so that every run writes the same bytes. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function answer(number) {
  const steps = [["yes", 0.2], ["no", 0.35], ["unsure", 0.5], ["not_done", 0.7]];
  return steps.find(([, up]) => number < up)?.[0] ?? "not_applicable";
}

const numbered = (letter, count) =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(3, "0")}`);

function definition(names) {
  const blocks = [
    `format = 1\nid = "${CAMPAIGN}"\ntitle = "A large campaign for measurements"\ninvented = true\n` +
      `description = "Written by scripts/large_campaign.mjs. Nothing in it was ever measured."\n`,
    `[[partner]]\nid = "invented"\nname = "Invented laboratory"\n`,
    `[[group]]\nid = "pristine"\nname = "Pristine"\n`,
    `[[group]]\nid = "aged"\nname = "Aged"\n`,
    ...names.components.map((id) => `[[component]]\nid = "${id}"\nname = "Component ${id}"\nthickness_m = 50e-6\n`),
    ...names.questions.map(
      (id) =>
        `[[question]]\nid = "${id}"\nname = "${id}"\ntext = "Does ageing change it? (${id})"\nkind = "difference"\n` +
        `reference = ["pristine"]\ntest = ["aged"]\n`,
    ),
    ...names.observables.map((id) => `[[observable]]\nid = "${id}"\nname = "Observable ${id}"\nsource = "invented"\n`),
    ...names.techniques.map(
      (id) => `[[technique]]\nid = "${id}"\nname = "Technique ${id}"\npartners = ["invented"]\nsource = "invented"\n`,
    ),
  ];
  return blocks.join("\n");
}

/** Writes the folder; resolves to how many answers it holds. */
export async function writeLargeCampaign(folder, sizes = SIZES) {
  const names = {
    techniques: numbered("t", sizes.techniques),
    observables: numbered("o", sizes.observables),
    components: numbered("c", sizes.components),
    questions: numbered("Q", sizes.questions),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "campaign.toml"), definition(names));
  const file = createWriteStream(join(folder, "answers.csv"));
  file.write("component,question,technique,observable,answer,certainty,author,answered_on,reason,experiment,evidence\n");
  const next = random(20260209);
  let count = 0;
  for (const component of names.components) {
    for (const question of names.questions) {
      for (const technique of names.techniques) {
        let rows = "";
        for (const observable of names.observables) {
          const reason = REASONS[Math.floor(next() * REASONS.length)];
          const day = 1 + Math.floor(next() * 28);
          rows += `${component},${question},${technique},${observable},${answer(next())},explicit,invented,` +
            `2026-03-${String(day).padStart(2, "0")},"${reason}, ${observable}.",,\n`;
          count += 1;
        }
        if (!file.write(rows)) {
          await once(file, "drain");
        }
      }
    }
  }
  file.end();
  await once(file, "finish");
  return count;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder, ...numbers] = process.argv.slice(2);
  if (!folder || ![0, 4].includes(numbers.length)) {
    console.error("node scripts/large_campaign.mjs FOLDER [TECHNIQUES OBSERVABLES COMPONENTS QUESTIONS]");
    process.exit(2);
  }
  const [techniques, observables, components, questions] = numbers.map(Number);
  const sizes = numbers.length === 4 ? { techniques, observables, components, questions } : SIZES;
  console.log(`${await writeLargeCampaign(folder, sizes)} answers in ${folder}`);
}
