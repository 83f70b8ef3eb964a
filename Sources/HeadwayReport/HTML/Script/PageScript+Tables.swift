extension PageScript {
  /// Sorting by a column and filtering by a word. Cells are compared as the quantities that they print.
  static let tables = #"""
    const UNITS = { ns: 1e-9, "µs": 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, B: 1, kB: 1e3, MB: 1e6, GB: 1e9, k: 1e3 };
    // "12 min 3 s" is 723, "<0.1 %" just under 0.1, "1,200 [1,100, 1,300]" 1200, and "–" no number.
    const quantity = text => {
      const found = [...text.split("[")[0].matchAll(/([<−-]?)(\d[\d,]*(?:\.\d+)?)\s*([a-zµA-Z%×]*)/g)];
      if (!found.length) return NaN;
      return found.slice(0, 2).reduce((sum, [, sign, digits, unit], place) => {
        if (place > 0 && !["s", "min"].includes(unit)) return sum;
        const value = Number(digits.replace(/,/g, "")) * (UNITS[unit] || 1);
        return sum + (sign === "<" ? value * 0.99 : sign ? -value : value);
      }, 0);
    };
    const compare = (left, right) => {
      const [a, b] = [quantity(left), quantity(right)];
      return a - b || left.localeCompare(right, "en", { numeric: true });
    };
    function sortTable(table, column, heading) {
      const isUp = heading.getAttribute("aria-sort") === "descending";
      all("th[aria-sort]", table).forEach(other => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const body = table.tBodies[0];
      const isWords = heading.classList.contains("w") || column === 0;
      const rows = [...body.rows].map(row => ({ row, text: row.cells[column].textContent.trim() }));
      const isAbsent = text => text === "" || text === "–" || (!isWords && Number.isNaN(quantity(text)));
      rows.sort((left, right) => {
        // What is absent stays below, whichever way the rest is sorted.
        const absent = isAbsent(left.text) - isAbsent(right.text);
        if (absent || isAbsent(left.text)) return absent;
        const order = isWords
          ? -left.text.localeCompare(right.text, "en", { numeric: true }) : compare(left.text, right.text);
        return isUp ? order : -order;
      });
      body.append(...rows.map(item => item.row));
    }
    function arrangeTable(table) {
      const body = table.tBodies[0];
      if (!body || body.rows.length < 3) return;
      [...table.tHead.rows[0].cells].forEach((heading, column) => {
        if (!heading.textContent) return;
        const button = make("button", { type: "button", title: "Sort by this column" }, heading.textContent);
        heading.replaceChildren(button);
        button.addEventListener("click", () => sortTable(table, column, heading));
      });
      if (body.rows.length < 16) return;
      const label = make("label", { class: "filter" }, "Filter the rows ");
      const field = make("input", { type: "search", autocomplete: "off" });
      const count = make("span", { class: "faint", "aria-live": "polite" });
      label.append(field);
      const line = make("div", { class: "controls" });
      line.append(label, count);
      table.parentElement.before(line);
      field.addEventListener("input", () => {
        const wanted = field.value.trim().toLowerCase();
        let shown = 0;
        for (const row of body.rows) {
          row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
          shown += row.hidden ? 0 : 1;
        }
        count.textContent = wanted === "" ? "" : `${shown} of ${body.rows.length}`;
      });
    }
    """#
}
