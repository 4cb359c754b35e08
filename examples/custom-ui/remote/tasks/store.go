package tasks

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// trashTime is how long a deleted task can be restored, and its key makes no new task.
	trashTime = time.Hour
	// maxDeleted limits the deleted tasks that are kept for each installation. With one more, the task that was deleted first
	// is removed.
	maxDeleted = 2000
	// emptyTime is the minimum time between two searches of a process for older tasks in the trash.
	emptyTime = time.Minute
)

var (
	errNoTask   = errors.New("no such task")
	errKeyTaken = errors.New("idempotency key belongs to a task of another name")
	// errChanged means that the task has another version than the one that the change was made from.
	errChanged = errors.New("task was changed meanwhile")
	// errOverQuota means that this installation has used its share.
	errOverQuota = errors.New("the installation's quota is used up")
	// errFull means that the database has no room left: the disk is full, or D1's limit is reached.
	errFull = errors.New("the database is full")
)

// task is the JSON form of a task.
type task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
	// Version is 1 for a new task, and grows with each change of the task and of its file.
	Version int64 `json:"version"`
	// File is nil if the task has none.
	File *file `json:"file,omitempty"`
}

// store keeps the tasks of all installations in a SQL database. Each method uses the data of one installation only.
//
// Each change is one statement, because D1 has no other transactions. So a task's idempotency key is in the task's row:
// both are stored, or neither is. For the same reason triggers count versions and remove files.
type store struct {
	db *sql.DB
	// writing holds a value while a statement writes. SQLite allows one writer at a time. Writers that wait in the
	// database sleep up to a tenth of a second between tries, even if it is free earlier.
	writing chan struct{}
	// emptied is when this process last emptied the trash. It is nil if it has not.
	emptied atomic.Pointer[time.Time]
	// full is when a write last failed because the database is full. It is nil if none has.
	full atomic.Pointer[time.Time]
	// These limits are for each installation: its tasks, its deleted tasks that are kept, and the size of all its files
	// together.
	maxTasks, maxDeleted, maxBytes int64
}

// newStore returns a store over a database whose tables are up to date.
func newStore(db *sql.DB) *store {
	return &store{db: db, writing: make(chan struct{}, 1), maxTasks: DefaultMaxTasks, maxDeleted: maxDeleted, maxBytes: DefaultMaxBytes}
}

// exec runs a statement that writes. Error: errFull if there is no room for it.
func (s *store) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
		result, err := s.db.ExecContext(ctx, query, args...)
		if err != nil && isFull(err) {
			now := time.Now()
			s.full.Store(&now)
			return nil, fmt.Errorf("%w: %w", errFull, err)
		}
		if err == nil && s.mayEmpty() {
			// If it fails, the next write tries again.
			_ = s.emptyTrash(ctx)
		}
		return result, err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// selectTasks reads all of a task but the file's content, which may be large.
const selectTasks = `SELECT t.id, t.name, t.done, COALESCE(v.version, 1), f.name, f.type, f.size
	FROM tasks t LEFT JOIN attachments f ON f.installation = t.installation AND f.task = t.id
	LEFT JOIN task_versions v ON v.installation = t.installation AND v.task = t.id
	WHERE t.installation = ? AND t.deleted_at IS NULL`

// scan reads a row of selectTasks.
func scan(row interface{ Scan(...any) error }) (task, error) {
	var t task
	var name, mediaType sql.NullString
	var size sql.NullInt64
	if err := row.Scan(&t.ID, &t.Name, &t.Done, &t.Version, &name, &mediaType, &size); err != nil {
		return task{}, noTask(err)
	}
	if name.Valid {
		t.File = &file{name.String, mediaType.String, size.Int64}
	}
	return t, nil
}

// list returns the tasks in the order of their creation. If there are none, it returns an empty list, not nil.
func (s *store) list(ctx context.Context, installation string) ([]task, error) {
	rows, err := s.db.QueryContext(ctx, selectTasks+` ORDER BY t.seq`, installation)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tasks := []task{}
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}

// get returns a task. Error: errNoTask.
func (s *store) get(ctx context.Context, installation, id string) (task, error) {
	return scan(s.db.QueryRowContext(ctx, selectTasks+` AND t.id = ?`, installation, id))
}

// countTasks counts the tasks of an installation, which is its parameter.
const countTasks = `(SELECT COUNT(*) FROM tasks WHERE installation = ? AND deleted_at IS NULL)`

// add makes a task, or returns the one that was made with this key before. created reports which. The errors are
// errKeyTaken if that task was made with another name, errNoTask if it has been deleted since (a late retry does not
// restore it), and errOverQuota.
func (s *store) add(ctx context.Context, installation, key, name string) (t task, created bool, err error) {
	t = task{ID: strings.ToLower(rand.Text()), Name: name, Version: 1}
	result, err := s.exec(ctx,
		`INSERT INTO tasks (installation, id, idempotency_key, name)
		SELECT ?, ?, ?, ? WHERE `+countTasks+` < ?
		ON CONFLICT (installation, idempotency_key) DO NOTHING`,
		installation, t.ID, key, name, installation, s.maxTasks)
	if err != nil {
		return task{}, false, err
	}
	if n, err := result.RowsAffected(); err != nil {
		return task{}, false, err
	} else if n > 0 { // D1 also counts the rows that triggers change
		return t, true, nil
	}
	var id, madeAs string
	var renamed bool
	err = s.db.QueryRowContext(ctx,
		`SELECT id, name, renamed FROM tasks WHERE installation = ? AND idempotency_key = ?`,
		installation, key).Scan(&id, &madeAs, &renamed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return task{}, false, errOverQuota
	case err != nil:
		return task{}, false, err
	case madeAs != name && !renamed:
		return task{}, false, errKeyTaken
	}
	t, err = s.get(ctx, installation, id) // not if the task has been deleted
	return t, false, err
}

