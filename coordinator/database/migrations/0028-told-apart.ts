/** Which budget a task waits for, the end of a node token's text, by which people know it again, and when a drained node left. */
export const sql = `
-- Null: it was not kept, or there is no such budget. No reference, as with what is set aside: a number is never given twice.
ALTER TABLE budget_waits ADD COLUMN budget_seq INTEGER;
-- Of those that wait already the words are all there is. Where they name no budget that there is now, it is not known.
UPDATE budget_waits SET budget_seq = (
  SELECT b.seq FROM budgets b LEFT JOIN users u ON u.seq = b.user_seq LEFT JOIN groups g ON g.seq = b.group_seq
  WHERE reason = 'the budget of ' || coalesce(u.username, 'the group ' || g.name, 'the service class ' || b.service_class));
CREATE INDEX budget_waits_of_budget ON budget_waits (budget_seq, task_seq);

-- Its last characters. Null: it was made before they were kept.
ALTER TABLE node_tokens ADD COLUMN ending TEXT;

-- It was drained and has left then. Null: it has come back, something else was said of it, or it was never drained.
ALTER TABLE nodes ADD COLUMN drained_at INTEGER;
`;
