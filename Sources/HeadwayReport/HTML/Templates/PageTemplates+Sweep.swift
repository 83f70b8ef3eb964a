extension PageTemplates {
  static let sweep = """
    {{> opening}}
    <p class="kicker">Headway · sweep “{{title}}”</p>
    <h1>{{verdict}}</h1>
    <p class="lead">{{machineLine}}. {{blocksLine}}.</p>
    {{> trust}}
    {{> cautions}}
    {{> contents}}
    </header>

    {{#recordsItself}}
    <section aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>
    {{^findings}}
    <p>No cause of lost time stands out above the noise, the overhead and 2 % of the wall time.</p>
    {{/findings}}
    <ol class="findings">
    {{#findings}}
    {{> finding}}
    {{/findings}}
    </ol>
    </section>
    {{/recordsItself}}

    {{#scaling}}
    <section aria-labelledby="h-scaling"><h2 id="h-scaling">{{scalingTitle}}</h2>
    {{> figure}}
    {{#laws}}
    <p class="note">{{.}}</p>
    {{/laws}}
    {{#efficiency}}
    <h3 class="part">Parallel efficiency</h3>
    {{> figure}}
    {{/efficiency}}
    </section>
    {{/scaling}}

    {{#hasCells}}
    <section aria-labelledby="h-cells"><h2 id="h-cells">Cells</h2>
    {{#cells}}
    {{> table}}
    {{/cells}}
    <p class="note">Intervals are 95 % over blocks. The speed-up is against the baseline, paired by block. Idle and no CPU (ready but not running) are shares of the workers’ time, input wait of the window.</p>
    </section>
    {{/hasCells}}

    {{#time}}
    <section aria-labelledby="h-time"><h2 id="h-time">Where the thread-seconds go</h2>
    {{> figure}}
    </section>
    {{/time}}

    {{#threads}}
    <section aria-labelledby="h-threads"><h2 id="h-threads">Thread by thread</h2>
    {{> figure}}
    </section>
    {{/threads}}

    {{#barriers}}
    <section aria-labelledby="h-barriers"><h2 id="h-barriers">Barriers</h2>
    {{> figure}}
    </section>
    {{/barriers}}

    {{#hasPhases}}
    <section aria-labelledby="h-phases"><h2 id="h-phases">Phases, each against the one before and the first</h2>
    {{#phaseFigures}}
    {{> figure}}
    {{/phaseFigures}}
    {{#phaseTables}}
    {{> titled-table}}
    {{/phaseTables}}
    <p class="note">Results: {{phaseResults}}</p>
    </section>
    {{/hasPhases}}

    {{#hasEffects}}
    <section aria-labelledby="h-effects"><h2 id="h-effects">{{effectsTitle}}</h2>
    {{#effects}}
    <h3 class="part">{{tableLabel}}</h3>
    {{> table}}
    {{/effects}}
    <p class="note">{{effectsNote}}</p>
    </section>
    {{/hasEffects}}

    {{#predictions}}
    <section aria-labelledby="h-predictions"><h2 id="h-predictions">{{ledgerTitle}}</h2>
    <p>{{scores}}</p>
    {{#ledgerTable}}
    {{> table}}
    {{/ledgerTable}}
    {{#unknown}}
    <p>{{.}}</p>
    {{/unknown}}
    {{#ledgerNotes}}
    <p class="note">{{.}}</p>
    {{/ledgerNotes}}
    </section>
    {{/predictions}}

    {{#memory}}
    <section aria-labelledby="h-memory"><h2 id="h-memory">Memory</h2>
    {{> figure}}
    </section>
    {{/memory}}

    {{#loss}}
    <section aria-labelledby="h-loss"><h2 id="h-loss">Loss</h2>
    {{> figure}}
    </section>
    {{/loss}}

    <section aria-labelledby="h-checks"><h2 id="h-checks">Checks</h2>
    <ul class="checks">
    {{#checks}}
    <li><span class="{{checkStyle}}">{{sign}}</span> <span>{{claim}} <span class="faint">{{detail}}</span></span></li>
    {{/checks}}
    <li><span class="plain">Self-cost</span> <span>{{overhead}}</span></li>
    </ul>
    </section>

    {{> environment}}

    {{> method}}

    <section aria-labelledby="h-exclusions"><h2 id="h-exclusions">Exclusions</h2>
    {{#hasExclusions}}
    <p>{{exclusionCount}} excluded from every figure.</p>
    <ul class="exclusions">
    {{#exclusions}}
    <li>{{excluded}}: {{reason}}{{#output}}<pre tabindex="0">{{.}}</pre>{{/output}}</li>
    {{/exclusions}}
    </ul>
    {{/hasExclusions}}
    {{^hasExclusions}}
    <p class="note">No run was excluded.</p>
    {{/hasExclusions}}
    </section>

    {{> repetition}}
    {{> ending}}

    """
}
