/** Who is in a group, or in one within it; `group`: what gives its row's number. Not told apart who is in by two ways. */
export const membersOf = (group: string): string =>
	`WITH RECURSIVE within (seq) AS (
	   SELECT ${group} UNION SELECT g.seq FROM within w JOIN groups g ON g.parent_seq = w.seq)
	 SELECT m.user_seq FROM within w JOIN group_members m ON m.group_seq = w.seq`;

/** The same of every group, as `top`; each once. */
export const ALL_MEMBERS = `WITH RECURSIVE within (top, seq) AS (
	  SELECT seq, seq FROM groups UNION SELECT w.top, g.seq FROM within w JOIN groups g ON g.parent_seq = w.seq)
	SELECT DISTINCT w.top, m.user_seq FROM within w JOIN group_members m ON m.group_seq = w.seq`;