// edit changes a task and returns it. It does not change fields that are nil. If the task has another version than from, which
// may be nil, edit changes nothing. Errors: errNoTask, and errChanged with the task as it is.
func (s *store) edit(ctx context.Context, installation, id string, from *int64, name *string, done *bool) (task, error) {
	err := oneRow(s.exec(ctx,
		`UPDATE tasks SET renamed = renamed OR name <> COALESCE(?, name), name = COALESCE(?, name), done = COALESCE(?, done)
		WHERE installation = ? AND id = ? AND deleted_at IS NULL AND `+isVersion,
		orNull(name), orNull(name), orNull(done), installation, id, orNull(from), orNull(from)))
	if errors.Is(err, errNoTask) {
		if t, err := s.isStill(ctx, installation, id, from); err != nil {
			return t, err
		}
	}
	if err != nil {
		return task{}, err
	}
	return s.get(ctx, installation, id)
}

// isVersion has one parameter twice: the version that a task must have, or NULL for any.
const isVersion = `(? IS NULL OR ? = COALESCE((SELECT v.version FROM task_versions v WHERE v.installation = tasks.installation AND v.task = tasks.id), 1))`

// isStill returns a task. Errors: errNoTask, and errChanged with the task if it has another version than from, which may be nil.
func (s *store) isStill(ctx context.Context, installation, id string, from *int64) (task, error) {
	t, err := s.get(ctx, installation, id)
	if err == nil && from != nil && *from != t.Version {
		err = errChanged
	}
	return t, err
}

// orNull returns the value of a pointer, or nil, which databases store as NULL.
func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// remove deletes a task and its file. Both can be restored for a while: see restore. Error: errNoTask.
func (s *store) remove(ctx context.Context, installation, id string) error {
	err := oneRow(s.exec(ctx,
		`UPDATE tasks SET deleted_at = unixepoch() WHERE installation = ? AND id = ? AND deleted_at IS NULL`, installation, id))
	if err == nil {
		// The task is deleted already. If this fails, the next deletion does it.
		_, _ = s.exec(ctx,
			`DELETE FROM tasks WHERE seq IN (SELECT seq FROM tasks WHERE installation = ? AND deleted_at IS NOT NULL
			ORDER BY deleted_at DESC, seq DESC LIMIT -1 OFFSET ?)`, installation, s.maxDeleted)
	}
	return err
}

// oneRow returns errNoTask for a statement that found no row.
func oneRow(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return errNoTask
	}
	return err
}

// version returns a number that grows with each change of the installation's tasks. It returns 0 if there was no
// change.
func (s *store) version(ctx context.Context, installation string) (version int64, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT version FROM versions WHERE installation = ?`, installation).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

func noTask(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errNoTask
	}
	return err
}

// isInTrash has three parameters: the installation, the task's id, and trashTime in seconds.
const isInTrash = `installation = ? AND id = ? AND deleted_at > unixepoch() - ?`

// restore brings a deleted task back unchanged, with its file and in its place. after is the id of the task before it, or "" if
// it is the first. A task that is not deleted stays as it is. The errors are errNoTask, also if the task has been removed for
// good, and errOverQuota.
func (s *store) restore(ctx context.Context, installation, id string) (t task, after string, err error) {
	err = oneRow(s.exec(ctx,
		`UPDATE tasks SET deleted_at = NULL WHERE `+isInTrash+` AND `+countTasks+` < ?`,
		installation, id, int64(trashTime.Seconds()), installation, s.maxTasks))
	if err != nil && !errors.Is(err, errNoTask) {
		return task{}, "", err
	}
	if t, err = s.get(ctx, installation, id); err != nil {
		var inTrash bool
		if errors.Is(err, errNoTask) && s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM tasks WHERE `+isInTrash+`)`,
			installation, id, int64(trashTime.Seconds())).Scan(&inTrash) == nil && inTrash {
			err = errOverQuota
		}
		return task{}, "", err
	}
	after, err = s.before(ctx, installation, id)
	return t, after, err
}

// before returns the id of the task before another; "" if that is the first.
func (s *store) before(ctx context.Context, installation, id string) (before string, err error) {
	err = s.db.QueryRowContext(ctx,
		`SELECT id FROM tasks WHERE installation = ? AND deleted_at IS NULL AND seq <
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
	_, err := s.db.ExecContext(ctx, `DELETE FROM tasks WHERE deleted_at <= unixepoch() - ?`, int64(trashTime.Seconds()))
	_, uploadErr := s.db.ExecContext(ctx, `DELETE FROM uploads WHERE started_at <= unixepoch() - ?`, int64(abandonTime.Seconds()))
	return errors.Join(err, uploadErr)
}

// mayEmpty reports whether it is time to empty the trash, at most once in emptyTime.
func (s *store) mayEmpty() bool {
	now := time.Now()
	last := s.emptied.Load()
	return (last == nil || now.Sub(*last) >= emptyTime) && s.emptied.CompareAndSwap(last, &now)
}

// isFull reports whether a driver's error means that there is no room: SQLITE_FULL (https://www.sqlite.org/rescode.html#full),
// or D1's error (https://developers.cloudflare.com/d1/observability/debug-d1/).
func isFull(err error) bool {
	return hasCode(err, sqliteFull) || strings.Contains(err.Error(), "Exceeded maximum DB size")
}

// SQLite's result codes: https://www.sqlite.org/rescode.html
const (
	sqliteBusy = 5
	sqliteFull = 13
)

// hasCode reports whether err is of SQLite's driver and has this primary result code.
func hasCode(err error, code int) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == code
}
