// The page works without this: links open details by their address. It adds the keyboard and gives the focus back.
(() => {
  let from = null
  const opened = () => {
    const id = decodeURIComponent(location.hash.slice(1))
    const panel = id && document.getElementById(id)
    for (const link of document.querySelectorAll(".mx a[aria-current]")) link.removeAttribute("aria-current")
    for (const link of document.querySelectorAll(".mx a")) {
      if (link.hash.slice(1) === id) link.setAttribute("aria-current", "true")
    }
    if (panel && panel.classList.contains("d")) panel.focus({ preventScroll: true })
  }
  const close = () => {
    const [x, y] = [scrollX, scrollY]
    location.hash = "_"
    scrollTo(x, y)
    if (from) from.focus({ preventScroll: true })
  }
  document.addEventListener("click", event => {
    const link = event.target.closest("a")
    if (!link) return
    if (link.closest(".mx")) from = link
    if (link.classList.contains("close")) { event.preventDefault(); close() }
  })
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") return document.querySelector(".d:target") && close()
    const cell = event.target.closest && event.target.closest(".mx td")
    const step = steps[event.key]
    if (!cell || !step) return
    const body = cell.closest("tbody")
    if (!body) return
    let [row, column] = [cell.parentNode.sectionRowIndex + step[0], cell.cellIndex + step[1]]
    for (;;) {
      const next = body.rows[row] && body.rows[row].cells[column]
      if (!next) return
      const link = next.querySelector("a")
      if (link) { event.preventDefault(); link.focus(); return }
      row += step[0]; column += step[1]
    }
  })
  addEventListener("hashchange", opened)
  opened()
})()
