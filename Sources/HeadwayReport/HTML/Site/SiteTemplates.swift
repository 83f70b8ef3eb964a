/// The pages of a site of reports: its list, a comparison, a run that goes on, and a notice. They need no script.
enum SiteTemplates {
  /// Where a page's reader may go from it.
  static let trail = """
    {{#trail}}
    <nav class="trail" aria-label="Other pages"><ul>
    {{#links}}
    <li><a href="{{address}}">{{words}}</a></li>
    {{/links}}
    </ul></nav>
    {{/trail}}

    """

  static let catalogue = """
    {{> opening}}
    <p class="kicker">Headway · {{kicker}}</p>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    {{> cautions}}
    </header>
    <section aria-labelledby="h-list"><h2 id="h-list">{{listTitle}}</h2>
    {{#searchAddress}}
    <form class="controls" role="search" method="get" action="{{.}}">
    <label for="find">Whose name contains</label>
    <input id="find" type="search" name="find" value="{{search}}">
    <button type="submit">Find</button>
    </form>
    {{/searchAddress}}
    {{#isEmpty}}
    <p>{{emptyNote}}</p>
    {{/isEmpty}}
    {{^isEmpty}}
    <form method="get" action="{{compareAddress}}">
    <div class="scroll" role="region" aria-label="{{listTitle}}" tabindex="0">
    <table>
    <thead><tr><th scope="col">name</th><th scope="col" class="pick">base</th><th scope="col" class="pick">candidate</th>\
    <th scope="col" class="w">kind</th><th scope="col" class="w">state</th><th scope="col">rate</th>\
    <th scope="col" class="w">what it is</th><th scope="col" class="w">started (UTC)</th><th scope="col" class="w">where</th></tr></thead>
    <tbody>
    {{#entries}}
    <tr><th scope="row">{{#entryAddress}}<a href="{{.}}">{{entryName}}</a>{{/entryAddress}}{{^entryAddress}}{{entryName}}{{/entryAddress}}</th>\
    <td class="pick">{{#token}}<label><input type="radio" name="base" value="{{.}}" aria-label="{{entryName}} as the base"></label>{{/token}}</td>\
    <td class="pick">{{#token}}<label><input type="radio" name="candidate" value="{{.}}" aria-label="{{entryName}} as the candidate"></label>{{/token}}</td>\
    <td class="w">{{kind}}{{#partsAddress}}, <a href="{{.}}">its runs</a>{{/partsAddress}}</td>\
    <td class="w"><span class="{{stateStyle}}">{{stateSign}} {{stateWords}}</span></td><td>{{rate}}</td>\
    <td class="w some">{{what}}</td><td class="w">{{started}}</td><td class="w some">{{place}}</td></tr>
    {{/entries}}
    </tbody>
    </table>
    </div>
    <p class="controls part"><button type="submit">Compare the two that are marked</button></p>
    </form>
    {{/isEmpty}}
    {{#pages}}
    <nav aria-label="Pages of the list"><ul>
    {{#pageLinks}}
    <li><a href="{{address}}">{{words}}</a></li>
    {{/pageLinks}}
    </ul></nav>
    {{/pages}}
    <p class="note">{{note}}</p>
    </section>
    </main>
    </body>
    </html>

    """

  static let live = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    {{> head}}
    {{#refreshSeconds}}
    <meta http-equiv="refresh" content="{{.}}">
    {{/refreshSeconds}}
    </head>
    <body>
    <main>
    <header>
    {{> trail}}
    <p class="kicker">Headway · {{kicker}}</p>
    <h1>{{title}}</h1>
    {{#account}}
    <p class="account">{{.}}</p>
    {{/account}}
    {{#lead}}
    <p class="lead">{{.}}</p>
    {{/lead}}
    {{> cautions}}
    {{#switchAddress}}
    <p class="controls part"><a class="button" href="{{.}}">{{switchWords}}</a></p>
    {{/switchAddress}}
    </header>
    {{#hasFacts}}
    <section aria-labelledby="h-now"><h2 id="h-now">Now</h2>
    <dl class="facts">
    {{#facts}}
    {{> facts}}
    {{/facts}}
    </dl>
    </section>
    {{/hasFacts}}
    {{#threads}}
    <section aria-labelledby="h-threads"><h2 id="h-threads">{{threadsTitle}}</h2>
    <figure id="{{figureID}}">
    <div class="wide drawing">{{{wide}}}</div>
    <div class="narrow drawing">{{{narrow}}}</div>
    <figcaption>{{caption}}</figcaption>
    <details open><summary>The figures as a table</summary>
    {{#figureTable}}
    {{> table}}
    {{/figureTable}}
    </details>
    </figure>
    <p class="note">{{threadsNote}}</p>
    </section>
    {{/threads}}
    {{#now}}
    <section aria-labelledby="h-threads"><h2 id="h-threads">{{threadsTitle}}</h2>
    {{> table}}
    </section>
    {{/now}}
    {{#waits}}
    <section aria-labelledby="h-waits"><h2 id="h-waits">Where threads wait</h2>
    {{> table}}
    </section>
    {{/waits}}
    </main>
    </body>
    </html>

    """

  static let notice = """
    {{> opening}}
    <p class="kicker">Headway</p>
    <h1>{{title}}</h1>
    <p class="account">{{sentence}}</p>
    </header>
    </main>
    </body>
    </html>

    """
}
