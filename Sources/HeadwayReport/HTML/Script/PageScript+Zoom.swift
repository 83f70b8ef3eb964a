extension PageScript {
  /// Zooming and panning of a drawing's group of marks along its horizontal axis: everything in it moves, while
  /// names, legend and text keep their size. A flame graph zooms into the function that is clicked.
  static let zoom = #"""
    function duration(ns, step) {
      const [unit, size] = step >= 1e9 ? ["s", 1e9] : step >= 1e6 ? ["ms", 1e6] : step >= 1e3 ? ["µs", 1e3] : ["ns", 1];
      const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
      return `${(ns / size).toFixed(digits)} ${unit}`;
    }
    function makeZoomable(marks) {
      const svg = marks.ownerSVGElement;
      const frame = svg.parentElement;
      const isFlame = marks.dataset.kind === "flame";
      const [left, right] = [Number(marks.dataset.left), Number(marks.dataset.right)];
      const span = right - left;
      const size = Number(svg.getAttribute("font-size"));
      const labels = svg.querySelector("g.labels");
      const ticks = svg.querySelector("g.ticks");
      const items = [...marks.children].map(element => {
        const kind = element.localName;
        const from = kind === "rect" ? number(element, "x") : number(element, kind === "line" ? "x1" : "cx");
        const width = kind === "rect" ? number(element, "width") : 0;
        return {
          element, kind, from: (from - left) / span, to: (from + width - left) / span,
          y: number(element, kind === "line" ? "y1" : kind === "rect" ? "y" : "cy"),
          height: number(element, "height"), style: element.getAttribute("class") || "", words: tip(element),
        };
      });
      let [begin, end] = [0, 1];
      let chosen = -1;
      const at = place => left + (place - begin) / (end - begin) * span;
      function redraw() {
        for (const item of items) {
          const [a, b] = [at(item.from), at(item.to)];
          const isOut = item.kind === "rect" ? b <= left || a >= right : a < left || a > right;
          item.element.style.display = isOut ? "none" : "";
          if (isOut) continue;
          if (item.kind === "rect") {
            item.shown = [Math.max(a, left), Math.min(b, right)];
            item.element.setAttribute("x", item.shown[0]);
            item.element.setAttribute("width", Math.max(item.shown[1] - item.shown[0], 0.3));
          } else if (item.kind === "line") {
            item.element.setAttribute("x1", a);
            item.element.setAttribute("x2", a);
          } else {
            item.element.setAttribute("cx", a);
          }
        }
        relabel();
        if (ticks) retick();
        reset.disabled = begin === 0 && end === 1;
      }
      function relabel() {
        const fresh = [];
        for (const item of items) {
          if (item.kind !== "rect" || item.element.style.display === "none" || !item.words) continue;
          const room = item.shown[1] - item.shown[0] - 8;
          const isStep = item.style === "step";
          // "worker-1: forward, 3 ms …", "step 12: 40 ms" and "f in module, 3 % of the samples".
          let name = isStep ? item.words.split(":")[0] : item.words.split(", ")[0];
          if (isFlame) name = name.replace(/ in [^ ]+$/, "").replace(/\b[A-Z]\w*\.(?=[A-Za-z_]\w*\.|[a-z_]\w*$)/, "");
          else if (!isStep) name = name.replace(/^.*?: /, "");
          const fits = Math.floor(room / (size * 0.56));
          if (isFlame && name.length > fits) name = fits > 4 ? name.slice(0, fits - 1) + "…" : "";
          if (!name || name.length > fits) continue;
          if (!isFlame && !isStep && (item.height <= size || !/^c-/.test(item.style) || covered(item))) continue;
          const middle = item.y + item.height / 2 + size * 0.36;
          fresh.push(isFlame || isStep
            ? draw("text", { x: item.shown[0] + 4, y: middle, class: isStep ? "faint" : "label" }, name)
            : draw("text", {
                x: (item.shown[0] + item.shown[1]) / 2, y: middle, "text-anchor": "middle",
                class: item.style.replace("c-", "on-") }, name));
        }
        labels.replaceChildren(...fresh);
      }
      // Whether a span inside lies over this one: marks are in the order of their depth.
      function covered(item) {
        if (item.covered === undefined) {
          item.covered = items.slice(items.indexOf(item) + 1).some(other => other.kind === "rect"
            && other.words && !["step", "path"].includes(other.style) && other.from < item.to - 1e-9 && other.to > item.from + 1e-9
            && Math.abs(other.y + other.height / 2 - item.y - item.height / 2) < item.height / 2);
        }
        return item.covered;
      }
      function retick() {
        const whole = Number(marks.dataset.ns);
        const length = whole * (end - begin);
        const power = 10 ** Math.floor(Math.log10(length / 6));
        const step = [1, 2, 2.5, 5, 10].map(part => part * power).find(part => part >= length / 6);
        const y = Number(ticks.dataset.y);
        const fresh = [];
        for (let tick = Math.ceil(begin * whole / step - 1e-9) * step; tick <= end * whole + 1e-6; tick += step) {
          const x = at(tick / whole);
          const anchor = x < left + 30 ? "start" : x > right - 30 ? "end" : "middle";
          fresh.push(draw("line", { x1: x, x2: x, y1: y, y2: y + 4, class: "axis" }),
            draw("text", { x, y: y + 18, "text-anchor": anchor, class: "faint" }, duration(tick, step)));
        }
        ticks.replaceChildren(...fresh);
      }
      function show(from, to) {
        const width = Math.min(Math.max(to - from, 1e-5), 1);
        begin = Math.min(Math.max(from, 0), 1 - width);
        end = begin + width;
        redraw();
      }
      const zoomBy = (factor, place) => show(place - (place - begin) * factor, place + (end - place) * factor);
      const middle = () => (begin + end) / 2;
      const shift = part => show(begin + part * (end - begin), end + part * (end - begin));
      const whole = () => show(0, 1);
      const controls = make("div", { class: "controls", role: "group", "aria-label": "Zoom" });
      const button = (text, name, action) => {
        const element = make("button", { type: "button", "aria-label": name, title: name }, text);
        element.addEventListener("click", action);
        controls.append(element);
        return element;
      };
      button("+", "Zoom in", () => zoomBy(0.5, middle()));
      button("−", "Zoom out", () => zoomBy(2, middle()));
      button("←", "Earlier", () => shift(-0.4));
      button("→", "Later", () => shift(0.4));
      const reset = button("All", "Show all", whole);
      reset.disabled = true;
      const hint = isFlame
        ? "Click a function to widen it; with the keyboard, arrows choose, Enter widens, 0 shows all."
        : "Drag to move; Ctrl and the wheel, + and − zoom, arrows move, 0 shows all.";
      const said = make("span", { class: "faint said", "aria-live": "polite" }, hint);
      controls.append(said);
      frame.before(controls);
      controls.classList.add(frame.classList.contains("wide") ? "wide" : "narrow");
      svg.setAttribute("tabindex", "0");
      svg.setAttribute("role", "application");
      svg.setAttribute("aria-label", (svg.querySelector("title") || svg).textContent + " " + hint);
      const placeOf = event => {
        const box = svg.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        return begin + Math.min(Math.max((x - left) / span, 0), 1) * (end - begin);
      };
      svg.addEventListener("wheel", event => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        zoomBy(event.deltaY > 0 ? 1.25 : 0.8, placeOf(event));
      }, { passive: false });
      svg.addEventListener("dblclick", event => { if (!isFlame) zoomBy(0.4, placeOf(event)); });
      let held = null;
      let moved = 0;
      svg.addEventListener("pointerdown", event => {
        held = event.button === 0 ? event.clientX : null;
        moved = 0;
      });
      addEventListener("pointermove", event => {
        if (held === null || (begin === 0 && end === 1)) return;
        const box = svg.getBoundingClientRect();
        const part = (held - event.clientX) / box.width * svg.viewBox.baseVal.width / span;
        moved += Math.abs(held - event.clientX);
        held = event.clientX;
        shift(part);
      });
      addEventListener("pointerup", () => { held = null; });
      svg.addEventListener("click", event => {
        if (!isFlame || moved > 4) return;
        const found = items.find(item => item.element === event.target);
        if (found) show(found.from, found.to);
      });
      // The keyboard's way through a flame graph: callers above, callees below, neighbours beside.
      function choose(next) {
        if (next < 0) return;
        if (chosen >= 0) items[chosen].element.classList.remove("chosen");
        chosen = next;
        items[chosen].element.classList.add("chosen");
        said.textContent = items[chosen].words;
        if (items[chosen].from < begin - 1e-9 || items[chosen].to > end + 1e-9) show(items[chosen].from, items[chosen].to);
      }
      function neighbour(key) {
        if (chosen < 0) return 0;
        const from = items[chosen];
        const centre = (from.from + from.to) / 2;
        const others = items.map((item, place) => ({ item, place })).filter(({ item }) => item !== from);
        if (key === "ArrowUp") {
          const above = others.filter(({ item }) => item.y < from.y && item.from <= centre && item.to >= centre);
          return above.sort((a, b) => b.item.y - a.item.y).map(other => other.place)[0] ?? -1;
        }
        if (key === "ArrowDown") {
          const below = others.filter(({ item }) =>
            item.y > from.y && item.from >= from.from - 1e-6 && item.to <= from.to + 1e-6);
          return below.sort((a, b) => a.item.y - b.item.y || b.item.to - b.item.from - a.item.to + a.item.from)
            .map(other => other.place)[0] ?? -1;
        }
        const beside = others.filter(({ item }) => item.y === from.y
          && (key === "ArrowRight" ? item.from > from.from : item.from < from.from));
        return beside.sort((a, b) => (key === "ArrowRight" ? 1 : -1) * (a.item.from - b.item.from))
          .map(other => other.place)[0] ?? -1;
      }
      svg.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "+" || event.key === "=") zoomBy(0.5, middle());
        else if (event.key === "-") zoomBy(2, middle());
        else if (event.key === "0" || event.key === "Escape") whole();
        else if (isFlame && event.key.startsWith("Arrow")) choose(neighbour(event.key));
        else if (isFlame && event.key === "Enter" && chosen >= 0) show(items[chosen].from, items[chosen].to);
        else if (event.key === "ArrowLeft") shift(-0.2);
        else if (event.key === "ArrowRight") shift(0.2);
        else return;
        event.preventDefault();
      });
    }
    """#
}
