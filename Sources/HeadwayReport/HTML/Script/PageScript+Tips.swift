extension PageScript {
  /// What a mark's title says, at once and beside the pointer. The browser's own tip, slower and small, gives way.
  static let tips = #"""
    function watchTips() {
      const box = make("div", { class: "tip", role: "tooltip", hidden: "" });
      document.body.append(box);
      const place = event => {
        const { width, height } = box.getBoundingClientRect();
        const x = Math.min(event.clientX + 14, innerWidth - width - 8);
        const y = event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18;
        box.style.transform = `translate(${Math.max(x, 8)}px, ${Math.max(y, 8)}px)`;
      };
      const show = event => {
        const mark = event.target.closest && event.target.closest("svg.figure *");
        const words = mark && mark.localName !== "svg" ? tip(mark) : "";
        if (!words) { box.hidden = true; return; }
        if (!mark.dataset.tip) { mark.dataset.tip = words; mark.firstElementChild.remove(); }
        box.textContent = words;
        box.hidden = false;
        place(event);
      };
      document.addEventListener("pointerover", show);
      document.addEventListener("pointerdown", show);
      document.addEventListener("pointermove", event => { if (!box.hidden) place(event); });
      document.addEventListener("scroll", () => { box.hidden = true; }, { passive: true });
    }
    """#
}
