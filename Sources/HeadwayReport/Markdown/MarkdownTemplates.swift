/// The Markdown reports. Their views escape every text themselves, so the templates do not.
enum MarkdownTemplates {
  static let findings = """
    {{^findings}}
    No cause of lost time stands out above the noise, the overhead and 2 % of the wall time.
    {{/findings}}
    {{#findings}}
    1. {{{heading}}}
       {{{statement}}}
       *Change:* {{{change}}}.
       <details><summary>Evidence</summary>{{{evidence}}}. Refuted if {{{refutation}}}.</details>
    {{/findings}}

    """

  static let sweep = """
    ## Headway sweep “{{{name}}}”

    **{{{verdict}}}**

    {{#hasWarnings}}
    > Read with care:
    {{#warnings}}
    > - {{{line}}}
    {{/warnings}}

    {{/hasWarnings}}
    {{#hasRows}}
    | cell | {{{figureHeading}}} [95 %] | speed-up [95 %] | efficiency | barrier idle | queue idle | input wait | no CPU | verdict |
    |:--|--:|--:|--:|--:|--:|--:|--:|:--|
    {{#rows}}
    | {{{line}}} |
    {{/rows}}

    Intervals are over blocks; the speed-up is against the baseline, paired by block. Idle and no CPU (ready but not running) are shares of the workers’ time, input wait of the window.

    {{/hasRows}}
    {{#figures}}
    ![{{{figureTitle}}}]({{{path}}})

    {{/figures}}
    {{#laws}}
    {{{line}}}

    {{/laws}}
    {{#hasFindings}}
    ### Findings

    {{> markdown-findings}}

    {{/hasFindings}}
    {{#hasEffects}}
    ### {{{effectsTitle}}}

    {{#effects}}
    | {{{line}}} |
    {{/effects}}

    {{{effectsNote}}}

    {{/hasEffects}}
    {{#ledgers}}
    ### {{{tableTitle}}}

    {{#lines}}
    | {{{line}}} |
    {{/lines}}

    {{{tableNote}}}

    {{/ledgers}}
    ### Checks

    {{#checks}}
    - {{{line}}}
    {{/checks}}
    {{#hasExcluded}}

    <details><summary>Excluded runs</summary>

    {{#excluded}}
    - {{{line}}}
    {{/excluded}}

    </details>
    {{/hasExcluded}}

    <details><summary>Environment and how to repeat it</summary>

    | | |
    |:--|:--|
    {{#facts}}
    | {{{line}}} |
    {{/facts}}

    {{{command}}}

    </details>

    """

  static let run = """
    ## Headway run

    **{{{headline}}}** {{{account}}}{{{configuration}}}.

    {{{badge}}}

    {{#hasWarnings}}
    > Read with care:
    {{#warnings}}
    > - {{{line}}}
    {{/warnings}}

    {{/hasWarnings}}
    {{#hasCategories}}
    | category | time | share |
    |:--|--:|--:|
    {{#categories}}
    | {{{line}}} |
    {{/categories}}

    {{/hasCategories}}
    {{{closure}}}

    {{#hasThreads}}
    | thread | useful work | spinning | blocked | ready, no CPU | not started or ended | the tool itself | unknown | CPU time | tasks | tasks/s | tokens | tokens/s |
    |:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
    {{#threads}}
    | {{{line}}} |
    {{/threads}}

    {{#threadsLeft}}
    {{{.}}}

    {{/threadsLeft}}
    {{/hasThreads}}
    {{#tables}}
    ### {{{tableTitle}}}

    {{#lines}}
    | {{{line}}} |
    {{/lines}}

    {{{tableNote}}}

    {{/tables}}
    {{#stackCounts}}
    ### Where the stacks were

    {{#hasFunctions}}
    | function | module | threads | self | total | asleep |
    |:--|:--|:--|--:|--:|--:|
    {{#functions}}
    | {{{line}}} |
    {{/functions}}

    {{/hasFunctions}}
    {{{stackCounts}}}

    {{/stackCounts}}
    ### Findings

    {{> markdown-findings}}

    """
}
