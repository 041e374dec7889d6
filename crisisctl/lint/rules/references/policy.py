"""Names, sums and offers without which a compensation policy could not be worked out."""

from __future__ import annotations

from crisisctl.lint.rule import described

described(
    "bad-money",
    "references",
    """A sum, a currency or a rate of a compensation policy cannot be counted with.

    What is paid out has a currency, is more than nothing, and is no finer than
    it can be paid. The budget is in the policy's own currency; every other one
    needs its rate, as text, for the bill alone.

    Bad:
        budget: "20000"
        rates: {EUR: "1"}
    Good:
        budget: 20000 EUR
        rates: {TRY: "0.021"}
    """,
)
described(
    "bad-column",
    "references",
    """A column of a compensation policy cannot be counted or summed up like that.

    `count` counts rows and gives a number, `sum` adds up what rows say and has
    the type of its sum, `when` chooses rows for a sum. What stands in `about`
    is read as it is, and may be `optional`: a sum does without it where an export
    has no such column. Two columns must not have a name in common.

    Bad:
        harm:
          failed_orders: {type: money, count: status == 'failed'}
    Good:
        harm:
          failed_orders: {count: status == 'failed'}
    """,
)
described(
    "bad-offer",
    "references",
    """An offer gives nothing, two things at once, or what nobody could put on a bill.

    A tier gives one thing. A percentage needs what an order usually comes to, or
    `up_to`, else nobody can say what it costs. Only what is used later has a last
    day (`valid`) and an estimate (`redemption`, `margin_effect`): a refund goes to
    everybody in full.

    Bad:
        offer: {percent: 10, amount: 5 EUR}
    Good:
        offer: {percent: 10, order: 60 EUR, up_to: 20 EUR}
    """,
)
described(
    "bad-window",
    "references",
    """The time for which rows count has an end only, or no length.

    Without a beginning every order since the shop was opened would count; a window
    that ends when it begins counts none.

    Bad:
        window: {until: resolved_at}
    Good:
        window: {from: started_at, until: resolved_at}
    """,
)
described(
    "no-harm",
    "references",
    """A compensation policy does not say what can have happened to a customer.

    A tier may ask only what happened to people, and there is nothing to ask.

    Bad:
        harm: {}
    Good:
        harm:
          failed_orders: {count: status == 'failed', title: Orders that failed}
    """,
)
described(
    "no-tiers",
    "references",
    """A compensation policy gives nothing.

    It has no money that is owed and no tier, so nobody would get anything.

    Bad:
        compensation: {currency: EUR, harm: {failed_orders: {count: status == 'failed'}}}
    Good:
        tiers:
          - {id: lost-order, when: failed_orders > 0, offer: {amount: 5 EUR}, valid: 60d}
    """,
)
described(
    "no-reason",
    "references",
    """An exclusion has no reason.

    Whoever is left out asks why, and the support team must have an answer that
    may be said aloud. What nobody can say aloud is no reason.

    Bad:
        exclude: [{id: staff, when: staff, because: ""}]
    Good:
        exclude: [{id: staff, when: staff, because: Employees are not customers}]
    """,
)
described(
    "no-policy",
    "references",
    """A step makes good, and the playbook does not say how.

    Who gets what stands under `compensation:`, decided before anybody is angry.
    Without it there is nothing to plan, to hand out, or to tell people of.

    Bad:
        - {id: reckon, title: Reckon who gets what, compensate: plan}
        # and no compensation:
    Good:
        compensation: {currency: EUR, harm: {...}, tiers: [...]}
        # and in a step
        - {id: reckon, title: Reckon who gets what, compensate: plan}
    """,
)
described(
    "mixed-money",
    "references",
    """Money of several currencies is compared with a bare number.

    With `rates`, rows come in several currencies: 50 is a dinner in euros and a
    bus ticket in lira. The same harm would get another remedy. Compare with 0,
    with another column, or with a number of something else.

    Bad:
        rates: {TRY: "0.021"}
        # and in a tier
        when: lost_value > 50
    Good:
        when: lost_value > 0
    """,
)
described(
    "unequal-tier",
    "references",
    """A tier asks who the customer is, not what happened to them.

    Same harm, same remedy: country, segment or a good customer's history may not
    decide how much is made good. Tiers, and what is owed, ask columns of `harm`
    and facts. Only an exclusion may ask who somebody is, and it has to say why.

    Bad:
        - {id: lost-order, when: failed_orders > 0 and segment == 'vip', offer: {...}}
    Good:
        - {id: lost-order, when: failed_orders > 0, offer: {...}}
    """,
)
described(
    "unknown-column",
    "references",
    """A compensation policy speaks of something that no row and no fact says.

    A misspelt name is nobody's harm: those who were hurt would get nothing.

    Bad:
        harm: {failed_orders: {count: status == 'failed'}}
        # and in a tier
        when: faild_orders > 0
    Good:
        when: failed_orders > 0
    """,
)
described(
    "unknown-tier",
    "references",
    """A message goes to a tier that the compensation policy does not have.

    Nobody would get it. What is owed and the tiers of the ladder have these names.

    Bad:
        send: {message: sorry, channels: [email], tiers: [lost-ordr]}
    Good:
        send: {message: sorry, channels: [email], tiers: [lost-order]}
    """,
)
