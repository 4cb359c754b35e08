package tasks

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	// trashTime is how long a deleted task can be brought back.
	trashTime = time.Hour
	// emptyTime is how often, at most, a process looks for what has been in the trash for longer.
	emptyTime = time.Minute
)

// isInTrash takes the installation, the task's id and trashTime in seconds.
const isInTrash = `installation = ? AND id = ? AND deleted = 1 AND EXISTS
	(SELECT 1 FROM trash WHERE trash.installation = tasks.installation AND trash.task = tasks.id AND deleted_at > unixepoch() - ?)`

// restore brings a deleted task back as it was, with its file and in its place: after is the id of the task before it, ""
// if it is the first. Of a task that is there already it tells the same; restored tells which. Errors: errNoTask, also if
// the task has been deleted for longer than trashTime; errOverQuota.
func (s *store) restore(ctx context.Context, installation, id string) (t task, after string, restored bool, err error) {
	err = oneRow(s.exec(ctx,
		`UPDATE tasks SET deleted = 0 WHERE `+isInTrash+` AND `+countTasks+` < ?`,
		installation, id, int64(trashTime.Seconds()), installation, s.maxTasks))
	if err != nil && !errors.Is(err, errNoTask) {
		return task{}, "", false, err
	}
	restored = err == nil
	if t, err = s.get(ctx, installation, id); err != nil {
		var inTrash bool
		if errors.Is(err, errNoTask) && s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM tasks WHERE `+isInTrash+`)`,
			installation, id, int64(trashTime.Seconds())).Scan(&inTrash) == nil && inTrash {
			err = errOverQuota
		}
		return task{}, "", false, err
	}
	after, err = s.before(ctx, installation, id)
	return t, after, restored, err
}

// before returns the id of the task before another; "" if that is the first.
func (s *store) before(ctx context.Context, installation, id string) (before string, err error) {
	err = s.db.QueryRowContext(ctx,
		`SELECT id FROM tasks WHERE installation = ? AND deleted = 0 AND seq <
		(SELECT seq FROM tasks WHERE installation = ? AND id = ?) ORDER BY seq DESC LIMIT 1`,
		installation, installation, id).Scan(&before)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return before, err
}

// emptyTrash removes for good what was deleted more than trashTime ago, and uploads that never ended, of all
// installations: one that writes nothing more cannot do it.
func (s *store) emptyTrash(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM trash WHERE deleted_at <= unixepoch() - ?`, int64(trashTime.Seconds()))
	_, uploadErr := s.db.ExecContext(ctx, `DELETE FROM uploads WHERE started_at <= unixepoch() - ?`, int64(abandonTime.Seconds()))
	return errors.Join(err, uploadErr)
}

// mayEmpty reports whether it is time to empty the trash, at most once in emptyTime.
func (s *store) mayEmpty() bool {
	now := time.Now()
	last := s.emptied.Load()
	return (last == nil || now.Sub(*last) >= emptyTime) && s.emptied.CompareAndSwap(last, &now)
}
