// Arrow keys move among the links of a table.lao-matrix, which is one stop of the Tab key.
export default function () {
  if (window.laoGrid) return;
  window.laoGrid = true;
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const rove = (table, link) => {
    table.querySelectorAll('a[tabindex="0"]').forEach((one) => (one.tabIndex = -1));
    link.tabIndex = 0;
  };
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest && event.target.closest("table.lao-matrix a");
    if (link) rove(link.closest("table"), link);
  });
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("table.lao-matrix a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...link.closest("table").rows];
    let row = link.closest("tr").rowIndex;
    let column = link.closest("th, td").cellIndex;
    let next = null;
    if (event.key === "Home" || event.key === "End") {
      const links = [...rows[row].querySelectorAll("a")];
      next = event.key === "Home" ? links[0] : links.at(-1);
    } else if (steps[event.key]) {
      const [down, right] = steps[event.key];
      // A cell without a link (none recorded) is passed over.
      while (!next) {
        row += down;
        column += right;
        const cell = rows[row] && rows[row].cells[column];
        if (!cell) return;
        next = cell.querySelector("a");
      }
    } else return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}
