// Times are written in UTC by the server and shown here in the reader's own zone, which is named on hover.

export function localiseTimes(within: ParentNode = document): void {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
  const zone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "long" });
  for (const element of within.querySelectorAll<HTMLTimeElement>("time[datetime*='T']")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const named = zone.formatToParts(moment).find((part) => part.type === "timeZoneName");
    element.textContent = format.format(moment);
    element.title = named ? named.value : "";
  }
}
