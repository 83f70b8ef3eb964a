/// The pieces that the pages share. `{{…}}` is escaped; `{{{…}}}` holds only drawings, the style sheet and
/// JSON that were escaped where they were made.
enum PageTemplates {
  static let head = """
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="Headway">
    <title>{{title}}</title>
    <style>
    {{{styleSheet}}}
    </style>

    """

  static let table = """
    <div class="scroll" role="region" aria-label="{{tableLabel}}" tabindex="0">
    <table>
    <thead><tr><th scope="col">{{corner}}</th>{{#headings}}<th scope="col" class="{{style}}">{{text}}</th>{{/headings}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{head}}</th>{{#cells}}<td class="{{style}}">{{text}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>

    """

  static let figure = """
    <figure id="{{figureID}}">
    <div class="wide">{{{wide}}}</div>
    <div class="narrow">{{{narrow}}}</div>
    <figcaption>{{caption}}</figcaption>
    <details><summary>The figures as a table</summary>
    {{#figureTable}}
    {{> table}}
    {{/figureTable}}
    </details>
    </figure>

    """

  static let finding = """
    <li class="finding">
    <h3>{{findingTitle}} <span class="scope">{{scope}}</span></h3>
    <p class="meta"><span class="saving">{{saving}}</span> <span class="status {{statusStyle}}">{{statusSign}} {{status}}</span></p>
    <p>{{statement}}</p>
    <p class="change"><span class="tag">Change</span> {{change}}</p>
    <details><summary>Evidence</summary>
    <dl class="evidence">
    {{#evidence}}
    <div><dt>{{query}}</dt><dd>{{answer}}</dd></div>
    {{/evidence}}
    <div><dt>What would refute it</dt><dd class="words">{{refutation}}</dd></div>
    </dl>
    </details>
    </li>

    """

  /// The figures of a single run that both pages show.
  static let runFigures = """
    {{#barriers}}
    <section aria-labelledby="h-barriers"><h2 id="h-barriers">Barriers</h2>
    {{> figure}}
    </section>
    {{/barriers}}

    {{#loss}}
    <section aria-labelledby="h-loss"><h2 id="h-loss">Loss</h2>
    {{> figure}}
    </section>
    {{/loss}}

    """

  static let ending = """
    </main>
    <script type="application/json" id="summary">
    {{{embedded}}}</script>
    </body>
    </html>

    """
}
