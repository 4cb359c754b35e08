package tasks

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	// trashTime is how long a deleted task can be restored.
	trashTime = time.Hour
	// emptyTime is the minimum time between two searches of a process for older tasks in the trash.
	emptyTime = time.Minute
)

// isInTrash has three parameters: the installation, the task's id, and trashTime in seconds.
const isInTrash = `installation = ? AND id = ? AND deleted = 1 AND EXISTS
	(SELECT 1 FROM trash WHERE trash.installation = tasks.installation AND trash.task = tasks.id AND deleted_at > unixepoch() - ?)`

// restore brings a deleted task back unchanged, with its file and in its place. after is the id of the task before it, or "" if
// it is the first. restored is false if the task was not deleted. The errors are errNoTask, also if the task was deleted more
// than trashTime ago, and errOverQuota.
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

// emptyTrash permanently removes tasks that were deleted more than trashTime ago, and uploads that never ended. It does so for
// all installations, because an installation that makes no more changes would never empty its own trash.
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
