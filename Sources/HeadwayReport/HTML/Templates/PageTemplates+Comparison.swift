extension PageTemplates {
  static let comparison = """
    {{> opening}}
    <p class="kicker">Headway · comparison</p>
    <h1>{{headline}}</h1>
    <p class="lead">{{lead}}</p>
    {{> cautions}}
    {{> contents}}
    </header>

    <section aria-labelledby="h-speed"><h2 id="h-speed">How fast, and where the difference lies</h2>
    {{#figures}}
    {{> figure}}
    {{/figures}}
    {{#comparisonTables}}
    {{> titled-table}}
    {{/comparisonTables}}
    <p class="note">Results: {{results}}</p>
    </section>

    {{#hasFlames}}
    <section aria-labelledby="h-flames"><h2 id="h-flames">Where the stacks differ</h2>
    {{#flames}}
    <h3 class="part">{{flameTitle}}</h3>
    {{#flame}}
    {{> figure}}
    {{/flame}}
    {{#refusal}}
    <p>{{.}}</p>
    {{/refusal}}
    {{/flames}}
    </section>
    {{/hasFlames}}

    <section aria-labelledby="h-environment"><h2 id="h-environment">Environment</h2>
    {{#surroundings}}
    <h3 class="part">Differences</h3>
    {{> table}}
    {{/surroundings}}
    {{^surroundings}}
    <p>Nothing that was noted around the runs differs: commit, binary, version, environment variables, machine.</p>
    {{/surroundings}}
    <dl class="facts part">
    {{#environment}}
    {{> facts}}
    {{/environment}}
    </dl>
    </section>

    {{> method}}

    {{> repetition}}
    {{> ending}}

    """

  /// A table under a heading of the third level, where it has one, with what it means.
  static let titledTable = """
    {{#hasTitle}}
    <h3 class="part">{{tableTitle}}</h3>
    {{/hasTitle}}
    {{#titledTable}}
    {{> table}}
    {{/titledTable}}
    {{#tableNote}}
    <p class="note">{{.}}</p>
    {{/tableNote}}

    """

  static let systemTest = """
    {{> opening}}
    <p class="kicker">Headway · system test</p>
    <h1>{{headline}}</h1>
    <p class="lead">{{lead}}</p>
    {{> cautions}}
    {{> contents}}
    </header>

    {{#chapters}}
    <section aria-labelledby="h-{{anchor}}"><h2 id="h-{{anchor}}">{{chapterTitle}}</h2>
    {{#sentences}}
    <p>{{.}}</p>
    {{/sentences}}
    {{#hasFacts}}
    <dl class="facts">
    {{#chapterFacts}}
    {{> facts}}
    {{/chapterFacts}}
    </dl>
    {{/hasFacts}}
    {{#chapterFigures}}
    {{> figure}}
    {{/chapterFigures}}
    {{#chapterTables}}
    {{> titled-table}}
    {{/chapterTables}}
    </section>

    {{/chapters}}
    {{> environment}}

    {{> method}}

    {{> repetition}}
    {{> ending}}

    """
}
