/// The pages' script. A page is whole without it: the script only adds what needs a hand, which is sorting and
/// filtering tables, tips beside the pointer, and zooming the timeline and the flame graphs. It reads what the
/// page shows and loads nothing.
enum PageScript {
  static var text: String {
    """
    (() => {
    "use strict";
    \(tools)
    \(tables)
    \(tips)
    \(zoom)
    \(start)
    })();
    """
  }

  /// Small functions that the others share.
  private static let tools = #"""
    const SVG_NS = "http://www.w3.org/2000/svg";
    const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
    const make = (name, attributes, text) => {
      const element = document.createElement(name);
      for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
      if (text !== undefined) element.textContent = text;
      return element;
    };
    const draw = (name, attributes, text) => {
      const element = document.createElementNS(SVG_NS, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      if (text !== undefined) element.textContent = text;
      return element;
    };
    const number = (element, name) => Number(element.getAttribute(name) || 0);
    const tip = element => {
      const title = element.firstElementChild;
      return element.dataset.tip || (title && title.localName === "title" ? title.textContent : "");
    };
    """#

  private static let start = #"""
    document.documentElement.classList.add("js");
    all(".scroll > table").forEach(arrangeTable);
    watchTips();
    all("svg.figure g.marks").forEach(makeZoomable);
    // A link into a folded part unfolds it.
    addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      const fold = target && target.closest("details");
      if (fold) fold.open = true;
    });
    """#
}
