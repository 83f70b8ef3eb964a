/// The pieces that the pages share. `{{…}}` is escaped; `{{{…}}}` holds only drawings, the style sheet, the
/// script and JSON that were escaped where they were made.
enum PageTemplates {
  /// The policy forbids every request: what the page needs is in it.
  static let head = """
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="Headway">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>{{title}}</title>
    <style>
    {{{styleSheet}}}
    </style>

    """

  /// Whether the figures can be believed.
  static let trust = """
    {{#trust}}
    <div class="trust"><p class="{{badgeStyle}}">{{badge}}</p><ul>
    {{#items}}
    <li><span class="{{itemStyle}}">{{sign}} {{claim}}</span> <span class="faint">{{detail}}</span></li>
    {{/items}}
    </ul></div>
    {{/trust}}

    """

  static let cautions = """
    {{#hasWarnings}}
    <aside class="warnings" aria-label="Warnings"><h2>Read with care</h2><ul>
    {{#warnings}}
    <li>{{.}}</li>
    {{/warnings}}
    </ul></aside>
    {{/hasWarnings}}

    """

  static let contents = """
    <nav aria-label="Contents"><ul>
    {{#sections}}
    <li><a href="#{{anchor}}">{{sectionName}}</a></li>
    {{/sections}}
    </ul></nav>

    """

  static let facts = """
    <div><dt>{{factName}}</dt><dd>{{fact}}</dd></div>

    """

  /// What surrounded what was measured.
  static let environment = """
    <section aria-labelledby="h-environment"><h2 id="h-environment">Environment</h2>
    <dl class="facts">
    {{#environment}}
    {{> facts}}
    {{/environment}}
    </dl>
    </section>

    """

  /// The command, where it is known.
  static let repetition = """
    {{#command}}
    <section aria-labelledby="h-repeat"><h2 id="h-repeat">Repeat it</h2>
    <pre tabindex="0"><code>{{.}}</code></pre>
    </section>
    {{/command}}

    """

  static let method = """
    <section aria-labelledby="h-method"><h2 id="h-method">Method</h2>
    <dl class="methods">
    {{#methods}}
    {{> facts}}
    {{/methods}}
    </dl>
    <p class="note">{{embeddedNote}}</p>
    </section>

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
    <div class="wide drawing">{{{wide}}}</div>
    <div class="narrow drawing">{{{narrow}}}</div>
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

  /// What every page begins with, up to the first words of its header; a page without a trail leads nowhere.
  static let opening = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    {{> head}}
    </head>
    <body>
    <main>
    <header>
    {{> trail}}

    """

  static let ending = """
    </main>
    <script type="application/json" id="summary">
    {{{embedded}}}</script>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """
}
