"""The policy as SQL: customers who outgrow one machine are judged where their data is.

What comes back is what a local run over an export of the same rows gives, with these differences:

- A column with a type is taken as it is. Words that are numbers must be plain, `1234.50`: what a
  local run understands besides (`1 234,50 €`, `1,234.50`, `+5`) is left to a person, with its
  reason. `""`, `-`, `n/a`, `null` and `none` are nothing, as there.
- A condition that needs a fact which nobody has answered is refused before any row is read, where a
  local run goes on until a row comes to it.
- Numbers have nine digits behind the point. In a FLOAT or a wider NUMERIC column what is finer is
  cut off, which changes no sum of money; in words it is left to a person. NaN and infinity are
  refused.
- Times are TIMESTAMP or DATE, or words such as `2025-03-02 10:15:00`, with `Z` at the end for UTC;
  other forms are refused. A time without a zone is the time of the shop's clocks. Of an hour that
  comes twice in autumn it is the first; one that no clock showed in spring counts as written.
- Words are compared in lower case, as the database makes it: the Turkish İ and the Greek Σ at the
  end of a word may differ. Around a cell only the spaces of ASCII do not count.
- A table has no first row. `line` names a column that numbers the rows; without one they are put in
  the order of their time and order number, and customers are counted as they come.
- It is asked twice, for the customers and then for the counts: those of a table that is written to
  meanwhile are the younger ones.
"""

from crisisctl.compensation.warehouse.running import Judged, Plan, plan, sql
from crisisctl.compensation.warehouse.source import Asked

__all__ = ["Asked", "Judged", "Plan", "plan", "sql"]
