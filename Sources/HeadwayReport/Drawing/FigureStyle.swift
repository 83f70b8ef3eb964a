/// The colours and strokes of the figures, as style rules that a page and a drawing of its own share.
///
/// The colours are Okabe and Ito's, which stay apart for the colour-blind; each is paired with a marker's
/// shape or a hatching, so that none carries meaning alone.
enum FigureStyle {
  /// The rules that draw shapes; they take their colours from variables.
  static let rules = """
    svg.figure { display: block; width: 100%; height: auto; overflow: visible; \
    font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; \
    font-variant-numeric: tabular-nums; }
    svg.figure text { fill: var(--ink); }
    svg.figure text.faint { fill: var(--faint); }
    svg.figure text.strong { font-weight: 600; }
    svg.figure text.above { paint-order: stroke; stroke: var(--paper); stroke-width: 4; stroke-linejoin: round; }
    svg.figure .grid { stroke: var(--line); stroke-width: 1; }
    svg.figure .axis { stroke: var(--faint); stroke-width: 1; }
    svg.figure .ideal { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 2 4; fill: none; \
    stroke-linecap: round; }
    svg.figure .boundary { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 6 4; }
    svg.figure .beyond { fill: var(--ink); opacity: .045; }
    svg.figure .track { fill: var(--line); opacity: .5; }
    svg.figure .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
    svg.figure .whisker { stroke-width: 1.75; }
    svg.figure .dot { opacity: .38; stroke: none; }
    svg.figure .hatch { stroke: var(--paper); stroke-width: 2; opacity: .55; }
    svg.figure .speck { fill: var(--paper); opacity: .65; }
    svg.figure rect { stroke: none; }
    svg.figure .middle { stroke: var(--ink); stroke-width: 1.25; stroke-dasharray: 5 4; }
    svg.figure .range { stroke: var(--s0); stroke-width: 1.5; opacity: .45; }
    svg.figure .labels text { font-weight: 400; }
    svg.figure .band { fill: var(--ink); opacity: .05; }
    svg.figure .step { fill: transparent; }
    svg.figure .roof { fill: none; stroke: var(--runnable); stroke-width: 2; stroke-dasharray: 10 3 2 3; }
    svg.figure .fan { opacity: .16; }
    svg.figure .law { stroke-width: 1.5; stroke-dasharray: 7 3; }
    svg.figure .mark { stroke: var(--ink); stroke-width: 3; }
    svg.figure .path { fill: var(--path); stroke: var(--paper); stroke-width: .75; }
    svg.figure .turn { stroke: var(--path); stroke-width: 1.5; }
    svg.figure .f-same { fill: var(--f4); }
    svg.figure .episode { stroke: var(--ink); stroke-width: 1.25; opacity: .75; }
    svg.figure .last { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
    """

  /// The rules of the series and categories.
  static let palette: String = {
    var rules = ""
    for index in 0..<seriesCount {
      rules += "svg.figure .s\(index) { fill: var(--s\(index)); stroke: var(--s\(index)); }\n"
      rules +=
        "svg.figure .curve.s\(index), svg.figure .law.s\(index) { fill: none; }\nsvg.figure .fan.s\(index) { stroke: none; }\nsvg.figure .dot.s\(index) { stroke: none; }\n"
    }
    for hue in ["gained", "lost"] {
      for strength in 1...3 {
        rules += "svg.figure .f-\(hue)-\(strength) { fill: var(--\(hue)-\(strength)); }\n"
      }
    }
    for index in 0..<moduleCount { rules += "svg.figure .f\(index) { fill: var(--f\(index)); }\n" }
    for name in ["useful", "spin", "blocked", "runnable", "lifecycle", "self", "unknown"] {
      rules += "svg.figure .c-\(name) { fill: var(--\(name)); }\n"
      let ground = ["blocked", "runnable"].contains(name) ? "--on-\(name)" : "--on"
      rules += "svg.figure text.on-\(name) { fill: var(\(ground)); font-weight: 600; }\n"
    }
    return rules
  }()

  /// The variables on a light ground.
  static let light = """
    --paper: #ffffff; --ink: #1c1f23; --faint: #5d656f; --line: #e2e5e9; --on: #ffffff; \
    --s0: #0072b2; --s1: #d55e00; --s2: #00846b; --s3: #a7548a; --s4: #8a6d00; --s5: #5b6470; \
    --useful: #0072b2; --spin: #a7548a; --blocked: #aeb6bf; --runnable: #d98200; --lifecycle: #00846b; \
    --self: #5b6470; --unknown: #c23b22; --on-blocked: #1c1f23; --on-runnable: #1c1f23; \
    --f0: #c3dff2; --f1: #fadcc2; --f2: #c5e8dd; --f3: #ecd3e4; --f4: #e3e6ea; \
    --gained-1: #fbe3cd; --gained-2: #f8c596; --gained-3: #f0a05a; \
    --lost-1: #d6e9f6; --lost-2: #a6d0ee; --lost-3: #6fb4e2; --path: #c8005f;
    """

  /// The variables on a dark ground.
  static let dark = """
    --paper: #14171a; --ink: #e8eaed; --faint: #9aa3ad; --line: #2c3238; --on: #0c0e10; \
    --s0: #56b4e9; --s1: #f0893e; --s2: #3cc7a5; --s3: #dc97c3; --s4: #e0c04c; --s5: #aab3bd; \
    --useful: #56b4e9; --spin: #dc97c3; --blocked: #5d6771; --runnable: #e8a13a; --lifecycle: #3cc7a5; \
    --self: #aab3bd; --unknown: #ef6f57; --on-blocked: #ffffff; --on-runnable: #0c0e10; \
    --f0: #1f4a66; --f1: #6b3d1a; --f2: #1b5546; --f3: #5f3a54; --f4: #343b42; \
    --gained-1: #46301f; --gained-2: #6b3d1a; --gained-3: #8a4a14; \
    --lost-1: #1d3444; --lost-2: #1f4a66; --lost-3: #1c608c; --path: #ff6fae;
    """

  /// How many modules of a flame graph have a colour.
  static let moduleCount = 5

  /// How many series have a colour and a marker of their own; more begin again.
  static let seriesCount = 6

  /// The style of a drawing that is a file of its own.
  static var standalone: String {
    """
    svg { \(light) background: var(--paper); }
    @media (prefers-color-scheme: dark) { svg { \(dark) } }
    \(rules)
    \(palette)
    """
  }
}
