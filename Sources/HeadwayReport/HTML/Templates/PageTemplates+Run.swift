extension PageTemplates {
  static let run = """
    {{> opening}}
    <p class="kicker">Headway · run</p>
    <h1>{{headline}}</h1>
    {{#account}}
    <p class="account">{{.}}</p>
    {{/account}}
    <p class="lead">{{configuration}}.</p>
    {{> trust}}
    {{> cautions}}
    {{> contents}}
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

    {{#barriers}}
    <section aria-labelledby="h-barriers"><h2 id="h-barriers">Barriers</h2>
    {{> figure}}
    </section>
    {{/barriers}}

    {{#waits}}
    <section aria-labelledby="h-waits"><h2 id="h-waits">Waits for queues, tasks, locks and input</h2>
    {{> figure}}
    </section>
    {{/waits}}

    {{#timeline}}
    <section aria-labelledby="h-timeline"><h2 id="h-timeline">Timeline of a few steps</h2>
    {{> figure}}
    </section>
    {{/timeline}}

    {{#hasStacks}}
    <section aria-labelledby="h-stacks"><h2 id="h-stacks">Where the stacks were</h2>
    {{#functions}}
    {{> table}}
    {{/functions}}
    <p class="note">{{stackNote}}</p>
    {{#stackWarnings}}
    <p class="note">{{.}}</p>
    {{/stackWarnings}}
    {{#flames}}
    <h3 class="part">{{flameTitle}}</h3>
    {{#flame}}
    {{> figure}}
    {{/flame}}
    {{/flames}}
    </section>
    {{/hasStacks}}

    {{> run-progress}}

    {{#hasEnvironment}}
    {{> environment}}
    {{/hasEnvironment}}

    {{> method}}

    {{> repetition}}
    {{#hasParameters}}
    <section aria-labelledby="h-parameters"><h2 id="h-parameters">Parameters</h2>
    <dl class="facts">
    {{#parameters}}
    {{> facts}}
    {{/parameters}}
    </dl>
    </section>
    {{/hasParameters}}
    {{> ending}}

    """

  /// Throughput, memory and loss over the run.
  static let runProgress = """
    {{#steps}}
    <section aria-labelledby="h-steps"><h2 id="h-steps">Throughput, step by step</h2>
    {{> figure}}
    </section>
    {{/steps}}

    <section aria-labelledby="h-memory"><h2 id="h-memory">Memory</h2>
    {{#memoryOverTime}}
    {{> figure}}
    {{/memoryOverTime}}
    {{#memoryParts}}
    <h3 class="part">By component</h3>
    {{> figure}}
    {{/memoryParts}}
    <dl class="facts part">
    {{#memory}}
    {{> facts}}
    {{/memory}}
    </dl>
    </section>

    {{#tables}}
    <section aria-labelledby="h-{{tableAnchor}}"><h2 id="h-{{tableAnchor}}">{{tableTitle}}</h2>
    {{#titledTable}}
    {{> table}}
    {{/titledTable}}
    {{#tableNote}}
    <p class="note">{{.}}</p>
    {{/tableNote}}
    </section>
    {{/tables}}

    {{#loss}}
    <section aria-labelledby="h-loss"><h2 id="h-loss">Loss</h2>
    {{> figure}}
    </section>
    {{/loss}}

    """
}
