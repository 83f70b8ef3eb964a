/// Questions that tests ask of an open page; each is an expression that gives a list of problems in words.
public enum PageChecks {
  /// Drawings that are missing, too small or beyond the page's edge, and text that is cut off or overlaps.
  public static let drawings = """
    (() => {
      const problems = [];
      if (document.documentElement.scrollWidth > innerWidth)
        problems.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${innerWidth}`);
      const shown = [...document.querySelectorAll("svg.figure")].filter(svg => svg.checkVisibility());
      if (!shown.length) problems.push("no drawing is shown");
      for (const svg of shown) {
        const name = svg.closest("figure").id;
        const box = svg.getBoundingClientRect();
        if (box.width < 200 || box.height < 20) problems.push(`${name} is ${box.width} × ${box.height}`);
        if (box.left < -0.5 || box.right > innerWidth + 0.5) problems.push(`${name} is cut by the window`);
        const texts = [...svg.querySelectorAll("text")].map(text => ({ text, box: text.getBoundingClientRect() }))
          .filter(item => item.box.width > 0);
        for (const item of texts)
          if (item.box.left < box.left - 2 || item.box.right > box.right + 2 || item.box.top < box.top - 3
            || item.box.bottom > box.bottom + 3)
            problems.push(`${name}: “${item.text.textContent}” lies outside`);
        for (let a = 0; a < texts.length; a += 1)
          for (let b = a + 1; b < texts.length; b += 1) {
            const [p, q] = [texts[a].box, texts[b].box];
            const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (across > 1.5 && down > 5)
              problems.push(`${name}: “${texts[a].text.textContent}” and “${texts[b].text.textContent}” overlap`);
          }
      }
      return problems;
    })()
    """

  /// What a person who hears the page, or has no pointer, would lack: names, languages, headings, tables.
  public static let labels = """
    (() => {
      const problems = [];
      const all = selector => [...document.querySelectorAll(selector)];
      if (!document.documentElement.lang) problems.push("no language");
      if (!document.title) problems.push("no title");
      if (all("h1").length !== 1) problems.push("not one h1");
      if (all("main").length !== 1) problems.push("not one main");
      let level = 1;
      for (const heading of all("h1, h2, h3, h4")) {
        const next = Number(heading.localName[1]);
        if (next > level + 1) problems.push(`“${heading.textContent}” skips a level`);
        level = next;
      }
      for (const svg of all("svg")) {
        const label = svg.getAttribute("aria-label") || (svg.querySelector(":scope > title") || {}).textContent;
        if (!svg.getAttribute("role") || !label) problems.push("a drawing without a name");
      }
      for (const figure of all("figure"))
        if (!figure.querySelector("details table tbody tr")) problems.push(`${figure.id} has no table`);
      for (const table of all("table")) {
        if (!table.querySelector("thead th[scope=col]")) problems.push("a table without headings");
        for (const row of table.querySelectorAll("tbody tr"))
          if (!row.querySelector("th[scope=row]")) { problems.push("a row without a name"); break; }
      }
      for (const control of all("button, a, input"))
        if (!(control.getAttribute("aria-label") || control.textContent || (control.labels || []).length))
          problems.push(`a ${control.localName} without a name`);
      for (const region of all("[role=region], [role=group], nav, aside"))
        if (!region.getAttribute("aria-label")) problems.push("a region without a name");
      for (const link of all("a[href^='#']"))
        if (!document.getElementById(link.hash.slice(1))) problems.push(`${link.hash} leads nowhere`);
      const ids = all("[id]").map(element => element.id);
      for (const id of new Set(ids))
        if (ids.filter(other => other === id).length > 1) problems.push(`the id ${id} stands twice`);
      for (const element of all("[aria-labelledby]"))
        if (!document.getElementById(element.getAttribute("aria-labelledby")))
          problems.push("a label that is not there");
      return problems;
    })()
    """

  /// Text whose contrast with what lies under it is below WCAG's 4.5 to 1, or 3 to 1 where it is large. The
  /// window must be as high as the page.
  public static let contrast = """
    (() => {
      const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const known = new Map();
      const rgba = colour => {
        if (!known.has(colour)) known.set(colour, paint(colour));
        return [...known.get(colour)];
      };
      const paint = colour => {
        probe.clearRect(0, 0, 1, 1);
        probe.fillStyle = colour;
        probe.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
      };
      const over = (top, ground) => [0, 1, 2].map(i => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
      const light = ([r, g, b]) => [r, g, b].map(value => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      }).reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
      const ratio = (a, b) => {
        const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
        return (high + 0.05) / (low + 0.05);
      };
      const page = over(rgba(getComputedStyle(document.body).backgroundColor), [255, 255, 255, 1]);
      const ground = element => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
      };
      const under = text => {
        const box = text.getBoundingClientRect();
        const shapes = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)
          .filter(element => element.closest("svg") && !["svg", "text", "g"].includes(element.localName));
        let result = page;
        for (const shape of shapes.reverse()) {
          const style = getComputedStyle(shape);
          if (style.fill === "none" || style.fill.startsWith("url")) continue;
          const colour = rgba(style.fill);
          colour[3] *= Number(style.opacity) * Number(style.fillOpacity);
          result = over(colour, result);
        }
        return result;
      };
      const problems = new Map();
      const report = (element, words, found) => {
        const style = element.getAttribute("class") || element.localName;
        if (!problems.has(style)) problems.set(style, `${style}: “${words.trim().slice(0, 40)}” has ${found.toFixed(2)}`);
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const words = walker.currentNode.textContent;
        if (!words.trim() || !element.checkVisibility()) continue;
        if (["SCRIPT", "STYLE", "title"].includes(element.nodeName) || element.closest(":disabled")) continue;
        const style = getComputedStyle(element);
        const isDrawn = element.localName === "text";
        const below = isDrawn ? under(element) : ground(element);
        const colour = over(rgba(isDrawn ? style.fill : style.color), below);
        const size = parseFloat(style.fontSize);
        const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
        if (ratio(colour, below) < needed) report(element, words, ratio(colour, below));
      }
      return [...problems.values()];
    })()
    """

  /// How many elements the keyboard must reach.
  public static let reachable = """
    [...document.querySelectorAll("a[href], button:not(:disabled), input, summary, [tabindex='0']")]
      .filter(element => element.checkVisibility({ visibilityProperty: true })).length
    """

  /// The element that has the keyboard, with a mark when nothing shows that it has; empty at the page's end.
  public static let focused = """
    (() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "";
      if (!element.dataset.place) element.dataset.place = String(document.querySelectorAll("[data-place]").length);
      const style = getComputedStyle(element);
      const isShown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      return `${element.dataset.place}${isShown ? "" : " without a mark: " + element.outerHTML.slice(0, 80)}`;
    })()
    """
}
