extension PageTemplates {
  static let run = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    {{> head}}
    </head>
    <body>
    <main>
    <header>
    <p class="kicker">Headway · run</p>
    <h1>{{headline}}</h1>
    <p class="lead">{{configuration}}.</p>
    {{#hasWarnings}}
    <aside class="warnings" aria-label="Warnings"><h2>Read with care</h2><ul>
    {{#warnings}}
    <li>{{.}}</li>
    {{/warnings}}
    </ul></aside>
    {{/hasWarnings}}
    </header>

    <section aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>
    {{^findings}}
    <p>No cause of lost time stands out above 2 % of the wall time.</p>
    {{/findings}}
    <ol class="findings">
    {{#findings}}
    {{> finding}}
    {{/findings}}
    </ol>
    </section>

    {{#threads}}
    <section aria-labelledby="h-threads"><h2 id="h-threads">Where the thread-seconds went</h2>
    {{> figure}}
    </section>
    {{/threads}}

    {{> run-figures}}

    {{#waits}}
    <section aria-labelledby="h-waits"><h2 id="h-waits">Other waits</h2>
    {{> table}}
    </section>
    {{/waits}}

    {{#tables}}
    <section aria-label="{{tableTitle}}"><h2>{{tableTitle}}</h2>
    {{#titledTable}}
    {{> table}}
    {{/titledTable}}
    {{#tableNote}}
    <p>{{.}}</p>
    {{/tableNote}}
    </section>
    {{/tables}}

    <section aria-labelledby="h-memory"><h2 id="h-memory">Memory</h2>
    <dl class="facts">
    {{#memory}}
    <div><dt>{{factName}}</dt><dd>{{fact}}</dd></div>
    {{/memory}}
    </dl>
    </section>

    <section aria-labelledby="h-parameters"><h2 id="h-parameters">Parameters</h2>
    <dl class="facts">
    {{#parameters}}
    <div><dt>{{factName}}</dt><dd>{{fact}}</dd></div>
    {{/parameters}}
    </dl>
    </section>

    {{#command}}
    <section aria-labelledby="h-repeat"><h2 id="h-repeat">Repeat it</h2>
    <pre tabindex="0"><code>{{.}}</code></pre>
    </section>
    {{/command}}
    {{> ending}}

    """
}
