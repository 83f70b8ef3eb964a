/// The style sheet of the pages.
enum PageStyle {
  static let sheet = """
    :root { color-scheme: light dark; \(FigureStyle.light) --accent: #0072b2; --good: #00714f; --bad: #b3261e; \
    --care: #fdf5e4; --care-line: #d98200; --soft: #f5f6f8; --edge: #868e98; }
    @media (prefers-color-scheme: dark) { :root { \(FigureStyle.dark) --accent: #56b4e9; --good: #4fd0a9; \
    --bad: #f58b7a; --care: #2a2416; --care-line: #e8a13a; --soft: #1c2024; --edge: #6d7680; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, \
    -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
    main { max-width: 1080px; margin: 0 auto; padding: 56px 20px 96px; overflow-wrap: break-word; }
    main:has(td.pick) { max-width: 1400px; }
    h1 { font-size: 1.6rem; line-height: 1.3; font-weight: 600; letter-spacing: -.012em; margin: 0 0 14px; \
    text-wrap: pretty; max-width: 42em; }
    h2 { font-size: 1.12rem; line-height: 1.3; font-weight: 600; margin: 0 0 16px; }
    h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; margin: 0; }
    p { margin: 0 0 10px; max-width: 44em; }
    section { margin-top: 52px; padding-top: 20px; border-top: 1px solid var(--line); }
    .kicker { color: var(--accent); font-size: .86rem; font-weight: 600; margin-bottom: 10px; }
    .lead, .note, figcaption, .faint, .scope, summary { color: var(--faint); }
    .lead { font-size: .94rem; }
    .note, figcaption { font-size: .86rem; line-height: 1.5; max-width: 50em; }
    .note { margin-top: 12px; }
    .account { font-size: 1.06rem; margin-bottom: 8px; }
    .part { margin-top: 30px; }
    h3.part { margin-bottom: 12px; }
    .trust { margin-top: 20px; padding: 12px 16px; background: var(--soft); border-radius: 4px; font-size: .92rem; }
    .trust p { margin: 0 0 6px; max-width: none; }
    .trust ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 2px 28px; \
    grid-template-columns: repeat(auto-fill, minmax(min(26em, 100%), 1fr)); font-size: .88rem; }
    .plain { color: var(--faint); font-weight: 600; }
    nav { margin-top: 22px; font-size: .9rem; }
    nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 18px; }
    a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
    nav a { display: inline-block; padding: 3px 0; text-decoration: none; }
    nav a:hover { text-decoration: underline; }
    nav.trail { margin: 0 0 22px; }
    section { scroll-margin-top: 8px; }
    button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
    th button { text-align: inherit; width: 100%; }
    th button:hover { color: var(--ink); }
    th[aria-sort] { color: var(--ink); }
    th[aria-sort="ascending"] button::after { content: " ↑"; }
    th[aria-sort="descending"] button::after { content: " ↓"; }
    .controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-bottom: 12px; font-size: .86rem; }
    .controls button { min-width: 32px; height: 32px; padding: 0 10px; border: 1px solid var(--edge); \
    border-radius: 4px; background: var(--paper); }
    .controls button:hover:not(:disabled) { border-color: var(--accent); color: var(--accent); }
    .controls button:disabled { color: var(--faint); opacity: .6; cursor: default; }
    .controls .button { display: inline-block; border: 1px solid var(--edge); border-radius: 4px; padding: 4px 12px; \
    text-decoration: none; color: inherit; }
    .controls .button:hover { border-color: var(--accent); color: var(--accent); }
    td.pick { text-align: center; padding: 0; }
    td.pick label { display: block; padding: 7px 12px; cursor: pointer; }
    thead th.pick { text-align: center; }
    .controls input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); \
    border-radius: 4px; padding: 3px 8px; width: 14em; }
    .said { margin-left: 8px; }
    .js svg.figure[tabindex] { touch-action: pan-y; user-select: none; }
    svg.figure .marks + .labels text { pointer-events: none; }
    svg.figure .chosen { stroke: var(--ink); stroke-width: 2; }
    .tip { position: fixed; left: 0; top: 0; z-index: 2; max-width: min(32em, 92vw); padding: 5px 9px; \
    background: var(--ink); color: var(--paper); border-radius: 4px; font-size: .82rem; line-height: 1.4; \
    pointer-events: none; overflow-wrap: anywhere; }
    .tip[hidden] { display: none; }
    .warnings { margin-top: 22px; padding: 12px 16px; background: var(--care); \
    border-left: 3px solid var(--care-line); font-size: .92rem; }
    .warnings h2 { font-size: .92rem; margin: 0 0 4px; }
    .warnings ul { margin: 0; padding-left: 18px; }
    .findings { list-style: none; counter-reset: finding; margin: 0; padding: 0; }
    .finding { counter-increment: finding; position: relative; padding: 0 0 0 36px; margin: 0 0 30px; }
    .finding:last-child { margin-bottom: 0; }
    .finding::before { content: counter(finding); position: absolute; left: 0; top: 1px; width: 23px; height: 23px; \
    border-radius: 50%; border: 1.5px solid var(--accent); color: var(--accent); font-size: .8rem; font-weight: 600; \
    line-height: 20px; text-align: center; }
    .scope { font-weight: 400; margin-left: .3em; }
    .meta { font-size: .9rem; margin: 1px 0 6px; }
    .saving { font-weight: 600; margin-right: 10px; }
    .status { white-space: nowrap; }
    .status.supported, .good { color: var(--good); }
    .status.contradicted, .bad { color: var(--bad); }
    .status.untested { color: var(--faint); }
    .good, .bad { font-weight: 600; }
    .change { margin-bottom: 6px; }
    .tag { font-size: .78rem; font-weight: 600; color: var(--accent); border: 1px solid currentColor; \
    border-radius: 3px; padding: 0 5px; margin-right: 4px; }
    details { margin-top: 6px; font-size: .92rem; }
    summary { cursor: pointer; display: inline-block; padding: 3px 0; font-size: .86rem; }
    summary::before { content: "▸"; display: inline-block; width: 1.1em; }
    details[open] > summary::before { content: "▾"; }
    summary::-webkit-details-marker { display: none; }
    summary:hover { color: var(--ink); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
    dl { margin: 0; }
    dd { margin: 0; }
    .evidence { margin: 6px 0 0; font-size: .88rem; border-top: 1px solid var(--line); }
    .evidence > div { display: flex; gap: 16px; justify-content: space-between; padding: 5px 0; \
    border-bottom: 1px solid var(--line); }
    .evidence dt { color: var(--faint); }
    .evidence dd { text-align: right; white-space: nowrap; }
    .evidence dd.words { white-space: normal; max-width: 28em; }
    .scroll { overflow-x: auto; margin: 0 -4px; padding: 0 4px; }
    .scroll + p:not(.note) { margin-top: 14px; }
    table { border-collapse: collapse; font-size: .86rem; line-height: 1.4; width: 100%; }
    th, td { padding: 7px 12px 7px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { color: var(--faint); font-weight: 500; vertical-align: bottom; white-space: normal; }
    thead th:not(:first-child) { min-width: 3.6em; }
    th[scope="row"], thead th:first-child { text-align: left; }
    tbody th { font-weight: 500; }
    td.wrap { white-space: normal; min-width: 16em; overflow-wrap: anywhere; }
    td.some { white-space: normal; min-width: 10em; overflow-wrap: anywhere; }
    td.w, th.w { text-align: left; padding-left: 12px; }
    figure { margin: 0; }
    figure + figure, .facts + figure { margin-top: 30px; }
    figcaption { margin-top: 12px; }
    .narrow { display: none; max-width: 560px; }
    .checks { list-style: none; margin: 0 0 8px; padding: 0; }
    .checks li { display: grid; grid-template-columns: 9.5em 1fr; gap: 12px; padding: 7px 0; \
    border-bottom: 1px solid var(--line); font-size: .94rem; }
    .facts > div { display: grid; grid-template-columns: 13em 1fr; gap: 12px; padding: 5px 0; \
    border-bottom: 1px solid var(--line); font-size: .92rem; }
    .facts dt { color: var(--faint); }
    .methods > div { margin-bottom: 14px; max-width: 46em; font-size: .94rem; }
    .methods dt { font-weight: 600; }
    pre code { white-space: pre-wrap; }
    pre { margin: 0; padding: 12px 14px; background: var(--soft); border-radius: 4px; overflow-x: auto; \
    font: .86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    .exclusions { margin: 8px 0 0; padding-left: 18px; }
    .exclusions pre { margin: 4px 0 10px; }
    @media screen and (max-width: 740px) {
    main { padding: 32px 16px 64px; }
    h1 { font-size: 1.3rem; }
    section { margin-top: 40px; }
    .wide { display: none; }
    .narrow { display: block; }
    .controls.narrow { display: flex; max-width: none; }
    .finding { padding-left: 32px; }
    .evidence > div { display: block; }
    .evidence dd { text-align: left; white-space: normal; }
    .checks li, .facts > div { grid-template-columns: 1fr; gap: 0; }
    }
    @media print {
    :root { color-scheme: light; \(FigureStyle.light) --accent: #0072b2; --good: #00714f; --bad: #b3261e; \
    --care: #fdf5e4; --care-line: #d98200; --soft: #f5f6f8; }
    .controls, .tip, nav { display: none !important; }
    .wide { display: block; }
    .narrow { display: none; }
    body { font-size: 10.5pt; }
    main { max-width: none; padding: 0; }
    figure svg, .finding, tr, .facts > div { break-inside: avoid; }
    h2, h3 { break-after: avoid; }
    section { margin-top: 28px; }
    .scroll { overflow: visible; }
    table { font-size: 8pt; }
    th, td { padding: 4px 6px 4px 0; }
    .finding details::details-content { content-visibility: visible; }
    figure details { display: none; }
    }
    \(FigureStyle.rules)
    \(FigureStyle.palette)
    """
}
