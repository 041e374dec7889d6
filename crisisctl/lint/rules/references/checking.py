"""Names, values and references without which a playbook could not be walked at all."""

from __future__ import annotations

from crisisctl.lint.rule import described

described(
    "bad-id",
    "form",
    """A name that cannot be used.

    Names are typed at night and become file names: small letters, digits and a
    joint, beginning with a letter. Facts are joined with _, all others with -.

    Bad:
        - {id: Tell Customers, title: Tell customers}
    Good:
        - {id: tell-customers, title: Tell customers}
    """,
)
described(
    "reserved-name",
    "references",
    """A fact has a name that means something already.

    Conditions and messages use words such as now, severity and next_update for
    something else, so the fact could never be spoken of. With a compensation
    policy handed_out is one of them: handing out records it, nobody is asked.

    Bad:
        facts:
          severity: {type: choice, ask: How bad is it?}
    Good:
        facts:
          harm: {type: choice, ask: How bad is it?}
    """,
)
described(
    "bad-date",
    "form",
    """A date that does not exist, or is written in another order.

    Nobody can tell how old the playbook is, or the day a law was read.

    Bad:
        reviewed: "21.11.2026"
    Good:
        reviewed: "2026-11-21"
    """,
)
described(
    "duplicate-name",
    "references",
    """Two things have the same name.

    A fact, an impact question and a decision share one set of names, with the
    columns of a compensation policy: conditions and messages could not tell them
    apart. So do what is owed, tiers and exclusions.

    Bad:
        facts:
          data: {type: text, ask: Which data?, example: Orders}
        impact:
          data: {ask: Is data lost?, answers: {...}}
    Good:
        facts:
          data_kinds: {type: text, ask: Which data?, example: Orders}
        impact:
          data: {ask: Is data lost?, answers: {...}}
    """,
)
described(
    "no-steps",
    "references",
    """The playbook has no step.

    There is nothing to do and nothing to say.

    Bad:
        stages: {}
    Good:
        stages:
          communicate:
            - {id: tell, title: Tell customers, send: {message: holding, channels: [email]}}
    """,
)
described(
    "no-question",
    "references",
    """A fact that nothing asks and nothing computes.

    It can never be known, so whatever needs it can never be said.

    Bad:
        eta: {type: time, example: "2026-11-27T21:00+01:00"}
    Good:
        eta: {type: time, ask: When will it work again?, example: "2026-11-27T21:00+01:00"}
    """,
)
described(
    "no-choices",
    "references",
    """Something must be chosen, and there is nothing to choose from.

    A choice without choices, a decision without options, an impact question
    without answers or a message without channels stops the walk.

    Bad:
        cause: {type: choice, ask: What is the cause?}
    Good:
        cause: {type: choice, ask: What is the cause?, choices: {load: Load, bug: A bug}}
    """,
)
described(
    "bad-milestone",
    "references",
    """A fact is a milestone, and is not a time.

    A milestone is the moment at which something happened.

    Bad:
        started_at: {type: text, ask: When did it start?, milestone: started}
    Good:
        started_at: {type: time, ask: When did it start?, milestone: started}
    """,
)
described(
    "unknown-message",
    "references",
    """A deadline or promise speaks of a message that no step sends.

    So nothing can ever meet it.

    Bad:
        first-word: {from: declared, within: {sev1: 10m}, met_by: holdng}
    Good:
        first-word: {from: declared, within: {sev1: 10m}, met_by: holding}
    """,
)
described(
    "bad-example",
    "form",
    """The example of a fact could never be its answer.

    Previews, drills and this linter render messages with the examples. One that
    does not fit the type or the choices proves nothing.

    Bad:
        eta: {type: time, ask: When is it back?, example: tomorrow}
    Good:
        eta: {type: time, ask: When is it back?, example: "2026-11-27T21:00+01:00"}
    """,
)
described(
    "unknown-answer",
    "references",
    """The example of an impact question is not one of its answers.

    Previews and drills answer with the examples, and would stop there.

    Bad:
        checkout:
          ask: Can customers pay?
          example: nobody
          answers: {all: {title: All can, severity: sev4}, none: {title: Nobody, severity: sev1}}
    Good:
        checkout:
          ask: Can customers pay?
          example: none
          answers: {all: {title: All can, severity: sev4}, none: {title: Nobody, severity: sev1}}
    """,
)
described(
    "bad-duration",
    "form",
    """How long something may take cannot be understood.

    A number needs its unit, and hours and minutes their letters.

    Bad:
        timebox: 1:30
    Good:
        timebox: 1h30m
    """,
)
described(
    "duplicate-step",
    "references",
    """Two steps have the same id.

    Answers, reports and `crisisctl resume` could not tell them apart.

    Bad:
        - {id: tell, title: Tell customers}
        - {id: tell, title: Tell colleagues}
    Good:
        - {id: tell-customers, title: Tell customers}
        - {id: tell-colleagues, title: Tell colleagues}
    """,
)
described(
    "unknown-role",
    "references",
    """A step, or a compensation policy, speaks of a role that the playbook does not define.

    Nobody would hold it, and so nobody could approve.

    Bad:
        roles: {commander: Decides}
        # and in a step
        role: comander
    Good:
        roles: {commander: Decides}
        # and in a step
        role: commander
    """,
)
described(
    "unknown-fact",
    "references",
    """A step or an expression speaks of a fact that the playbook does not define.

    A question that does not exist cannot be asked, and a condition over it is
    never true.

    Bad:
        ask: [strated_at]
    Good:
        ask: [started_at]
    """,
)
described(
    "wrong-fact",
    "references",
    """A fact of another type stands where clocks or a compensation policy look for theirs.

    Clocks and windows run from times, countries are choices, ENISA's method is
    worked out from choices and a yes or no, a percentage is a number. With another
    type no clock would ever begin, and nobody would get anything.

    Bad:
        regulators: {countries: countries, starts: {aware: shop_name}}
    Good:
        regulators: {countries: countries, starts: {aware: aware_at}}
    """,
)
described(
    "no-regulators",
    "references",
    """A step decides on the regulators' clocks, and the playbook has none.

    The clocks need to know where people live and since when you are aware: which
    facts say so stands under `regulators:`.

    Bad:
        - id: authorities
          notify: [authority]
    Good:
        regulators: {countries: countries, starts: {aware: aware_at}}
    """,
)
described(
    "suggested-type",
    "references",
    """What reviews suggest does not fit the type of the question.

    `since` is a time, `top-topic` a choice, all else is a number. With another type
    the suggestion could not stand in the answer's place.

    Bad:
        wave_since: {type: text, ask: Since when?, reviews: since}
    Good:
        wave_since: {type: time, ask: Since when?, reviews: since}
    """,
)
described(
    "freeze",
    "references",
    """A step freezes something that no later step lifts, or lifts what nothing froze.

    What is frozen, such as scheduled promotion, must be lifted before the incident
    can be closed: a playbook without that step could never end.

    Bad:
        - id: pause
          title: Pause the scheduled promotion
          freezes: promotion
    Good:
        - id: pause
          title: Pause the scheduled promotion
          freezes: promotion
        - id: unpause
          title: Let the promotion go on
          lifts: promotion
    """,
)
described(
    "two-actions",
    "references",
    """A step has more than one action.

    A step sends, decides or runs something: one of them. With two, nobody could
    say whether the step is done.

    Bad:
        - id: tell
          send: {message: holding, channels: [email]}
          run: {command: ./banner.sh}
    Good:
        - id: banner
          run: {command: ./banner.sh}
        - id: tell
          send: {message: holding, channels: [email]}
    """,
)
described(
    "unknown-option",
    "references",
    """The example of a decision is not one of its options.

    Previews and drills decide with the examples, and would stop there.

    Bad:
        decide: {fact: way, example: fone, options: {phone: {title: Phone}, none: {title: None}}}
    Good:
        decide: {fact: way, example: phone, options: {phone: {title: Phone}, none: {title: None}}}
    """,
)
described(
    "bad-condition",
    "references",
    """A condition or computed fact cannot be read, or does what expressions may not do.

    Expressions compare and combine facts: ==, !=, <, >, in, and, or, not, + and
    -. They call nothing and look into nothing.

    Bad:
        when: data = 'exposed'
    Good:
        when: data == 'exposed'
    """,
)
